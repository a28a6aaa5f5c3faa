import Foundation
import Parquet
import Testing
import TestSupport

@Suite struct FixtureTests {
  static let folder = Tools.root.appending(path: "Fixtures/parquet")
  static let foreignNames = [
    "arrow-plain", "arrow-v1-pages", "arrow-v2-pages", "arrow-delta", "duckdb-plain", "duckdb-v2",
  ]

  static func bytes(_ path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appending(path: path)))
  }

  private func check(_ path: String, _ cellsPath: String) throws {
    let file = try ParquetFile(bytes: Self.bytes(path))
    let object = try JSONSerialization.jsonObject(
      with: Data(contentsOf: Self.folder.appending(path: cellsPath)))
    let expected = try #require(object as? [String: Any])
    #expect(file.columns.count == expected.count)
    for index in file.columns.indices {
      let cells = try file.rowGroups.indices.flatMap {
        Table.cells(try file.read(column: index, rowGroup: $0))
      }
      let name = file.columns[index].name
      #expect(cells.map(Engines.text) == Engines.texts(expected[name]), "\(path), \(name)")
    }
  }

  @Test(arguments: foreignNames)
  func filesOfOthersAreRead(name: String) throws {
    try check("foreign/\(name).parquet", "foreign/cells.json")
  }

  @Test func version1StaysReadable() throws {
    let path = Self.folder.appending(path: "v1/table.parquet")
    if !FileManager.default.fileExists(atPath: path.path),
      ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1"
    {
      try record(path)
    }
    try check("v1/table.parquet", "v1/table.json")
    #expect(try ParquetFile(bytes: Self.bytes("v1/table.parquet")).hasChecksums)
  }

  private func record(_ path: URL) throws {
    var generator = TableGenerator(seed: 20_261_121)
    let table = generator.table(rowCount: 300, columnCount: 30)
    let writer = ParquetWriter(columns: table.columns, metadata: [("key", "value")], rowGroupRowsMax: 256)
    try Data(writer.bytes(table.values)).write(to: path)
    var cells: [String: [Any]] = [:]
    for (column, values) in zip(table.columns, table.values) {
      cells[column.name] = Table.cells(values).map { Engines.text($0) ?? NSNull() as Any }
    }
    let json = try JSONSerialization.data(withJSONObject: cells, options: [.sortedKeys])
    try json.write(to: path.deletingPathExtension().appendingPathExtension("json"))
  }

  /// Uncompressed pages have no checksum at all, so every decoder meets every kind of garbage here.
  @Test(arguments: foreignNames)
  func damagedFilesOfOthersNeverCrash(name: String) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    print("damagedFilesOfOthersNeverCrash: \(name), seed \(seed)")
    var random = SeededGenerator(seed)
    let bytes = try Self.bytes("foreign/\(name).parquet")
    for _ in 0..<1500 { Mutation.read(bytes, &random) }
  }

  @Test func whatWeDoNotReadIsNamed() throws {
    var bytes = try Self.bytes("foreign/arrow-plain.parquet")
    // The codec of the first column chunk: field 4 after the path in the schema.
    let path: [UInt8] = [0x18, 0x04] + Array("int8".utf8)
    let at = try #require(bytes.lastRange(of: path)?.upperBound)
    try #require(bytes[at] == 0x15)
    bytes[at + 1] = 2
    let file = try ParquetFile(bytes: bytes)
    let error = #expect(throws: ParquetError.self) { try file.read(column: 0, rowGroup: 0) }
    #expect(
      error?.description == """
        column "int8", row group 0: compressed with SNAPPY, only ZSTD and none are read
        write the file again as flat columns, zstd compressed, with plain or dictionary encoding
        """)
  }
}

extension Array where Element == UInt8 {
  /// Where `part` occurs last.
  func lastRange(of part: [UInt8]) -> Range<Int>? {
    indices.reversed().first { self[$0...].starts(with: part) }.map { $0..<$0 + part.count }
  }
}
