import Calendar
import Exchange
import Money
import StoreFixtures
import Testing
import TestSupport

@testable import Query

/// Reports in one currency: each day at its own rate, and never a guess.
@Suite struct ExchangeReportTests {
  private static let pico: Int128 = 1_000_000_000_000

  private static func rates(_ lines: String...) throws -> Rates {
    try RateFile(Array(lines.joined(separator: "\n").utf8), path: "rates").rates
  }

  private static func text(_ day: Int) -> String { EventDraft.dayText(day) }

  private func store(
    _ costs: [(day: Int, model: String, cost: String?, currency: String?)]
  ) throws -> TemporaryStore {
    let store = try TemporaryStore()
    try store.append(
      costs.enumerated().map { index, event in
        var draft = EventDraft(id: "stdin:\(index)", time: Int64(event.day) * 86_400_000 + 43_200_000)
        draft.texts["model"] = event.model
        draft.numbers["input_tokens"] = 100
        (draft.cost, draft.currency) = (event.cost, event.currency)
        return draft.line
      })
    return store
  }

  private func converted(_ request: ReportRequest, to code: String, _ rates: Rates) throws -> ReportRequest {
    var request = request
    request.conversion = Conversion(to: try #require(Currency(code)), rates)
    return request
  }

  @Test func everyDayHasItsRate() throws {
    let store = try store([
      (someDay, "a", "1", "USD"), (someDay + 1, "a", "1", "USD"), (someDay + 2, "b", "500", "JPY"),
      (someDay + 2, "b", "1.5", "EUR"),
    ])
    let rates = try Self.rates(
      "Date,USD,JPY", "\(Self.text(someDay - 1)),2,", "\(Self.text(someDay + 1)),1.25,160",
      "\(Self.text(someDay + 2)),8,100", "\(Self.text(someDay + 3)),9,9")
    let report = try store.report(try converted(request(.day), to: "EUR", rates))
    #expect(report.currency == "EUR" && report.column("currency") == -1 && report.totals.isEmpty)
    #expect(report.isCostComplete && report.shareOf == "cost")
    #expect(
      report.cells("cost") == [
        .amount(Self.pico / 2), .amount(Self.pico * 4 / 5), .amount(Self.pico * 13 / 2),
      ])
    #expect(report.total("cost") == Self.pico * 78 / 10)
    #expect(report.ratesTo == Self.text(someDay + 2))
    let models = try store.report(try converted(request(nil, ["model"]), to: "USD", rates))
    #expect(models.cells("model") == [.text("b"), .text("a")])
    #expect(models.cells("cost") == [.amount(Self.pico * 52), .amount(Self.pico * 2)])
  }

  @Test func theDayIsThatOfUTC() throws {
    let zone = try TimeZoneDatabase.installed.zone(named: "Pacific/Kiritimati")
    let store = try TemporaryStore()
    var draft = EventDraft(id: "stdin:1", time: Int64(someDay) * 86_400_000 + 82_800_000)
    (draft.cost, draft.currency) = ("3", "USD")
    try store.append([draft.line])
    let rates = try Self.rates("Date,USD", "\(Self.text(someDay)),2", "\(Self.text(someDay + 1)),4")
    let report = try store.report(try converted(request(.day, zone: zone), to: "EUR", rates))
    #expect(report.cells("day") == [.text(Self.text(someDay + 1))])
    #expect(report.cells("cost") == [.amount(Self.pico * 3 / 2)])
  }

