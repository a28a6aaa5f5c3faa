import Foundation
import Testing

@testable import tally

/// A bare `tally`, and `tally statusline`.
@Suite struct OverviewTests {
  /// A dollar a day from 1 October on, three today (20 November), and a hundred tokens an event.
  private func filled(_ more: String = "") throws -> Sandbox {
    let box = try Sandbox()
    let lines = (0..<51).map { day in
      let date = day < 31 ? "10-\(day < 9 ? "0" : "")\(day + 1)" : "11-\(day < 40 ? "0" : "")\(day - 30)"
      return Self.event("\(day)", "2026-\(date)T10:00:00Z", day == 50 ? "3" : "1")
    }
    try box.tally("append", input: lines.joined() + more)
    return box
  }

  private static func event(_ id: String, _ time: String, _ cost: String, _ currency: String = "USD")
    -> String
  {
    line(
      id, time: time, tokens: 100,
      #","service":"codex","account":"ann","cost":"\#(cost)","currency":"\#(currency)""#)
  }

  @Test func withoutAStoreItSaysHowToBegin() throws {
    let box = try Sandbox()
    let outcome = try box.tally()
    #expect(outcome.status == 0 && outcome.errors == "")
    #expect(
      outcome.output == """
        There is no store yet at \(box.store).

        Begin with one of these:
          tally import                the coding agents' logs on this machine
          my-script | tally append    events from anything that prints JSON
          tally add --help            a use by hand

        tally --help lists all commands.

        """)
    #expect(try box.tally("statusline").output == "no usage yet\n")
  }

