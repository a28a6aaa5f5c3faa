//! Sums are added without a look at each where none can be too much: the law that holds the shortcut.

import TestSupport
import Testing

@testable import Rollup

@Suite struct OverflowTests {
  @Test func whatCannotOverflowFits() {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededGenerator(seed)
    var unasked = 0
    for _ in 0..<500 {
      let count = Int.random(in: 1...9, using: &random)
      let width = Int.random(in: 56...63, using: &random)
      var table = MeasureTable<Int64>(measures: 2, capacity: count)
      var sums = [Int128(0), 0]
      for row in 0..<count {
        table.addRow()
        for measure in 0..<2 {
          let value = Int64(bitPattern: random.next()) >> Int64(63 - width)
          table.set(measure, of: row, to: value)
          sums[measure] += Int128(value.magnitude)
        }
      }
      // The largest of them may be known, or not.
      let most = Bool.random(using: &random) && width < 63 ? Int64(1) << Int64(width) : .max
      if table.canOverflow(valuesUpTo: most) { continue }
      unasked += 1
      let fits = sums.allSatisfy { $0 <= Int128(Int64.max) }
      #expect(fits, "seed \(seed)")
    }
    #expect(unasked > 50, "seed \(seed)")
  }

  @Test func onlyWhatIsTheSameIsATwin() {
    var table = MeasureTable<Int64>(measures: 5, capacity: 1)
    let values: [[Int64]] = [[1, 2, 3], [1, 2, 4], [0, 0, 0], [1, 2, 3], [1, 2, 3]]
    for row in 0..<3 {
      table.addRow()
      for measure in values.indices { table.set(measure, of: row, to: values[measure][row]) }
    }
    #expect(table.twins == [nil, nil, nil, 0, 0])
  }
}
