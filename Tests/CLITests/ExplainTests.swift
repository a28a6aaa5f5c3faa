import Foundation
import Testing

/// `tally explain`: the number is the report's, every part adds up to it, and prices and events are those of a recount.
@Suite struct ExplainTests {
  /// Parts that are one whole together.
  private static let wholes = [
    ["price", "reported", "free", "unpriced"], ["day"], ["source"], ["writer"], ["event"],
  ]

  private func value(_ row: [String: Any], _ name: String) -> Int {
    if let text = row[name] as? String { return SessionTests.pico(text) }
    return row[name] as? Int ?? 0
  }

  private func rows(_ all: [[String: Any]], _ parts: [String]) -> [[String: Any]] {
    all.filter { parts.contains($0["part"] as? String ?? "") }
  }

  /// What is asked of each store: the options, and the recount's filter.
  private static let questions:
    [(options: [String], range: String, isMeant: @Sendable (ToldEvents.Told) -> Bool)] = [
      ([], "2026-11", { _ in true }), (["--where", "model=m1"], "2026-11", { $0.model == "m1" }),
      (["--where", "model in (m0, m2) and user=u1"], "2026-11-12", { $0.model != "m1" && $0.user == "u1" }),
    ]

  @Test(arguments: [UInt64(61), 62], someZones)
  func everyPartAddsUpToTheReportsNumber(_ seed: UInt64, _ zone: (name: String, shift: Int)) throws {
    let told = try ToldEvents(seed, count: 160)
    for isRolledUp in [false, true] {
      if isRolledUp { try told.box.tally("rollup") }
      for mode in ["auto", "calculate", "display"] {
        for (options, range, isMeant) in Self.questions {
          let asked = [range, "-z", zone.name, "--cost", mode] + options
          let (all, report) = try told.box.answer(
            ["explain", "cost"] + asked + ["--by", "session,user", "--events", "7"])
          let total = try #require(report["total"] as? [String: Any])
          let query =
            try told.box.answer(["query", "--measure", "cost"] + asked).report["total"] as? [String: Any]
          let mine = told.events.filter { isMeant($0) && $0.day(zone.shift).hasPrefix(range) }
          let number = mine.reduce(0) { $0 + ($1.cost(mode) ?? 0) }
          #expect(mine.count > 5 && value(total, "cost") == number && total["events"] as? Int == mine.count)
          #expect(total["cost"] as? String == query?["cost"] as? String)
          for parts in Self.wholes + [["by"]] {
            let part = rows(all, parts)
            #expect(part.reduce(0) { $0 + value($1, "cost") } == number, "\(parts) of \(asked), seed \(seed)")
            // Of one event there may be several prices; all else has each event once.
            if !parts.contains("price") {
              #expect(part.reduce(0) { $0 + (($1["events"] as? Int) ?? 0) } == mine.count, "\(parts)")
            }
          }
        }
      }
    }
  }