  @Test func aBareTallyShowsWhatThereIs() throws {
    let box = try filled()
    try box.tally("append", input: "not json\n")
    try box.write("config/tally/config.toml", "[[budget]]\nperiod = \"month\"\namount = 25")
    let outcome = try box.tally()
    #expect(outcome.status == 0 && outcome.errors == "")
    #expect(
      outcome.output == """
        Overview · 2026-11-01 to 2026-11-20 · UTC · USD

        Period      Requests  Tokens  Cost (USD)  Projected cost (USD)    Low   High  Confidence
        ────────────────────────────────────────────────────────────────────────────────────────
        Today              1     100        3.00                     –      –      –           –
        This month        20   2,000       22.00                 32.00  31.19  33.31          95

        Warning: codex/ann: everything: 88.00% of 25.00 USD in the month.
        50 days are not rolled up, so reports take longer.
        Input was rejected in the last 7 days: 1 file in \(box.store)/rejected.
        Next: tally rollup makes them.
        Next: tally report status shows all budgets and quotas.
        Next: tally report models shows where it goes.
        Cost mode: auto. Price catalog: built-in 2026-11-21.
        Provisional: the data goes to 2026-11-20T10:00+00:00.

        """)
    // The same by its name, and as others read it.
    #expect(try box.tally("overview").output == outcome.output)
    let report = try object(box.tally("--format", "json").output)
    #expect(report["report"] as? String == "overview")
    let rows = try #require(report["rows"] as? [[String: Any]])
    #expect(rows.map { $0["period"] as? String } == ["today", "this_month"])
    #expect(rows.map { $0["cost"] as? String } == ["3.00", "22.00"])
    #expect(rows[0]["projected_cost"] is NSNull && rows[1]["projected_cost"] as? String == "32.00")
    try box.tally("rollup")
    let notes = try #require(try object(box.tally("--format", "json").output)["notes"] as? [String])
    #expect(!notes.contains { $0.contains("rolled up") })
  }

  @Test func anotherDayIsAnotherOverview() throws {
    let rows = try #require(
      try object(filled().tally("--as-of", "2026-11-10", "-f", "json").output)["rows"] as? [[String: Any]])
    #expect(rows.map { $0["cost"] as? String } == ["1.00", "10.00"])
    #expect(rows[1]["projected_cost"] as? String == "30.00")
  }

  @Test func currenciesHaveRowsOfTheirOwn() throws {
    let box = try filled(Self.event("e", "2026-11-19T10:00:00Z", "2", "EUR"))
    let rows = try #require(try object(box.tally("-f", "json").output)["rows"] as? [[String: Any]])
    #expect(rows.map { $0["currency"] as? String } == ["EUR", "EUR", "USD", "USD"])
    #expect(rows.map { $0["cost"] as? String } == ["0.00", "2.00", "3.00", "22.00"])
    #expect(
      try box.tally("statusline").output
        == "0.00 EUR + 3.00 USD today · 2.00 EUR + 22.00 USD this month · 32.00 USD (31.19–33.31) at its end\n"
    )
  }

  @Test func currenciesOfOtherMonthsAreNoNews() throws {
    let box = try filled(Self.event("e", "2026-10-19T10:00:00Z", "2", "EUR"))
    let report = try object(box.tally("-f", "json").output)
    let rows = try #require(report["rows"] as? [[String: Any]])
    #expect(report["currency"] as? String == "USD" && rows.count == 2)
    #expect(rows.map { $0["cost"] as? String } == ["3.00", "22.00"])
    #expect(rows[1]["projected_cost"] as? String == "32.00")
  }

  @Test func optionsWithoutACommandAreChecked() throws {
    let outcome = try filled().tally("--formatt", "json")
    #expect(outcome.status == 64)
    #expect(outcome.errors.hasPrefix("Error: Unknown option '--formatt'. Did you mean '--format'?\n"))
    #expect(try Sandbox().tally("--version").output == "0.1.0\n")
  }

  // MARK: The line

  @Test func aLineSaysItAll() throws {
    let box = try filled()
    let line = "3.00 USD today · 22.00 USD this month · 32.00 USD (31.19–33.31) at its end"
    #expect(try box.tally("statusline").output == "\(line)\n")
    #expect(
      try box.tally("statusline", environment: ["LC_ALL": "C"]).output
        == "3.00 USD today - 22.00 USD this month - 32.00 USD (31.19-33.31) at its end\n")
    let tokens = try box.tally("statusline", "--no-cost").output
    #expect(
      tokens == "100 tokens today · 2.0k tokens this month · 3.0k tokens (2.9k–3.1k) at its end\n")
    try box.write(
      "config/tally/config.toml",
      "[[budget]]\nperiod = \"month\"\namount = 22\n[[budget]]\nmatch = \"user=none\"\nperiod = \"day\"\ntokens = 110"
    )
    #expect(
      try box.tally("statusline").output
        == "\(line) · Critical: codex/ann: everything: 100.00% of 22.00 USD in the month and 1 more\n")
  }

  @Test func whatIsNotKnownIsSaid() throws {
    let box = try Sandbox()
    try box.tally("append", input: line("a", #","provider":"acme""#))
    #expect(try box.tally("statusline").output == "unknown cost today · unknown cost this month\n")
    try box.tally("append", input: Self.event("b", "2026-11-20T10:00:00Z", "1"))
    #expect(try box.tally("statusline").output == "≥1.00 USD today · ≥1.00 USD this month\n")
    #expect(try box.tally("statusline", "--as-of", "2026-10-31").output == "no usage this month\n")
  }

  /// The line is remembered while nothing changes, and not longer.
  @Test func aRememberedLineIsNeverAnOldOne() throws {
    let box = try filled()
    try box.tally("rollup")
    let first = try box.tally("statusline").output
    // What it remembers is what it says.
    let path = "store/local/statusline"
    let kept = try #require(RememberedLine(Array(try box.read(path).utf8)))
    func forge(_ madeMs: Int64 = kept.madeMs) throws {
      let line = kept.line.replacing("3.00 USD today", with: "4.00 USD today")
      try box.write(path, Data(RememberedLine(key: kept.key, madeMs: madeMs, line: line).bytes))
    }
    try forge()
    #expect(try box.tally("statusline").output == first.replacing("3.00 USD today", with: "4.00 USD today"))
    // Other questions, other times and other events have other answers.
    #expect(try box.tally("statusline", "-z", "Asia/Tokyo").output == first)
    func remembered(_ change: () throws -> Void, _ environment: [String: String] = [:]) throws -> Bool {
      try forge()
      try change()
      return try box.tally("statusline", environment: environment).output.contains("4.00 USD today")
    }
    #expect(try remembered({}))
    #expect(try !remembered({}, ["TALLY_NOW": "\(Sandbox.noon + 600_001)"]))
    #expect(try !remembered({}, ["TALLY_NOW": "\(Sandbox.noon - 1)"]))
    // A clock that was set back: the line is of a time that has not come.
    try forge(kept.madeMs + 5000)
    #expect(try box.tally("statusline").output == first)
    #expect(try !remembered({ try box.write("config/tally/config.toml", "week_start = \"sunday\"") }))
    let more = try filled()
    _ = try more.tally("statusline")
    try more.tally("append", input: Self.event("x", "2026-11-20T11:00:00Z", "5"))
    #expect(try more.tally("statusline").output.hasPrefix("8.00 USD today · 27.00 USD this month · "))
  }

  /// Nobody's prompt fails because a store cannot be written to.
  @Test func aStoreThatCannotBeWrittenToHasALineToo() throws {
    let box = try filled()
    let outcome = try box.tally("statusline", environment: ["TALLY_FAULT": "write:1:EROFS"])
    #expect(outcome.status == 0 && outcome.output.hasPrefix("3.00 USD today"))
  }

  @Test func aLineHasNoRoomForListPrices() throws {
    let outcome = try filled().tally("statusline", "--list-price")
    #expect(
      outcome.status == 64 && outcome.errors.hasPrefix("Error: Unknown option '--list-price'\n"))
  }
}
