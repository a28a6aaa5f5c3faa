import Bytes
import Compaction
import Foundation
import Parquet
import Pricing
import Rollup
import SegmentLog
import StoreFixtures
import Testing

/// A change of the catalog makes exactly those days stale whose prices it changes.
@Suite struct PriceStalenessTests {
  private static let start = Int64(someDay) * 86_400_000

  /// Two days: on the first somebody used `a`, on the second `b`.
  private func store() throws -> TemporaryStore {
    let store = try TemporaryStore()
    var lines: [String] = []
    for (day, model) in ["a", "b"].enumerated() {
      var draft = EventDraft(id: "stdin:\(model)", time: Self.start + Int64(day) * 86_400_000)
      draft.texts = ["provider": "p", "model": model]
      draft.numbers["input_tokens"] = 1_000_000
      lines.append(draft.line)
    }
    try store.append(lines)
    return store
  }

  /// Each model with its prices of a million tokens, by the day from which they hold.
  private func pricer(_ models: [String: [String: String]], fingerprint: String) throws -> Pricer {
    let entries = models.sorted { $0.key < $1.key }.map { model, prices in
      let dates = prices.keys.sorted()
      let periods = dates.enumerated().map { index, date in
        let from = date.isEmpty ? "" : "\"from\": \"\(date)\", "
        let until = index + 1 < dates.count ? "\"until\": \"\(dates[index + 1])\", " : ""
        return
          "{\(from)\(until)\"per_million_tokens\": {\"input\": \"\(prices[date] ?? "")\"}, \"source\": [\"s\"]}"
      }
      return
        "{\"provider\": \"p\", \"model\": \"\(model)\", \"prices\": [\(periods.joined(separator: ", "))]}"
    }
    let source =
      "{\"kind\": \"page\", \"title\": \"t\", \"url\": \"https://p.example\", \"retrieved\": \"2026-01-01\"}"
    let text = """
      {"schema_version": 1, "name": "test", "version": "\(fingerprint)", "currency": "USD",
       "sources": {"s": \(source)}, "providers": [{"id": "p", "name": "P"}],
       "models": [\(entries.joined(separator: ", "))]}
      """
    let catalog = try CatalogReader.read(Array(text.utf8), file: "test")
    return Pricer(PriceBook([catalog]), fingerprint: fingerprint)
  }

  private func cost(_ store: TemporaryStore, _ day: Int) throws -> ParquetScalar? {
    let path = store.layout.rollup("day", day: someDay + day)
    let file = try ParquetFile(bytes: Array(Data(contentsOf: URL(filePath: path))))
    let column = try #require(file.column(named: "cost_computed"))
    return try file.read(column: column, rowGroup: 0)[0]
  }

  private static let both = ["a": ["": "1"], "b": ["": "2"]]

  @Test func whatIsPricedAlikeStaysCurrent() throws {
    let store = try store()
    #expect(try store.rollUp(prices: try pricer(Self.both, fingerprint: "1")).daysRolled == 2)
    let files = try store.rollups
    #expect(try cost(store, 0) == .decimal(1_000_000_000_000))
    var more = Self.both
    more["c"] = ["": "3"]
    // Neither another model nor a price from the day after on.
    more["a"] = ["": "1", "2024-10-05": "9"]
    for prices in [Self.both, more] {
      #expect(try store.rollUp(prices: try pricer(prices, fingerprint: "2")).daysRolled == 0)
    }
    #expect(try store.rollups == files)
  }

  /// 2024-10-04 and the day after.
  @Test(arguments: [
    (["a": ["": "1"], "b": ["": "3"]], [1]), (["a": ["": "5"], "b": ["": "2"]], [0]),
    (["a": ["": "5"], "b": ["": "5"]], [0, 1]), (["a": ["": "1"]], [1]),
    (["a": ["": "1", "2024-10-05": "4"], "b": ["": "2", "2024-10-05": "4"]], [1]),
    (["a": ["": "1", "2024-10-04T12:00Z": "4"], "b": ["": "2", "2024-10-06": "4"]], [0]),
  ])
  func onlyDaysWithOtherPricesAreMadeAgain(_ models: [String: [String: String]], _ days: [Int]) throws {
    let store = try store()
    try store.rollUp(prices: try pricer(Self.both, fingerprint: "1"))
    let before = try store.rollups
    #expect(try store.rollUp(prices: try pricer(models, fingerprint: "2")).daysRolled == days.count)
    let after = try store.rollups
    let changed = Set(after.keys.filter { after[$0] != before[$0] }.map { $0.contains("2024-10-04") ? 0 : 1 })
    #expect(changed == Set(days))
    #expect(try store.rollUp(prices: try pricer(models, fingerprint: "2")).daysRolled == 0)
    // The manifest vouches for the days only with these catalogs.
    #expect(try store.rollUp(prices: try pricer(Self.both, fingerprint: "1")).daysRolled == days.count)
    #expect(try store.rollups == before)
  }

  @Test func whatHadNoPriceIsMadeAgainWhenItGetsOne() throws {
    let store = try store()
    try store.rollUp(prices: try pricer(["a": ["": "1"]], fingerprint: "1"))
    #expect(try cost(store, 1) == .decimal(0))
    #expect(try store.rollUp(prices: try pricer(Self.both, fingerprint: "2")).daysRolled == 1)
    #expect(try cost(store, 1) == .decimal(2_000_000_000_000))
  }

  @Test func withAndWithoutPricesAreNotTheSame() throws {
    let store = try store()
    try store.rollUp()
    #expect(try store.rollUp(prices: try pricer(Self.both, fingerprint: "1")).daysRolled == 2)
    #expect(try store.rollUp().daysRolled == 2)
  }

  @Test func theFooterNamesTheCatalog() throws {
    let store = try store()
    try store.rollUp(prices: try pricer(Self.both, fingerprint: "1"))
    let path = store.layout.rollup("minute", day: someDay)
    let file = try ParquetFile(bytes: Array(Data(contentsOf: URL(filePath: path))))
    #expect(file.metadata("tally.catalog") == "test 1")
    #expect(file.metadata("tally.catalogs_digest") == "1")
    #expect(file.metadata("tally.price_queries") == "p\ta\t\\0\t\\0\n")
    #expect(file.metadata("tally.prices_digest")?.count == 32)
  }

  /// With prices that cannot be read everything would look unpriced.
  @Test func catalogsThatCannotBeReadEndTheRun() throws {
    let store = try store()
    let error = PricingError.request("broken")
    let broken = Pricer(fingerprint: "x") { () throws(PricingError) in throw error }
    #expect(throws: RollupRunError.prices(error)) { try store.rollUp(prices: broken) }
    #expect(try store.rollups.isEmpty)
    try store.rollUp(prices: try pricer(Self.both, fingerprint: "1"))
    let again = Pricer(fingerprint: "y") { () throws(PricingError) in throw error }
    #expect(throws: RollupRunError.prices(error)) { try store.rollUp(prices: again) }
    // While nothing asks for a price, nothing is wrong.
    let same = Pricer(fingerprint: "1") { () throws(PricingError) in throw error }
    #expect(try store.rollUp(prices: same).daysRolled == 0)
  }
}
