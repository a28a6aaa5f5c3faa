//! Rows of a part by group, as runs of neighbours: rollups are sorted, so few runs hold many rows, and when all rows
//! are one group there is one. A sum is then a loop over values alone.

import Parquet

/// Runs of rows that belong to one group, in order.
struct GroupRuns {
  let groupCount: Int
  private(set) var runs: [(rows: Range<Int>, group: Int)] = []

  init(groupCount: Int) { self.groupCount = groupCount }

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

  /// The sum of each group.
  ///
  /// - Parameters:
  ///   - column: numbers; other columns sum up to nothing.
  ///   - rows: which places of the column are these rows.
  func sums(_ column: ParquetValues, _ rows: Range<Int>) -> [Int128] {
    var sums = [Int128](repeating: 0, count: groupCount)
    switch column {
    case .constant(.integer(let value), _):
      for run in runs { sums[run.group] += Int128(value) * Int128(run.rows.count) }
    case .constant(.decimal(let value), _):
      for run in runs { sums[run.group] += value * Int128(run.rows.count) }
    case .integers(let values, _):
      let values = values.span.extracting(rows)
      precondition((runs.last?.rows.upperBound ?? 0) <= values.count)
      for run in runs {
        // No overflow below 2^63 rows. Runs are short, so this is quicker than several at once.
        var sum: Int128 = 0
        for index in run.rows { sum &+= Int128(values[unchecked: index]) }
        sums[run.group] &+= sum
      }
    case .decimals(let values, _):
      let values = values[rows]
      for run in runs {
        for index in run.rows { sums[run.group] += values[values.startIndex + index] }
      }
    default: break
    }
    return sums
  }
}