  @Test(arguments: ["auto", "calculate", "display"]) func partsAddUpInOneCurrency(_ mode: String) throws {
    let told = try ToldEvents(63, count: 160, currencies: ["USD", "JPY", "CHF"])
    let rates = "Date,USD,JPY,CHF\n2026-11-10,1.0531,163.13,0.9353\n2026-11-12,1.0677,161.7,0.9311\n"
    try told.box.tally("fx", "import", "-", input: rates)
    for zone in ["UTC", "Asia/Kathmandu"] {
      let asked = ["2026-11", "-z", zone, "--cost", mode, "--currency", "EUR"]
      let (all, report) = try told.box.answer(
        ["explain", "cost"] + asked + ["--by", "model", "--events", "9"])
      let number = value(try #require(report["total"] as? [String: Any]), "cost")
      let query =
        try told.box.answer(["query", "--measure", "cost"] + asked).report["total"] as? [String: Any]
      #expect(number > 0 && number == value(query ?? [:], "cost"))
      for parts in Self.wholes + [["by"], ["rate"]] {
        #expect(rows(all, parts).reduce(0) { $0 + value($1, "cost") } == number, "\(parts), \(zone)")
      }
      // The rates are those of the days, and each day's amount is converted once.
      for row in rows(all, ["rate"]) where row["amount_currency"] as? String == "USD" {
        let usd = (row["day"] as? String ?? "") < "2026-11-12" ? 1_053_100_000_000 : 1_067_700_000_000
        let exact = Int128(value(row, "amount")) * 1_000_000_000_000 * 10 / Int128(usd)
        #expect(abs(exact - Int128(value(row, "cost")) * 10) <= 5)
        let source = usd == 1_053_100_000_000 ? "2026-11-10" : "2026-11-12"
        #expect((row["about"] as? String)?.hasSuffix("EUR, ECB rates of \(source)") == true)
      }
    }
  }

  @Test func currenciesStayApart() throws {
    let told = try ToldEvents(64, count: 120, currencies: ["USD", "JPY"])
    let (all, report) = try told.box.answer(["explain", "cost", "2026-11", "--events", "5"])
    let totals = try #require(report["totals"] as? [[String: Any]])
    #expect(Set(totals.compactMap { $0["currency"] as? String }) == ["USD", "JPY"])
    #expect((report["total"] as? [String: Any])?["cost"] is NSNull)
    for total in totals {
      let currency = total["currency"] as? String
      let mine = told.events.filter { $0.currency("auto") == currency }
      #expect(value(total, "cost") == mine.reduce(0) { $0 + ($1.cost("auto") ?? 0) })
      for parts in Self.wholes {
        let part = rows(all, parts).filter { $0["currency"] as? String == currency }
        #expect(
          part.reduce(0) { $0 + value($1, "cost") } == value(total, "cost"), "\(parts) \(currency ?? "-")")
      }
    }
  }

