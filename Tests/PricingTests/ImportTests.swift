import Foundation
import Money
import Testing

@testable import Pricing

/// Other tools' price lists, with what there is to stumble over in them.
@Suite struct ImportTests {
  private static func read(_ name: String) throws -> PriceImport {
    try PriceImport.read(
      Array(Data(contentsOf: Fixtures.url(name))), file: name, name: name, retrieved: "2026-11-20")
  }

  private static func prices(_ found: PriceImport, _ provider: String, _ model: String) throws -> [String:
    String]
  {
    let model = try #require(
      found.catalog.models.first { $0.provider == provider && $0.model == model }, "\(provider) \(model)")
    return Dictionary(
      uniqueKeysWithValues: try #require(model.periods.first).flattened.map { ($0.what, $0.price) })
  }

  static let liteLLM: [(provider: String, model: String, prices: [String: String])] = [
    ("example", "uppercase-exponent", ["input": "1", "output": "2.5"]),
    ("example", "plain-decimals", ["input": "1.25", "output": "10"]),
    ("example", "finer-than-a-pico", ["input": "0.123457", "output": "0.3"]),
    ("example", "half-a-pico", ["input": "0.000002", "output": "0.000004"]),
    ("example", "whole-numbers", ["input": "0", "output": "1000000"]),
    ("example", "number-as-text", ["input": "1", "output": "2"]),
    ("example", "null-and-unknown", ["output": "2"]),
    ("example", "tier-without-output", ["input": "1", "output": "2", "input above 128000": "2"]),
    (
      "gcp.gemini", "gemini-exp-1206",
      ["input": "0", "output": "0", "input above 128000": "0", "output above 128000": "0"]
    ),
    (
      "dashscope", "qwen-flash",
      ["input": "0.05", "output": "0.4", "input above 256000": "0.25", "output above 256000": "2"]
    ),
    ("openai", "whisper-1", ["audio_second": "0.0001"]),
    ("openai", "tts-1", ["character": "0.000015"]),
    ("gcp.gemini", "imagen-3.0-generate-001", ["image": "0.04"]),
    ("perplexity", "search", ["request": "0.005"]),
    (
      "perplexity", "sonar",
      [
        "input": "1", "output": "1", "request": "0.005", "search_context_medium request": "0.008",
        "search_context_high request": "0.012",
      ]
    ),
    (
      "groq", "openai/gpt-oss-120b",
      ["input": "0.15", "cache_read": "0.075", "output": "0.6", "search": "0.005"]
    ),
    (
      "openai", "ft:gpt-4.1-2025-04-14",
      [
        "input": "3", "cache_read": "0.75", "output": "12", "batch input": "1.5", "batch cache_read": "0.5",
        "batch output": "6",
      ]
    ),
  ]

  @Test(arguments: liteLLM)
  func liteLLMPrices(provider: String, model: String, prices: [String: String]) throws {
    #expect(try Self.prices(try Self.read("litellm-sample.json"), provider, model) == prices)
  }

  @Test func liteLLMTiersOfAllKinds() throws {
    let found = try Self.read("litellm-sample.json")
    let astra = try Self.prices(found, "openai", "gpt-6-astra")
    #expect(astra["cache_write_12h above 272000"] == "50")
    #expect(astra["priority cache_write_12h above 272000"] == "100")
    #expect(astra["batch cache_write"] == "6.25")
    // xAI's tier begins at its threshold.
    let grok = try Self.prices(found, "x_ai", "grok-4.3")
    #expect(grok["input above 199999"] == "2.5")
    #expect(grok["batch input above 199999"] == "2")
    let deepseek = try Self.prices(found, "deepseek", "deepseek-flash")
    #expect(deepseek["input"] == "0.3")
    #expect(deepseek["input 00:00-01:00,04:00-06:00,10:00-00:00 mon tue wed thu fri"] == "0.15")
    #expect(deepseek["input 00:00-00:00 sat sun"] == "0.15")
    // Reasoning at output's price is output; a price of its own stays.
    #expect(try Self.prices(found, "gcp.gemini", "gemini-2.5-flash")["reasoning"] == nil)
    #expect(try Self.prices(found, "perplexity", "sonar-deep-research")["reasoning"] == "3")
  }

