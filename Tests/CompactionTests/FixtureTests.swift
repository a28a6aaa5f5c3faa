import Compaction
import Foundation
import Parquet
import Rollup
import SegmentLog
import StoreFixtures
import TestSupport
import Testing

/// Files of every format version are read for ever: the committed rollups of a small store, and the lines they came from.
///
/// `RECORD_SNAPSHOTS=1` writes those of the newest version anew.
@Suite struct FixtureTests {
  private static let folder = Tools.root.appending(path: "Fixtures/rollups")
  private let tags = ["team", "customer"]

  private func lines() throws -> [String] {
    try String(contentsOf: Self.folder.appending(path: "v1/events.jsonl"), encoding: .utf8)
      .split(separator: "\n").map(String.init)
  }

  @Test(arguments: 1...3)
  func everyVersionIsRead(version: Int) throws {
    if "\(version)" == RollupSchema.version, ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
      try record()
    }
    let reference = try Reference(try lines())
    for kind in RollupKind.allCases {
      let data = try Data(contentsOf: Self.folder.appending(path: "v\(version)/\(kind.rawValue).parquet"))
      let file = try ParquetFile(bytes: Array(data))
      #expect(file.metadata("tally.format_version") == "\(version)")
      #expect(file.metadata("tally.rollup_tags") == "team,customer")
      var rows: [[String: String]] = []
      for group in file.rowGroups.indices {
        let values = try file.columns.indices.map { try file.read(column: $0, rowGroup: group) }
        for row in 0..<file.rowGroups[group].rowCount {
          rows.append(Self.texts(zip(file.columns, values).map { ($0.name, $1[row]) }))
        }
      }
      let names = Set(file.columns.map(\.name))
      #expect(rows == reference.rows(kind.rawValue, tags: tags).map { $0.filter { names.contains($0.key) } })
    }
  }

  private static func texts(_ cells: [(String, ParquetScalar)]) -> [String: String] {
    var texts: [String: String] = [:]
    for (name, cell) in cells {
      switch cell {
      case .integer(let number): texts[name] = String(number)
      case .decimal(let number): texts[name] = String(number)
      case .string(let bytes): texts[name] = String(decoding: bytes, as: UTF8.self)
      case .null, .boolean: break
      }
    }
    return texts
  }

  private func record() throws {
    let store = try TemporaryStore()
    try store.append(try lines())
    try store.rollUp(tags: tags)
    let folder = Self.folder.appending(path: "v\(RollupSchema.version)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for kind in RollupKind.allCases {
      let data = try Data(contentsOf: URL(filePath: store.layout.rollup(kind.rawValue, day: someDay)))
      try data.write(to: folder.appending(path: "\(kind.rawValue).parquet"))
    }
  }
}
