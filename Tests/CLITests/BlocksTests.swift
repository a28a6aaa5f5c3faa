import Foundation
import TestSupport
import Testing

/// `tally report blocks`: windows as coding plans have them, against a recount of the same events.
@Suite struct BlocksTests {
  private func rows(_ box: Sandbox, _ arguments: [String]) throws -> [[String: Any]] {
    let outcome = try box.start(["report", "blocks"] + arguments + ["--format", "json"]).finish()
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try #require(try object(outcome.output)["rows"] as? [[String: Any]])
  }

  private static let names = [
    "service", "account", "start", "end", "state", "requests", "tokens", "cost", "tokens_per_minute",
    "projected_tokens", "limit", "limit_share", "runs_out_at",
  ]

  private func texts(_ rows: [[String: Any]], _ names: [String] = names) -> [String] {
    rows.map { row in
      names.map { name in
        if name == "cost", let cost = row[name] as? String { return QueryTests.micro(cost) }
        return row[name] is NSNull ? "" : row[name].map { "\($0)" } ?? "absent"
      }.joined(separator: "|")
    }
  }

  // MARK: The recount

  /// What one service and account used in one minute.
  private struct Minute {
    let number: Int
    let requests: Int
    let tokens: Int
    let micro: Int
  }

  private func rounded(_ value: Decimal, _ digits: Int) -> Decimal {
    var (value, result) = (value, Decimal())
    NSDecimalRound(&result, &value, digits, .bankers)
    return result
  }

  private func fixed(_ value: Decimal) -> String {
    let text = "\(rounded(value, 2))".split(separator: ".")
    return
      "\(text[0]).\((text.count > 1 ? text[1] : "") + String(repeating: "0", count: 2 - (text.count > 1 ? text[1].count : 0)))"
  }

  /// The rows of one service and account; windows are hours long, or weeks that begin on Monday.
  private func recount(
    _ name: String, _ minutes: [Minute], hours: Int?, limit: Int?, zone: String, nowMs: Int
  ) throws -> [String] {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(identifier: zone)
    format.dateFormat = "yyyy-MM-dd'T'HH:mmxxx"
    func text(_ minute: Int) -> String {
      format.string(from: Date(timeIntervalSince1970: Double(minute * 60)))
    }
    let ahead = (TimeZone(identifier: zone)?.secondsFromGMT() ?? 0) / 60
    var (rows, rest, fullest): ([String], [Minute], Int) = ([], minutes, 0)
    while let first = rest.first {
      // 1970-01-05 was a Monday.
      let start =
        hours == nil
        ? (first.number + ahead - 4 * 1440) / 10080 * 10080 + 4 * 1440 - ahead : first.number / 60 * 60
      let end = start + (hours ?? 168) * 60
      let block = rest.prefix { $0.number < end }
      rest = Array(rest.dropFirst(block.count))
      let tokens = block.reduce(0) { $0 + $1.tokens }
      let isActive = nowMs < end * 60_000
      let elapsed =
        isActive
        ? nowMs - first.number * 60_000 : (block[block.endIndex - 1].number + 1 - first.number) * 60_000
      let pace = Decimal(tokens) / Decimal(elapsed)
      let most = limit ?? (fullest == 0 ? nil : fullest)
      fullest = max(fullest, tokens)
      var (sum, reached): (Int, Int?) = (0, nil)
      for minute in block {
        sum += minute.tokens
        if reached == nil, let most, sum >= most { reached = minute.number }
      }
      if reached == nil, isActive, let most {
        let out = first.number * 60_000 + most * elapsed / tokens
        if out < end * 60_000 { reached = out / 60_000 }
      }
      let cells = [
        text(start), text(end), isActive ? "active" : "ended", "\(block.reduce(0) { $0 + $1.requests })",
        "\(tokens)",
        "\(block.reduce(0) { $0 + $1.micro })", fixed(pace * 60_000),
        isActive ? "\(rounded(Decimal(tokens * (end - first.number)) * 60_000 / Decimal(elapsed), 0))" : "",
        most.map { "\($0)" } ?? "", most.map { fixed(Decimal(tokens * 100) / Decimal($0)) } ?? "",
        reached.map(text) ?? "",
      ]
      rows.append("\(name)|\(cells.joined(separator: "|"))")
    }
    return rows
  }

  private static let windows = [
    (["--window", "5h"], 5), (["--window", "36h"], 36), (["--window", "2d"], 48),
    (["--window", "week"], nil),
  ]

