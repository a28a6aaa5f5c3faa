import Foundation
import TestSupport
import Testing

/// `tally report rates`: how fast things are used, against what SQLite makes of the same events.
@Suite struct RatesTests {
  private func rows(_ box: Sandbox, _ arguments: String...) throws -> [[String: Any]] {
    let outcome = try box.start(["report", "rates"] + arguments + ["--format", "json"]).finish()
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try #require(try object(outcome.output)["rows"] as? [[String: Any]])
  }

  /// Cells with `|` between, null as SQLite writes it.
  private func texts(_ rows: [[String: Any]], _ names: String...) -> [String] {
    rows.map { row in
      names.map { name in row[name] is NSNull ? "" : row[name].map { "\($0)" } ?? "absent" }
        .joined(separator: "|")
    }
  }

  /// One rate of every group: stretches of `length` minutes, cut where the zone cuts days.
  private static func sql(_ rate: String, _ column: String, length: Int, ahead: Int) -> String {
    let last = Sandbox.noon / 60_000 - 1
    let stretch = "((minute + \(ahead)) / \(length))"
    let name =
      length == 1
      ? MinuteEvents.text("(g.stretch - \(ahead))", ahead: ahead)
      : "strftime('%Y-%m-%d', g.stretch * 86400, 'unixepoch')"
    let average = MinuteEvents.rounded("sum(v) * 100", "count(*)")
    return """
      with s as (select service, account, model, \(stretch) stretch, sum(\(column)) v from e where period is null
        group by 1, 2, 3, 4),
      a as (select service, account, model, \(average) average, max(v) peak,
        ifnull(sum(iif(stretch = (\(last) + \(ahead)) / \(length), v, 0)), 0) now from s group by 1, 2, 3),
      g as (select a.*, (select min(stretch) from s where s.service is a.service and s.account is a.account
        and s.model is a.model and s.v = a.peak) stretch from a)
      select service, account, model, '\(rate)' rate, now, printf('%d.%02d', average / 100, average % 100), peak,
        \(name) from g where peak > 0
      """
  }

  @Test(arguments: [UInt64(31), 32], MinuteEvents.zones)
  func everyRateIsWhatSQLSays(_ seed: UInt64, _ zone: (String, Int)) throws {
    let box = try MinuteEvents.filled(seed)
    let rates = [
      ("rpm", "requests", 1), ("rpd", "requests", 1440), ("tpm", "tokens", 1), ("tpd", "tokens", 1440),
      ("ipm", "images", 1),
    ]
    let union = rates.map {
      "select * from (\(Self.sql($0.0, $0.1, length: $0.2, ahead: zone.1)))"
    }.joined(separator: " union all ")
    let theirs = try MinuteEvents.sql(box, "select * from (\(union)) order by service, account, model, rate")
    #expect(theirs.count > 50)
    for isRolledUp in [false, true] {
      if isRolledUp { try box.tally("rollup") }
      let ours = texts(
        try rows(box, "2026-11", "-z", zone.0), "service", "account", "model", "rate", "now", "average",
        "peak",
        "peak_at")
      #expect(ours.sorted() == theirs.sorted(), "seed \(seed) in \(zone.0)")
    }
  }

  /// Rates of something coarser are of its sums, not sums of rates.
  @Test func groupsAreWhatIsAskedFor() throws {
    let box = try MinuteEvents.filled(33)
    let ours = texts(
      try rows(box, "2026-11", "--by", "service", "--where", "model=m1", "--order", "service"), "service",
      "rate",
      "peak"
    ).filter { $0.contains("|tpm|") }
    let theirs = try MinuteEvents.sql(
      box,
      "select service, 'tpm', max(v) from (select service, minute, sum(tokens) v from e where period is null and "
        + "model = 'm1' group by 1, 2) group by 1 order by 1")
    #expect(theirs.count == 2 && ours == theirs)
  }

