import Parquet

/// Who should price something and does not.
struct UnpricedKey: Hashable, Sendable {
  let provider: [UInt8]?
  let model: [UInt8]?
}

extension GroupRuns {
  /// The sums of a column for each provider and model; those that are zero left out.
  ///
  /// - Parameters:
  ///   - column: counts.
  ///   - rows: which places of the column are these rows.
  ///   - groupSums: the column's sums by group; of most groups everything is priced, and their rows are not looked at.
  func sums(
    _ column: ParquetValues, _ rows: Range<Int>, _ groupSums: [Int128], by providers: CodedColumn,
    _ models: CodedColumn
  ) -> [UnpricedKey: Int128] {
    var sums: [Int64: Int128] = [:]
    // Neighbours are often of one model, so the last sum is kept aside.
    var (last, sum): (Int64, Int128) = (.min, 0)
    forEachCount(column, rows, groupSums) { index, count in
      let key = Int64(providers.code(index)) << 32 | Int64(UInt32(bitPattern: models.code(index)))
      if key != last {
        if sum != 0 { sums[last, default: 0] += sum }
        (last, sum) = (key, 0)
      }
      sum += Int128(count)
    }
    if sum != 0 { sums[last, default: 0] += sum }
    return Dictionary(
      uniqueKeysWithValues: sums.map { key, sum in
        let (provider, model) = (Int32(truncatingIfNeeded: key >> 32), Int32(truncatingIfNeeded: key))
        return (UnpricedKey(provider: providers.text(provider), model: models.text(model)), sum)
      })
  }

  /// Brings the rows that count something, which are few; counts are never negative, so a sum of 0 has none.
  @inline(__always)
  private func forEachCount(
    _ column: ParquetValues, _ rows: Range<Int>, _ groupSums: [Int128],
    _ body: (_ index: Int, _ count: Int64) -> Void
  ) {
    switch column {
    case .constant(.integer(let value), _):
      for run in runs { for index in run.rows { body(index, value) } }
    case .integers(let values, _):
      let values = values.span.extracting(rows)
      forEach(values.count) { run in
        if groupSums[run.group] == 0 { return }
        for index in run.rows where values[unchecked: index] != 0 { body(index, values[unchecked: index]) }
      }
    default: break
    }
  }
}
