import Foundation
import Testing

/// Median and 95th percentile of time and cost, and requests a day, against a recount of what was told.
@Suite struct PercentileTests {
  /// The nearest rank, by counting: the least value with at least `percent` percent of all not above it.
  private func percentile<Value: Comparable>(_ percent: Int, _ values: [Value]) -> Value? {
    values.sorted().first { value in
      values.count { $0 <= value } * 100 >= values.count * percent
    }
  }

  private func durations(_ events: [ToldEvents.Told]) -> [Int] {
    events.filter { $0.requests == 1 && $0.duration > 0 }.map(\.duration)
  }

  private func cells(_ row: [String: Any], _ names: [String]) -> String {
    names.map { name in row[name].map { $0 is NSNull ? "-" : "\($0)" } ?? "absent" }.joined(separator: "|")
  }

  private static let names = ["service", "model", "requests", "duration_p50_ms", "duration_p95_ms"]

  private func expected(_ events: [ToldEvents.Told], _ labels: [String]) -> String {
    let times = durations(events)
    let numbers = [50, 95].map { percentile($0, times).map(String.init) ?? "-" }
    return (labels + ["\(events.reduce(0) { $0 + $1.requests })"] + numbers).joined(separator: "|")
  }

  @Test(arguments: [UInt64(41), 42], someZones)
  func timesAreThoseOfSingleRequests(_ seed: UInt64, _ zone: (name: String, shift: Int)) throws {
    let told = try ToldEvents(seed, currencies: ["USD", "JPY"])
    for isRolledUp in [false, true] {
      if isRolledUp { try told.box.tally("rollup") }
      for range in ["2026-11", "2026-11-12"] {
        let mine = told.events.filter { $0.day(zone.shift).hasPrefix(range) }
        let (rows, report) = try told.box.answer(["report", "performance", range, "-z", zone.name])
        let groups = Dictionary(grouping: mine) { [$0.service, $0.model] }
        #expect(
          rows.map { cells($0, Self.names) }.sorted()
            == groups.map { expected($0.value, $0.key) }.sorted(), "seed \(seed)")
        #expect(
          cells(try #require(report["total"] as? [String: Any]), Self.names)
            == expected(mine, ["absent", "absent"]))
        // Others has percentiles of its own.
        let top = try told.box.answer([
          "report", "performance", range, "-z", zone.name, "--top", "1", "--by", "user",
        ])
        #expect(top.rows.count == 2)
        let first = top.rows[0]
        let rest = mine.filter {
          $0.service != first["service"] as? String || $0.model != first["model"] as? String
            || $0.user != first["user"] as? String
        }
        #expect(
          top.rows[1]["others"] as? Bool == true
            && cells(top.rows[1], Self.names) == expected(rest, ["-", "-"]))
      }
    }
  }

  @Test(arguments: ["auto", "calculate", "display"]) func costsAreThoseOfSingleRequests(_ mode: String) throws
  {
    let told = try ToldEvents(43)
    for isRolledUp in [false, true] {
      if isRolledUp { try told.box.tally("rollup") }
      let (rows, report) = try told.box.answer([
        "report", "models", "2026-11", "--percentiles", "--cost", mode,
      ])
      func text(_ events: [ToldEvents.Told]) -> [String] {
        let costs = events.filter { $0.requests == 1 }.compactMap { $0.cost(mode) }
        return [50, 95].map { percentile($0, costs).map { ToldEvents.text($0) } ?? "-" }
      }
      let names = ["cost_p50", "cost_p95"]
      let groups = Dictionary(grouping: told.events, by: \.model)
      #expect(
        rows.map { cells($0, ["model"] + names) }.sorted()
          == groups.map { ([$0.key] + text($0.value)).joined(separator: "|") }.sorted())
      #expect(
        cells(try #require(report["total"] as? [String: Any]), names)
          == text(told.events).joined(separator: "|"))
      #expect(
        (report["notes"] as? [String])?.contains(
          "p50 and p95 are of single requests that have a cost; they were read from the segments, because rollups hold sums only."
        ) == true)
    }
  }

  /// Yen and dollars have no common order; in euros they do, at the rates of their days.
  @Test func costsOfSeveralCurrenciesStayApart() throws {
    let told = try ToldEvents(44, currencies: ["USD", "JPY"], reports: 4)
    let (rows, report) = try told.box.answer(["report", "models", "2026-11", "--percentiles"])
    let groups = Dictionary(grouping: told.events) { [$0.model, $0.currency] }
    func text(_ events: [ToldEvents.Told]) -> [String] {
      let costs = events.filter { $0.requests == 1 }.compactMap(\.reported)
      return [50, 95].map { percentile($0, costs).map { ToldEvents.text($0) } ?? "-" }
    }
    #expect(
      rows.map { cells($0, ["model", "currency", "cost_p50", "cost_p95"]) }.sorted()
        == groups.map { ($0.key + text($0.value)).joined(separator: "|") }.sorted())
    #expect((report["total"] as? [String: Any])?["cost_p50"] is NSNull)
    // 1 EUR is 2 USD and 160 JPY, then 1 USD and 125 JPY: nothing to round.
    try told.box.tally("fx", "import", "-", input: "Date,USD,JPY\n2026-11-10,2,160\n2026-11-12,1,125\n")
    let euros = told.events.filter { $0.requests == 1 }.compactMap { event -> Int? in
      let isEarly = event.day(0) < "2026-11-12"
      return event.reported.map { $0 / (event.currency == "USD" ? (isEarly ? 2 : 1) : (isEarly ? 160 : 125)) }
    }
    let total = try told.box.answer(["report", "models", "2026-11", "--percentiles", "--currency", "EUR"])
      .report["total"]
    #expect(
      cells(try #require(total as? [String: Any]), ["cost_p50", "cost_p95"])
        == [50, 95].map { ToldEvents.text(percentile($0, euros)) }.joined(separator: "|"))
  }

  /// The same by SQL's own ranks.
  @Test(arguments: [UInt64(45), 46]) func percentilesAreWhatSQLSays(_ seed: UInt64) throws {
    let box = try QueryTests.filled(seed)
    let ours = try box.answer([
      "query", "2026-11", "--measure", "duration_p50_ms,duration_p95_ms,cost_p50,cost_p95", "--by",
      "day,model",
      "--order", "day,model",
    ]).rows.filter { !($0["cost_p50"] is NSNull) }.map { row in
      let money = ["cost_p50", "cost_p95"].map { QueryTests.micro(row[$0] as? String ?? "0.0") }
      return ([cells(row, ["day", "model", "duration_p50_ms", "duration_p95_ms"])] + money).joined(
        separator: "|")
    }
    func ranked(_ name: String) -> String {
      "select day, model, \(name) v, rank() over (partition by day, model order by \(name)) r, "
        + "count(*) over (partition by day, model) c from e where requests = 1"
    }
    let times =
      "(select day, model, max(iif(r * 100 <= 50 * c + 99, v, null)) a, max(iif(r * 100 <= 95 * c + 99, v, null)) b from (\(ranked("duration_ms"))) group by 1, 2)"
    let costs = times.replacing("duration_ms", with: "micro")
    let theirs = try box.shell(
      "(cat e.sql; echo \"select t.day, t.model, t.a, t.b, c.a, c.b from \(times) t join \(costs) c using (day, model) order by 1, 2;\") | sqlite3 -separator '|'"
    ).lines
    #expect(theirs.count > 15 && ours == theirs)
  }

  @Test func rowsAreChosenByThem() throws {
    let told = try ToldEvents(47)
    let groups = Dictionary(grouping: told.events, by: \.session).mapValues {
      percentile(95, durations($0)) ?? 0
    }
    let bound = groups.values.sorted()[3]
    let rows = try told.box.answer([
      "query", "2026-11", "--measure", "requests", "--by", "session", "--where", "duration_p95_ms > \(bound)",
    ]).rows
    #expect(
      Set(rows.compactMap { $0["session"] as? String }) == Set(groups.filter { $0.value > bound }.keys)
        && rows.count == 3)
  }

  /// Days that have not begun do not count.
  @Test(arguments: [
    (["2026-11"], 20), (["2026-11", "--as-of", "2026-11-12"], 12), (["2026-11-12"], 1),
    (["--since", "2026-11-10", "--until", "2026-11-13"], 4), (["2026-11", "-z", "Pacific/Kiritimati"], 21),
  ]) func requestsADayAreOverTheDaysThatHaveBegun(_ range: [String], _ days: Int) throws {
    let box = try Sandbox()
    let lines = (0..<40).map { index in
      line("e\(index)", time: "2026-11-12T\(10 + index % 10):00:00Z", #","service":"s","duration_ms":5"#)
    }
    try box.tally("append", input: lines.joined())
    let (rows, report) = try box.answer(["report", "performance"] + range)
    let expected = ToldEvents.text(40 * 1_000_000_000_000 / days)
    let last = days == 21 ? ToldEvents.text(1_904_761_904_762) : expected
    #expect(rows.map { $0["requests_per_day"] as? String } == [last])
    #expect((report["total"] as? [String: Any])?["requests_per_day"] as? String == last)
  }

  @Test func aRowOfADayIsOfADay() throws {
    let told = try ToldEvents(48)
    for row in try told.box.answer([
      "query", "2026-11", "--measure", "requests,requests_per_day", "--by", "day,model",
    ]).rows {
      #expect(row["requests_per_day"] as? String == "\(row["requests"] ?? "").00")
    }
    let weeks = try told.box.answer([
      "query", "2026-11", "--measure", "requests,requests_per_day", "--by", "week",
    ]).rows
    // All in the week from the 9th to the 15th.
    let all = told.events.reduce(0) { $0 + $1.requests }
    #expect(weeks.count == 1)
    let tenth = all * 1_000_000_000_000 / 7
    let text = weeks[0]["requests_per_day"] as? String ?? ""
    #expect(abs(SessionTests.pico(text) - tenth) <= 1)
    let hours = try told.box.answer([
      "query", "2026-11-12", "--measure", "requests_per_day", "--by", "hour,model",
    ]).rows
    #expect(hours.allSatisfy { $0["requests_per_day"] is NSNull })
  }

  /// The report of models is made from rollups unless it is asked for percentiles: damage in a segment shows it.
  @Test func modelsReadNoSegments() throws {
    let told = try ToldEvents(49)
    try told.box.tally("rollup")
    let folder = told.box.path("store/segments/date=2026-11-12")
    let name = try #require(FileManager.default.contentsOfDirectory(atPath: folder).first)
    var bytes = try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))
    bytes[20] ^= 0xFF
    try bytes.write(to: URL(filePath: "\(folder)/\(name)"))
    #expect(try told.box.tally("report", "models", "2026-11").status == 0)
    #expect(try told.box.tally("report", "performance", "2026-11", "--no-percentiles").status == 0)
    for arguments in [["models", "--percentiles"], ["performance"]] {
      let outcome = try told.box.start(["report"] + arguments + ["2026-11"]).finish()
      #expect(outcome.status == 65 && outcome.errors.contains("2026-11-12: "), "\(outcome.errors)")
    }
  }

  @Test func hiddenCostsHaveNoPercentiles() throws {
    let box = try Sandbox()
    try box.tally("append", input: line("e"))
    let outcome = try box.tally("report", "models", "--percentiles", "--no-cost")
    #expect(outcome.status == 64 && outcome.output == "")
    #expect(
      outcome.errors
        == "tally: --percentiles: costs are hidden: leave --no-cost or show_cost = false out\n")
  }

  /// Rows that tell nothing about money do not stand for a currency each.
  @Test func whatIsNotMoneyIsNotSplitByCurrency() throws {
    let told = try ToldEvents(50, currencies: ["USD", "JPY"])
    for arguments in [["report", "performance"], ["query", "--measure", "requests,share", "--by", "model"]] {
      let (rows, report) = try told.box.answer(arguments + ["2026-11"])
      #expect(rows.allSatisfy { $0["currency"] == nil } && report["totals"] == nil)
      #expect(report["currency"] is NSNull && report["share_of"] as? String == "tokens")
    }
    let chosen = try told.box.answer(["query", "2026-11", "--measure", "requests", "--where", "cost > 0"])
      .rows
    #expect(Set(chosen.compactMap { $0["currency"] as? String }) == ["USD", "JPY"])
  }
}
