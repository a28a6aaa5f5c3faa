import Testing

@testable import Pricing

/// Which entry an event means: as it is, by alias, normalised, and nothing else.
@Suite struct MatchTests {
  struct Example: Sendable, CustomTestStringConvertible {
    let provider: String?
    let model: String
    let expected: String?
    var testDescription: String { "\(provider ?? "-") \(model)" }

    init(_ provider: String?, _ model: String, _ expected: String?) {
      self.provider = provider
      self.model = model
      self.expected = expected
    }
  }

  static let examples: [Example] = [
    .init("openai", "gpt-5", "gpt-5"),
    .init("openai", "GPT-5", "gpt-5"),
    .init("openai", " gpt 5 ", "gpt-5"),
    .init("openai", "openai/gpt-5", "gpt-5"),
    .init("openai", "gpt-5-2025-08-07", "gpt-5"),
    .init("openai", "gpt-5-20250807", "gpt-5"),
    .init("openai", "openai/gpt-5-2025-08-07", "gpt-5"),
    // An entry of its own is found before anything comes off.
    .init("openai", "gpt-4o-2024-05-13", "gpt-4o-2024-05-13"),
    .init("anthropic", "claude-sonnet-4-5", "claude-sonnet-4-5"),
    .init("anthropic", "claude-sonnet-4-5-20250929", "claude-sonnet-4-5"),
    .init("anthropic", "claude-sonnet-4-5@20250929", "claude-sonnet-4-5"),
    .init("anthropic", "claude-sonnet-4-5-20250929[1m]", "claude-sonnet-4-5"),
    .init("anthropic", "us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5"),
    .init("google", "models/gemini-2.5-pro", "gemini-2.5-pro"),
    .init("gcp.gemini", "gemini/gemini-2.5-pro", "gemini-2.5-pro"),
    .init("xai", "grok-4.3", "grok-4.3"),
    .init(nil, "claude-sonnet-4-5", "claude-sonnet-4-5"),
    // Copilot resells gpt-5: without a provider it is OpenAI's.
    .init(nil, "gpt-5", "gpt-5"),
    // Nothing is found by a part of its name, and nothing else comes off.
    .init("openai", "gpt-5-turbo-ultra", nil),
    .init("openai", "my-gpt-5", nil),
    .init("openai", "gpt-", nil),
    .init("openai", "", nil),
    .init("openai", "gpt-5-2025-08", nil),
    .init("openai", "gpt-5-19990807", nil),
    .init("openai", "gpt-5[]", nil),
    .init("openai", "anthropic/claude-sonnet-4-5", nil),
    .init("anthropic", "gpt-5", nil),
    .init("OpenAI", "gpt-5", nil),
    .init("nobody", "gpt-5", nil),
    .init(nil, "no-such-model", nil),
  ]

  @Test(arguments: examples)
  func finds(_ example: Example) throws {
    let book = try ExpectedCostTests.book.get()
    let found = book.price(
      provider: example.provider, model: example.model, serviceTier: nil, requestType: nil)
    #expect(found?.model == example.expected)
  }

  @Test func afterEachThingThatComesOffTheNameIsLookedUpAgain() throws {
    func model(_ name: String, _ price: String) -> String {
      """
      {"provider": "b", "model": "\(name)", "prices": [{"per_million_tokens": {"input": "\(price)"}, "source": ["s"]}]}
      """
    }
    let book = PriceBook([
      try Catalogs.read(
        models: [
          model("claude-5", "1"), model("anthropic.claude-5", "2"), model("us.anthropic.claude-5", "3"),
        ]
        .joined(separator: ","),
        providers: #"{"id": "b", "name": "B", "prefixes": ["bedrock/", "b/"]}"#)
    ])
    for (name, expected) in [
      ("bedrock/us.anthropic.claude-5", "us.anthropic.claude-5"),
      ("b/bedrock/eu.anthropic.claude-5", "anthropic.claude-5"), ("eu.claude-5", "claude-5"),
    ] {
      #expect(book.price(provider: "b", model: name, serviceTier: nil, requestType: nil)?.model == expected)
    }
  }

  @Test func everyModelAndAliasIsFoundAsItIs() throws {
    let book = try ExpectedCostTests.book.get()
    for model in book.models {
      for name in [model.model] + model.aliases {
        guard case .model(_, let found) = book.match(provider: model.provider, model: name) else {
          Issue.record("\(model.provider) \(name) is not found")
          continue
        }
        #expect(found.model == model.model)
      }
    }
  }

  @Test func saysWhyNothingWasFound() throws {
    let twice = try Catalogs.read(
      models: """
        {"provider": "a", "model": "m", "prices": [{"per_million_tokens": {"input": "1"}, "source": ["s"]}]},
        {"provider": "b", "model": "m", "prices": [{"per_million_tokens": {"input": "2"}, "source": ["s"]}]}
        """)
    let book = PriceBook([twice])
    #expect(book.price(provider: nil, model: "m", serviceTier: nil, requestType: nil) == nil)
    #expect(book.reason(provider: nil, model: "m") == .ambiguousProvider)
    #expect(book.reason(provider: "z", model: "m") == .unknownProvider)
    #expect(book.reason(provider: "a", model: "n") == .unknownModel)
    #expect(book.reason(provider: nil, model: "n") == .unknownModel)
  }
}

/// Small catalogs.
enum Catalogs {
  static func text(models: String = "", providers: String? = nil, more: String = "") -> String {
    """
    {"schema_version": 1, "name": "test", "version": "2026-11-01", "currency": "USD",
     "sources": {"s": {"kind": "user", "title": "A source", "url": "-", "retrieved": "2026-11-01"}},
     "providers": [\(providers ?? "{\"id\": \"a\", \"name\": \"A\"}, {\"id\": \"b\", \"name\": \"B\"}")],
     "models": [\(models)]\(more)}
    """
  }

  static func read(models: String = "", providers: String? = nil, more: String = "") throws -> PriceCatalog {
    try CatalogReader.read(
      Array(text(models: models, providers: providers, more: more).utf8), file: "test.json")
  }

  /// A book of one model `m` of provider `a` with these periods.
  static func book(_ periods: String, providers: String? = nil) throws -> PriceBook {
    PriceBook([
      try read(
        models: "{\"provider\": \"a\", \"model\": \"m\", \"prices\": [\(periods)]}", providers: providers)
    ])
  }
}
