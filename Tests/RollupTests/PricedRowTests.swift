import Foundation
import Parquet
import Pricing
import Rollup
import StoreFixtures
import TestSupport
import Testing

/// What a rollup says an event costs, beside a computation that shares nothing with it but the catalog.
@Suite struct PricedRowTests {
  private static let counters = [
    "cache_write_tokens", "cache_write_1h_tokens", "reasoning_tokens", "input_audio_tokens",
    "output_audio_tokens",
    "input_image_tokens", "output_image_tokens", "unsplit_tokens", "images", "audio_seconds", "searches",
    "characters",
  ]

  private static func pricer() throws -> Pricer {
    Pricer(PriceBook([try CatalogReader.builtIn()]), fingerprint: "test")
  }

  /// An event of `model` that is alone in its row, because nobody else is its user.
  private static func draft(
    _ number: Int, _ model: ModelPrices, day: Int, _ random: inout SeededGenerator
  ) -> EventDraft {
    var draft = EventDraft(
      id: "stdin:\(number)",
      time: Int64(day) * 86_400_000 + Int64.random(in: 0..<86_400, using: &random) * 1000)
    draft.texts["user"] = String(10_000 + number)
    draft.texts["provider"] = model.provider
    draft.texts["model"] = model.model
    draft.texts["service_tier"] = [nil, nil, nil, "batch", "priority"].randomElement(using: &random) ?? nil
    draft.numbers["requests"] = [1, 1, 1, 3].randomElement(using: &random)
    let size = [1000, 150_000, 300_000].randomElement(using: &random) ?? 0
    for name in ["input_tokens", "cache_read_tokens", "output_tokens"] {
      draft.numbers[name] = Int64.random(in: 0...Int64(size), using: &random)
    }
    if Int.random(in: 0..<3, using: &random) == 0, let name = counters.randomElement(using: &random) {
      let most = name == "reasoning_tokens" ? draft.numbers["output_tokens"] ?? 0 : 1000
      draft.numbers[name] = Int64.random(in: 0...most, using: &random)
    }
    return draft
  }

  /// Ordinary days, and those on which the built-in catalog has a price change.
  private static func days(_ models: [ModelPrices], _ random: inout SeededGenerator) -> [Int] {
    let changes = models.flatMap { $0.periods.map(\.from) }.filter { $0 > 1_704_067_200_000 }
    return (0..<6).compactMap { round in
      round < 2
        ? Int.random(in: 20_000...20_700, using: &random)
        : changes.randomElement(using: &random).map { Int($0 / 86_400_000) }
    }
  }

