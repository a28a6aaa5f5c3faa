//! Random events of all models and dates, beside `Fixtures/prices/reference.py`, which is the rules in plain Python and
//! shares nothing with the code here.

import Foundation
import Money
import TestSupport
import Testing

@testable import Pricing

@Suite struct ReferenceTests {
  private static let counters = [
    "input_tokens", "cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens",
    "cache_write_12h_tokens",
    "output_tokens", "input_audio_tokens", "output_audio_tokens", "input_image_tokens", "output_image_tokens",
    "unsplit_tokens", "images", "audio_seconds", "searches", "characters",
  ]

  private struct Draft {
    var provider: String?
    var model = ""
    var tier: String?
    var time: Int64 = 0
    var counters: [String: Int64] = [:]
    var credits: String?

    func usage() throws -> UsageCounters {
      var usage = UsageCounters()
      for (name, count) in counters { try usage.set(name, count) }
      if let credits { usage.credits = try Decimal.parse(credits) }
      return usage
    }

    func line() throws -> Data {
      var object: [String: Any] = counters
      object["provider"] = provider
      object["model"] = model
      object["service_tier"] = tier
      object["credits"] = credits
      object["time"] = Date(timeIntervalSince1970: Double(time) / 1000).formatted(.iso8601)
      return try JSONSerialization.data(withJSONObject: object)
    }
  }

  private static func draft(_ book: PriceBook, _ random: inout SeededGenerator) throws -> Draft {
    var draft = Draft()
    let model = try #require(book.models.randomElement(using: &random))
    draft.provider = Int.random(in: 0..<5, using: &random) == 0 ? nil : model.provider
    draft.model = ([model.model] + model.aliases).randomElement(using: &random) ?? ""
    draft.model += ["", "", "-2025-11-01", "[1m]", "x"].randomElement(using: &random) ?? ""
    draft.tier =
      [nil, nil, "batch", "flex", "priority", "default", "high", "odd"].randomElement(using: &random) ?? nil
    // Whole seconds from 2024 to 2027, and now and then the moment of a price change.
    draft.time = Int64.random(in: 1_704_067_200...1_798_761_600, using: &random) * 1000
    if Bool.random(using: &random), let from = model.periods.last?.from, from > 0 {
      draft.time = from - (Bool.random(using: &random) ? 1000 : 0)
    }
    draft.counters["requests"] = [1, 1, 1, 0, 5].randomElement(using: &random)
    let common = ["input_tokens", "cache_read_tokens", "output_tokens"]
    let names =
      common + [counters.randomElement(using: &random) ?? "", counters.randomElement(using: &random) ?? ""]
    for name in names where !name.isEmpty {
      draft.counters[name] = Int64.random(
        in: 0...([0, 10, 3000, 300_000].randomElement(using: &random) ?? 0), using: &random)
    }
    if let output = draft.counters["output_tokens"] {
      draft.counters["reasoning_tokens"] = Int64.random(in: 0...output, using: &random)
    }
    if Int.random(in: 0..<20, using: &random) == 0 {
      draft.credits = "\(Int.random(in: 1...9, using: &random)).25"
    }
    return draft
  }

  @Test(.enabled("needs python3") { Tools.isCI || Tools.anyPython != nil })
  func randomEventsCostWhatTheReferenceSays() throws {
    let python = try #require(Tools.anyPython, "no python3")
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed)
    let book = try ExpectedCostTests.book.get()
    let drafts = try (0..<3000).map { _ in try Self.draft(book, &random) }
    let folder = FileManager.default.temporaryDirectory.appending(path: "tally-pricing-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var input = Data()
    for draft in drafts { input += try draft.line() + Data("\n".utf8) }
    try input.write(to: folder.appending(path: "events"))
    let printed = try Tools.run(
      python, [Fixtures.url("reference.py").path, folder.appending(path: "events").path])
    let lines = String(decoding: printed, as: UTF8.self).split(separator: "\n").map(String.init)
    try #require(lines.count == drafts.count, "seed \(seed)")
    var priced = 0
    for (draft, line) in zip(drafts, lines) {
      let model = book.price(
        provider: draft.provider, model: draft.model, serviceTier: draft.tier, requestType: nil)
      let cost = model?.cost(of: try draft.usage(), at: draft.time)
      let text: String
      switch cost {
      case .exact(let pico, let currency), .approximate(let pico, let currency):
        text = "\(Decimal.text(pico)) \(currency)"
        priced += 1
      case .unpriced, nil: text = "unpriced"
      }
      #expect(text == (line.hasPrefix("unpriced") ? "unpriced" : line), "seed \(seed): \(draft)")
    }
    // A test in which nothing had a price would say nothing.
    #expect(priced > 500, "seed \(seed)")
  }

  @Test func costIsLinearWhereThereIsNoTier() throws {
    let book = try ExpectedCostTests.book.get()
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed)
    for model in book.models
    where model.periods.allSatisfy({ $0.tiers.isEmpty && $0.creditsPerRequest == nil }) {
      let priced = try #require(
        book.price(provider: model.provider, model: model.model, serviceTier: nil, requestType: nil))
      func amount(_ usage: UsageCounters) -> Int128? {
        guard case .exact(let pico, _) = priced.cost(of: usage, at: 1_795_176_000_000) else { return nil }
        return pico
      }
      var (a, b, sum) = (UsageCounters(), UsageCounters(), UsageCounters())
      a.inputTokens = Int64.random(in: 0...1_000_000, using: &random)
      b.inputTokens = Int64.random(in: 0...1_000_000, using: &random)
      b.cacheReadTokens = Int64.random(in: 0...1_000_000, using: &random)
      sum.inputTokens = a.inputTokens + b.inputTokens
      sum.cacheReadTokens = b.cacheReadTokens
      sum.requests = 2
      guard let first = amount(a), let second = amount(b) else { continue }
      #expect(amount(sum) == first + second, "seed \(seed): \(model.model)")
    }
  }
}
