import Foundation
import Query
import Render
import TestSupport
import Testing

/// What machines read must be valid for readers that are not ours.
@Suite struct MachineFormatTests {
  static let reports = [Fixture.models, Fixture.days, Fixture.empty, Fixture.measures]

  static func report(columns: [ReportColumn], rows: [ReportRow]) -> Report {
    Report(
      name: "x", from: "2026-01-01", to: "2026-01-01", timezone: "UTC", isCostComplete: true,
      shareOf: "cost", columns: columns, rows: rows,
      total: ReportRow(cells: columns.map { _ in .missing }))
  }

  @Test(arguments: reports) func jsonIsValidAndHoldsEveryRow(report: Report) throws {
    let text = report.rendered(as: .json)
    let parsed = try JSONSerialization.jsonObject(with: Data(text.utf8))
    let object = try #require(parsed as? [String: Any])
    let rows = try #require(object["rows"] as? [[String: Any]])
    #expect(rows.count == report.rows.count)
    #expect(object["schema_version"] as? Int == 1)
    #expect(object["notes"] as? [String] == report.notes)
    #expect(object["unpriced_models"] as? [String] == report.unpricedModels)
    #expect((object["totals"] == nil) == report.totals.isEmpty)
    for (row, expected) in zip(rows, report.rows) {
      #expect((row["others"] as? Bool) == (expected.isOthers ? true : nil))
      #expect((row["approximate"] as? Bool) == (expected.isApproximate ? true : nil))
      #expect(report.columns.allSatisfy { row[$0.name] != nil })
    }
    let total = try #require(object["total"] as? [String: Any])
    let measures = report.columns.filter { $0.role != .bucket && $0.role != .dimension }
    #expect(Set(total.keys) == Set(measures.map(\.name)))
  }

  /// The published schema demands exactly the keys that every report has; those about money come together or not
  /// at all.
  @Test(arguments: reports + [Fixture.hidden]) func theSchemaNamesEveryKey(report: Report) throws {
    let root = Tools.root
    let file = try Data(contentsOf: root.appending(path: "Schemas/report.schema.json"))
    let schema = try #require(try JSONSerialization.jsonObject(with: file) as? [String: Any])
    let always = try #require(schema["required"] as? [String])
    let together = try #require(schema["dependentRequired"] as? [String: [String]])
    let money = try ["currency"] + #require(together["currency"])
    for name in money.dropFirst() { #expect(together[name] == ["currency"]) }
    let zone = try #require(always.firstIndex(of: "timezone"))
    let required =
      report.showsCost ? always[...zone] + money + always[(zone + 1)...] : always[...]
    let text = report.rendered(as: .json)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(Set(object.keys).subtracting(["totals"]) == Set(required))
    // In the order of the document, too.
    let positions = required.compactMap { text.range(of: "\n  \"\($0)\": ")?.lowerBound }
    #expect(positions.count == required.count)
    #expect(positions == positions.sorted())
  }

  /// Every character below U+0100 and some beyond come back from JSON and CSV as they went in.
  @Test func everyCharacterComesBack() throws {
    var names = (0..<256).compactMap { Unicode.Scalar($0).map { String($0) + "a,\($0)\"" } }
    names += [
      "\u{202E}x", "\u{2028}", "\u{FEFF}", "\u{E0041}", "日本", "👩‍👩‍👧", "'=1", "''", "=\u{0301}1", "\r\n",
      "a\r\nb",
    ]
    let report = Self.report(
      columns: [ReportColumn("model", .dimension)], rows: names.map { ReportRow(cells: [.text($0)]) })
    let json = try JSONSerialization.jsonObject(with: Data(report.rendered(as: .json).utf8)) as? [String: Any]
    let rows = try #require(json?["rows"] as? [[String: Any]])
    let parsed = TinyCSV.parse(report.rendered(as: .csv)).dropFirst()
    #expect(parsed.count == names.count)
    for ((name, row), record) in zip(zip(names, rows), parsed) {
      #expect(Array((row["model"] as? String ?? "").utf8) == Array(name.utf8))
      let text = record[0].first == 0x27 ? Array(record[0].dropFirst()) : record[0]
      #expect(text == Array(name.utf8))
      #expect(record.count == 3)
    }
    #expect(report.rendered(as: .json).contains(#""\udb40\udc41""#))
  }

  @Test(
    arguments: [
      ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@SUM(A1)", "'@SUM(A1)"), ("\tx", "'\tx"),
      ("'x", "''x"), ("a=b", "a=b"), ("=\u{0301}", "'=\u{0301}"), ("-1,2", "\"'-1,2\""),
    ])
  func noTextIsAFormula(text: String, cell: String) {
    let report = Self.report(
      columns: [ReportColumn("user", .dimension), ReportColumn("cost", .amount)],
      rows: [ReportRow(cells: [.text(text), .amount(-1_000_000_000_000)])])
    #expect(report.rendered(as: .csv) == "user,cost,others,approximate\n\(cell),-1.00,,\n")
  }

  @Test(arguments: reports) func everyCSVRecordHasACellForEachHead(report: Report) {
    let records = TinyCSV.parse(report.rendered(as: .csv))
    #expect(records.count == report.rows.count + 1)
    let heads =
      report.columns.map { Array($0.name.utf8) } + [Array("others".utf8), Array("approximate".utf8)]
    #expect(records[0] == heads)
    #expect(records.allSatisfy { $0.count == heads.count })
  }

  /// There is no total row: rows and Others add up to it.
  @Test func csvRowsAddUpToTheTotal() {
    let records = TinyCSV.parse(Fixture.models.rendered(as: .csv)).dropFirst()
    let requests = records.compactMap { Int(String(decoding: $0[1], as: UTF8.self)) }.reduce(0, +)
    #expect(requests == 1237)
  }
}

/// RFC 4180 by a state machine over bytes; knows nothing of the writer.
enum TinyCSV {
  static func parse(_ text: String) -> [[[UInt8]]] {
    var records: [[[UInt8]]] = []
    var record: [[UInt8]] = []
    var cell: [UInt8] = []
    var isQuoted = false
    var bytes = Array(text.utf8)[...]
    while let byte = bytes.popFirst() {
      switch (byte, isQuoted) {
      case (0x22, true):
        if bytes.first == 0x22 { cell.append(bytes.removeFirst()) } else { isQuoted = false }
      case (0x22, false): isQuoted = true
      case (0x2C, false), (0x0A, false):
        record.append(cell)
        cell = []
        if byte == 0x0A {
          records.append(record)
          record = []
        }
      default: cell.append(byte)
      }
    }
    return records
  }
}