  @Test func bucketsOfProvidersAreLeftOutAndCounted() throws {
    let box = try Sandbox()
    try box.tally(
      "append",
      input: line("a") + line("b", #","period":"1d","requests":70"#) + line("c", #","period":"1h""#))
    let report = try box.report("rates")
    #expect(texts(try rows(box), "rate", "peak") == ["rpm|1", "rpd|1", "tpm|10", "tpd|10"])
    #expect(
      report["notes"] as? [String] == [
        "Average is over the minutes, or days, with an event.",
        "71 requests are left out: they come in providers' buckets, which say nothing about minutes.",
      ])
    #expect(report["cost_mode"] == nil && report["currency"] == nil)
  }

  /// Amounts of different currencies in one minute are still one minute.
  @Test func aMinuteIsOneWhateverTheCurrencies() throws {
    let box = try Sandbox()
    let lines = ["USD", "EUR"].map { (code: String) in line(code, #","cost":"1","currency":"\#(code)""#) }
    try box.tally("append", input: lines.joined())
    #expect(texts(try rows(box), "rate", "average", "peak").prefix(2) == ["rpm|2.00|2", "rpd|2.00|2"])
  }

  /// Half a minute ago is the minute that is not over yet; midnight begins a new day.
  @Test func nowIsTheLastCompleteMinuteAndTheDaySoFar() throws {
    let box = try Sandbox()
    let times = [
      "2026-11-19T23:59:59Z", "2026-11-20T11:59:00Z", "2026-11-20T11:59:59Z", "2026-11-20T12:00:00Z",
    ]
    try box.tally("append", input: times.enumerated().map { line("e\($0)", time: $1) }.joined())
    func now(_ arguments: String...) throws -> [String] {
      let outcome = try box.start(["report", "rates", "-f", "json"] + arguments).finish()
      let rows = try #require(try object(outcome.output)["rows"] as? [[String: Any]])
      return texts(rows, "rate", "now").prefix(2).map(\.self)
    }
    #expect(try now() == ["rpm|2", "rpd|3"])
    try box.tally("rollup")
    #expect(try now() == ["rpm|2", "rpd|3"])
    #expect(try now("--as-of", "2026-11-20") == ["rpm|2", "rpd|3"])
    #expect(try now("--as-of", "2026-11-19") == ["rpm|1", "rpd|1"])
    // The report does not reach to now.
    #expect(try now("2026-11-19") == ["rpm|", "rpd|"])
  }

  /// The other store never had the later events.
  @Test(arguments: MinuteEvents.zones) func asOfIsTheReportOfTheEventsUntilThen(_ zone: (String, Int)) throws
  {
    let (full, part) = (try Sandbox(), try Sandbox())
    let hours = (24 * 10..<24 * 20).filter { $0 % 7 == 0 }
    let lines = hours.map { hour in
      let time = "2026-11-\(hour / 24)T\(hour % 24 < 10 ? "0" : "")\(hour % 24):30:00Z"
      return (hour * 60 + 30, line("e\(hour)", time: time, tokens: hour))
    }
    try full.tally("append", input: lines.map(\.1).joined())
    try part.tally("append", input: lines.filter { $0.0 < 24 * 60 * 16 - zone.1 }.map(\.1).joined())
    let arguments = ["report", "rates", "2026-11", "-z", zone.0, "--as-of", "2026-11-15", "-f", "json"]
    let outcomes = try [full, part].map { try $0.start(arguments).finish() }
    #expect(outcomes[0].output == outcomes[1].output && outcomes[0].output.contains("\"rate\": \"tpd\""))
  }

  @Test func theLowestLimitThatAppliesHolds() throws {
    let box = try Sandbox()
    let lines = [("a", "gpt-5"), ("a", "gpt-4"), ("b", "gpt-5")].enumerated().map { index, names in
      line("e\(index)", #","service":"s","account":"\#(names.0)""#).replacing("gpt-5", with: names.1)
    }
    try box.tally("append", input: lines.joined())
    try box.write(
      "config/tally/config.toml",
      """
      [[limit]]
      tpm = 100
      [[limit]]
      match = "account=a and not model=gpt-5"
      tpm = 3
      rpm = 1000
      [[limit]]
      match = "account=a"
      tpm = 64
      """)
    let names = ["account", "model", "rate", "limit", "limit_share"]
    func limits(_ arguments: String...) throws -> [String] {
      let outcome = try box.start(["report", "rates", "-f", "json", "--order", names[0]] + arguments).finish()
      let rows = try #require(try object(outcome.output)["rows"] as? [[String: Any]])
      return texts(rows, "account", "model", "rate", "limit", "limit_share").filter { !$0.contains("pd|") }
    }
    #expect(
      try limits() == [
        "a|gpt-4|rpm|1000|0.10", "a|gpt-4|tpm|3|333.33", "a|gpt-5|rpm||", "a|gpt-5|tpm|64|15.62",
        "b|gpt-5|rpm||", "b|gpt-5|tpm|100|10.00",
      ])
    // What asks about the model says nothing about rows without one.
    #expect(
      try limits("--by", "account") == [
        "a|absent|rpm||", "a|absent|tpm|64|31.25", "b|absent|rpm||", "b|absent|tpm|100|10.00",
      ])
    let notes = try box.report("rates", "--by", "account")["notes"] as? [String]
    #expect(notes?.last == "Limits that ask about model are left out: rows do not have it; add it to --by.")
  }

  @Test func aWrongMatchIsShownAtItsPlace() throws {
    let box = try Sandbox()
    try box.tally("append", input: line("e"))
    let path = try box.write(
      "config/tally/config.toml", "[[limit]]\nrpm = 1\n[[limit]]\nmatch = \"modle = x\"\nrpm = 1")
    let outcome = try box.tally("report", "rates")
    #expect(outcome.status == 78 && outcome.output == "")
    #expect(
      outcome.errors
        == "tally: \(path): limit[2].match: unknown field \"modle\" at 1: did you mean \"model\"?\nmodle = x\n^\n"
    )
  }

  @Test func aTableNeedsNoTotal() throws {
    let box = try Sandbox()
    try box.tally("append", input: line("e", #","service":"s""#))
    #expect(
      try box.tally("report", "rates", "--by", "service").output == """
        Rates · 2026-11-14 to 2026-11-20 · UTC

        Service  Rate  Now  Average  Peak  Peak at
        ─────────────────────────────────────────────────────────
        s        RPM     0     1.00     1  2026-11-20T10:11+00:00
        s        RPD     1     1.00     1  2026-11-20
        s        TPM     0    10.00    10  2026-11-20T10:11+00:00
        s        TPD    10    10.00    10  2026-11-20

        Average is over the minutes, or days, with an event.
        Provisional: the data goes to 2026-11-20T10:11+00:00.

        """)
  }

  @Test(arguments: [
    (["--by", "session"], "report rates: minutes do not tell sessions: leave session out"),
    (["--where", "session=s"], "report rates: minutes do not tell sessions: leave session out"),
    (["--currency", "EUR"], "--currency EUR: rates have no amounts: leave it out"),
    (["--cost", "auto"], "--cost auto: rates have no amounts: leave it out"),
    (["--by", "modle"], "--by modle: no such field: did you mean model?"),
  ]) func optionsAreChecked(_ arguments: [String], _ message: String) throws {
    let box = try Sandbox()
    try box.tally("append", input: line("e"))
    let outcome = try box.start(["report", "rates"] + arguments).finish()
    #expect(outcome.status == 64 && outcome.errors.contains(": \(message)\n"), "\(outcome.errors)")
  }
}
