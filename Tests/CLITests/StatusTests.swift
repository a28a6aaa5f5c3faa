import Foundation
import TestSupport
import Testing

/// `tally report status`: cards of services and accounts, against what SQLite makes of the same events.
@Suite struct StatusTests {
  private func rows(_ box: Sandbox, _ arguments: String...) throws -> [[String: Any]] {
    let outcome = try box.start(["report", "status"] + arguments + ["--format", "json"]).finish()
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try #require(try object(outcome.output)["rows"] as? [[String: Any]])
  }

  /// Cells with `|` between, null as nothing, month's cost in millionths.
  private func texts(_ rows: [[String: Any]], _ names: String...) -> [String] {
    rows.map { row in
      names.map { name in
        if name == "cost_month", let cost = row[name] as? String { return QueryTests.micro(cost) }
        return row[name] is NSNull ? "" : row[name].map { "\($0)" } ?? "absent"
      }.joined(separator: "|")
    }
  }

  private func configure(_ box: Sandbox, _ budgets: String..., top: String = "") throws {
    let sections = budgets.map { "[[budget]]\n\($0)\n" }.joined()
    try box.write("config/tally/config.toml", "\(top)\n\(sections)")
  }

  @Test(arguments: [UInt64(41), 42], MinuteEvents.zones)
  func cardsAreWhatSQLSays(_ seed: UInt64, _ zone: (String, Int)) throws {
    let box = try MinuteEvents.filled(seed)
    let today = (Sandbox.noon / 60_000 + zone.1) / 1440
    let theirs = try MinuteEvents.sql(
      box,
      "select service, account, sum(micro), sum(iif((minute + \(zone.1)) / 1440 = \(today), tokens, 0)), sum(tokens), "
        + "count(distinct session), 'OK' from e group by 1, 2 order by 1, 2")
    #expect(theirs.count == 6)
    for isRolledUp in [false, true] {
      if isRolledUp { try box.tally("rollup") }
      let ours = texts(
        try rows(box, "-z", zone.0), "service", "account", "cost_month", "tokens_today", "tokens_month",
        "sessions",
        "state")
      #expect(ours == theirs, "seed \(seed) in \(zone.0)")
    }
  }

  @Test(arguments: [UInt64(43), 44], MinuteEvents.zones)
  func budgetsAreWhatSQLSays(_ seed: UInt64, _ zone: (String, Int)) throws {
    let box = try MinuteEvents.filled(seed)
    let today = (Sandbox.noon / 60_000 + zone.1) / 1440
    // 2026-11-20 is a Friday.
    let firsts = ["day": today, "week": today - 4, "month": today - 19]
    let scopes = [
      ("project=p", "project = 'p'"),
      ("service=claude and not model=m1", "service = 'claude' and model <> 'm1'"),
      ("session in (s1, none)", "(session = 's1' or session is null)"),
    ]
    var (sections, queries): ([String], [String]) = ([], [])
    for (match, condition) in scopes {
      for period in ["day", "week", "month"] {
        let first = firsts[period] ?? 0
        let measures = [
          ("tokens = 1000", "sum(tokens) || '.00'"), ("requests = 1000", "sum(requests) || '.00'"),
          ("amount = 1000", "printf('%d.%06d', sum(micro) / 1000000, sum(micro) % 1000000)"),
        ]
        for (limit, sum) in measures {
          sections.append("match = \"\(match)\"\nperiod = \"\(period)\"\n\(limit)")
          queries.append(
            "select \(sum) from e where \(condition) and (minute + \(zone.1)) / 1440 between \(first) and \(today)"
          )
        }
      }
    }
    sections.append("match = \"service=openai\"\nperiod = \"session\"\ntokens = 1000")
    queries.append(
      "select max(v) || '.00' from (select session, sum(tokens) v from e where service = 'openai' and session is not "
        + "null group by 1 having max(ms) > \(Sandbox.noon - 3_600_000))")
    try box.write("config/tally/config.toml", sections.map { "[[budget]]\n\($0)\n" }.joined())
    let theirs = try MinuteEvents.sql(box, queries.joined(separator: ";\n"))
    #expect(theirs.count == 28)
    for isRolledUp in [false, true] {
      if isRolledUp { try box.tally("rollup") }
      let found = try rows(box, "-z", zone.0).filter { !($0["budget"] is NSNull) }
      let ours = found.map { row in
        // Amounts have as many digits as they need.
        let used = row["budget_used"] as? String ?? ""
        return row["budget_unit"] as? String == "USD"
          ? used + String(repeating: "0", count: 6 - used.split(separator: ".")[1].count) : used
      }
      #expect(ours == theirs, "seed \(seed) in \(zone.0)")
    }
  }

