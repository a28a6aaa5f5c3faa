import Money
import Testing

@testable import Pricing

/// The rules of `Schemas/catalog.md`, one by one, on catalogs made for them.
@Suite struct CostRuleTests {
  private let usd = Currency(packed: 0x55_53_44)
  /// 2026-11-20T12:00Z, a Friday.
  private let noon: Int64 = 1_795_176_000_000

  private func cost(
    _ period: String, tier: String? = nil, requestType: String? = nil, providers: String? = nil,
    at time: Int64? = nil, spanMs: Int64 = 0, _ change: (inout UsageCounters) -> Void
  ) throws -> Cost {
    let book = try Catalogs.book(period, providers: providers)
    let model = try #require(
      book.price(provider: "a", model: "m", serviceTier: tier, requestType: requestType))
    var usage = UsageCounters()
    change(&usage)
    return model.cost(of: usage, at: time ?? noon, spanMs: spanMs)
  }

  private func exact(_ usd: String) throws -> Cost { .exact(try Decimal.parse(usd), self.usd) }
  private func about(_ usd: String) throws -> Cost { .approximate(try Decimal.parse(usd), self.usd) }

  private static let tokens = #"{"per_million_tokens": {"input": "2", "output": "10"}, "source": ["s"]}"#

  @Test func whatHasNoPriceCostsWhatInputCosts() throws {
    let expected = try exact("0.000002")
    for path in [
      \UsageCounters.inputTokens, \.cacheReadTokens, \.cacheWriteTokens, \.cacheWrite1hTokens,
      \.cacheWrite12hTokens, \.inputAudioTokens, \.inputImageTokens,
    ] {
      #expect(try cost(Self.tokens) { $0[keyPath: path] = 1 } == expected)
    }
  }

  @Test func aLongerCacheIsUnpricedBesideAShorterOneWithAPrice() throws {
    let period = #"{"per_million_tokens": {"input": "2", "cache_write": "3"}, "source": ["s"]}"#
    #expect(try cost(period) { $0.cacheWrite1hTokens = 1 } == .unpriced(.noPrice(.cacheWrite1h)))
    #expect(try cost(period) { $0.cacheWriteTokens = 1 } == exact("0.000003"))
  }

  @Test func everythingElseWithoutAPriceIsUnpricedNotFree() throws {
    let expected: [(WritableKeyPath<UsageCounters, Int64>, PriceKey)] = [
      (\.outputAudioTokens, .outputAudio), (\.outputImageTokens, .outputImage), (\.unsplitTokens, .unsplit),
      (\.searches, .search), (\.images, .image), (\.audioSeconds, .audioSecond), (\.characters, .character),
    ]
    for (path, key) in expected {
      #expect(try cost(Self.tokens) { $0[keyPath: path] = 1 } == .unpriced(.noPrice(key)))
    }
    #expect(try cost(Self.tokens) { $0.requests = 7 } == exact("0"))
    let free = #"{"per_million_tokens": {"input": "0"}, "source": ["s"]}"#
    #expect(try cost(free) { $0.inputTokens = 9 } == exact("0"))
    #expect(try cost(free) { $0.outputTokens = 9 } == .unpriced(.noPrice(.output)))
  }

  @Test func reasoningIsPartOfOutputUnlessItHasAPrice() throws {
    #expect(
      try cost(Self.tokens) {
        $0.outputTokens = 10
        $0.reasoningTokens = 4
      } == exact("0.0001"))
    let apart = #"{"per_million_tokens": {"output": "10", "reasoning": "3"}, "source": ["s"]}"#
    #expect(
      try cost(apart) {
        $0.outputTokens = 10
        $0.reasoningTokens = 4
      } == exact("0.000072"))
  }

  private static let tiered = """
    {"per_million_tokens": {"input": "1", "cache_read": "0.1", "output": "2"}, "source": ["s"],
     "tiers": [{"above_input_tokens": 100, "per_million_tokens": {"input": "3", "output": "4"}},
               {"above_input_tokens": 200, "per_million_tokens": {"input": "5"}}],
     "service_tiers": {"batch": {"per_million_tokens": {"input": "0.5"},
       "tiers": [{"above_input_tokens": 200, "per_million_tokens": {"input": "2.5"}}]}}}
    """

  @Test(arguments: [
    (100, 0, "0.000120"), (101, 0, "0.000343"), (100, 1, "0.0003401"), (200, 0, "0.00064"),
    (201, 0, "0.001025"),
  ])
  func theWholeRequestIsPricedAtItsTier(input: Int64, read: Int64, expected: String) throws {
    // Output falls back to the standard table where the tier has none: 5 · 201 + 2 · 10.
    #expect(
      try cost(Self.tiered) {
        $0.inputTokens = input
        $0.cacheReadTokens = read
        $0.outputTokens = 10
      } == exact(expected))
  }

  @Test func severalRequestsHaveTheStandardPriceAndAreApproximateOnlyWhereATierMayApply() throws {
    #expect(
      try cost(Self.tiered) {
        $0.requests = 2
        $0.inputTokens = 201
      } == about("0.000201"))
    #expect(
      try cost(Self.tiered) {
        $0.requests = 2
        $0.inputTokens = 100
      } == exact("0.0001"))
  }

  @Test func serviceTiersAndContextTiersTogether() throws {
    #expect(try cost(Self.tiered, tier: "batch") { $0.inputTokens = 10 } == exact("0.000005"))
    // The standard context tier comes before the service tier without one.
    #expect(try cost(Self.tiered, tier: "batch") { $0.inputTokens = 150 } == exact("0.00045"))
    #expect(try cost(Self.tiered, tier: "batch") { $0.inputTokens = 300 } == exact("0.00075"))
  }

  @Test func wordsForServiceTiers() throws {
    let providers = #"{"id": "a", "name": "A", "service_tiers": {"default": "standard", "bulk": "batch"}}"#
    func cost(_ tier: String?, _ type: String? = nil) throws -> Cost {
      try self.cost(Self.tiered, tier: tier, requestType: type, providers: providers) { $0.inputTokens = 10 }
    }
    #expect(try cost(nil) == exact("0.00001"))
    #expect(try cost("standard") == exact("0.00001"))
    #expect(try cost("default") == exact("0.00001"))
    #expect(try cost("bulk") == exact("0.000005"))
    #expect(try cost(nil, "batch") == exact("0.000005"))
    #expect(try cost("default", "batch") == exact("0.00001"))
    #expect(try cost("turbo") == about("0.00001"))
    // A request type tells of batches alone.
    #expect(try cost(nil, "bulk") == exact("0.000005"))
    #expect(try cost("", "batch") == exact("0.000005"))
    for type in ["chat", "stream", "turbo", "default", "standard", ""] {
      #expect(try cost(nil, type) == exact("0.00001"), "\(type)")
    }
    let priority = Self.tiered.replacing("\"batch\"", with: "\"priority\"")
    #expect(
      try self.cost(priority, tier: "priority", requestType: nil) { $0.inputTokens = 10 } == exact("0.000005")
    )
    #expect(
      try self.cost(priority, tier: nil, requestType: "priority") { $0.inputTokens = 10 } == exact("0.00001"))
  }

  @Test(arguments: [
    ("2026-11-20T01:00Z", "3"), ("2026-11-20T03:59Z", "3"), ("2026-11-20T04:00Z", "1"),
    ("2026-11-23T00:59Z", "1"), ("2026-11-20T22:00Z", "3"), ("2026-11-21T01:59Z", "3"),
    // A Saturday's own hours are no window, but Friday's go on into it.
    ("2026-11-21T02:00Z", "1"), ("2026-11-21T22:00Z", "1"), ("2026-11-23T01:00Z", "3"),
  ])
  func windows(time: String, expected: String) throws {
    let period = """
      {"per_million_tokens": {"input": "1"}, "source": ["s"], "windows": [{"utc": ["01:00-04:00", "22:00-02:00"],
       "weekdays": ["mon", "tue", "wed", "thu", "fri"], "per_million_tokens": {"input": "3"}}]}
      """
    let at = try #require(Moment.parse(time))
    #expect(try cost(period, at: at) { $0.inputTokens = 1_000_000 } == exact(expected))
    #expect(try cost(period, at: at, spanMs: 86_400_000) { $0.inputTokens = 1_000_000 } == about(expected))
  }

  @Test func periodsBeginAndEndWhereTheySay() throws {
    let periods = """
      {"from": "2025-01-01", "per_million_tokens": {"input": "1"}, "source": ["s"]},
      {"from": "2026-03-01T10:30Z", "until": "2026-11-01", "per_million_tokens": {"input": "2"}, "source": ["s"]}
      """
    func cost(_ time: String, _ offset: Int64 = 0) throws -> Cost {
      try self.cost(periods, at: try #require(Moment.parse(time)) + offset) { $0.inputTokens = 1_000_000 }
    }
    // The first price holds for all its past.
    #expect(try cost("1999-01-01") == exact("1"))
    #expect(try cost("2026-03-01T10:30Z", -1) == exact("1"))
    #expect(try cost("2026-03-01T10:30Z") == exact("2"))
    #expect(try cost("2026-11-01", -1) == exact("2"))
    #expect(try cost("2026-11-01") == .unpriced(.noPeriod))
  }

  private static let provider = """
    {"id": "a", "name": "A", "credits": [{"name": "request", "price": "0.04", "source": ["s"]},
      {"from": "2026-06-01", "name": "credit", "price": "0.01", "currency": "EUR", "source": ["s"]}]}
    """

  @Test func creditsAreChargedInsteadOfTokens() throws {
    let euro = try #require(Currency("EUR"))
    #expect(
      try cost(Self.tokens, providers: Self.provider) {
        $0.credits = 12_500_000_000_000
        $0.inputTokens = 1_000_000
      } == .exact(125_000_000_000, euro))
    let march = try #require(Moment.parse("2026-03-01"))
    let multiplied = #"{"credits_per_request": "0.33", "source": ["s"]}"#
    #expect(
      try cost(multiplied, providers: Self.provider, at: march) {
        $0.requests = 3
      } == exact("0.0396"))
  }

  @Test func aProvidersCreditsNeedNoModel() throws {
    let book = try Catalogs.book(Self.tokens, providers: Self.provider)
    let model = try #require(
      book.price(provider: "a", model: "unheard-of", serviceTier: nil, requestType: nil))
    var usage = UsageCounters()
    usage.inputTokens = 5
    #expect(model.cost(of: usage, at: noon) == .unpriced(.unknownModel))
    usage.credits = 1_000_000_000_000
    #expect(model.cost(of: usage, at: noon) == .exact(10_000_000_000, try #require(Currency("EUR"))))
  }

  @Test func imagesAndSoundsCountedInTokensAreChargedOnce() throws {
    let period = """
      {"per_million_tokens": {"input": "1", "output_image": "40", "input_audio": "6"},
       "per_unit": {"image": "0.05", "audio_minute": "0.006"}, "source": ["s"]}
      """
    #expect(try cost(period) { $0.images = 2 } == exact("0.1"))
    #expect(
      try cost(period) {
        $0.images = 2
        $0.outputImageTokens = 100
      } == exact("0.004"))
    #expect(try cost(period) { $0.audioSeconds = 7 } == exact("0.0007"))
    #expect(
      try cost(period) {
        $0.audioSeconds = 7
        $0.inputAudioTokens = 100
      } == exact("0.0006"))
  }

  @Test func whatIsTooLargeIsUnpricedNotWrong() throws {
    let period = #"{"per_million_tokens": {"input": "999999999999"}, "source": ["s"]}"#
    #expect(try cost(period) { $0.inputTokens = Int64.max } == .unpriced(.tooLarge))
    let unit = #"{"per_unit": {"search": "999999999999"}, "source": ["s"]}"#
    #expect(try cost(unit) { $0.searches = Int64.max } == .unpriced(.tooLarge))
  }
}