  @Test(arguments: [UInt64(51), 52], MinuteEvents.zones)
  func windowsAreWhatARecountSays(_ seed: UInt64, _ zone: (String, Int)) throws {
    let box = try MinuteEvents.filled(seed)
    var minutes: [String: [Minute]] = [:]
    for line in try MinuteEvents.sql(
      box,
      "select service || '|' || ifnull(account, ''), minute, sum(requests), sum(tokens), sum(micro) from e "
        + "where period is null group by 1, 2 order by 1, 2")
    {
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      let numbers = cells.dropFirst(2).map { Int($0) ?? 0 }
      minutes["\(cells[0])|\(cells[1])", default: []].append(
        Minute(number: numbers[0], requests: numbers[1], tokens: numbers[2], micro: numbers[3]))
    }
    #expect(minutes.count == 6)
    for isRolledUp in [false, true] {
      if isRolledUp { try box.tally("rollup") }
      for (window, hours) in Self.windows {
        for limit in [20_000, nil] {
          let theirs = try minutes.flatMap { name, minutes in
            try recount(name, minutes, hours: hours, limit: limit, zone: zone.0, nowMs: Sandbox.noon)
          }
          let ours = texts(
            try rows(
              box, ["2026-11", "-z", zone.0, "--token-limit", limit.map { "\($0)" } ?? "max"] + window))
          #expect(theirs.count >= 6)
          let difference = Set(ours).symmetricDifference(theirs).sorted().joined(separator: "\n")
          #expect(difference == "", "seed \(seed) in \(zone.0): \(window), \(limit ?? 0)")
          let starts = ours.map { $0.split(separator: "|", omittingEmptySubsequences: false)[2] }
          #expect(ours.count == theirs.count && starts == starts.sorted(by: >))
        }
      }
      // Part of the range has the same windows: they are counted from those before.
      let all = texts(try rows(box, ["2026-11", "-z", zone.0]))
      let part = texts(try rows(box, ["2026-11-18", "-z", zone.0]))
      let shown = all.filter { row in
        let times = row.split(separator: "|", omittingEmptySubsequences: false)
        return times[2] < "2026-11-19T00:00" && times[3] > "2026-11-18T00:00+99"
      }
      #expect(part == shown && !part.isEmpty && part.count < all.count)
    }
  }

