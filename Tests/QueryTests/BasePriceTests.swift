import Money
import Pricing
import Rollup
import TestSupport
import Testing

@testable import Query

/// What sums cost at base prices is what their events cost, where nothing but base prices holds.
@Suite struct BasePriceTests {
  private let keys: [(PriceKey, RollupCount, WritableKeyPath<UsageCounters, Int64>)] = [
    (.input, .inputTokens, \.inputTokens), (.cacheRead, .cacheReadTokens, \.cacheReadTokens),
    (.cacheWrite, .cacheWriteTokens, \.cacheWriteTokens),
    (.cacheWrite1h, .cacheWrite1hTokens, \.cacheWrite1hTokens),
    (.cacheWrite12h, .cacheWrite12hTokens, \.cacheWrite12hTokens), (.output, .outputTokens, \.outputTokens),
    (.reasoning, .reasoningTokens, \.reasoningTokens), (.inputAudio, .inputAudioTokens, \.inputAudioTokens),
    (.outputAudio, .outputAudioTokens, \.outputAudioTokens),
    (.inputImage, .inputImageTokens, \.inputImageTokens),
    (.outputImage, .outputImageTokens, \.outputImageTokens), (.unsplit, .unsplitTokens, \.unsplitTokens),
    (.search, .searches, \.searches), (.image, .images, \.images),
    (.audioSecond, .audioSeconds, \.audioSeconds), (.character, .characters, \.characters),
    (.request, .requests, \.requests),
  ]

  /// A model with prices for some of what can have one.
  private func model(_ random: inout SeededGenerator) throws -> PricedModel? {
    var lists: [String] = []
    for isToken in [true, false] {
      let prices = keys.map(\.0).filter { $0.isToken == isToken && Int.random(in: 0...3, using: &random) > 0 }
        .map { "\"\($0.name)\": \"\(Int.random(in: 0...9, using: &random))\"" }
      if !prices.isEmpty {
        lists.append("\"per_\(isToken ? "million_tokens" : "unit")\": {\(prices.joined(separator: ", "))}")
      }
    }
    let text = """
      {"schema_version": 1, "name": "test", "version": "1", "currency": "USD",
       "sources": {"s": {"kind": "user", "title": "A source", "url": "-", "retrieved": "2026-11-01"}},
       "providers": [{"id": "a", "name": "A"}],
       "models": [{"provider": "a", "model": "m", "prices": [{\(([#""source": ["s"]"#] + lists).joined(separator: ", "))}]}]}
      """
    let book = PriceBook([try CatalogReader.read(Array(text.utf8), file: "test")])
    return book.price(PriceQuery(provider: "a", model: "m"))
  }

  @Test func theyAreWhatEventsCost() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed)
    var (known, unknown) = (0, 0)
    for _ in 0..<3000 {
      guard let model = try model(&random), let prices = model.kindPrices(day: 20_000) else { continue }
      var (usage, values) = (UsageCounters(), GroupValues())
      usage.requests = 0
      for (_, count, path) in keys where Int.random(in: 0...2, using: &random) == 0 {
        let number = Int64.random(in: 0...1000, using: &random)
        usage[keyPath: path] = number
        values.sums[count.rawValue] = Int128(number)
      }
      let sums = UsageSums(values).cost(at: prices)
      switch model.cost(of: usage, at: 20_000 * 86_400_000) {
      case .exact(let pico, _), .approximate(let pico, _):
        known += 1
        #expect(sums == pico, "seed \(seed)")
      case .unpriced:
        // Only cached tokens may be taken as input all the same.
        unknown += 1
        if usage.cacheWrite1hTokens == 0, usage.cacheWrite12hTokens == 0 {
          #expect(sums == nil, "seed \(seed)")
        }
      }
    }
    #expect(known > 200 && unknown > 200, "seed \(seed)")
  }

  /// What does not fit is not known; it is no trap.
  @Test func aCostThatDoesNotFitIsNotKnown() throws {
    var random = SeededGenerator(1)
    var prices: KindPrices?
    while prices?[.input] ?? 0 == 0 { prices = try model(&random)?.kindPrices(day: 20_000) }
    var values = GroupValues()
    values.sums[RollupCount.inputTokens.rawValue] = .max
    #expect(UsageSums(values).cost(at: try #require(prices)) == nil)
  }
}
