import Bytes
import Calendar
import Events
import Foundation
import Money
import Pricing
import StoreFixtures
import Testing
import TestSupport

@testable import Query

/// Models for reports about prices: `flat` has one price for each kind, `tiered` a threshold, `windowed` hours.
enum PriceFixture {
  /// A discount of 25 % holds from the second day on; `n` is negotiated.
  static func pricer(isNegotiated: Bool = true) throws -> Pricer {
    func model(_ name: String, _ tokens: String, _ more: String = "") -> String {
      #"{"provider": "p", "model": "\#(name)", "prices": [{"per_million_tokens": {\#(tokens)}, "source": ["s"]\#(more)}]}"#
    }
    let flat =
      #""input": "2", "cache_read": "0.2", "cache_write": "2.5", "cache_write_1h": "4", "output": "10", "input_audio": "7""#
    let from = EventDraft.dayText(someDay + 1)
    let more =
      #", "overrides": [{"provider": "p", "model": "tiered", "from": "\#(from)", "per_million_tokens": {"input": "0.5"}}], "#
      + #""discounts": [{"provider": "p", "from": "\#(from)", "percent": "25"}]"#
    let text = """
      {"schema_version": 1, "name": "test", "version": "1", "currency": "USD",
       "sources": {"s": {"kind": "user", "title": "t", "url": "-", "retrieved": "2024-01-01"}},
       "providers": [{"id": "p", "name": "P"}],
       "models": [
         \(model("flat", flat, #", "per_unit": {"request": "0.001", "search": "0.01", "image": "0.04"}"#)),
         \(model("thinking", #""input": "1", "output": "3", "reasoning": "6""#)),
         \(model("tiered", #""input": "1", "output": "5""#,
           #", "tiers": [{"above_input_tokens": 1000, "per_million_tokens": {"input": "3", "output": "9"}}]"#)),
         \(model("windowed", #""input": "4", "output": "8""#,
           #", "windows": [{"utc": ["01:00-04:00"], "per_million_tokens": {"input": "1", "output": "2"}}]"#))]
       \(isNegotiated ? more : "")}
      """
    return Pricer(PriceBook([try CatalogReader.read(Array(text.utf8), file: "test")]), fingerprint: "test")
  }

  static let models = ["flat", "thinking", "tiered", "windowed", "unknown"]
  static let counters = [
    "input_tokens", "cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens", "output_tokens",
    "reasoning_tokens", "input_audio_tokens", "images", "searches",
  ]

  /// Random events of all models on three days; each with few counters, so that most have a price.
  static func drafts(_ seed: UInt64, count: Int = 60) -> [EventDraft] {
    var random = SeededGenerator(seed)
    return (0..<count).map { index in
      var draft = EventDraft(
        id: "stdin:\(index)",
        time: Int64(someDay) * 86_400_000 + Int64.random(in: 0..<3 * 86_400_000, using: &random))
      draft.texts["provider"] = "p"
      draft.texts["model"] = models.randomElement(using: &random)
      draft.texts["user"] = ["ann", "bob"].randomElement(using: &random)
      for name in counters.shuffled(using: &random).prefix(3) {
        draft.numbers[name] = Int64.random(in: 0...900, using: &random)
      }
      if Int.random(in: 0..<4, using: &random) == 0 { draft.numbers["requests"] = 3 }
      if Bool.random(using: &random) { (draft.cost, draft.currency) = ("0.07", "USD") }
      return draft
    }
  }

  static func usage(_ draft: EventDraft) -> UsageCounters {
    var usage = UsageCounters()
    func number(_ name: String) -> Int64 { draft.numbers[name] ?? 0 }
    usage.requests = draft.numbers["requests"] ?? 1
    usage.inputTokens = number("input_tokens")
    usage.cacheReadTokens = number("cache_read_tokens")
    usage.cacheWriteTokens = number("cache_write_tokens")
    usage.cacheWrite1hTokens = number("cache_write_1h_tokens")
    usage.outputTokens = number("output_tokens")
    usage.reasoningTokens = number("reasoning_tokens")
    usage.inputAudioTokens = number("input_audio_tokens")
    usage.images = number("images")
    usage.searches = number("searches")
    return usage
  }