  /// Count times price, for every counter of every model, and what senders say, by a recount.
  @Test func pricesAreCountsTimesPrices() throws {
    let told = try ToldEvents(65)
    let all = try told.box.answer(["explain", "2026-11", "--events", "0"]).rows
    let computed = told.events.filter { $0.micro == nil }
    var expected: [String] = []
    for (name, mine) in Dictionary(grouping: computed, by: { [$0.provider, $0.model] }) {
      guard let price = ToldEvents.Told.prices[name[1]] else { continue }
      for (counter, unit, counts) in [
        ("input_tokens", price.0, mine.map(\.input)), ("cache_read_tokens", price.1, mine.map(\.cacheRead)),
        ("output_tokens", price.2, mine.map(\.output)),
      ] {
        let sum = counts.reduce(0, +)
        expected.append(
          "\(name[0])/\(name[1]) \(counter)|\(counts.count { $0 > 0 })|\(sum)|\(ToldEvents.text(unit))|\(ToldEvents.text(sum * unit))"
        )
      }
    }
    let ours = rows(all, ["price"]).map { row in
      ["what", "events", "count", "unit_price", "cost"].map { "\(row[$0] ?? "")" }.joined(separator: "|")
    }
    #expect(ours.sorted() == expected.sorted() && expected.count == 12)
    #expect(rows(all, ["price"]).allSatisfy { ($0["amount"] as? String) == ($0["cost"] as? String) })
    let reported = told.events.filter { $0.micro != nil }
    #expect(
      rows(all, ["reported"]).map { value($0, "cost") } == [reported.reduce(0) { $0 + ($1.reported ?? 0) }])
    let unpriced = computed.filter { $0.computed == nil }
    #expect(
      rows(all, ["unpriced"]).map {
        "\($0["what"] ?? "")|\($0["events"] ?? "")|\($0["cost"] ?? "")|\($0["about"] ?? "")"
      }.sorted()
        == Dictionary(grouping: unpriced, by: \.provider).map {
          "\($0.key)/m2|\($0.value.count)|<null>|the catalog has no such model"
        }.sorted())
  }

  /// All events in order, as they count, and who wrote them.
  @Test(arguments: someZones) func theEventsAreThoseThatCount(_ zone: (name: String, shift: Int)) throws {
    let told = try ToldEvents(66)
    let all = try told.box.answer(["explain", "2026-11-12", "-z", zone.name, "--events", "all"]).rows
    let mine = told.events.filter { $0.day(zone.shift) == "2026-11-12" }
    let expected = mine.map { event in
      [
        event.time(zone.shift), "stdin:\(event.id)", event.writer, event.model,
        ToldEvents.text(event.cost("auto")),
      ]
      .joined(separator: "|")
    }
    let events = rows(all, ["event"])
    let ours = events.map { row in
      ["time", "id", "writer", "model", "cost"].map { row[$0].flatMap { $0 as? String } ?? "unknown" }
        .joined(separator: "|")
    }
    #expect(mine.count > 20 && ours == expected)
    for count in [1, 5, mine.count - 1] {
      let some = rows(
        try told.box.answer(["explain", "2026-11-12", "-z", zone.name, "--events", "\(count)"]).rows,
        ["event"])
      #expect(some.dropLast().map { $0["id"] as? String } == events.prefix(count).map { $0["id"] as? String })
      #expect(some.last?["others"] as? Bool == true && some.last?["events"] as? Int == mine.count - count)
    }
    let writers = Dictionary(grouping: mine, by: \.writer).mapValues {
      $0.reduce(0) { $0 + ($1.cost("auto") ?? 0) }
    }
    let found = rows(all, ["writer"]).map { ($0["writer"] as? String ?? "", value($0, "cost")) }
    #expect(Dictionary(uniqueKeysWithValues: found) == writers)
  }

  @Test(arguments: ["tokens", "requests", "output_tokens", "errors", "duration_ms"])
  func whatIsNoCostIsExplainedWithoutPrices(_ measure: String) throws {
    let told = try ToldEvents(67)
    for options in [[], ["--where", "user=u2"], ["--no-cost"]] {
      let asked = ["2026-11", "-z", "Asia/Kathmandu"] + options
      let (all, report) = try told.box.answer(
        ["explain", measure] + asked + ["--by", "session", "--events", "3"])
      let query =
        try told.box.answer(["query", "--measure", measure] + asked).report["total"] as? [String: Any]
      let number = try #require((report["total"] as? [String: Any])?[measure] as? Int)
      #expect(number > 0 && number == query?[measure] as? Int)
      for part in ["counter", "by", "day", "source", "writer", "event"] {
        #expect(rows(all, [part]).reduce(0) { $0 + value($1, measure) } == number, "\(part)")
      }
      #expect(all.allSatisfy { $0["unit_price"] == nil && $0["amount"] == nil } && report["currency"] == nil)
    }
  }

  @Test func daysSayWhetherTheirRollupsAreCurrent() throws {
    let told = try ToldEvents(68)
    func days() throws -> [String] {
      rows(try told.box.answer(["explain", "2026-11", "--events", "0"]).rows, ["day"])
        .map { "\($0["day"] ?? "") \($0["about"] ?? "")" }
    }
    let (old, current) = ("reports fold it: its rollups are missing or old", "its rollups are current")
    let names = (10...13).map { "2026-11-\($0) " }
    #expect(try days() == names.map { $0 + old })
    try told.box.tally("rollup")
    #expect(try days() == names.map { $0 + current })
    try told.box.tally("append", input: line("late", time: "2026-11-12T10:00:00Z"))
    #expect(try days() == [current, current, old, current].enumerated().map { names[$0] + $1 })
  }

  @Test func whatDoesNotCountIsSaid() throws {
    let box = try Sandbox()
    let a = line("a", time: "2026-11-12T10:00:00Z", tokens: 1)
    let b = line("b", time: "2026-11-12T11:00:00Z", tokens: 5)
    try box.tally(
      "append",
      input: a + a + b + line("b", time: "2026-11-12T11:00:00Z", tokens: 7)
        + line("c", time: "2026-11-12T12:00:00Z")
        + line("c", time: "2026-11-12T12:00:00Z", #","revision":1,"status":"void""#))
    let notes = try box.answer(["explain", "tokens", "2026-11-12"]).report["notes"] as? [String]
    #expect(
      notes == [
        "Each part divides the same events otherwise; its rows add up to the total.",
        "Of the UTC days 2026-11-12, whatever was asked for, 6 lines were read: 3 lost to other lines of their events, "
          + "1 event was taken back, 1 event was told in different ways (the fuller telling counts).",
      ])
    let some =
      try box.answer(["explain", "tokens", "2026-11-12", "--events", "1"]).report["notes"] as? [String]
    #expect(some?.last == "1 more event is in the row Others: --events all shows them.")
  }

  /// Where a price is from, and what decided which of several it was.
  @Test func pricesSayWhereTheyAreFrom() throws {
    let box = try Sandbox()
    for (arguments, id) in [
      (["set", "big", "input=2", "output=8", "--provider", "openai", "--from", "2026-01-01"], "big"),
      (["set", "big", "input=4", "--provider", "openai", "--from", "2026-01-01", "--above", "1000"], "tier"),
      (
        ["set", "big", "input=1", "--provider", "openai", "--from", "2026-01-01", "--service-tier", "batch"],
        "batch"
      ),
    ] {
      let outcome = try box.start(["prices"] + arguments).finish()
      #expect(outcome.status == 0, "\(id): \(outcome.errors)")
    }
    func event(_ id: String, _ input: Int, _ more: String = "") -> String {
      #"{"id":"\#(id)","time":"2026-11-12T10:00:00Z","provider":"openai","model":"big","input_tokens":\#(input)\#(more)}"#
        + "\n"
    }
    try box.tally(
      "append",
      input: event("a", 1000) + event("b", 1001) + event("c", 10, #","service_tier":"batch""#)
        + event("d", 10, #","service_tier":"odd""#) + event("e", 2000, #","requests":2"#))
    let all = try box.answer(["explain", "2026-11"]).rows
    let about = rows(all, ["price"]).map { row in
      "\(row["count"] ?? "") × \(row["unit_price"] ?? ""): \(row["about"] ?? "")"
    }
    let (first, set) = ("tally prices set 2026-11-20", "set by tally prices set, list price 0.000002")
    let since = "since 2026-01-01"
    #expect(
      about.sorted() == [
        "10 × 0.000001: \(first); \(set); \(since); service tier batch",
        "10 × 0.000002: \(first); \(since); service tier odd; approximate: its service tier has no price of its own",
        "1000 × 0.000002: \(first); \(since)",
        "1001 × 0.000004: \(first); \(set); \(since); prompts above 1000 tokens",
        "2000 × 0.000002: \(first); \(since); approximate: it holds several requests, of which some may be above a threshold",
      ])
  }

  @Test func discountsAndNegotiatedPricesAreToldFromListPrices() throws {
    let box = try Sandbox()
    try box.tally(
      "append",
      input: line("a", time: "2026-11-10T10:00:00Z", tokens: 1000)
        + line("b", time: "2026-11-12T10:00:00Z", tokens: 1000)
        + line("c", time: "2026-11-14T10:00:00Z", tokens: 1000))
    let list = try box.answer(["explain", "2026-11-10"]).rows[0]
    let source = "\(list["price_source"] ?? "") \(list["price_date"] ?? "")"
    #expect(list["unit_price"] as? String == "0.00000125" && list["about"] as? String == source)
    #expect(list["list_price"] as? String == "0.00000125")
    #expect(
      try box.tally("prices", "set", "--discount", "20", "--provider", "openai", "--from", "2026-11-12")
        .status == 0)
    #expect(
      try box.tally("prices", "set", "gpt-5", "input=0.5", "--provider", "openai", "--from", "2026-11-14")
        .status == 0)
    let found = rows(try box.answer(["explain", "2026-11"]).rows, ["price"]).map {
      "\($0["unit_price"] ?? ""): \($0["about"] ?? "")"
    }
    #expect(
      found.sorted()
        == [
          "0.0000005: \(source); set by tally prices set, list price 0.00000125; since 2026-11-14",
          "0.000001: \(source); list price 0.00000125 less 20 percent; since 2026-11-12; until 2026-11-14",
          "0.00000125: \(source); until 2026-11-12",
        ].sorted())
  }

  @Test func aRangeMayStandAlone() throws {
    let told = try ToldEvents(69, count: 60)
    let whole = try told.box.tally("explain", "cost", "2026-11-12", "-f", "json").output
    #expect(try told.box.tally("explain", "2026-11-12", "-f", "json").output == whole && !whole.isEmpty)
    #expect(try told.box.answer(["explain"]).report["from"] as? String == "2026-11-01")
    #expect(try told.box.answer(["explain", "requests"]).report["from"] as? String == "2026-11-01")
    // What happened later is not known yet.
    let then = try told.box.answer(["explain", "2026-11", "--as-of", "2026-11-11"]).report
    let mine = told.events.filter { $0.day(0) <= "2026-11-11" }
    #expect(
      (then["total"] as? [String: Any])?["events"] as? Int == mine.count
        && then["as_of"] as? String == "2026-11-11")
  }

  @Test(arguments: [
    (["cots"], "explain cots: no such measure: did you mean cost?"),
    (
      ["error_rate"],
      "explain error_rate: it does not add up over events: explain what it is made of, such as requests or cost"
    ),
    (["cost", "--no-cost"], "explain cost: costs are hidden: leave --no-cost or show_cost = false out"),
    (
      ["cost_p50", "--no-cost"],
      "explain cost_p50: costs are hidden: leave --no-cost or show_cost = false out"
    ),
    (["--events", "few"], "--events few: use a number, or all"),
    (["--events=-1"], "--events -1: use a number, or all"),
    (["--by", "modle"], "--by modle: no such field: did you mean model?"),
  ]) func optionsAreChecked(_ arguments: [String], _ message: String) throws {
    let box = try Sandbox()
    try box.tally("append", input: line("e"))
    let outcome = try box.start(["explain"] + arguments).finish()
    #expect(outcome.status == 64 && outcome.output == "")
    #expect(outcome.errors.contains(": \(message)\n"), "\(outcome.errors)")
  }

  /// What cannot be read is said once, whether rollups know its sums or not.
  @Test(arguments: [false, true]) func damageIsSaid(_ isRolledUp: Bool) throws {
    let told = try ToldEvents(70, count: 80)
    if isRolledUp { try told.box.tally("rollup") }
    let folder = told.box.path("store/segments/date=2026-11-12")
    let name = try #require(FileManager.default.contentsOfDirectory(atPath: folder).first)
    var bytes = try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))
    bytes[20] ^= 0xFF
    try bytes.write(to: URL(filePath: "\(folder)/\(name)"))
    for command in [["explain"], ["report", "session", "s1"]] {
      let outcome = try told.box.start(command + ["2026-11", "-f", "json"]).finish()
      let said = outcome.errors.split(separator: "\n").filter { $0.hasPrefix("tally: 2026-11-12: ") }
      #expect(outcome.status == 65 && said.count == 1, "\(command): \(outcome.errors)")
      #expect(outcome.output.contains("Incomplete: the events of 2026-11-12 (UTC) could not all be read."))
    }
  }

  @Test func hiddenCostsAreNotExplained() throws {
    let box = try Sandbox()
    try box.tally("append", input: line("e"))
    try box.write("config/tally/config.toml", "show_cost = false")
    let outcome = try box.tally("explain", "cost")
    #expect(outcome.status == 64 && outcome.output == "")
    #expect(
      outcome.errors == "tally: explain cost: costs are hidden: leave --no-cost or show_cost = false out\n")
    #expect((try box.answer(["explain"]).report["total"] as? [String: Any])?["tokens"] as? Int != nil)
  }
}
