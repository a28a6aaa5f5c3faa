import Events
import Money
import TestSupport
import Testing

@testable import Pricing

/// How a cost comes about is the cost: its products add up to it, and there are none where it is not known.
@Suite struct ExplanationTests {
  @Test(arguments: [UInt64(1), 2, 3]) func theProductsAddUpToTheCost(_ seed: UInt64) throws {
    var random = SeededGenerator(seed)
    let book = PriceBook([try CatalogReader.builtIn()])
    func number(_ range: ClosedRange<Int64>) -> Int64 { Int64.random(in: range, using: &random) }
    var (known, unknown) = (0, 0)
    for _ in 0..<20_000 {
      guard let entry = book.models.randomElement(using: &random) else { continue }
      let tier = [nil, nil, "batch", "priority", "flex", "odd"].randomElement(using: &random) ?? nil
      let model = try #require(
        book.price(provider: entry.provider, model: entry.model, serviceTier: tier, requestType: nil))
      var usage = UsageCounters()
      usage.requests = number(0...3)
      usage.inputTokens = number(0...1) * number(0...400_000)
      usage.cacheReadTokens = number(0...1) * number(0...300_000)
      usage.cacheWriteTokens = number(0...1) * number(0...9000)
      usage.outputTokens = number(0...1) * number(0...9000)
      usage.reasoningTokens = number(0...1) * number(0...9000)
      usage.outputImageTokens = number(0...3) == 0 ? number(0...9000) : 0
      usage.images = number(0...3) == 0 ? number(0...3) : 0
      usage.searches = number(0...5) == 0 ? number(0...3) : 0
      usage.credits = number(0...9) == 0 ? Int128(number(0...9_000_000_000_000)) : 0
      let time = Int64.random(in: 1_577_836_800_000...1_798_761_600_000, using: &random)
      let spanMs: Int64 = [0, 0, 3_600_000, 86_400_000].randomElement(using: &random) ?? 0
      let cost = model.cost(of: usage, at: time, spanMs: spanMs)
      let explained = model.explained(usage, at: time, spanMs: spanMs)
      switch cost {
      case .unpriced:
        #expect(explained == nil)
        unknown += 1
      case .exact(let pico, let currency), .approximate(let pico, let currency):
        known += 1
        guard let explained else {
          Issue.record("\(entry.model) has a cost that nothing explains, seed \(seed)")
          continue
        }
        #expect(explained.charges.reduce(0) { $0 + $1.cost } == pico, "seed \(seed) \(entry.model)")
        #expect(explained.charges.allSatisfy { $0.key == nil || $0.count * $0.price == $0.cost })
        #expect(explained.basis.currency == currency)
        #expect(explained.basis.from <= time && time < explained.basis.until)
        if case .exact = cost {
          #expect(explained.basis.approximation == nil)
        } else {
          #expect(explained.basis.approximation != nil)
        }
      }
    }
    #expect(known > 5000 && unknown > 1000)
  }
}