  /// A window lasts its time whatever happens in it; the next begins with the hour of the next use.
  @Test func aWindowBeginsWithTheHourOfTheFirstUse() throws {
    let box = try Sandbox()
    let times = ["05:59:59", "10:00:00", "10:58:00", "14:59:59", "19:30:00"]
    try box.tally(
      "append",
      input: times.enumerated().map { line("e\($0)", time: "2026-11-19T\($1)Z", #","service":"s""#) }.joined()
    )
    let found = texts(try rows(box, ["-z", "Asia/Kathmandu"]), ["start", "end", "requests"])
    #expect(
      found == [
        "2026-11-20T00:45+05:45|2026-11-20T05:45+05:45|1", "2026-11-19T15:45+05:45|2026-11-19T20:45+05:45|3",
        "2026-11-19T10:45+05:45|2026-11-19T15:45+05:45|1",
      ])
  }

  /// At 12:00, an hour after the first use: the pace is of that hour, the window has four more.
  @Test func theTokensRunOutAtThisPace() throws {
    let box = try Sandbox()
    try box.tally(
      "append",
      input: line("a", time: "2026-11-20T11:00:30Z", tokens: 100, #","cost":"2","currency":"USD""#)
        + line("b", time: "2026-11-20T11:30:30Z", tokens: 500, #","cost":"4.5","currency":"USD""#))
    let names = [
      "state", "tokens_per_minute", "hourly_cost", "projected_tokens", "projected_cost", "limit_share",
      "runs_out_at",
    ]
    func row(_ limit: String, _ more: String...) throws -> [String] {
      texts(try rows(box, ["--token-limit", limit] + more), names)
    }
    #expect(try row("1000") == ["active|10.00|6.50|3000|32.50|60.00|2026-11-20T12:40+00:00"])
    #expect(try row("2999") == ["active|10.00|6.50|3000|32.50|20.01|2026-11-20T15:59+00:00"])
    // At its very end the window is over.
    #expect(try row("3000") == ["active|10.00|6.50|3000|32.50|20.00|"])
    #expect(try row("600") == ["active|10.00|6.50|3000|32.50|100.00|2026-11-20T11:30+00:00"])
    #expect(try row("100") == ["active|10.00|6.50|3000|32.50|600.00|2026-11-20T11:00+00:00"])
    #expect(try row("max") == ["active|10.00|6.50|3000|32.50||"])
    #expect(try row("1000", "--no-cost") == ["active|10.00|absent|3000|absent|60.00|2026-11-20T12:40+00:00"])
    // At the end of the day the window is over: 31 minutes were used.
    let evening = try box.tally(
      "report", "blocks", "--token-limit", "1000", "-f", "json", "--as-of", "2026-11-20",
      environment: ["TALLY_NOW": "\(Sandbox.noon + 86_400_000)"])
    let ended = try #require(try object(evening.output)["rows"] as? [[String: Any]])
    #expect(
      texts(ended, names) == ["ended|19.35|12.580645161290|||60.00|"]
        || texts(ended, names) == ["ended|19.35|12.58064516129|||60.00|"])
  }

  /// A window that has amounts of several currencies has no amount, and still is one window.
  @Test func currenciesDoNotSplitAWindow() throws {
    let box = try Sandbox()
    let lines = [("USD", "s"), ("EUR", "s"), ("EUR", "t")].enumerated().map { index, names in
      line("e\(index)", #","service":"\#(names.1)","cost":"2","currency":"\#(names.0)""#)
    }
    try box.tally("append", input: lines.joined())
    let report = try box.report("blocks")
    let found = try #require(report["rows"] as? [[String: Any]])
    #expect(
      found.map { "\($0["service"] ?? "") \($0["currency"] ?? "") \($0["tokens"] ?? "") \($0["cost"] ?? "")" }
        == [
          "s <null> 20 <null>", "t EUR 10 2.00",
        ])
    let totals = try #require(report["totals"] as? [[String: Any]])
    #expect(
      totals.map { "\($0["currency"] ?? "") \($0["tokens"] ?? "") \($0["cost"] ?? "")" } == [
        "EUR 20 4.00", "USD 10 2.00",
      ])
    #expect((report["total"] as? [String: Any])?["cost"] is NSNull)
    try box.tally("fx", "import", "-", input: "Date,USD\n2026-11-20,1.25\n")
    let converted = try box.report("blocks", "--currency", "USD")
    #expect((converted["total"] as? [String: Any])?["cost"] as? String == "7.00")
    #expect((converted["rows"] as? [[String: Any]])?.map { $0["cost"] as? String } == ["4.50", "2.50"])
    #expect(converted["rates_to"] as? String == "2026-11-20")
  }

  @Test func whatHasNoCostIsUnknown() throws {
    let box = try Sandbox()
    try box.tally(
      "append",
      input: line("a").replacing("gpt-5", with: "nobody-prices-this")
        + line("b", #","period":"1h","requests":3"#))
    let report = try box.report("blocks")
    #expect(
      (report["rows"] as? [[String: Any]])?.map { $0["cost"] is NSNull && $0["hourly_cost"] is NSNull } == [
        true
      ])
    #expect(
      report["notes"] as? [String] == [
        "3 requests are left out: they come in providers' buckets, which say nothing about minutes."
      ])
  }

  /// The other store never had the later events.
  @Test(arguments: MinuteEvents.zones) func asOfIsTheReportOfTheEventsUntilThen(_ zone: (String, Int)) throws
  {
    let (full, part) = (try Sandbox(), try Sandbox())
    let hours = (24 * 10..<24 * 20).filter { $0 % 3 != 1 }
    let lines = hours.map { hour in
      let time = "2026-11-\(hour / 24)T\(hour % 24 < 10 ? "0" : "")\(hour % 24):30:00Z"
      return (hour * 60 + 30, line("e\(hour)", time: time, tokens: hour))
    }
    try full.tally("append", input: lines.map(\.1).joined())
    try part.tally("append", input: lines.filter { $0.0 < 24 * 60 * 16 - zone.1 }.map(\.1).joined())
    let arguments = [
      "report", "blocks", "2026-11", "-z", zone.0, "--as-of", "2026-11-15", "--token-limit", "max", "-f",
      "json",
    ]
    let outcomes = try [full, part].map { try $0.start(arguments).finish() }
    #expect(outcomes[0].output == outcomes[1].output && outcomes[0].output.contains("\"ended\""))
  }

  @Test(arguments: [
    (["--window", "5"], "--window 5: use hours, days or week, such as 5h, 7d or week"),
    (["--window", "0h"], "--window 0h: use hours, days or week, such as 5h, 7d or week"),
    (["--window", "+5h"], "--window +5h: use hours, days or week, such as 5h, 7d or week"),
    (["--window", "367d"], "--window 367d: use hours, days or week, such as 5h, 7d or week"),
    (["--window", "month"], "--window month: use hours, days or week, such as 5h, 7d or week"),
    (["--token-limit", "0"], "--token-limit 0: use a number of tokens, or max"),
    (["--token-limit", "most"], "--token-limit most: use a number of tokens, or max"),
    (["--by", "session"], "report blocks: minutes do not tell sessions: leave session out"),
    (["--list-price"], "Unknown option '--list-price'"),
  ]) func optionsAreChecked(_ arguments: [String], _ message: String) throws {
    let box = try Sandbox()
    try box.tally("append", input: line("e"))
    let outcome = try box.start(["report", "blocks"] + arguments).finish()
    #expect(outcome.status == 64 && outcome.errors.contains(": \(message)\n"), "\(outcome.errors)")
  }
}
