//! How large sums may be. Events keep far below it, but a rollup says any number, and what is made of sums (shares,
//! rates, paces) multiplies them: what is larger is said, instead of ending the program.

import Rollup

/// A sum that is larger than sums may be.
package struct SumTooLarge: Error, Equatable, CustomStringConvertible {
  /// What is summed, by its name in rollups.
  package let column: String

  package var description: String { "the sum of \(column) is too large" }
}

enum SumLimit {
  /// Of counts: 10^10 events of as many as an event may say, times 10^16 in 128 bits.
  static let count: Int128 = 10_000_000_000_000_000_000_000
  /// Of money in pico-units: 10^7 events of as much as an event may say, times 10^4 in 128 bits.
  static let amount: Int128 = 10_000_000_000_000_000_000_000_000_000_000_000

  /// Whether the magnitudes of some sums add up to no more than a limit.
  static func holds(_ sums: [Int128], _ limit: Int128) -> Bool {
    var bits: UInt128 = 0
    for sum in sums { bits |= sum.magnitude }
    if clearlyHolds(bits, count: sums.count, limit) { return true }
    var total: UInt128 = 0
    for sum in sums {
      let (next, isOver) = total.addingReportingOverflow(sum.magnitude)
      if isOver || next > limit.magnitude { return false }
      total = next
    }
    return true
  }

  /// Whether as many sums, of which all bits are `bits`, have fewer bits than the limit, as is the rule.
  static func clearlyHolds(_ bits: UInt128, count: Int, _ limit: Int128) -> Bool {
    let width = UInt128.bitWidth - bits.leadingZeroBitCount + Int.bitWidth - count.leadingZeroBitCount
    return width < Int128.bitWidth - limit.leadingZeroBitCount
  }
}

extension GroupSums {
  /// The first measure whose sums are larger than sums may be; nil when none is.
  var tooLarge: SumTooLarge? {
    var bits = [UInt128](repeating: 0, count: GroupValues.size)
    for values in groups.values {
      if let place = values.overflowPlace { return SumTooLarge(column: GroupValues.name(ofPlace: place)) }
      for (place, sum) in values.sums.enumerated() { bits[place] |= sum.magnitude }
    }
    for (place, bits) in bits.enumerated() {
      let limit = place < GroupValues.creditsPlace ? SumLimit.count : SumLimit.amount
      if SumLimit.clearlyHolds(bits, count: groups.count, limit) { continue }
      if !SumLimit.holds(groups.values.map { $0.sums[place] }, limit) {
        return SumTooLarge(column: GroupValues.name(ofPlace: place))
      }
    }
    return nil
  }
}