  @Test func aMissingRateIsAnErrorThatNamesDayAndCurrency() throws {
    let store = try store(
      (0..<3).flatMap { day in
        [
          (someDay + day, "a", "1", "USD"), (someDay + day, "a", "1", "JPY"),
          (someDay + day, "b", "2", "EUR"),
        ]
      })
    let rates = try Self.rates("Date,USD", "\(Self.text(someDay - 7)),2", "\(Self.text(someDay + 2)),2")
    for jobs in [1, 4] {
      let error = #expect(throws: ReportError.self) {
        try store.report(try converted(request(nil), to: "EUR", rates), jobs: jobs)
      }
      let day = CivilDate(days: someDay)
      let jpy = try #require(Currency("JPY"))
      #expect(error == .exchange(.noRate(jpy, day: day, known: .others), others: 2))
    }
    let usd = try #require(Currency("USD"))
    let error = #expect(throws: ReportError.self) {
      try store.report(
        try converted(request(nil, filter: "model=b"), to: "USD", rates))
    }
    let known = ExchangeError.Known.last(CivilDate(days: someDay - 7))
    #expect(error == .exchange(.noRate(usd, day: CivilDate(days: someDay + 1), known: known), others: 0))
  }

  @Test func nothingNeedsNoRate() throws {
    let store = try store([
      (someDay, "a", "0", "JPY"), (someDay, "b", nil, nil), (someDay, "c", "2", "EUR"),
      (someDay, "d", "5", "USD"), (someDay, "d", "-5", "USD"),
    ])
    let report = try store.report(try converted(request(nil, ["model"]), to: "EUR", Rates()))
    #expect(report.currency == "EUR" && report.ratesTo == nil && report.unpricedModels == ["b"])
    #expect(report.cells("model").map(\.text) == ["d", "a", "b", "c"])
    #expect(report.cells("cost") == [.amount(0), .amount(0), .missing, .amount(Self.pico * 2)])
    // Where nothing has a cost, the report is still in the currency that was asked for.
    let none = try store.report(try converted(request(nil, filter: "model=b"), to: "CHF", Rates()))
    #expect(none.currency == "CHF" && none.cells("cost") == [.missing])
  }

  @Test func tooMuchIsAnErrorToo() throws {
    let store = try store((0..<1001).map { _ in (someDay, "a", "1000000000000000", "USD") })
    let rates = try Self.rates("Date,USD,JPY", "\(Self.text(someDay)),0.000001,1")
    let error = #expect(throws: ReportError.self) {
      try store.report(try converted(request(nil), to: "EUR", rates))
    }
    let (usd, euro) = (try #require(Currency("USD")), try #require(Currency("EUR")))
    #expect(error == .exchange(.tooLarge(from: usd, to: euro, day: CivilDate(days: someDay)), others: 0))
  }

  /// Each sum of a UTC day, group and currency, converted on its own by other arithmetic.
  @Test func amountsAreTheSumsOfTheirDays() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    let lines = generated(seed)
    let store = try TemporaryStore()
    try store.append(lines)
    let prices: [String: [Int128]] = [
      "EUR": [100, 100, 100], "USD": [108, 109, 111], "JPY": [16_213, 15_901, 16_377],
    ]
    let rates = try Self.rates(
      "Date,USD,JPY", "\(Self.text(someDay)),1.08,162.13", "\(Self.text(someDay + 1)),1.09,159.01",
      "\(Self.text(someDay + 2)),1.11,163.77")
    let events = try winners(lines).filter { $0.kind == "usage" && $0.text("cost") != nil }
    var reports: [(ReportRequest, Report)] = []
    for target in ["EUR", "USD", "JPY"] {
      // By bytes: Swift takes differently composed texts for one.
      var expected: [[UInt8]?: Int128] = [:]
      for event in Dictionary(grouping: events, by: Source.init) {
        guard let from = prices[event.key.currency]?[event.key.day], let to = prices[target]?[event.key.day]
        else { continue }
        let sum = event.value.compactMap { $0.text("cost").flatMap { PicoText.parse($0) } }.reduce(0, +)
        expected[event.key.model, default: 0] += Self.rounded(sum * to, from)
      }
      let report = try store.report(try converted(request(nil, ["model"]), to: target, rates))
      for (model, cost) in zip(report.cells("model"), report.numbers("cost")) {
        #expect(cost == expected[model.text.map { Array($0.utf8) }, default: 0], "seed \(seed) \(target)")
      }
      // However it is cut, rows and Others add up.
      for request in [
        try request(.day, ["service"], top: 2), try request(nil, ["session"]), try request(.month),
      ] {
        let request = try converted(request, to: target, rates)
        let report = try store.report(request)
        #expect(report.total("cost") == report.numbers("cost").reduce(0, +), "seed \(seed)")
        reports.append((request, report))
      }
    }
    try store.rollUp()
    for (request, report) in reports { expectSame(report, try store.report(request), "seed \(seed)") }
  }

  /// What is converted at once.
  private struct Source: Hashable {
    let model: [UInt8]?
    let day: Int
    let currency: String

    init(_ event: ReferenceEvent) {
      model = event.text("model").map { Array($0.utf8) }
      day = Int(event.time / 86_400_000) - someDay
      currency = event.text("currency") ?? ""
    }
  }

  /// The nearest whole quotient, of two the even one, by looking at both neighbours.
  private static func rounded(_ value: Int128, _ divisor: Int128) -> Int128 {
    let low = value / divisor - 1
    return (low...(low + 2)).min { a, b in
      let (left, right) = ((a * divisor - value).magnitude, (b * divisor - value).magnitude)
      return left != right ? left < right : a % 2 == 0
    } ?? 0
  }

  @Test func withoutCostsThereIsNoMoneyAtAll() throws {
    let store = try store([
      (someDay, "a", "9", "USD"), (someDay, "b", "1", "EUR"), (someDay, "b", nil, nil),
      (someDay, "b", nil, nil),
    ])
    var request = try converted(request(nil, ["model"]), to: "EUR", Rates())
    request.showsCost = false
    let report = try store.report(request)
    #expect(!report.showsCost && report.currency == nil && report.totals.isEmpty && report.ratesTo == nil)
    #expect(report.unpricedModels.isEmpty && report.shareOf == "tokens")
    #expect(
      report.columns.allSatisfy { $0.role != .amount && !$0.name.contains("priced") && $0.name != "currency" }
    )
    // Ordered by tokens: an order by cost would tell about cost.
    #expect(report.cells("model") == [.text("b"), .text("a")])
    #expect(report.numbers("requests") == [3, 1])
    // Nor by cost where every cost is known.
    request.filter = try Filter.parse("not model=b", fields: ReportField.filterFields(tags: []))
    #expect(try store.report(request).shareOf == "tokens")
  }
}
