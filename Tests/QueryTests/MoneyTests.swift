import Calendar
import StoreFixtures
import Testing

@testable import Query

/// Unknown is not zero, and currencies are never added.
@Suite struct MoneyTests {
  private func store(_ costs: [(model: String, cost: String?, currency: String?)]) throws -> TemporaryStore {
    let store = try TemporaryStore()
    let lines = costs.enumerated().map { index, event in
      var draft = EventDraft(id: "stdin:\(index)", time: Int64(someDay) * 86_400_000)
      draft.texts["model"] = event.model
      draft.numbers["input_tokens"] = 100
      (draft.cost, draft.currency) = (event.cost, event.currency)
      return draft.line
    }
    try store.append(lines)
    return store
  }

  private let pico: Int128 = 1_000_000_000_000

  @Test func oneCurrencyThatIsComplete() throws {
    let report = try store([("a", "1.5", "USD"), ("b", "0.5", "USD"), ("a", "1", "USD")])
      .report(try request(nil, ["model"]))
    #expect(report.currency == "USD" && report.isCostComplete && report.shareOf == "cost")
    #expect(report.cells("model") == [.text("a"), .text("b")])
    #expect(report.cells("cost") == [.amount(pico * 5 / 2), .amount(pico / 2)])
    #expect(report.cells("share") == [.integer(8333), .integer(1667)])
    #expect(report.totals.isEmpty && report.unpricedModels.isEmpty && report.column("currency") == -1)
  }

  @Test func anUnknownCostIsMissingNotZero() throws {
    let report = try store([("a", "1.5", "USD"), ("b", nil, nil), ("c", "0", "USD")])
      .report(try request(nil, ["model"]))
    #expect(report.cells("model") == [.text("a"), .text("b"), .text("c")])
    #expect(report.cells("cost") == [.amount(pico * 3 / 2), .missing, .amount(0)])
    #expect(!report.isCostComplete && report.shareOf == "tokens" && report.unpricedModels == ["b"])
    #expect(report.total.cells[report.column("cost")] == .amount(pico * 3 / 2))
  }

  @Test func nothingKnownIsMissingInTheTotal() throws {
    let report = try store([("a", nil, nil)]).report(try request(nil))
    #expect(report.total.cells[report.column("cost")] == .missing)
    #expect(report.currency == nil && !report.isCostComplete)
  }

  @Test func severalCurrenciesHaveRowsAndTotalsOfTheirOwn() throws {
    let report = try store([("a", "1", "USD"), ("a", "2", "EUR"), ("b", "4", "USD"), ("b", nil, nil)])
      .report(try request(nil, ["model"]))
    #expect(report.currency == nil && report.shareOf == "tokens")
    #expect(report.total.cells[report.column("cost")] == .missing)
    #expect(report.cells("model") == [.text("a"), .text("a"), .text("b"), .text("b")])
    #expect(report.cells("currency") == [.text("EUR"), .text("USD"), .missing, .text("USD")])
    #expect(report.cells("cost") == [.amount(pico * 2), .amount(pico), .missing, .amount(pico * 4)])
    let totals = report.totals.map { ($0.cells[report.column("currency")], $0.cells[report.column("cost")]) }
    #expect(totals.map(\.0) == [.missing, .text("EUR"), .text("USD")])
    #expect(totals.map(\.1) == [.missing, .amount(pico * 2), .amount(pico * 5)])
  }

  @Test func moneyIsExactInEveryCurrency() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    let lines = generated(seed)
    let store = try TemporaryStore()
    try store.append(lines)
    let report = try store.report(try request(.day, ["model"], top: 3))
    let events = try winners(lines).filter { $0.kind == "usage" }
    for total in report.totals {
      let currency = total.cells[report.column("currency")].text
      let expected = events.filter { $0.text("cost") != nil && $0.text("currency") == currency }
        .compactMap { $0.text("cost").flatMap { PicoText.parse($0) } }.reduce(0, +)
      if currency != nil { #expect(total.cells[report.column("cost")].value == expected, "seed \(seed)") }
    }
    #expect(report.totals.count == 4)
  }

  @Test func refundsAreSubtracted() throws {
    let store = try TemporaryStore()
    let lines = ["10", "-2.5"].enumerated().map { index, cost in
      var draft = EventDraft(id: "bill:\(index)", time: Int64(someDay) * 86_400_000)
      (draft.kind, draft.cost, draft.currency) = ("billed", cost, "USD")
      return draft.line
    }
    try store.append(lines)
    let report = try store.report(try request(nil, kind: "billed"))
    #expect(report.cells("cost") == [.amount(pico * 15 / 2)])
    #expect(try store.report(try request(nil)).rows.isEmpty)
  }

  @Test func sharesOfNothingAreMissing() throws {
    let store = try TemporaryStore()
    var draft = EventDraft(id: "stdin:1", time: Int64(someDay) * 86_400_000)
    draft.numbers["images"] = 2
    try store.append([draft.line])
    let report = try store.report(try request(nil))
    #expect(report.cells("share") == [.missing] && report.numbers("images") == [2])
  }
}