  @Test func liteLLMWhatIsLeftOutIsSaid() throws {
    let found = try Self.read("litellm-sample.json")
    #expect(
      found.refused == [
        "example/negative: input_cost_per_token is negative", "example/no-provider: no litellm_provider",
      ])
    #expect(
      found.rounded == [
        "example/finer-than-a-pico: input_cost_per_token 1.2345678901234e-07 is 0.000000123457",
        "example/finer-than-a-pico: output_cost_per_token 3.0000000000000004e-07 is 0.0000003",
        "example/half-a-pico: input_cost_per_token 2.5e-12 is 0.000000000002",
        "example/half-a-pico: output_cost_per_token 3.5e-12 is 0.000000000004",
      ])
    #expect(found.unsupported["some_future_cost_per_token"] == 1)
    #expect(found.unsupported["citation_cost_per_token"] == 1)
    #expect(
      !found.catalog.models.contains { $0.model == "sample_spec" || $0.model == "fallback_generalizations" })
    // Without a price is unknown, not free.
    #expect(!found.catalog.models.contains { $0.provider == "github" && $0.model == "gpt-4.1" })
    #expect(!found.catalog.models.contains { $0.model == "no-prices" })
  }

  @Test func ofSeveralKeysForOneNameLiteLLMsOrderHolds() throws {
    func entry(_ key: String, _ provider: String, _ price: String) -> String {
      #""\#(key)": {"litellm_provider": "\#(provider)", "input_cost_per_token": \#(price)}"#
    }
    let map = [
      entry("bedrock_mantle/a", "bedrock_mantle", "3e-06"), entry("a", "bedrock_converse", "1e-06"),
      entry("b", "vertex_ai-language-models", "2e-06"), entry("vertex_ai/b", "vertex_ai", "4e-06"),
      entry("bedrock/c", "bedrock", "5e-06"), entry("c", "bedrock_converse", "5e-06"),
      entry("vertex_ai/Claude-5", "vertex_ai-anthropic_models", "6e-06"),
    ]
    let found = try PriceImport.read(
      Array("{\(map.joined(separator: ","))}".utf8), file: "x", name: "x", retrieved: "2026-11-20")
    let models = found.catalog.models.map {
      "\($0.provider) \($0.model) \($0.periods[0].flattened[0].price)"
    }
    #expect(
      models.sorted() == [
        "aws.bedrock a 1", "aws.bedrock bedrock_mantle/a 3", "aws.bedrock c 5", "gcp.vertex_ai Claude-5 6",
        "gcp.vertex_ai b 4",
      ])
    #expect(found.refused == ["b: gcp.vertex_ai has b already"])
    let book = PriceBook([found.catalog])
    for name in ["claude-5", "vertex_ai/claude-5", "claude-5@20261101"] {
      #expect(book.price(provider: "vertex_ai", model: name, serviceTier: nil, requestType: nil) != nil)
    }
  }

  @Test func fireworksTakesHalfForWhatItHasCached() throws {
    let map = """
      {"fireworks_ai/a": {"litellm_provider": "fireworks_ai", "input_cost_per_token": 9e-07},
       "fireworks_ai/b": {"litellm_provider": "fireworks_ai", "input_cost_per_token": 9e-07,
         "cache_read_input_token_cost": 1e-07}}
      """
    let found = try PriceImport.read(Array(map.utf8), file: "x", name: "x", retrieved: "2026-11-20")
    #expect(try Self.prices(found, "fireworks_ai", "a") == ["input": "0.9", "cache_read": "0.45"])
    #expect(try Self.prices(found, "fireworks_ai", "b") == ["input": "0.9", "cache_read": "0.1"])
  }

  @Test func modelsDevPrices() throws {
    let found = try Self.read("models-dev-sample.json")
    #expect(try Self.prices(found, "example", "free") == ["input": "0", "output": "0"])
    #expect(try Self.prices(found, "example", "only-input") == ["input": "0.5"])
    #expect(try Self.prices(found, "example", "exponent") == ["input": "0.015", "output": "20"])
    #expect(try Self.prices(found, "example", "too-fine") == ["input": "0.123457", "output": "0.3"])
    #expect(try Self.prices(found, "example", "reasoning-apart")["reasoning"] == "3.5")
    #expect(try Self.prices(found, "example", "two-tiers")["output above 256000"] == "8")
    #expect(try Self.prices(found, "example", "modes")["priority output"] == "150")
    #expect(try Self.prices(found, "openai", "gpt-5.4")["input above 272000"] == "5")
    #expect(try Self.prices(found, "openai", "gpt-5.4")["input above 200000"] == nil)
    #expect(try Self.prices(found, "x_ai", "grok-4.3")["input above 199999"] == "2.5")
    #expect(found.unsupported["cost.tiers of type batch"] == 1)
    #expect(!found.catalog.models.contains { $0.model == "no-cost" || $0.model == "null-cost" })
  }

  @Test func whatAShapeCannotSayDoesNotCeaseToCost() throws {
    let book = try ExpectedCostTests.book.get()
    let noon: Int64 = 1_795_176_000_000
    let layer = try Self.read("models-dev-sample.json").catalog(over: book, from: noon)
    let changed = Set(book.differences(to: layer, from: noon).filter { !$0.isNew }.map(\.model))
    // Its tokens cost what they did: batches and searches stay priced.
    #expect(!changed.contains("gpt-5"))
    #expect(!changed.contains("o3"))
    #expect(changed.contains("gpt-3.5-turbo"))
  }

  @Test func whatAnImportWritesIsACatalogThatReadsBack() throws {
    for name in ["litellm-sample.json", "models-dev-sample.json"] {
      let catalog = try Self.read(name).catalog
      #expect(try CatalogReader.read(Array(CatalogWriter.text(catalog).utf8), file: name) == catalog)
    }
  }

  @Test func providersAreFoundByTheirNamesThereToo() throws {
    let book = PriceBook([try Self.read("litellm-sample.json").catalog])
    for (provider, model) in [
      ("bedrock_converse", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"), ("azure", "azure/gpt-5"),
      ("azure.ai.openai", "gpt-5"), ("dashscope", "dashscope/qwen-flash"),
    ] {
      #expect(
        book.price(provider: provider, model: model, serviceTier: nil, requestType: nil) != nil, "\(model)")
    }
    // What only serves models is never meant by an event without a provider.
    #expect(
      book.price(provider: nil, model: "gpt-5", serviceTier: nil, requestType: nil)?.provider == "openai")
    #expect(book.reason(provider: nil, model: "qwen-flash") == .unknownModel)
  }

  @Test func anotherShapeIsRefused() {
    #expect(
      throws: PricingError.content(
        file: "x", line: 1,
        "neither LiteLLM's price map, nor models.dev's api.json, nor a catalog of schema_version 1")
    ) {
      try PriceImport.read(Array("{\"a\": 1}".utf8), file: "x", name: "x", retrieved: "2026-11-20")
    }
  }
}
