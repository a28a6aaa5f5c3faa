import Compaction
import Foundation
import Parquet
import Rollup
import SegmentLog
import StoreFixtures
import TestSupport
import Testing

/// Files of format version 1 are read for ever: the committed rollups of a small store, and the lines they came from.
///
/// `RECORD_SNAPSHOTS=1` writes them anew.
@Suite struct FixtureTests {
  private static let folder = Tools.root.appending(path: "Fixtures/rollups/v1")
  private let tags = ["team", "customer"]

  private func lines() throws -> [String] {
    try String(contentsOf: Self.folder.appending(path: "events.jsonl"), encoding: .utf8)
      .split(separator: "\n").map(String.init)
  }

  @Test func versionOneIsRead() throws {
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" { try record() }
    let reference = try Reference(try lines())
    for kind in RollupKind.allCases {
      let data = try Data(contentsOf: Self.folder.appending(path: "\(kind.rawValue).parquet"))
      let file = try ParquetFile(bytes: Array(data))
      #expect(file.metadata("tally.format_version") == "1")
      #expect(file.metadata("tally.rollup_tags") == "team,customer")
      var rows: [[String: String]] = []
      for group in file.rowGroups.indices {
        let values = try file.columns.indices.map { try file.read(column: $0, rowGroup: group) }
        for row in 0..<file.rowGroups[group].rowCount {
          rows.append(Self.texts(zip(file.columns, values).map { ($0.name, $1[row]) }))
        }
      }
      #expect(rows == reference.rows(kind.rawValue, tags: tags))
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
    var generator = EventGenerator(seed: 1, day: someDay)
    let lines = generator.lines(60)
    let store = try TemporaryStore()
    try store.append(lines)
    try store.rollUp(tags: tags)
    try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
    try (lines.joined(separator: "\n") + "\n").write(
      to: Self.folder.appending(path: "events.jsonl"), atomically: true, encoding: .utf8)
    for kind in RollupKind.allCases {
      let data = try Data(contentsOf: URL(filePath: store.layout.rollup(kind.rawValue, day: someDay)))
      try data.write(to: Self.folder.appending(path: "\(kind.rawValue).parquet"))
    }
  }
}
