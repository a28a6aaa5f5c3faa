import Foundation
import TestSupport
import Testing

/// `tally report forecast`, beside plain recounts of the events that are in the store.
@Suite struct MonthForecastTests {
  /// What each account used on each day, in cents.
  private struct Uses {
    static let accounts = [("s1", "a"), ("s1", "b"), ("s2", "c")]
    var cents: [String: [String: Int]] = [:]

    /// From 2026-06-01 until today at noon: working days and weekends, each account of its own size.
    init(_ seed: UInt64) {
      var random = SeededGenerator(seed)
      for (index, (_, account)) in Self.accounts.enumerated() {
        for (number, day) in Self.days(from: "2026-06-01", to: "2026-11-20").enumerated() {
          let size = (number % 7 > 4 ? 40 : 200) << index
          cents[account, default: [:]][day] = Int.random(in: size / 2...size * 3 / 2, using: &random)
        }
      }
    }

    static func days(from first: String, to last: String) -> [String] {
      let formatter = ISO8601DateFormatter()
      formatter.formatOptions = [.withFullDate]
      guard let start = formatter.date(from: first), let end = formatter.date(from: last) else { return [] }
      return stride(from: start, through: end, by: 86_400).map(formatter.string)
    }

    func lines(until last: String = "9999") -> String {
      Self.accounts.map { service, account in
        (cents[account] ?? [:]).sorted { $0.key < $1.key }.filter { $0.key <= last }.map { day, cents in
          line(
            "\(account)-\(day)", time: "\(day)T09:00:00Z", tokens: cents * 100,
            #","service":"\#(service)","account":"\#(account)","cost":"\#(MonthForecastTests.text(cents))","currency":"USD""#
          )
        }.joined()
      }.joined()
    }

    func sum(_ accounts: [String], _ days: [String]) -> Int {
      accounts.reduce(0) { sum, account in days.reduce(sum) { $0 + (cents[account]?[$1] ?? 0) } }
    }
  }

  private static func text(_ cents: Int) -> String {
    "\(cents / 100).\(String(100 + cents % 100).dropFirst())"
  }

  private func filled(_ uses: Uses, until last: String = "9999") throws -> Sandbox {
    let box = try Sandbox()
    #expect(try box.tally("append", input: uses.lines(until: last)).status == 0)
    return box
  }

  private func rows(_ report: [String: Any]) throws -> [[String: Any]] {
    try #require(report["rows"] as? [[String: Any]])
  }

  /// Millionths of an amount.
  private func micro(_ value: Any?) throws -> Int {
    let amount = try #require(value as? String)
    return try #require(Int(QueryTests.micro(amount)))
  }

