//! What is asked of a table before it is written: as many values as rows, of the right type. What needs a look at
//! every value (bounds) is asked while the column is encoded, which looks at them anyway.

import Bytes

extension ParquetWriter {
  /// How the columns lie in the file.
  func checkedLayouts(_ values: [ParquetValues]) throws(ParquetError) -> [ColumnLayout] {
    guard values.count == columns.count, !columns.isEmpty else {
      throw ParquetError(
        .invalidTable, place: "table", "values for \(values.count) of \(columns.count) columns")
    }
    guard !metadata.contains(where: { $0.0 == Format.checksumsKey }) else {
      throw ParquetError(
        .invalidTable, place: "metadata", "the key \(Format.checksumsKey) is the writer's own")
    }
    var layouts: [ColumnLayout] = []
    for (column, values) in zip(columns, values) {
      let layout = try layout(column)
      if let complaint = complaint(column, values) {
        throw ParquetError(.invalidTable, place: "column \"\(column.name)\"", complaint)
      }
      layouts.append(layout)
    }
    let rowCount = values[0].count
    for (column, values) in zip(columns, values) where values.count != rowCount {
      throw ParquetError(
        .invalidTable, place: "column \"\(column.name)\"", "\(values.count) values in \(rowCount) rows")
    }
    return layouts
  }

  private func layout(_ column: ParquetColumn) throws(ParquetError) -> ColumnLayout {
    switch column.type {
    case .int64, .timestampMillisecondsUTC: return ColumnLayout(column: column, physical: .int64)
    case .date: return ColumnLayout(column: column, physical: .int32)
    case .string: return ColumnLayout(column: column, physical: .byteArray)
    case .boolean: return ColumnLayout(column: column, physical: .boolean)
    case .decimal38Scale12:
      return ColumnLayout(column: column, physical: .fixedLengthByteArray, byteCount: 16)
    case .unsupported(let what):
      throw ParquetError(.invalidTable, place: "column \"\(column.name)\"", "\(what) cannot be written")
    }
  }

  /// What is wrong with a column's values, or nil.
  private func complaint(_ column: ParquetColumn, _ values: ParquetValues) -> String? {
    switch (values, column.type) {
    case (.integers(_, let nulls), .int64), (.integers(_, let nulls), .date),
      (.integers(_, let nulls), .timestampMillisecondsUTC), (.decimals(_, let nulls), .decimal38Scale12),
      (.booleans(_, let nulls), .boolean):
      if !nulls.isEmpty && nulls.count != values.count {
        return "\(nulls.count) null marks for \(values.count) values"
      }
      return !column.isOptional && nulls.contains(true) ? "an absent value in a required column" : nil
    case (.strings(let dictionary, _), .string):
      return dictionary.isSorted ? nil : "a dictionary that is not sorted or not unique"
    case (.constant(let scalar, let count), let type):
      switch (scalar, type) {
      case (.null, _): return column.isOptional || count == 0 ? nil : "an absent value in a required column"
      case (.string, .string), (.boolean, .boolean): return nil
      case (.integer(let number), .int64), (.integer(let number), .timestampMillisecondsUTC),
        (.integer(let number), .date):
        return type.complaint(number, number)
      case (.decimal(let number), .decimal38Scale12): return type.complaint(number, number)
      default: return "values of another type"
      }
    default: return "values of another type"
    }
  }
}

extension ParquetColumnType {
  /// What is wrong with numbers between these, or nil.
  func complaint<T: FixedWidthInteger>(_ least: T, _ greatest: T) -> String? {
    switch self {
    case .date:
      Int32(exactly: least) == nil || Int32(exactly: greatest) == nil ? "a day beyond 32 bits" : nil
    case .decimal38Scale12:
      max(least.magnitude, greatest.magnitude) > T.Magnitude(clamping: Self.decimalMagnitudeMax)
        ? "more than 38 digits" : nil
    default: nil
    }
  }

  /// The greatest number of 38 digits.
  private static let decimalMagnitudeMax: UInt128 = 99_999_999_999_999_999_999_999_999_999_999_999_999
}
