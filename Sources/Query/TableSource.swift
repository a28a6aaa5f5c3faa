import Compaction
import Parquet
import Rollup

/// A rollup to be read column by column, from a file or from memory.
protocol TableSource {
  /// How many parts the table has.
  var partCount: Int { get }
  /// The rows of a part.
  func rowCount(_ part: Int) -> Int
  /// One column of one part; nil when the table has no such column.
  func values(_ column: String, _ part: Int) throws(ParquetError) -> ParquetValues?
}

/// A rollup that was folded in memory.
struct MemoryTable: TableSource {
  let table: RollupTable

  var partCount: Int { 1 }
  func rowCount(_ part: Int) -> Int { table.rowCount }
  func values(_ column: String, _ part: Int) throws(ParquetError) -> ParquetValues? { table.values(column) }
}

/// A rollup file; only the columns asked for are read.
struct FileTable: TableSource {
  let file: RollupFile

  var partCount: Int { file.parquet.rowGroups.count }
  func rowCount(_ part: Int) -> Int { file.parquet.rowGroups[part].rowCount }

  func values(_ column: String, _ part: Int) throws(ParquetError) -> ParquetValues? {
    guard let index = file.parquet.column(named: column) else { return nil }
    return try file.parquet.read(column: index, rowGroup: part)
  }
}