  @Test(arguments: [UInt64(1), 2]) func whatWasSpentIsExactAndTheRestIsOrdered(_ seed: UInt64) throws {
    let uses = Uses(seed)
    let box = try filled(uses)
    for isRolledUp in [false, true] {
      if isRolledUp { try box.tally("rollup") }
      let report = try box.report("forecast", "--as-of", "2026-11-19")
      #expect(report["from"] as? String == "2026-11-01" && report["to"] as? String == "2026-11-30")
      #expect(report["as_of"] as? String == "2026-11-19" && report["currency"] as? String == "USD")
      let days = Uses.days(from: "2026-11-01", to: "2026-11-19")
      let names = try rows(report).map { row in
        ["level", "service", "account"].map { row[$0] as? String ?? "" }
      }
      // The larger first, accounts below their service.
      #expect(
        names == [
          ["service", "s2", ""], ["account", "s2", "c"], ["service", "s1", ""], ["account", "s1", "b"],
          ["account", "s1", "a"],
        ])
      let total = try #require(report["total"] as? [String: Any])
      let expected = zip(
        try rows(report) + [total], [["c"], ["c"], ["a", "b"], ["b"], ["a"], ["a", "b", "c"]])
      for (row, accounts) in expected {
        let spent = uses.sum(accounts, days)
        #expect(row["actual_cost"] as? String == Self.text(spent), "seed \(seed)")
        let figures = try ["actual_cost", "low", "projected_cost", "high"].map { try micro(row[$0]) }
        #expect(figures == figures.sorted())
        // Eleven days are left, of nineteen that were much the same.
        let half = spent * 10_000 * 30 / 19
        #expect(abs(figures[2] - half) * 5 < half, "seed \(seed): \(figures) \(half)")
        #expect(1...99 ~= row["confidence"] as? Int ?? 0 && row["reason"] as? String == nil)
      }
    }
  }

  /// The sum of a service's accounts is no account without a name.
  @Test func aTableLeavesOutWhatARowSums() throws {
    let box = try filled(Uses(8))
    let lines = try box.tally("report", "forecast", "--as-of", "2026-11-19").lines
    let heads = try #require(lines.first { $0.hasPrefix("Service") })
    #expect(
      heads.split(separator: " ").joined(separator: " ")
        == "Service Account Actual cost (USD) Projected cost (USD) Low High Confidence")
    #expect(
      lines.contains { $0.hasPrefix("s2                ") }
        && lines.contains { $0.hasPrefix("s2       c   ") })
    #expect(!lines.joined().contains("(none)"))
    #expect(
      lines.contains("Every row and the total is a forecast of its own, so they need not add up."))
  }

  /// Later events change nothing of what was said on a day.
  @Test func onlyWhatIsKnownOnTheDayCounts() throws {
    let uses = Uses(3)
    let (now, then) = (try filled(uses), try filled(uses, until: "2026-10-12"))
    let arguments = ["report", "forecast", "2026-10", "--as-of", "2026-10-12", "--format", "csv"]
    #expect(try now.start(arguments).finish().output == then.start(arguments).finish().output)
    // The day is the zone's: at nine in UTC it is the next day in Kiritimati only from ten on.
    for (zone, last) in [
      ("UTC", "2026-10-12"), ("Pacific/Kiritimati", "2026-10-12"), ("Pacific/Pago_Pago", "2026-10-13"),
    ] {
      let report = try now.report(
        "forecast", "2026-10", "--as-of", "2026-10-12", "-z", zone, "--by", "account")
      let first = zone == "Pacific/Pago_Pago" ? "2026-10-02" : "2026-10-01"
      let days = Uses.days(from: first, to: last)
      let row = try #require(try rows(report).first { $0["account"] as? String == "a" })
      #expect(row["actual_cost"] as? String == Self.text(uses.sum(["a"], days)), "\(zone)")
    }
  }

  /// Of a month that is over each day's row is what a report as of that day says, beside what came.
  @Test func aPastMonthStandsBesideItsForecasts() throws {
    let uses = Uses(4)
    let box = try filled(uses)
    try box.tally("rollup")
    let month = Uses.days(from: "2026-10-01", to: "2026-10-31")
    let actual = uses.sum(["a", "b", "c"], month)
    let report = try box.report("forecast", "2026-10")
    let found = try rows(report)
    #expect(found.map { $0["day"] as? String } == month)
    for (row, day) in zip(found, month) {
      #expect(row["actual_cost"] as? String == Self.text(actual))
      #expect(
        row["spent_cost"] as? String == Self.text(uses.sum(["a", "b", "c"], month.filter { $0 <= day })))
      let off = try micro(row["projected_cost"]) * 10_000 / (actual * 10_000) - 10_000
      let error = try #require((row["error"] as? String).flatMap(Double.init))
      #expect(abs(error * 100 - Double(off)) < 1.5)
      if day < "2026-10-31" {
        let then = try box.report("forecast", "2026-10", "--as-of", day)
        let total = try #require(then["total"] as? [String: Any])
        for name in ["projected_cost", "low", "high"] {
          #expect(row[name] as? String == total[name] as? String, "\(day) \(name)")
        }
        #expect(row["confidence"] as? Int == total["confidence"] as? Int)
      } else {
        #expect(row["projected_cost"] as? String == Self.text(actual) && row["confidence"] as? Int == 100)
      }
    }
    let groups = try rows(try box.report("forecast", "2026-10", "--by", "service"))
    #expect(groups.count == 3 * 31)
    #expect(groups.prefix(3).map { $0["level"] as? String } == ["service", "service", "total"])
  }

  /// Errors, coverage and run rate, from the rows of each day and the uses.
  @Test func theBacktestIsRecounted() throws {
    let uses = Uses(5)
    let box = try filled(uses)
    try box.tally("rollup")
    let report = try box.report("forecast", "--backtest", "--by", "account")
    #expect(report["from"] as? String == "2026-06-01" && report["to"] as? String == "2026-10-31")
    let total = try #require(report["total"] as? [String: Any])
    var (count, error, runRate, covered, tenth, confidence) = (0, 0, 0, 0, 0, 0)
    var parts: [String: Int] = [:]
    for month in ["06", "07", "08", "09", "10"] {
      let length = ["06", "09"].contains(month) ? 30 : 31
      let days = Uses.days(from: "2026-\(month)-01", to: "2026-\(month)-\(length)")
      let actual = uses.sum(["a", "b", "c"], days) * 10_000
      for row in try rows(try box.report("forecast", "2026-\(month)")).dropLast() {
        guard row["projected_cost"] is String else { continue }
        let number = try #require((row["day"] as? String).flatMap { Int($0.suffix(2)) })
        let (projected, low, high) = (
          try micro(row["projected_cost"]), try micro(row["low"]), try micro(row["high"])
        )
        let rate = try micro(row["spent_cost"]) * length / number
        count += 1
        error += abs(projected - actual) * 10_000 / actual
        runRate += abs(rate - actual) * 10_000 / actual
        covered += low <= actual && actual <= high ? 1 : 0
        tenth += abs(projected - actual) * 10 <= projected ? 1 : 0
        confidence += row["confidence"] as? Int ?? 0
        let first = min((number - 1) / 5 * 5 + 1, 26)
        parts["days \(first)-\(first + 4)", default: 0] += 1
      }
    }
    #expect(total["forecasts"] as? Int == count && count > 140)
    func hundredths(_ name: String) -> Int {
      (total[name] as? String).flatMap(Double.init).map { Int(($0 * 100).rounded()) } ?? -1
    }
    #expect(abs(hundredths("error") - error / count) <= 1)
    #expect(abs(hundredths("run_rate_error") - runRate / count) <= 1)
    #expect(abs(hundredths("coverage") - covered * 10_000 / count) <= 1)
    #expect(abs(hundredths("within_tenth") - tenth * 10_000 / count) <= 1)
    #expect(total["confidence"] as? Int == confidence / count)
    let found = try rows(report)
    #expect(
      found.filter { $0["level"] as? String == "account" }.map { $0["part"] as? String } == [
        "all", "all", "all",
      ])
    let byDay = found.filter { ($0["part"] as? String)?.hasPrefix("days") == true }
    #expect(byDay.reduce(into: [:]) { $0[$1["part"] as? String ?? ""] = $1["forecasts"] as? Int } == parts)
    let byConfidence = found.filter { ($0["part"] as? String)?.hasPrefix("confidence") == true }
    #expect(byConfidence.reduce(0) { $0 + ($1["forecasts"] as? Int ?? 0) } == count)
    // Some of the months only.
    let one = try box.report("forecast", "2026-09", "--backtest", "--by", "account")
    #expect(one["from"] as? String == "2026-09-01" && one["to"] as? String == "2026-09-30")
    #expect((one["total"] as? [String: Any])?["forecasts"] as? Int == 29)
    #expect(
      (one["notes"] as? [String])?.first
        == "Every day of this month but the last is forecast by what was used until then.")
  }

  /// Today is not over: what it has spent counts, and it may spend more.
  @Test func theRunningDayIsOnlyBegun() throws {
    let uses = Uses(6)
    let box = try filled(uses)
    let days = Uses.days(from: "2026-11-01", to: "2026-11-20")
    let live = try box.report("forecast")
    #expect(
      (live["total"] as? [String: Any])?["actual_cost"] as? String
        == Self.text(uses.sum(["a", "b", "c"], days)))
    let asOf = try box.report("forecast", "--as-of", "today")
    #expect(
      (live["total"] as? [String: Any])?["projected_cost"] as? String == (asOf["total"] as? [String: Any])?[
        "projected_cost"] as? String)
    // A day later the same day is over, and nothing is to come of it.
    let later = try box.start(
      ["report", "forecast", "--as-of", "2026-11-20", "--format", "json"],
      environment: ["TALLY_NOW": "\(Sandbox.noon + 86_400_000)"]
    ).finish()
    #expect(
      try object(later.output)["total"] as? [String: String] != live["total"] as? [String: String]
        || (try object(later.output)["total"] as? [String: Any])?["projected_cost"] as? String
          != (live["total"] as? [String: Any])?["projected_cost"] as? String
    )
  }

  @Test func withoutCostsTokensAreForecast() throws {
    let uses = Uses(7)
    let box = try filled(uses)
    let report = try box.report("forecast", "--as-of", "2026-11-19", "--no-cost", "--by", "account")
    let row = try #require(try rows(report).first { $0["account"] as? String == "c" })
    let days = Uses.days(from: "2026-11-01", to: "2026-11-19")
    #expect(row["actual_tokens"] as? Int == uses.sum(["c"], days) * 100)
    let projected = try #require(row["projected_tokens"] as? Int)
    // Tokens are in proportion to the cost, so their forecast is too.
    let cost = try #require(
      try rows(try box.report("forecast", "--as-of", "2026-11-19", "--by", "account")).first {
        $0["account"] as? String == "c"
      })
    #expect(abs(projected - (try micro(cost["projected_cost"])) / 100) <= 100)
    #expect(row["confidence"] as? Int == cost["confidence"] as? Int)
    #expect(row["low"] as? Int ?? 0 <= projected && projected <= row["high"] as? Int ?? 0)
    let past = try rows(try box.report("forecast", "2026-10", "--no-cost"))[20]
    for name in ["used_tokens", "projected_tokens", "actual_tokens", "error"] { #expect(past[name] != nil) }
  }

  @Test func currenciesAreForecastApart() throws {
    let box = try Sandbox()
    let lines = Uses.days(from: "2026-10-01", to: "2026-11-19").flatMap { day in
      [("USD", "2"), ("EUR", "3")].map { currency, cost in
        line(
          "\(currency)-\(day)", time: "\(day)T09:00:00Z",
          #","service":"s","cost":"\#(cost)","currency":"\#(currency)""#)
      }
    }
    try box.tally("append", input: lines.joined() + line("free", #","service":"s","status":"error""#))
    let report = try box.report("forecast", "--as-of", "2026-11-19", "--by", "service")
    let found = try rows(report)
    #expect(found.map { $0["currency"] as? String } == ["EUR", "USD"])
    let totals = try #require(report["totals"] as? [[String: Any]])
    for rows in [found, totals] {
      for (row, daily) in zip(rows, [3, 2]) {
        #expect(row["actual_cost"] as? String == "\(daily * 19).00")
        #expect(abs(try micro(row["projected_cost"]) - daily * 30_000_000) < daily * 30_000)
      }
    }
    let total = try #require(report["total"] as? [String: Any])
    #expect(total["actual_cost"] is NSNull && total["projected_cost"] is NSNull)
    #expect(total["reason"] as? String == "several currencies have no sum")
  }

  /// Unknown is not zero, and little is not enough.
  @Test func whatCannotBeSaidIsNotSaid() throws {
    let box = try Sandbox()
    var lines = ""
    for day in Uses.days(from: "2026-11-01", to: "2026-11-19") {
      func add(_ account: String, _ more: String = #","cost":"1","currency":"USD""#) {
        lines += line(
          "\(account)-\(day)", time: "\(day)T09:00:00Z", #","service":"s","account":"\#(account)"\#(more)"#)
      }
      lines += line(
        "u-\(day)", time: "\(day)T09:00:00Z", #","service":"s","account":"unpriced""#
      ).replacing("gpt-5", with: "mystery")
      add("long")
      if day >= "2026-11-14" { add("new") }
      if day == "2026-11-03" || day == "2026-11-18" { add("rare") }
    }
    lines += line(
      "gone", time: "2026-10-02T09:00:00Z", #","service":"s","account":"gone","cost":"1","currency":"USD""#)
    try box.tally("append", input: lines)
    let report = try box.report("forecast", "--as-of", "2026-11-19", "--by", "account")
    let reasons = try rows(report).reduce(into: [:]) {
      $0[$1["account"] as? String ?? ""] = $1["reason"] as? String ?? "-"
    }
    #expect(
      reasons == [
        "unpriced": "nobody knows what it cost", "long": "-",
        "new": "too little data: 6 days since the first use, 7 are needed",
        "rare": "too little data: 2 days with use, 3 are needed",
      ])
    for row in try rows(report) where row["account"] as? String != "long" {
      #expect(row["projected_cost"] is NSNull && row["low"] is NSNull && row["confidence"] is NSNull)
    }
    #expect(try rows(report).first { $0["account"] as? String == "unpriced" }?["actual_cost"] is NSNull)
    #expect(report["cost_complete"] as? Bool == false)
    #expect((report["notes"] as? [String])?.first == "What has no cost is not in the forecast.")
    let empty = try box.report("forecast", "--where", "service=none")
    #expect(
      (empty["total"] as? [String: Any])?["reason"] as? String == "too little data: nothing was used before")
    let table = try box.tally("report", "forecast", "--as-of", "2026-11-19", "--by", "account").output
    #expect(
      table.contains("too little data: 6 days since the first use, 7 are needed") && !table.contains("(none)")
    )
  }

  @Test(arguments: [
    (["7d"], "2026-11-14 to 2026-11-20: a forecast is of one month: use 2026-10 or last-month"),
    (["2026-12"], "2026-12: the month has not begun on 2026-11-20: forecast one that has, such as 2026-11"),
    (
      ["2026-11", "--as-of", "2026-10-31"],
      "2026-11: the month has not begun on 2026-10-31: forecast one that has, such as 2026-10"
    ),
    (["--backtest"], "--backtest: no whole month from 2026-11-01 to 2026-11-20 is over on 2026-11-20"),
    (
      ["--backtest", "2026-11"],
      "--backtest: no whole month from 2026-11-01 to 2026-11-30 is over on 2026-11-20"
    ),
    (["--by", "acount"], "--by acount: no such field: did you mean account?"),
    (["--list-price"], "Unknown option '--list-price'"),
  ]) func optionsAreChecked(_ arguments: [String], _ message: String) throws {
    let box = try Sandbox()
    try box.tally("append", input: line("e"))
    let outcome = try box.start(["report", "forecast"] + arguments).finish()
    #expect(outcome.status == 64 && outcome.errors.contains(": \(message)\n"), "\(outcome.errors)")
  }
}
