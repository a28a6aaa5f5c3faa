import Bytes
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
  /// Takes back values that nobody needs any more.
  func reuse(_ values: consuming ParquetValues)
}

/// A rollup that was folded in memory.
struct MemoryTable: TableSource {
  let table: RollupTable

  var partCount: Int { 1 }
  func rowCount(_ part: Int) -> Int { table.rowCount }
  func values(_ column: String, _ part: Int) throws(ParquetError) -> ParquetValues? { table.values(column) }
  func reuse(_ values: consuming ParquetValues) {}
}

/// Memory that one thread needs for reading files, one after the other.
final class ReadingMemory {
  fileprivate var scratch = ParquetScratch()
}

/// A rollup file; only the columns asked for are read.
struct FileTable: TableSource {
  let file: RollupFile
  let memory: ReadingMemory

  var partCount: Int { file.parquet.rowGroups.count }
  func rowCount(_ part: Int) -> Int { file.parquet.rowGroups[part].rowCount }

  func values(_ column: String, _ part: Int) throws(ParquetError) -> ParquetValues? {
    guard let index = file.parquet.column(named: column) else { return nil }
    return try file.parquet.read(column: index, rowGroup: part, with: &memory.scratch)
  }

  func reuse(_ values: consuming ParquetValues) { memory.scratch.reuse(values) }
}

/// One part of a table; a column is read once, however often it is asked for.
struct TablePart<Table: TableSource> {
  let table: Table
  let part: Int
  private var columns: [ByteText: ParquetValues?] = [:]

  init(_ table: Table, _ part: Int) {
    self.table = table
    self.part = part
  }

  /// One column; nil when the table has no such column.
  mutating func values(_ column: String) throws(ParquetError) -> ParquetValues? {
    let name = ByteText(column)
    if let known = columns[name] { return known }
    let values = try table.values(column, part)
    columns[name] = .some(values)
    return values
  }
}
