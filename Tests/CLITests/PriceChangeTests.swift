import Foundation
import Testing

/// What a change of prices does to a store that has rollups.
@Suite struct PriceChangeTests {
  /// A million tokens of input a day, on the 18th and on the 20th.
  private func filled() throws -> Sandbox {
    let box = try Sandbox()
    let more = #","provider":"anthropic""#
    let lines = ["18", "20"].map { (day: String) -> String in
      line(day, time: "2026-11-\(day)T10:00:00Z", tokens: 1_000_000, more)
        .replacing("gpt-5", with: "claude-haiku-4-5")
    }
    #expect(try box.tally("append", input: lines.joined()).status == 0)
    #expect(try box.tally("rollup").last == "rolled up 2 of 2 days: 2 events")
    return box
  }

  private func costs(_ box: Sandbox) throws -> [String] {
    let report = try box.report("daily", "2026-11")
    let rows = try #require(report["rows"] as? [[String: Any]])
    return rows.compactMap { $0["cost"] as? String }
  }

  /// 1 USD for a million, then 5 from the 20th on.
  @Test func reportsKnowAtOnceAndRollupsMakeTheDaysAgain() throws {
    let box = try filled()
    #expect(try costs(box) == ["1.00", "0.00", "1.00"])
    let set = try box.tally(
      "prices", "set", "claude-haiku-4-5", "input=5", "--provider", "anthropic", "--from", "2026-11-20")
    #expect(set.status == 0)
    let before = try box.files("store/rollups")
    #expect(try costs(box) == ["1.00", "0.00", "5.00"])
    #expect(try box.files("store/rollups") == before)
    #expect(try box.tally("rollup").last == "rolled up 1 of 2 days: 1 event")
    let after = try box.files("store/rollups")
    #expect(after.keys.filter { after[$0] != before[$0] }.allSatisfy { $0.contains("2026-11-20") })
    #expect(try costs(box) == ["1.00", "0.00", "5.00"])
    #expect(try box.tally("rollup").last == "2 days, nothing changed")
  }

  @Test func theReportNamesTheCatalog() throws {
    let box = try filled()
    let version = try #require(try box.report("daily", "2026-11")["catalog"] as? String)
    #expect(version.hasPrefix("built-in 20"))
    // None of the days is priced by it, but all would be.
    try box.tally(
      "prices", "set", "claude-haiku-4-5", "input=5", "--provider", "anthropic", "--from", "2026-12-01")
    let changed = try box.report("daily", "2026-11")["catalog"] as? String
    #expect(changed == "\(version), 1 override")
  }

  /// The first rollup pins the program's prices.
  @Test func theStoreKeepsTheCatalog() throws {
    let box = try filled()
    let files = try box.files("store/catalog")
    #expect(files.count == 1 && files.keys.allSatisfy { $0.contains("-built-in-") })
    try box.tally("rollup", "--force")
    #expect(try box.files("store/catalog") == files)
  }

  @Test func aCatalogThatCannotBeReadIsSaid() throws {
    let box = try filled()
    let path = try box.write("store/catalog/broken.json", "{")
    let expected = "tally: \(path):1: the file ends too early"
    for arguments in [["rollup", "--force"], ["report", "daily", "2026-11"]] {
      let outcome = try box.start(arguments).finish()
      #expect(outcome.status == 65)
      #expect(outcome.last == expected)
    }
  }
}
