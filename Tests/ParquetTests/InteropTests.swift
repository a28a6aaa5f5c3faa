import Foundation
import Parquet
import TestSupport
import Testing

/// Runs the other engines.
enum Engines {
  /// What the helper script printed as JSON.
  static func run(_ arguments: String...) throws -> [String: Any] {
    let python = try #require(Tools.python, "no Python with pyarrow and duckdb: set TALLY_PYTHON")
    let script = Tools.root.appending(path: "Tests/Interop/parquet_cells.py").path
    let data = try Tools.run(python, [script] + arguments)
    return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
  }

  /// The texts of a column's cells, nil where absent.
  static func texts(_ object: Any?) -> [String?] {
    (object as? [Any] ?? []).map { $0 as? String }
  }

  static func text(_ scalar: ParquetScalar) -> String? {
    switch scalar {
    case .null: nil
    case .integer(let number): String(number)
    case .decimal(let number): String(number)
    case .boolean(let flag): flag ? "true" : "false"
    case .string(let bytes): String(decoding: bytes, as: UTF8.self)
    }
  }
}

@Suite(
  .enabled(
    if: Tools.isCI || Tools.python != nil,
    "no Python with pyarrow and duckdb: set TALLY_PYTHON"))
struct InteropTests {
  private let directory: URL

  init() throws {
    directory = FileManager.default.temporaryDirectory.appending(path: "tally-parquet-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  }

  /// Types as the engines print them.
  private static let types: [String: [String: String]] = [
    "pyarrow": [
      "int64": "int64", "time": "timestamp[ms, tz=UTC]", "day": "date32[day]", "string": "string",
      "decimal": "decimal128(38, 12)", "boolean": "bool",
    ],
    "duckdb": [
      "int64": "BIGINT", "time": "TIMESTAMP WITH TIME ZONE", "day": "DATE", "string": "VARCHAR",
      "decimal": "DECIMAL(38,12)", "boolean": "BOOLEAN",
    ],
    "polars": [
      "int64": "Int64", "time": "Datetime(time_unit='ms', time_zone='UTC')", "day": "Date",
      "string": "String",
      "decimal": "Decimal(precision=38, scale=12)", "boolean": "Boolean",
    ],
  ]

  /// Times and days stay within what Python's datetime holds.
  private func table(seed: UInt64, rowCount: Int) -> Table {
    var generator = TableGenerator(seed: seed)
    var table = generator.table(rowCount: rowCount, columnCount: 24)
    let names = ["int64", "time", "day", "string", "decimal", "boolean"]
    for index in table.columns.indices {
      let column = table.columns[index]
      table.columns[index] = ParquetColumn(
        "\(names[index % 6]) \(index)", column.type, isOptional: column.isOptional)
      guard case .integers(let numbers, let nulls) = table.values[index], index % 6 > 0 else { continue }
      table.values[index] = .integers(
        numbers.map { $0 % 100_000 * (index % 6 == 1 ? 59_999 : 1) }, nulls: nulls)
    }
    return table
  }

  @Test(arguments: ["pyarrow", "duckdb", "polars"], [0, 1, 777, 5000])
  func othersReadWhatWeWrite(engine: String, rowCount: Int) throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let seed = UInt64.random(in: 0...UInt64.max)
    let table = table(seed: seed, rowCount: rowCount)
    let writer = ParquetWriter(columns: table.columns, metadata: [("key", "value")], rowGroupRowsMax: 2000)
    let path = directory.appending(path: "ours.parquet")
    try Data(writer.bytes(table.values)).write(to: path)
    let seen = try Engines.run("read", engine, path.path)
    let types = try #require(seen["types"] as? [String: String])
    let cells = try #require(seen["cells"] as? [String: Any])
    for (column, values) in zip(table.columns, table.values) {
      let kind = column.name.split(separator: " ")[0]
      #expect(types[column.name] == Self.types[engine]?[String(kind)])
      let expected = Table.cells(values).map(Engines.text)
      #expect(Engines.texts(cells[column.name]) == expected, "seed \(seed), \(column)")
    }
  }

  @Test func weReadWhatOthersWrite() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let written = try Engines.run("write", directory.path, "3000")
    #expect(written.count >= 9)
    for (name, columns) in written {
      let columns = try #require(columns as? [String: Any])
      let file = try ParquetFile(bytes: Array(Data(contentsOf: directory.appending(path: name))))
      #expect(file.columns.count == columns.count)
      #expect(!file.hasChecksums)
      for index in file.columns.indices {
        let cells = try file.rowGroups.indices.flatMap {
          Table.cells(try file.read(column: index, rowGroup: $0))
        }
        let column = file.columns[index].name
        #expect(cells.map(Engines.text) == Engines.texts(columns[column]), "\(name), \(column)")
      }
    }
  }
}