  /// Exactly at the percentage, and not a token before.
  @Test(arguments: [
    (799, 80, "OK", "79.90"), (800, 80, "Warning", "80.00"), (999, 80, "Warning", "99.90"),
    (1000, 80, "Critical", "100.00"), (2000, 80, "Critical", "200.00"), (499, 50, "OK", "49.90"),
    (500, 50, "Warning", "50.00"), (999, 100, "OK", "99.90"),
  ]) func theStateIsOfTheShare(_ tokens: Int, _ warn: Int, _ state: String, _ share: String) throws {
    let box = try Sandbox()
    try box.tally("append", input: line("e", tokens: tokens, #","service":"s","account":"a""#))
    try configure(
      box, "name = \"n\"\nperiod = \"day\"\ntokens = 1000" + (warn == 80 ? "" : "\nwarn = \(warn)"))
    let report = try box.report("status")
    let reason = state == "OK" ? nil : "n: \(share)% of 1000 tokens in the day"
    let row = try #require((report["rows"] as? [[String: Any]])?.first)
    #expect(row["state"] as? String == state && row["budget_share"] as? String == share)
    #expect(row["reason"] as? String == reason)
    #expect(report["notes"] as? [String] == (reason.map { ["\(state): s/a: \($0)."] } ?? []))
  }

  /// A budget stands on the card that it alone is about; one of money in a month before others.
  @Test func budgetsStandWhereTheyBelong() throws {
    let box = try Sandbox()
    let names = [("s", "a"), ("s", "b"), ("t", "a")]
    try box.tally(
      "append",
      input: names.enumerated().map {
        line("e\($0)", #","service":"\#($1.0)","account":"\#($1.1)","cost":"1","currency":"USD""#)
      }.joined())
    try configure(
      box, "name = \"all\"\nperiod = \"month\"\namount = 100",
      "name = \"s\"\nmatch = \"service=s\"\nperiod = \"day\"\ntokens = 25",
      "name = \"sa-day\"\nmatch = \"service=s and account=a\"\nperiod = \"day\"\ntokens = 10",
      "name = \"sa\"\nmatch = \"service=s and account=a\"\nperiod = \"month\"\namount = \"2.50\"",
      "name = \"t1\"\nmatch = \"service=t\"\nperiod = \"day\"\ntokens = 100",
      "name = \"t2\"\nmatch = \"service=t\"\nperiod = \"day\"\nrequests = 2",
      "name = \"model\"\nmatch = \"service=t and model=gpt-5\"\nperiod = \"day\"\ntokens = 100",
      "name = \"gone\"\nmatch = \"service=gone\"\nperiod = \"week\"\ntokens = 100")
    let ours = texts(
      try rows(box), "service", "account", "budget", "period", "budget_used", "budget_limit", "budget_unit",
      "budget_share",
      "tokens_month",
      "state")
    #expect(
      ours == [
        // Its other budget makes it critical.
        "s|a|sa|month|1.00|2.50|USD|40.00|10|Critical", "s|b|||||||10|OK",
        "t|a|t2|day|1.00|2.00|requests|50.00|10|OK",
        "||all|month|3.00|100.00|USD|3.00|30|OK", "||s|day|20.00|25.00|tokens|80.00|20|Warning",
        "s|a|sa-day|day|10.00|10.00|tokens|100.00|10|Critical", "t|a|t1|day|10.00|100.00|tokens|10.00|10|OK",
        "||model|day|10.00|100.00|tokens|10.00|10|OK", "||gone|week|0.00|100.00|tokens|0.00|0|OK",
      ])
    let total = try #require(try box.report("status")["total"] as? [String: Any])
    // What stands on several rows is counted once.
    #expect(total["cost_month"] as? String == "3.00" && total["tokens_today"] as? Int == 30)
    // A name is what it matches, unless it has one.
    try configure(box, "match = \"service=t\"\nperiod = \"day\"\ntokens = 9", "period = \"day\"\ntokens = 9")
    #expect(texts(try rows(box), "budget") == ["", "", "service=t", "everything"])
  }

  /// The last event of an account holds; after it began anew nobody knows what is left.
  @Test func quotasAreTheLastOnes() throws {
    let box = try Sandbox()
    func quota(_ time: String, _ account: String, _ more: String) -> String {
      #"{"time":"2026-11-\#(time)Z","kind":"quota","service":"s","account":"\#(account)",\#(more)}"# + "\n"
    }
    let lines = [
      quota("19T10:00:00", "a", #""tokens_remaining":900,"tokens_limit":1000"#),
      quota(
        "20T10:00:00", "a", #""tokens_remaining":200,"tokens_limit":1000,"resets_at":"2026-11-20T12:00:01Z""#),
      quota("20T09:00:00", "a", #""tokens_remaining":100,"tokens_limit":1000"#),
      quota(
        "20T10:00:00", "b", #""tokens_remaining":0,"tokens_limit":1000,"resets_at":"2026-11-20T12:00:00Z""#),
      quota("20T11:00:30", "c", #""model":"x","tokens_remaining":500,"tokens_limit":1000"#),
      quota("20T11:00:10", "c", #""model":"y","tokens_remaining":400,"tokens_limit":1000"#),
      quota("14T11:00:00", "d", #""requests_remaining":0"#),
      quota("01T11:00:00", "e", #""tokens_remaining":201,"tokens_limit":1000"#),
    ]
    try box.tally("append", input: lines.joined())
    try box.tally(
      "append",
      input: quota("29T11:00:00", "f", #""tokens_remaining":7"#).replacing("2026-11", with: "2026-10"))
    let names = [
      "account", "tokens_remaining", "tokens_limit", "quota_share", "requests_remaining", "resets_at",
      "state",
    ]
    func quotas(_ arguments: String...) throws -> [String] {
      let outcome = try box.start(["report", "status", "-f", "json"] + arguments).finish()
      let rows = try #require(try object(outcome.output)["rows"] as? [[String: Any]])
      return rows.map { row in
        names.map { row[$0] is NSNull ? "" : row[$0].map { "\($0)" } ?? "absent" }.joined(separator: "|")
      }
    }
    for isRolledUp in [false, true] {
      if isRolledUp { try box.tally("rollup") }
      #expect(
        try quotas() == [
          "a|200|1000|80.00||2026-11-20T12:00+00:00|Warning", "b||1000|||2026-11-20T12:00+00:00|OK",
          "c|400|1000|60.00|||OK", "d||||0||Critical", "e|201|1000|79.90|||OK",
        ])
      #expect(try quotas("--as-of", "2026-11-19").first == "a|900|1000|10.00|||OK")
      // Of the last seven days, when the month has fewer.
      #expect(try quotas("--as-of", "2026-11-04") == ["e|201|1000|79.90|||OK", "f|7|||||OK"])
      #expect(try quotas("--as-of", "2026-11-05") == ["e|201|1000|79.90|||OK"])
      // The day ends before the event in Tokyo's day.
      #expect(try quotas("-z", "Asia/Kathmandu", "--as-of", "2026-11-19").count == 3)
    }
    #expect(
      try box.report("status")["notes"] as? [String] == [
        "Critical: s/d: quota: no requests are left.", "Warning: s/a: quota: 80.00% of 1000 tokens are used.",
        "OK: s/b: quota: it began anew since its last event, so what is left is not known.",
      ])
  }

  /// Unknown is not zero.
  @Test func whatIsNotKnownIsSaid() throws {
    let box = try Sandbox()
    let more = #","service":"s","account":"a""#
    let lines = [
      line("a", #"\#(more),"cost":"8","currency":"USD""#),
      #"{"id":"b","time":"2026-11-20T10:00:00Z","model":"nobody-prices-this","input_tokens":1\#(more)}"#
        + "\n",
      line("c", #"\#(more),"cost":"3","currency":"EUR""#),
    ]
    try configure(box, "name = \"n\"\nperiod = \"day\"\namount = 10")
    try box.tally("append", input: lines[1])
    func said() throws -> String { texts(try rows(box), "budget_used", "budget_share", "state", "reason")[0] }
    #expect(try said() == "||OK|n: at least, because 1 request has no cost")
    try box.tally("append", input: lines[0])
    #expect(
      try said()
        == "8.00|80.00|Warning|n: 80.00% of 10.00 USD in the day; n: at least, because 1 request has no cost")
    try box.tally("append", input: lines[2])
    #expect(
      try said()
        == "8.00|80.00|Warning|n: 80.00% of 10.00 USD in the day; n: at least, because 1 request has no cost and amounts in EUR have no rates, see tally fx import"
    )
    #expect(
      (try box.report("status")["notes"] as? [String])?.last
        == "Amounts of several currencies have no sum: --currency converts them.")
    try box.tally("fx", "import", "-", input: "Date,USD\n2026-11-20,1.25\n")
    #expect(
      try said()
        == "11.75|117.50|Critical|n: 117.50% of 10.00 USD in the day; n: at least, because 1 request has no cost"
    )
    // What is shown in another currency is still measured in the budget's.
    #expect(
      texts(try rows(box, "--currency", "EUR"), "cost_month", "budget_used", "budget_unit") == [
        "9400000|11.75|USD"
      ])
  }

  @Test func theCurrencyOfABudgetIsThatOfReports() throws {
    let box = try Sandbox()
    try box.tally("append", input: line("c", #","cost":"3","currency":"CHF""#))
    for (top, more, unit) in [
      ("", "", "USD"), ("currency = \"CHF\"", "", "CHF"), ("", "currency = \"CHF\"", "CHF"),
    ] {
      try configure(box, "period = \"day\"\namount = 10.25\n\(more)", top: top)
      #expect(texts(try rows(box), "budget_limit", "budget_unit") == ["10.25|\(unit)"])
    }
  }

  @Test func budgetsOfMoneyAreHiddenWithCosts() throws {
    let box = try Sandbox()
    try box.tally("append", input: line("c", #","cost":"3","currency":"USD""#))
    try configure(
      box, "name = \"money\"\nperiod = \"day\"\namount = 1",
      "name = \"tokens\"\nperiod = \"day\"\ntokens = 100")
    #expect(texts(try rows(box), "budget", "state") == ["money|Critical", "tokens|OK"])
    #expect(texts(try rows(box, "--no-cost"), "budget", "state") == ["tokens|OK"])
  }

  /// Sessions are active for an hour after their last event, and the fullest one counts.
  @Test func aSessionBudgetIsOfTheFullestActiveSession() throws {
    let box = try Sandbox()
    let events = [
      ("old", "2026-11-20T11:00:00Z", 900), ("small", "2026-11-20T11:00:01Z", 300),
      ("big", "2026-11-15T01:00:00Z", 500),
      ("big", "2026-11-20T11:59:00Z", 1),
    ]
    try box.tally(
      "append",
      input: events.enumerated().map { line("e\($0)", time: $1.1, tokens: $1.2, #","session":"\#($1.0)""#) }
        .joined())
    try configure(box, "name = \"n\"\nperiod = \"session\"\ntokens = 501")
    #expect(
      texts(try rows(box), "budget_used", "state", "reason") == [
        "501.00|Critical|n: 100.00% of 501 tokens in session big"
      ])
    let evening = try box.tally(
      "report", "status", "-f", "json", environment: ["TALLY_NOW": "\(Sandbox.noon + 3_600_000)"])
    #expect(evening.output.contains("\"budget_used\": \"0.00\""))
  }

  /// The other store never had the later events.
  @Test func asOfIsTheReportOfTheEventsUntilThen() throws {
    let (full, part) = (try Sandbox(), try Sandbox())
    func events(_ days: ClosedRange<Int>) -> String {
      days.map { day in
        let time = "2026-11-\(day)T10:11:12Z"
        return line("e\(day)", time: time, tokens: day, #","service":"s","session":"s""#)
          + #"{"id":"q","time":"\#(time)","kind":"quota","service":"s","tokens_remaining":\#(day)}"# + "\n"
      }.joined()
    }
    try full.tally("append", input: events(10...19))
    try part.tally("append", input: events(10...15))
    for box in [full, part] {
      try configure(
        box, "period = \"week\"\ntokens = 100", "period = \"day\"\ntokens = 15",
        "period = \"session\"\nrequests = 9")
    }
    let outcomes = try [full, part].map {
      try $0.tally("report", "status", "--as-of", "2026-11-15", "-f", "json")
    }
    #expect(
      outcomes[0].output == outcomes[1].output && outcomes[0].output.contains("\"tokens_remaining\": 15"))
    #expect(outcomes[0].output.contains("Critical"))
  }

  @Test func aTableShowsWhatThereIs() throws {
    let box = try Sandbox()
    try box.tally(
      "append",
      input: line("e", #","service":"s","account":"a","cost":"8.5","currency":"USD""#)
        + line("f", #","cost":"1","currency":"USD""#))
    try configure(box, "name = \"plan\"\nmatch = \"service=s\"\nperiod = \"month\"\namount = 10")
    #expect(
      try box.tally("report", "status").output == """
        Status · 2026-11-01 to 2026-11-20 · UTC · USD

        Service  Account  Budget  Cost month (USD)  Tokens today  Tokens month  Limit  Unit  Of limit  State
        ──────────────────────────────────────────────────────────────────────────────────────────────────────
        (none)   (none)   –                   1.00            10            10      –  –            –  OK
        s        a        plan                8.50            10            10  10.00  USD      85.0%  Warning
        ──────────────────────────────────────────────────────────────────────────────────────────────────────
        Total                                 9.50            20            20      –               –

        Warning: s/a: plan: 85.00% of 10.00 USD in the month.
        Cost mode: auto. Price catalog: built-in 2026-11-21.
        Provisional: the data goes to 2026-11-20T10:11+00:00.

        """)
  }

  @Test func aWrongMatchIsShownAtItsPlace() throws {
    let box = try Sandbox()
    try box.tally("append", input: line("e"))
    try configure(box, "period = \"day\"\ntokens = 1\nmatch = \"service=claude and projekt=x\"")
    let outcome = try box.tally("report", "status")
    #expect(outcome.status == 78 && outcome.output == "")
    #expect(
      outcome.errors
        == "tally: \(box.path("config"))/tally/config.toml: budget[1].match: unknown field \"projekt\" at 20: did you mean \"project\"?\n"
        + "service=claude and projekt=x\n                   ^\n")
  }

  @Test func optionsAreChecked() throws {
    let box = try Sandbox()
    try box.tally("append", input: line("e"))
    let listed = try box.tally("report", "status", "--list-price")
    #expect(listed.status == 64)
    #expect(
      listed.errors.contains("Error: Unknown option '--list-price'\n"))
    #expect(try box.tally("report", "status", "2026-10").status == 64)
  }
}
