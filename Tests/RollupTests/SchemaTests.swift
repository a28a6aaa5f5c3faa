import Foundation
import Parquet
import Rollup
import TestSupport
import Testing

/// `Schemas/rollup.md` and the columns are one list.
@Suite struct SchemaTests {
  private struct Line: Equatable {
    var name: String
    var type: String
    var isOptional: Bool
  }

  /// The rows of the page's table of columns that hold for one rollup.
  private func documented(_ kind: RollupKind, tags: [String]) throws -> [Line] {
    let root = Tools.root
    let page = try String(contentsOf: root.appending(path: "Schemas/rollup.md"), encoding: .utf8)
    let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `") }
      .map { $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) } }
    return rows.filter { $0.count == 5 }.flatMap { cells -> [Line] in
      guard cells[3] == "all" || cells[3].contains(kind.rawValue) else { return [] }
      let name = cells[0].trimmingCharacters(in: ["`"])
      let names = name == "tag_…" ? tags.map { "tag_\($0)" } : [name]
      return names.map { Line(name: $0, type: cells[1], isOptional: cells[2] == "yes") }
    }
  }

  private func word(_ type: ParquetColumnType) -> String {
    switch type {
    case .int64: "int64"
    case .timestampMillisecondsUTC: "timestamp"
    case .date: "date"
    case .string: "string"
    case .decimal38Scale12: "decimal"
    default: "?"
    }
  }

  @Test(arguments: RollupKind.allCases, [[], ["team", "customer"]])
  func columnsAreDocumented(kind: RollupKind, tags: [String]) throws {
    let columns = RollupSchema.columns(kind, tags: tags)
      .map { Line(name: $0.name, type: word($0.type), isOptional: $0.isOptional) }
    #expect(try documented(kind, tags: tags) == columns)
    #expect(!columns.contains { $0.name == "date" })
    #expect(Set(columns.map(\.name)).count == columns.count)
  }

  @Test func theVersionIsDocumented() throws {
    let root = Tools.root
    let page = try String(contentsOf: root.appending(path: "Schemas/rollup.md"), encoding: .utf8)
    #expect(page.contains("This page is format version `\(RollupSchema.version)`."))
    #expect(page.contains("| `tally.format_version` | `\(RollupSchema.version)` |"))
  }
}
