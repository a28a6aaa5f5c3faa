import Foundation
import Testing

/// `tally report`: what is asked and how it is answered.
@Suite struct ReportTests {
  private static let events = [
    (#""provider":"anthropic","service":"claude","user":"ann""#, 60),
    (#""provider":"openai","service":"codex","user":"ann""#, 25),
    (#""provider":"openai","service":"chatgpt","user":"bob""#, 10), (#""provider":"groq""#, 5),
  ]

  private func filled() throws -> Sandbox {
    let box = try Sandbox()
    let input = Self.events.enumerated().map { index, event in
      line(
        "\(index)", time: "2026-11-1\(index)T23:30:00Z", tokens: event.1,
        #",\#(event.0),"tags":{"team":"t\#(index % 2)"}"#)
    }
    try box.tally("append", input: input.joined())
    return box
  }

  private func table(_ arguments: String...) throws -> String {
    let box = try filled()
    let outcome = try box.start(["report"] + arguments).finish()
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors == "")
    return outcome.output
  }

  @Test func aTableIsForPeople() throws {
    #expect(
      try table("daily", "2026-11") == """
        Daily · 2026-11-01 to 2026-11-30 · UTC · USD

        Day         Requests  Input  Cost (USD)   Share
        ───────────────────────────────────────────────
        2026-11-10         1     60     unknown   60.0%
        2026-11-11         1     25       <0.01   25.0%
        2026-11-12         1     10       <0.01   10.0%
        2026-11-13         1      5     unknown    5.0%
        ───────────────────────────────────────────────
        Total              4    100       <0.01  100.0%

        Cost is incomplete: 2 requests have no cost.
        unpriced: 1 request of anthropic/gpt-5: tally prices set gpt-5 --provider anthropic input=PRICE output=PRICE
        unpriced: 1 request of groq/gpt-5: tally prices set gpt-5 --provider groq input=PRICE output=PRICE
        Cost mode: auto. Price catalog: built-in 2026-11-21.
        Share is of tokens.
        Provisional: the data goes to 2026-11-13T23:30+00:00, that of claude to 2026-11-10T23:30+00:00, that of codex to 2026-11-11T23:30+00:00.

        """)
  }

  @Test func markdownIsForPullRequests() throws {
    #expect(
      try table("providers", "2026-11", "--top", "1", "-f", "markdown") == """
        **Providers · 2026-11-01 to 2026-11-30 · UTC · USD**

        | Provider | Service | Requests | Input | Cost (USD) | Share |
        | --- | --- | ---: | ---: | ---: | ---: |
        | anthropic | claude | 1 | 60 | unknown | 60.0% |
        | Others |  | 3 | 40 | \\<0.01 | 40.0% |
        | **Total** |  | **4** | **100** | **\\<0.01** | **100.0%** |

        - Cost is incomplete: 2 requests have no cost.
        - unpriced: 1 request of anthropic/gpt-5: tally prices set gpt-5 --provider anthropic input=PRICE output=PRICE
        - unpriced: 1 request of groq/gpt-5: tally prices set gpt-5 --provider groq input=PRICE output=PRICE
        - Cost mode: auto. Price catalog: built-in 2026-11-21.
        - Share is of tokens.
        - Provisional: the data goes to 2026-11-13T23:30+00:00, that of claude to 2026-11-10T23:30+00:00, that of codex to 2026-11-11T23:30+00:00.

        """)
  }

  /// The first cells and the input tokens of each row of a CSV report.
  private func rows(_ count: Int, _ arguments: String..., config: String = "") throws -> [String] {
    let box = try filled()
    try box.write("config/tally/config.toml", config)
    let outcome = try box.start(["report"] + arguments + ["--format", "csv"]).finish()
    try #require(outcome.status == 0, "\(outcome.errors)")
    let lines = outcome.lines.map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let input = try #require(lines[0].firstIndex(of: "input_tokens"))
    return lines.dropFirst().map { ($0.prefix(count) + [$0[input]]).joined(separator: ",") }
  }

  @Test func rowsAreGroupedByWhatIsAsked() throws {
    #expect(try rows(1, "providers", "2026-11") == ["anthropic,60", "openai,25", "openai,10", "groq,5"])
    #expect(
      try rows(2, "monthly", "2026-11", "--by", "user") == ["2026-11,ann,85", "2026-11,bob,10", "2026-11,,5"])
    #expect(
      try rows(3, "monthly", "2026-11", "--by", "provider", "--by", "user")
        == ["2026-11,anthropic,ann,60", "2026-11,openai,ann,25", "2026-11,openai,bob,10", "2026-11,groq,,5"])
    #expect(
      try rows(3, "monthly", "2026-11", "--by", "provider,user")
        == rows(3, "monthly", "2026-11", "-b", "provider", "-b", "user"))
    #expect(try rows(1, "weekly", "2026-11") == ["2026-11-09,100"])
    #expect(try rows(1, "models", "2026-11") == ["gpt-5,100"])
  }

  @Test func tagsThatAreRolledUpAreFields() throws {
    let config = #"rollup_tags = ["team"]"#
    #expect(
      try rows(2, "monthly", "2026-11", "--by", "tag.team", config: config) == [
        "2026-11,t0,70", "2026-11,t1,30",
      ])
    #expect(try rows(1, "monthly", "2026-11", "--where", "tag.team=t1", config: config) == ["2026-11,30"])
  }

  @Test(arguments: [
    ("service=claude", "60"), ("service=claude or provider=openai", "95"), ("not user=ann", "15"),
    ("user in (ann, bob) and provider=openai", "35"), ("service=none", "5"), ("provider='openai'", "35"),
  ])
  func filtersKeepWhatMatches(_ filter: String, _ tokens: String) throws {
    #expect(try rows(1, "monthly", "2026-11", "--where", filter) == ["2026-11,\(tokens)"])
  }

  @Test(arguments: [
    (["2026-11-10"], "60"), (["2026-11"], "100"), (["2026"], "100"), (["2026-W46"], "100"),
    (["20261111"], "25"),
    (["--since", "2026-11-11", "--until", "2026-11-12"], "35"), (["--since", "2026-11-12"], "15"),
    (["--until", "2026-11-10"], "60"), (["8d"], "5"), (["last-week"], "100"),
    (["-s", "2026-11", "-u", "2026-11"], "100"),
    (["this-month"], "100"), ([], "100"),
  ])
  func rangesAreInclusive(_ range: [String], _ tokens: String) throws {
    let box = try filled()
    let report = try object(box.start(["report", "daily", "--format", "json"] + range).finish().output)
    #expect("\((report["total"] as? [String: Any])?["input_tokens"] as? Int ?? -1)" == tokens)
  }

  @Test func daysAreThoseOfTheZone() throws {
    #expect(try rows(1, "daily", "2026-11-11", "--timezone", "Europe/Berlin") == ["2026-11-11,60"])
    #expect(try rows(1, "daily", "2026-11-11", "-z", "America/New_York") == ["2026-11-11,25"])
    let report = try filled().report("daily", "2026-11", "--timezone", "Asia/Kathmandu")
    #expect(report["timezone"] as? String == "Asia/Kathmandu")
  }

  @Test func weeksBeginWhereAsked() throws {
    #expect(
      try rows(1, "weekly", "2026-11", "--week-start", "wednesday") == ["2026-11-04,60", "2026-11-11,40"])
  }

  @Test func smallOnesAreOthers() throws {
    #expect(
      try rows(1, "providers", "2026-11", "--min-share", "10") == [
        "anthropic,60", "openai,25", "openai,10", ",5",
      ])
    #expect(
      try rows(1, "providers", "2026-11", "--min-share", "10.01") == ["anthropic,60", "openai,25", ",15"])
    #expect(
      try rows(1, "providers", "2026-11", "--top", "2", "--min-share", "30") == ["anthropic,60", ",40"])
    #expect(try rows(1, "daily", "2026-11", "--top", "1") == ["2026-11-10,60", ",40"])
  }

  @Test func theOutputsNameDecidesTheFormat() throws {
    let box = try filled()
    for (name, start) in [("a.csv", "day,"), ("a.json", "{\n"), ("a.md", "**Daily"), ("a.txt", "Daily ·")] {
      try box.write(name, "old")
      let outcome = try box.tally("report", "daily", "2026-11", "--output", name)
      #expect(outcome.status == 0)
      #expect(outcome.output == "")
      #expect(try box.read(name).hasPrefix(start))
    }
    try box.tally("report", "daily", "2026-11", "--output", "a.csv", "--format", "json")
    #expect(try box.read("a.csv").hasPrefix("{\n"))
  }

  @Test func anOutputIsReplacedWholeOrNotAtAll() throws {
    let box = try filled()
    try box.write("a.csv", "old")
    let full = try box.tally(
      "report", "daily", "2026-11", "--output", "a.csv", environment: ["TALLY_FAULT": "write:1:half"])
    #expect(full.status == 73)
    #expect(full.errors == "tally: a.csv: cannot write: No space left on device\n")
    #expect(try box.read("a.csv") == "old")
    #expect(
      try !FileManager.default.contentsOfDirectory(atPath: box.folder.path).contains { $0.hasSuffix(".tmp") })
    let cut = try box.tally(
      "report", "daily", "2026-11", "--output", "a.csv", environment: ["TALLY_FAULT": "rename:1:kill"])
    #expect(cut.status == 137)
    #expect(try box.read("a.csv") == "old")
    let nowhere = try box.tally("report", "daily", "2026-11", "--output", "no/where.csv")
    #expect(nowhere.status == 73)
    #expect(nowhere.errors == "tally: no/where.csv: cannot open: No such file or directory\n")
  }

  @Test func aPeriodWithoutUsageIsSaidSo() throws {
    let text = try table("daily", "2020")
    #expect(text.hasPrefix("Daily · 2020-01-01 to 2020-12-31 · UTC\n\nNo usage in this period.\n"))
    #expect(try rows(1, "models", "2020").isEmpty)
  }

  @Test func anAppendIsSeenWithoutARollup() throws {
    let box = try filled()
    try box.tally("rollup")
    try box.tally("append", input: line("new", tokens: 900))
    #expect((try box.report("daily", "2026-11")["total"] as? [String: Any])?["input_tokens"] as? Int == 1000)
  }

  @Test func whoeverHasSeenEnoughIsNoError() throws {
    let box = try filled()
    let outcome = try box.shell("$TALLY report daily 2026-11 | head -1; echo ${PIPESTATUS[0]}")
    #expect(outcome.output == "Daily · 2026-11-01 to 2026-11-30 · UTC · USD\n0\n")
    #expect(outcome.errors == "")
    // The reader is gone before the first byte.
    let gone = try box.shell(
      """
      { sleep 0.3; $TALLY report daily 2026-11; echo $? > status; } | true
      until [ -s status ]; do sleep 0.1; done; cat status
      """)
    #expect(gone.output == "0\n")
    #expect(gone.errors == "")
  }

  @Test func colourIsForTerminalsThatWantIt() throws {
    let box = try filled()
    let escape = "\u{1B}["
    #expect(try !box.tally("report", "daily", "2026-11").output.contains(escape))
    #if os(Linux)
      let terminal = #"script -qec "$TALLY report daily 2026-11" /dev/null < /dev/null"#
      #expect(try box.shell(terminal, environment: ["TERM": "xterm"]).output.contains(escape))
      #expect(
        try !box.shell(terminal, environment: ["TERM": "xterm", "NO_COLOR": "1"]).output.contains(escape))
      #expect(try !box.shell(terminal, environment: ["TERM": "dumb"]).output.contains(escape))
    #endif
  }

  @Test func jsonIsOneObjectOfTheSchemasShape() throws {
    let schema = try object(
      String(contentsOf: Sandbox.root.appending(path: "Schemas/report.schema.json"), encoding: .utf8))
    let properties = try #require(schema["properties"] as? [String: Any])
    let required = try #require(schema["required"] as? [String])
    let box = try filled()
    for command in ["daily", "weekly", "monthly", "models", "providers"] {
      let report = try box.report(command, "2026-11", "--top", "1")
      #expect(report["report"] as? String == command)
      #expect(Set(report.keys).isSuperset(of: required))
      #expect(Set(report.keys).isSubset(of: properties.keys))
      #expect(report["cost_complete"] as? Bool == false)
      let rows = try #require(report["rows"] as? [[String: Any]])
      #expect(rows.allSatisfy { $0["share"] is String && $0["requests"] is Int && $0["cost"] != nil })
    }
  }

  @Test func billedLinesAreAKindOfTheirOwn() throws {
    let box = try filled()
    let bill = #"{"id":"bill","time":"2026-11-10T00:00:00Z","kind":"billed","cost":"12.5","currency":"USD"}"#
    try box.tally("append", input: bill + "\n")
    let usage = try box.report("daily", "2026-11")["total"] as? [String: Any]
    #expect(usage?["requests"] as? Int == 4)
    #expect(usage?["cost"] as? String == "0.00004375")
    let billed = try box.report("daily", "2026-11", "--kind", "billed")["total"] as? [String: Any]
    #expect(billed?["requests"] as? Int == 0)
    #expect(billed?["cost"] as? String == "12.50")
  }

  @Test func ofSeveralFiltersAllMustMatch() throws {
    let box = try Sandbox()
    let lines = [("a", "m"), ("a", "n"), ("b", "m")].map { user, model in
      #"{"time":"2026-11-18T10:00:00Z","user":"\#(user)","model":"\#(model)","requests":1}"#
    }
    try box.tally("append", input: lines.joined(separator: "\n"))
    let report = try box.report("models", "2026-11", "--where", "user=a", "--where", "model=m")
    #expect((report["total"] as? [String: Any])?["requests"] as? Int == 1)
  }

  /// Dollars and yen have no sum.
  @Test func aTotalOverCurrenciesHasNoCost() throws {
    let box = try Sandbox()
    let lines = [("1", "USD"), ("500", "JPY")].map { cost, currency in
      #"{"time":"2026-11-18T10:00:00Z","requests":1,"cost":"\#(cost)","currency":"\#(currency)"}"#
    }
    try box.tally("append", input: lines.joined(separator: "\n"))
    let report = try box.report("models", "2026-11")
    let total = try #require(report["total"] as? [String: Any])
    #expect(total["cost"] is NSNull)
    #expect(
      (report["totals"] as? [[String: Any]])?.compactMap { $0["cost"] as? String } == ["500.00", "1.00"])
  }
}
