import Compaction
import Foundation
import Parquet
import Rollup
import SegmentLog
import StoreFixtures
import TestSupport
import Testing

/// Programs that are not ours, and where they are.
private enum Others {
  /// What the helper script printed.
  static func script<T: Decodable>(_ type: T.Type, _ arguments: String...) throws -> T {
    let python = try #require(Tools.python, "no Python with pyarrow and duckdb: set TALLY_PYTHON")
    let path = Tools.root.appending(path: "Tests/Interop/rollup_sums.py").path
    return try JSONDecoder().decode(T.self, from: Tools.run(python, [path] + arguments))
  }
}

private struct Sums: Decodable {
  let types: [String: String]
  let sums: [String: String]
  let rows: Int
}

/// One group that the view gives.
private struct Group: Decodable {
  var names: [String?] = []
  var sums: [String: String] = [:]

  init(from decoder: any Decoder) throws {
    var list = try decoder.unkeyedContainer()
    for _ in 0..<4 { names.append(try list.decodeNil() ? nil : list.decode(String.self)) }
    sums = try list.decode([String: String].self)
  }
}

private struct LineCount: Decodable {
  let lines: Int
  let input_tokens: String
}

@Suite struct InteropTests {
  private static let needsPython: ConditionTrait = .enabled(
    "no Python with pyarrow and duckdb: set TALLY_PYTHON"
  ) {
    Tools.isCI || Tools.python != nil
  }
  private static let types: [String: [String: String]] = [
    "pyarrow": [
      "int64": "int64", "timestampMillisecondsUTC": "timestamp[ms, tz=UTC]", "date": "date32[day]",
      "string": "string", "decimal38Scale12": "decimal128(38, 12)",
    ],
    "duckdb": [
      "int64": "BIGINT", "timestampMillisecondsUTC": "TIMESTAMP WITH TIME ZONE", "date": "DATE",
      "string": "VARCHAR", "decimal38Scale12": "DECIMAL(38,12)",
    ],
  ]
  private let seed = UInt64.random(in: 0...UInt64.max)

  private func store() throws -> (TemporaryStore, [String]) {
    let store = try TemporaryStore()
    let lines = generated(seed, count: 80)
    try store.append(Array(lines.prefix(150)))
    try store.append(Array(lines.dropFirst(100)), writer: "two")
    try store.append(Array(lines.prefix(30)))
    return (store, Array(lines.prefix(150)) + Array(lines.dropFirst(100)) + Array(lines.prefix(30)))
  }

  private func references(_ lines: [String]) throws -> [Int64: Reference] {
    try Dictionary(grouping: lines) { try Reference.time(of: $0) / 86_400_000 }
      .mapValues { try Reference($0) }
  }

  @Test(needsPython, arguments: ["pyarrow", "duckdb"])
  func rollupsHaveTheSameSums(engine: String) throws {
    let (store, lines) = try store()
    try store.rollUp(tags: ["team"])
    let seen = try Others.script([String: Sums].self, "rollups", engine, store.folder.path)
    let days = try references(lines).values
    for kind in RollupKind.allCases {
      let found = try #require(seen[kind.rawValue])
      let rows = days.flatMap { $0.rows(kind.rawValue, tags: ["team"]) }
      #expect(found.rows == rows.count, "seed \(seed)")
      for column in RollupSchema.columns(kind, tags: ["team"]) {
        #expect(found.types[column.name] == Self.types[engine]?["\(column.type)"], "\(column)")
        guard let sum = found.sums[column.name] else { continue }
        let isAmount = column.type == .decimal38Scale12
        let total = rows.reduce(Decimal(0)) { $0 + (Decimal(string: $1[column.name] ?? "0") ?? 0) }
        let expected = isAmount ? total * Decimal(sign: .plus, exponent: -12, significand: 1) : total
        #expect(Decimal(string: sum) == expected, "seed \(seed), \(column.name)")
      }
      #expect(found.types.count == RollupSchema.columns(kind, tags: ["team"]).count)
    }
  }

  /// The shipped view applies the rules: identity, revision, weight, the greater line, voids.
  @Test(needsPython) func theViewGivesTheSameDays() throws {
    let (store, lines) = try store()
    let sql = Tools.root.appending(path: "Schemas/views/duckdb.sql").path
    let found = try Others.script([Group].self, "view", sql, store.folder.path)
    var expected: [[String]: [String: Decimal]] = [:]
    for (day, reference) in try references(lines) {
      for row in reference.rows("day", tags: []) where row["kind"] != "quota" {
        let key = [
          EventDraft.dayText(Int(day)), row["kind"], row["model"].map(Self.scalars), row["currency_reported"],
        ].map { $0 ?? "" }
        for name in Reference.measures {
          let value = Decimal(string: row[name] ?? "0") ?? 0
          let isAmount = name == "credits" || name.hasPrefix("cost_")
          expected[key, default: [:]][name, default: 0] +=
            isAmount ? value * Decimal(sign: .plus, exponent: -12, significand: 1) : value
        }
      }
    }
    #expect(found.count == expected.count, "seed \(seed)")
    for group in found {
      let key = [group.names[0], group.names[1], group.names[2].map(Self.scalars), group.names[3]]
        .map { $0 ?? "" }
      let sums = try #require(expected[key], "seed \(seed), \(key)")
      for (name, sum) in group.sums {
        #expect(Decimal(string: sum) == sums[name], "seed \(seed), \(key), \(name)")
      }
    }
  }

  /// Differently composed texts are different models.
  private static func scalars(_ text: String) -> String {
    text.unicodeScalars.map { String($0.value) }.joined(separator: " ")
  }

  @Test(needsPython) func segmentsAreReadAsTheyLie() throws {
    let (store, lines) = try store()
    let seen = try Others.script(LineCount.self, "lines", store.folder.path)
    let tokens = try lines.reduce(0) { try $0 + (ReferenceEvent($1).number("input_tokens") ?? 0) }
    #expect(seen.lines == lines.count && seen.input_tokens == "\(tokens)", "seed \(seed)")
    try store.rollUp(sealing: 9)
    let sealed = try Others.script(LineCount.self, "lines", store.folder.path)
    #expect(sealed.lines == lines.count && sealed.input_tokens == "\(tokens)", "seed \(seed)")
  }

  @Test(
    .enabled("no zstd or jq") { Tools.isCI || (Tools.path(of: "zstd") != nil && Tools.path(of: "jq") != nil) }
  )
  func zstdAndJqGiveTheSameSums() throws {
    let (store, lines) = try store()
    let command = "zstd -dcq \"$1\"/segments/*/*.zst | jq -s '[length, (map(.input_tokens // 0) | add)]'"
    let printed = try Tools.run("/bin/sh", ["-c", command, "sh", store.folder.path])
    let tokens = try lines.reduce(0) { try $0 + (ReferenceEvent($1).number("input_tokens") ?? 0) }
    let numbers = try JSONDecoder().decode([Int64].self, from: printed)
    #expect(numbers == [Int64(lines.count), tokens], "seed \(seed)")
  }
}
