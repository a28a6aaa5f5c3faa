import Foundation
import Testing

/// `--cost`, `cost_mode`, and what a report says about requests without a cost.
@Suite struct CostModeTests {
  /// Two models that no catalog has, one request with a cost; another that names nobody.
  private func filled() throws -> Sandbox {
    let box = try Sandbox()
    let more = [
      #","provider":"acme","requests":1200"#, #","provider":"acme","cost":"1.5","currency":"USD""#,
      #","provider":"o'hara & co""#, "",
    ]
    let lines = more.enumerated().map { index, more in
      #"{"time":"2026-11-1\#(index)T10:00:00Z","model":"foo-\#(index / 2)","input_tokens":100\#(more)}"#
        + "\n"
    }
    try box.tally("append", input: lines.joined())
    return box
  }

  private static let remarks = [
    "Cost is incomplete: 1,202 requests have no cost.",
    "unpriced: 1,200 requests of acme/foo-0: tally prices set foo-0 --provider acme input=PRICE output=PRICE",
    "unpriced: 1 request of foo-1, no provider named: give the events a provider, so that its price is found",
    "unpriced: 1 request of o'hara & co/foo-1: tally prices set foo-1 --provider 'o'\\''hara & co' input=PRICE "
      + "output=PRICE",
  ]

  @Test(arguments: [["daily"], ["monthly", "--by", "user"], ["models"], ["providers", "--top", "1"]])
  func everyReportListsWhatHasNoCost(_ command: [String]) throws {
    let box = try filled()
    let table = try box.start(["report"] + command + ["2026-11"]).finish()
    #expect(table.lines.filter { $0.contains("ncomplete") || $0.contains("unpriced") } == Self.remarks)
    #expect(table.errors == "")
    let report = try object(
      box.start(["report"] + command + ["2026-11", "--format", "json"]).finish().output)
    #expect(report["unpriced_models"] as? [String] == ["foo-0", "foo-1"])
    let unpriced = try #require(report["unpriced"] as? [[String: Any]])
    #expect(unpriced.map { $0["provider"] as? String } == ["acme", nil, "o'hara & co"])
    #expect(unpriced.map { $0["model"] as? String } == ["foo-0", "foo-1", "foo-1"])
    #expect(unpriced.map { $0["requests"] as? Int } == [1200, 1, 1])
    // CSV has no place for it.
    let csv = try box.start(["report"] + command + ["2026-11", "--format", "csv"]).finish()
    #expect(csv.errors == Self.remarks.map { "tally: \($0)\n" }.joined())
    #expect(!csv.output.contains("unpriced:"))
    #expect(try box.start(["report"] + command + ["2026-11", "-f", "csv", "-q"]).finish().errors == "")
  }

  @Test func monthFilesSayItToo() throws {
    let outcome = try filled().tally("report", "month", "2026-11", "--output", "out")
    #expect(
      outcome.errors.split(separator: "\n").dropFirst(4).map(String.init)
        == (Self.remarks + ["Provisional: the data goes to 2026-11-13T10:00+00:00."]).map { "tally: \($0)" })
  }

  /// The command that is shown is the one that helps.
  @Test func theCommandGivesAPrice() throws {
    let box = try filled()
    for remark in Self.remarks where remark.contains("tally prices set") {
      let command = remark.components(separatedBy: ": tally ")[1].replacing("PRICE", with: "2")
      #expect(try box.shell("$TALLY \(command)").status == 0)
    }
    let shown = try box.tally("prices", "show", "foo-1", "--provider", "o'hara & co")
    #expect(shown.status == 0 && shown.output.contains(" output  2 "))
  }

  @Test func theModeIsSaidAndConfigured() throws {
    let box = try filled()
    #expect(try box.report("daily", "2026-11")["cost_mode"] as? String == "auto")
    #expect(try box.report("daily", "2026-11", "--cost", "display")["cost_mode"] as? String == "display")
    let path = try box.write("config/tally/config.toml", "cost_mode = \"display\"")
    #expect(try box.report("daily", "2026-11")["cost_mode"] as? String == "display")
    #expect(try box.report("daily", "2026-11", "--cost", "calculate")["cost_mode"] as? String == "calculate")
    #expect(try box.tally("report", "daily", "2026-11").output.contains("\nCost mode: display.\n"))
    try box.tally("report", "month", "2026-11", "--output", "out")
    #expect(try box.read("out/2026-11/days.json").contains("\"cost_mode\": \"display\""))
    try box.tally("report", "month", "2026-11", "--output", "out", "--cost", "auto")
    #expect(try box.read("out/2026-11/days.json").contains("\"cost_mode\": \"auto\""))
    try box.write("config/tally/config.toml", "cost_mode = \"computed\"")
    let wrong = try box.tally("report", "daily")
    #expect(wrong.status == 78)
    #expect(wrong.errors == "tally: \(path): cost_mode \"computed\": use auto, calculate or display\n")
  }

  @Test func billsAreShownAsTheyAre() throws {
    let box = try filled()
    try box.tally(
      "append",
      input: #"{"id":"b","time":"2026-11-10T00:00:00Z","kind":"billed","cost":"12.5","currency":"USD"}"#
        + "\n")
    try box.write("config/tally/config.toml", "cost_mode = \"calculate\"")
    let report = try box.report("daily", "2026-11", "--kind", "billed")
    #expect(report["cost_mode"] as? String == "display")
    #expect((report["total"] as? [String: Any])?["cost"] as? String == "12.50")
    let refused = try box.tally("report", "daily", "--kind", "billed", "--cost", "calculate")
    #expect(refused.status == 64)
    #expect(
      refused.errors
        == "tally: --cost calculate: bills have no computed cost: leave --cost or --kind billed out\n")
  }
}