  @Test(.enabled("needs python3") { Tools.isCI || Tools.anyPython != nil })
  func anEventCostsWhatTheReferenceSays() throws {
    let python = try #require(Tools.anyPython, "no python3")
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededGenerator(seed)
    let pricer = try Self.pricer()
    let models = try pricer.book().models
    var priced = 0
    for day in Self.days(models, &random) {
      let drafts = (0..<400).map { number in
        // Models whose prices change that day among others.
        let changing = models.filter { $0.periods.contains { $0.from / 86_400_000 == Int64(day) } }
        let model = (number % 4 == 0 ? changing : models).randomElement(using: &random) ?? models[0]
        return Self.draft(number, model, day: day, &random)
      }
      let input = FileManager.default.temporaryDirectory.appending(path: "tally-priced-\(UUID().uuidString)")
      defer { try? FileManager.default.removeItem(at: input) }
      try Data(drafts.map { $0.line + "\n" }.joined().utf8).write(to: input)
      let script = Tools.root.appending(path: "Fixtures/prices/reference.py").path
      let printed = String(decoding: try Tools.run(python, [script, input.path]), as: UTF8.self)
      let expected = printed.split(separator: "\n").map(String.init)
      let found = rows(try fold([drafts.map(\.line)], day: day, prices: pricer).day)
      try #require(expected.count == drafts.count && found.count == drafts.count, "seed \(seed)")
      for (row, expected) in zip(found.sorted { $0["user"] ?? "" < $1["user"] ?? "" }, expected) {
        let cost = Foundation.Decimal(string: row["cost_computed"] ?? "") ?? -1
        let text = "\(cost / 1_000_000_000_000) \(row["currency_computed"] ?? "unpriced")"
        if expected.hasPrefix("unpriced") {
          #expect(text == "0 unpriced", "seed \(seed): \(row)")
          #expect(
            row["uncomputed_requests"] == row["requests"] && row["unpriced_requests"] == row["requests"])
        } else {
          #expect(text == expected, "seed \(seed), day \(day): \(row)")
          #expect(row["cost_computed_unreported"] == row["cost_computed"])
          #expect(row["uncomputed_requests"] == "0" && row["unpriced_requests"] == "0")
          priced += 1
        }
      }
    }
    #expect(priced > 500, "seed \(seed)")
  }

  private func event(_ change: (inout EventDraft) -> Void) throws -> [String: String] {
    var draft = EventDraft(id: "stdin:1", time: 1_793_000_000_000)
    draft.texts = ["provider": "anthropic", "model": "claude-sonnet-4-5"]
    draft.numbers = ["input_tokens": 1000]
    change(&draft)
    let day = Int(draft.time / 86_400_000)
    return try #require(rows(try fold([[draft.line]], day: day, prices: try Self.pricer()).day).first)
  }

  private func counts(_ row: [String: String]) -> [String?] {
    ["unpriced_requests", "unreported_requests", "uncomputed_requests", "approximate_requests"].map {
      row[$0]
    }
  }

  /// 1000 tokens at 3 USD a million.
  @Test func aReportedCostStandsBesideTheComputedOne() throws {
    let row = try event { ($0.cost, $0.currency) = ("0.5", "EUR") }
    #expect(row["cost_reported"] == "500000000000" && row["currency_reported"] == "EUR")
    #expect(row["cost_computed"] == "3000000000" && row["currency_computed"] == "USD")
    #expect(row["cost_computed_unreported"] == "0")
    #expect(counts(row) == ["0", "0", "0", "0"])
  }

  @Test func whatIsOnlyComputedIsUnreported() throws {
    let row = try event { _ in }
    #expect(row["cost_reported"] == "0" && row["currency_reported"] == nil)
    #expect(row["cost_computed"] == "3000000000" && row["cost_computed_unreported"] == "3000000000")
    #expect(counts(row) == ["0", "1", "0", "0"])
  }

  @Test func whatIsOnlyReportedIsUncomputed() throws {
    let row = try event {
      $0.texts["model"] = "nobody-knows"
      ($0.cost, $0.currency) = ("0.5", "EUR")
    }
    #expect(row["currency_computed"] == nil && row["cost_computed"] == "0")
    #expect(counts(row) == ["0", "0", "1", "0"])
  }

  @Test func whatIsNeitherIsUnpriced() throws {
    let row = try event {
      $0.texts["model"] = "nobody-knows"
      $0.numbers["requests"] = 7
    }
    #expect(counts(row) == ["7", "7", "7", "0"])
  }

  /// Whether one of them was over the threshold, nobody knows.
  @Test func manyLongRequestsInOneEventAreApproximate() throws {
    let row = try event {
      $0.numbers = ["requests": 4, "input_tokens": 500_000]
    }
    #expect(row["cost_computed"] == "1500000000000")
    #expect(counts(row) == ["0", "4", "0", "4"])
  }

  /// What was used after the change of price, nobody knows.
  @Test func aBucketThatReachesIntoOtherPricesIsApproximate() throws {
    let models = try Self.pricer().book().models
    let changing = try #require(
      models.first { $0.periods.count > 1 && $0.periods[1].from % 86_400_000 == 0 && $0.provider == "openai" }
    )
    for (period, isApproximate) in [("1h", false), ("1d", true)] {
      let row = try event {
        $0.texts = ["provider": changing.provider, "model": changing.model]
        $0.time = changing.periods[1].from - 12 * 3_600_000
        $0.period = period
      }
      #expect(row["approximate_requests"] == (isApproximate ? "1" : "0"), "\(changing.model), \(period)")
      #expect(row["uncomputed_requests"] == "0")
    }
  }

  @Test func aFailureThatUsedNothingIsFreeWhateverTheModel() throws {
    for model in ["claude-sonnet-4-5", "nobody-knows"] {
      let row = try event {
        $0.texts["model"] = model
        $0.status = "error"
        $0.numbers = [:]
      }
      #expect(row["cost_computed"] == "0" && row["errors"] == "1")
      #expect(counts(row) == ["0", "0", "0", "0"])
    }
  }

  /// A provider's bill is what it says; nothing is computed beside it.
  @Test func aBillIsNotPriced() throws {
    let row = try event {
      $0.kind = "billed"
      ($0.cost, $0.currency) = ("12", "USD")
    }
    #expect(row["cost_reported"] == "12000000000000")
    #expect(row["cost_computed"] == "0" && row["currency_computed"] == nil)
    #expect(counts(row) == ["0", "0", "0", "0"])
  }

  @Test func whatCountsNowhereIsNotAskedFor() throws {
    var lines: [String] = []
    for (number, status) in [nil, "void"].enumerated() {
      var draft = EventDraft(id: "stdin:\(number)", time: 1_793_000_000_000)
      draft.texts = ["provider": "anthropic", "model": "model-\(number)"]
      draft.status = status
      draft.numbers["requests"] = 1
      lines.append(draft.line)
    }
    let settled = try settle([lines], day: 1_793_000_000_000 / 86_400_000, prices: try Self.pricer())
    #expect(settled.priceQueries == [PriceQuery(provider: "anthropic", model: "model-0")])
  }
}
