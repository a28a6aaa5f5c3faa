@testable import Rollup

/// Adds up to more than 63 bits.
struct OverflowProbe {
  private var sums = Sums()

  mutating func overflows() -> Bool {
    let row = sums.addRow()
    sums.add(.max, .inputTokens, row)
    let before = sums.overflow
    sums.add(1, .inputTokens, row)
    return before == nil && sums.overflow == .inputTokens
  }
}