  /// What an event costs with a model, and whether that is not known or only approximate.
  static func cost(
    _ draft: EventDraft, model: String?, _ book: PriceBook, isList: Bool = false
  ) -> (pico: Int128, unpriced: Int128, approximate: Int128) {
    let weight = Int128(max(draft.numbers["requests"] ?? 1, 1))
    let model = book.price(
      provider: "p", model: model ?? "", serviceTier: nil, requestType: nil, isList: isList)
    switch model?.cost(of: usage(draft), at: draft.time) {
    case .exact(let pico, _): return (pico, 0, 0)
    case .approximate(let pico, _): return (pico, 0, weight)
    case .unpriced, nil: return (0, weight, 0)
    }
  }
}

/// What the same usage costs at other prices: event by event, whatever the report groups by.
@Suite struct OtherPriceTests {
  private let seed = UInt64.random(in: 0...UInt64.max)

  private func filled(_ drafts: [EventDraft]) throws -> TemporaryStore {
    let store = try TemporaryStore()
    try store.append(drafts.map(\.line))
    return store
  }

  private func run(_ store: TemporaryStore, _ request: ReportRequest, _ prices: Pricer) throws -> Report {
    let (report, problems) = try ReportRun(store.layout, tags: [], prices: prices).run(request)
    if let problem = problems.first { throw problem }
    return report
  }

  private static let zones = [TimeZoneRules.utc, TimeZoneRules(name: "+05:45", offsetSeconds: 20_700)]

  @Test(arguments: [CostMode.auto, .calculate, .display], zones)
  func listPricesStandBesideTheCost(mode: CostMode, zone: TimeZoneRules) throws {
    let drafts = PriceFixture.drafts(seed)
    let (store, prices) = (try filled(drafts), try PriceFixture.pricer())
    if Bool.random() { try store.rollUp(prices: prices) }
    let book = try prices.book()
    for dimensions in [["model"], ["user"], []] {
      var request = try request(nil, dimensions, (someDay - 1)...(someDay + 4), zone: zone)
      request.costMode = mode
      let plain = try run(store, request, prices)
      request.comparison = PriceComparison(
        name: "list", candidates: [.init(label: "list", prices: ListPriceSource(prices))])
      let report = try run(store, request, prices)
      for name in ["cost", "unpriced_requests", "approximate_requests", "requests", "tokens"] {
        #expect(report.total(name) == plain.total(name), "\(name) seed \(seed)")
      }
      let groups = Dictionary(grouping: drafts) { draft in dimensions.first.flatMap { draft.texts[$0] } }
      for (name, drafts) in groups {
        let costs = drafts.map { PriceFixture.cost($0, model: $0.texts["model"], book, isList: true) }
        let place = report.rows.firstIndex { dimensions.isEmpty || $0.cells[0].text == name }
        let row = report.rows[try #require(place)].cells
        #expect(
          row[report.column("cost_list")].value == costs.reduce(0) { $0 + $1.pico }, "\(mode) seed \(seed)")
        #expect(row[report.column("list_unpriced_requests")].value == costs.reduce(0) { $0 + $1.unpriced })
        #expect(
          row[report.column("list_approximate_requests")].value == costs.reduce(0) { $0 + $1.approximate })
        let difference = row[report.column("cost_list_difference")]
        if difference != .missing {
          #expect(
            difference.value == row[report.column("cost_list")].value - row[report.column("cost")].value)
        }
      }
    }
    // The discount makes a difference, or this would test nothing.
    if mode == .calculate {
      var request = try request(nil)
      request.costMode = mode
      request.comparison = PriceComparison(
        name: "list", candidates: [.init(label: "list", prices: ListPriceSource(prices))])
      #expect(try run(store, request, prices).total("cost_list_difference") > 0, "seed \(seed)")
    }
  }

  @Test func aModelIsReplacedEventByEvent() throws {
    let drafts = PriceFixture.drafts(seed, count: 120)
    let (store, prices) = (try filled(drafts), try PriceFixture.pricer())
    let book = try prices.book()
    let others = ["flat": "tiered", "windowed": "flat", "unknown": "thinking"]
    let source = ReplacingPrices(
      prices, others.map { .init(from: $0, to: .init(provider: "p", model: $1)) })
    var request = try request(nil, ["model"])
    request.costMode = .calculate
    request.comparison = PriceComparison(name: "what_if", candidates: [.init(label: "", prices: source)])
    let report = try run(store, request, prices)
    #expect(source.replaced == Set(others.keys.map { ByteText($0) }))
    #expect(report.rows.count == PriceFixture.models.count)
    for row in report.rows {
      let model = try #require(row.cells[0].text)
      let events = drafts.filter { $0.texts["model"] == model }
      let (now, then) = (
        events.map { PriceFixture.cost($0, model: model, book) },
        events.map { PriceFixture.cost($0, model: others[model] ?? model, book) }
      )
      #expect(row.cells[report.column("cost")].value == now.reduce(0) { $0 + $1.pico }, "seed \(seed)")
      #expect(
        row.cells[report.column("cost_what_if")].value == then.reduce(0) { $0 + $1.pico }, "seed \(seed)")
      #expect(
        row.cells[report.column("what_if_unpriced_requests")].value == then.reduce(0) { $0 + $1.unpriced })
      #expect(
        row.cells[report.column("what_if_approximate_requests")].value
          == then.reduce(0) { $0 + $1.approximate })
    }
  }

  /// Rows choose for themselves, and the total is that of the choices.
  @Test func theCheapestIsChosenRowByRow() throws {
    var drafts: [EventDraft] = []
    // Much input is cheapest with `thinking`, short input at night with `windowed`; `flat` charges each request.
    for (index, event) in [("flat", 12, 500_000), ("flat", 2, 100), ("windowed", 2, 700)].enumerated() {
      var draft = EventDraft(
        id: "stdin:\(index)", time: Int64(someDay) * 86_400_000 + Int64(event.1) * 3_600_000)
      draft.texts = ["provider": "p", "model": event.0, "user": "u\(index)"]
      draft.numbers["input_tokens"] = Int64(event.2)
      drafts.append(draft)
    }
    var other = EventDraft(id: "stdin:x", time: Int64(someDay) * 86_400_000)
    other.texts = ["provider": "p", "model": "tiered", "user": "u3"]
    other.numbers["output_tokens"] = 7
    drafts.append(other)
    let (store, prices) = (try filled(drafts), try PriceFixture.pricer())
    let names = ["flat", "thinking", "windowed"]
    var request = try request(nil, ["user"])
    request.costMode = .calculate
    let comparison = PriceComparison(
      name: "what_if",
      candidates: names.map { name in
        let rules = names.map { ReplacingPrices.Rule(from: $0, to: .init(provider: "p", model: name)) }
        return .init(label: name, prices: ReplacingPrices(prices, rules))
      })
    request.comparison = comparison
    request.dimensions.append("what_if_model")
    let report = try run(store, request, prices)
    let rows = report.rows.map { row in
      [row.cells[0].text, row.cells[1].text, "\(row.cells[report.column("cost_what_if")].value)"]
    }.sorted { ($0[0] ?? "") < ($1[0] ?? "") }
    #expect(
      rows == [
        ["u0", "thinking", "500000000000"], ["u1", "thinking", "100000000"], ["u2", "thinking", "700000000"],
        ["u3", nil, "35000000"],
      ])
    #expect(report.total("cost_what_if") == 500_835_000_000)
    // 500,100 × 2 and two fees, 700 × 1 at night, 7 × 5.
    #expect(report.total("cost") == 1_000_200_000_000 + 2_000_000_000 + 700_000_000 + 35_000_000)
  }
}

