//! Rows of a part by group, as runs of neighbours: rollups are sorted, so few runs hold many rows, and when all rows
//! are one group there is one. A sum is then a loop over values alone.
//!
//! A report reads one measure at a time, for all pieces of a UTC day, into the memory of the measure before. Grouping
//! cuts the same runs (`RowNumbers`), so a column costs one comparison a row and only runs are numbered.

import Parquet

/// Runs of rows that belong to one group, in order.
struct GroupRuns {
  let groupCount: Int
  private(set) var runs: [(rows: Range<Int>, group: Int)] = []

  init(groupCount: Int) { self.groupCount = groupCount }

  /// Makes room for as many runs.
  mutating func reserve(_ count: Int) { runs.reserveCapacity(count) }

  /// Adds a run; one of no rows is none.
  mutating func append(_ rows: Range<Int>, group: Int) {
    if !rows.isEmpty { runs.append((rows, group)) }
  }

  /// Which groups have a row.
  func used() -> [Bool] {
    var isUsed = [Bool](repeating: false, count: groupCount)
    for run in runs { isUsed[run.group] = true }
    return isUsed
  }

  /// The sum of each group; nil when they are larger than sums may be.
  ///
  /// - Parameters:
  ///   - column: numbers; other columns sum up to nothing.
  ///   - rows: which places of the column are these rows.
  func sums(_ column: ParquetValues, _ rows: Range<Int>) -> [Int128]? {
    var sums = [Int128](repeating: 0, count: groupCount)
    var isOver = false
    var limit = SumLimit.count
    func add(_ more: Int128, _ group: Int) {
      let (sum, isTooLarge) = sums[group].addingReportingOverflow(more)
      sums[group] = sum
      isOver = isOver || isTooLarge
    }
    switch column {
    case .constant(.integer(let value), _):
      for run in runs { sums[run.group] &+= Int128(value) &* Int128(run.rows.count) }
    case .constant(.decimal(let value), _):
      limit = SumLimit.amount
      for run in runs {
        let (sum, isTooLarge) = value.multipliedReportingOverflow(by: Int128(run.rows.count))
        isOver = isOver || isTooLarge
        add(sum, run.group)
      }
    case .integers(let values, _):
      let values = values.span.extracting(rows)
      forEach(values.count) { run in sums[run.group] &+= Self.sum(values, run.rows) }
    case .decimals(let values, _):
      limit = SumLimit.amount
      let values = values.span.extracting(rows)
      forEach(values.count) { run in
        var sum: Int128 = 0
        for index in run.rows {
          let (next, isTooLarge) = sum.addingReportingOverflow(values[unchecked: index])
          sum = next
          isOver = isOver || isTooLarge
        }
        add(sum, run.group)
      }
    default: break
    }
    return isOver || !SumLimit.holds(sums, limit) ? nil : sums
  }

  /// Brings the runs, all of which lie within `count` rows.
  @inline(__always)
  func forEach(_ count: Int, _ body: ((rows: Range<Int>, group: Int)) -> Void) {
    precondition((runs.last?.rows.upperBound ?? 0) <= count)
    for run in runs { body(run) }
  }

  /// The sum of a run, which fits a word unless its numbers are at the ends of their type.
  @inline(__always)
  private static func sum(_ values: Span<Int64>, _ rows: Range<Int>) -> Int128 {
    var (index, sum) = (rows.lowerBound, Int64(0))
    // Runs are short, so this is quicker than several at once.
    while index < rows.upperBound {
      let (next, isTooLarge) = sum.addingReportingOverflow(values[unchecked: index])
      if isTooLarge { return wideSum(values, rows) }
      sum = next
      index &+= 1
    }
    return Int128(sum)
  }

  @inline(never)
  private static func wideSum(_ values: Span<Int64>, _ rows: Range<Int>) -> Int128 {
    var sum: Int128 = 0
    // No overflow below 2^63 rows.
    for index in rows { sum &+= Int128(values[index]) }
    return sum
  }
}