/// `tally report tokens`: kinds add up to the computed cost, exactly.
@Suite struct CounterReportTests {
  private func report(_ drafts: [EventDraft], _ prices: Pricer, by dimensions: [String] = []) throws -> Report
  {
    let store = try TemporaryStore()
    try store.append(drafts.map(\.line))
    var request = try request(nil, [ReportField.counter] + dimensions)
    request.costMode = .calculate
    let (report, problems) = try ReportRun(store.layout, tags: [], prices: prices).run(request)
    #expect(problems.isEmpty)
    return report
  }

  private func draft(_ model: String, hour: Int64 = 12, _ numbers: [String: Int64]) -> EventDraft {
    var draft = EventDraft(id: "stdin:\(UInt64.random(in: 0...UInt64.max))", time: 0)
    draft.time = Int64(someDay) * 86_400_000 + hour * 3_600_000
    draft.texts = ["provider": "p", "model": model]
    draft.numbers = numbers
    return draft
  }

  /// Rows as `kind: count cost as-input saved unpriced`, amounts in millionths.
  private func lines(_ report: Report) -> [String] {
    (report.rows + [report.total]).map { row in
      let cells = ["count", "cost", "cost_as_input", "cost_saved", "unpriced_count"].map { name in
        switch row.cells[report.column(name)] {
        case .integer(let count): "\(count)"
        case .amount(let pico): "\(pico / 1_000_000)"
        default: "-"
        }
      }
      return "\(row.cells[0].text ?? "total"): \(cells.joined(separator: " "))"
    }
  }

  @Test func everyKindHasItsCostAndTheCacheItsSaving() throws {
    let events = [
      draft(
        "flat",
        ["input_tokens": 100, "cache_read_tokens": 1000, "cache_write_1h_tokens": 50, "output_tokens": 30]),
      draft("flat", ["cache_read_tokens": 500, "reasoning_tokens": 20, "output_tokens": 60, "searches": 2]),
      draft("thinking", ["input_tokens": 10, "output_tokens": 100, "reasoning_tokens": 40]),
      draft("unknown", ["input_tokens": 7]),
    ]
    let report = try report(events, try PriceFixture.pricer())
    #expect(
      lines(report) == [
        "cache_read_tokens: 1500 300 3000 2700 0", "output_tokens: 130 880 - - 0",
        "input_tokens: 117 210 - - 7", "reasoning_tokens: 60 440 - - 0",
        "cache_write_1h_tokens: 50 200 100 -100 0", "requests: 2 2000 - - 0", "searches: 2 20000 - - 0",
        "total: - 24030 3100 2600 7",
      ])
    #expect(!report.isCostComplete && report.unpriced.map(\.model) == ["unknown"])
    #expect(report.notes.isEmpty)
  }

  @Test func whatBasePricesDoNotExplainIsARowOfItsOwn() throws {
    let events = [
      draft("tiered", ["input_tokens": 2000, "output_tokens": 10]), draft("tiered", ["input_tokens": 1000]),
      draft("windowed", hour: 2, ["input_tokens": 100]),
    ]
    let report = try report(events, try PriceFixture.pricer())
    // 3000 × 1 + 10 × 5 and 100 × 4 at base prices; 2000 × 3 + 10 × 9 + 1000 and 100 × 1 in truth.
    #expect(
      lines(report) == [
        "not_split: - 3740 - - 0", "input_tokens: 3100 3400 - - 0", "output_tokens: 10 50 - - 0",
        "total: - 7190 - - 0",
      ])
    #expect(report.notes.count == 1 && report.notes[0].hasPrefix("Not split is what long prompts"))
  }

  /// What an event without a price used is not charged, whatever others of the same model cost.
  @Test func whatHasNoPriceIsCountedApart() throws {
    let events = [
      draft("thinking", ["input_tokens": 10]), draft("thinking", ["input_tokens": 5, "searches": 1]),
    ]
    #expect(
      lines(try report(events, try PriceFixture.pricer())) == [
        "input_tokens: 15 10 - - 5", "searches: 1 - - - 1", "total: - 10 - - 6",
      ])
  }

  @Test func kindsAddUpToTheComputedCost() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    let drafts = PriceFixture.drafts(seed, count: 200)
    let prices = try PriceFixture.pricer()
    let book = try prices.book()
    let expected = drafts.reduce(Int128(0)) {
      $0 + PriceFixture.cost($1, model: $1.texts["model"], book).pico
    }
    for dimensions in [[], ["user"], ["model", "user"]] {
      let report = try report(drafts, prices, by: dimensions)
      #expect(report.total("cost") == expected, "seed \(seed)")
      #expect(report.numbers("cost").reduce(0, +) == expected, "seed \(seed)")
      for name in ["input_tokens", "cache_read_tokens", "searches"] {
        let counts = report.rows.filter { $0.cells[0].text == name }.map {
          $0.cells[report.column("count")].value
        }
        #expect(
          counts.reduce(0, +) == drafts.reduce(0) { $0 + Int128($1.numbers[name] ?? 0) },
          "\(name) seed \(seed)")
      }
    }
  }

  @Test func withoutCostsThereAreCountsOnly() throws {
    let store = try TemporaryStore()
    try store.append([
      draft("flat", ["input_tokens": 3, "searches": 1]).line, draft("tiered", ["input_tokens": 5000]).line,
    ])
    var request = try request(nil, [ReportField.counter])
    request.showsCost = false
    let (report, _) = try ReportRun(store.layout, tags: [], prices: try PriceFixture.pricer()).run(request)
    #expect(report.columns.map(\.name) == ["counter", "count", "share"])
    // Not even a row says that requests have a fee or that a price has tiers.
    #expect(report.cells("counter") == [.text("input_tokens"), .text("searches")])
    #expect(report.numbers("count") == [5003, 1])
  }
}
