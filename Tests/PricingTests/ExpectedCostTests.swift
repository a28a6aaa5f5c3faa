//! The worked examples, priced from other packages' published data by somebody else's arithmetic.

import Foundation
import Money
import TestSupport
import Testing

@testable import Pricing

struct ExpectedCase: Decodable, Sendable, CustomTestStringConvertible {
  let name: String
  let provider: String
  let model: String
  let time: String
  let service_tier: String?
  let counters: [String: Counter]
  let expected_usd: String

  var testDescription: String { name }

  enum Counter: Decodable, Sendable {
    case count(Int64)
    case decimal(String)

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let count = try? value.decode(Int64.self) {
        self = .count(count)
      } else {
        self = .decimal(try value.decode(String.self))
      }
    }
  }

  static let all: [ExpectedCase] = {
    struct File: Decodable { let cases: [ExpectedCase] }
    do {
      return try JSONDecoder().decode(File.self, from: Data(contentsOf: Fixtures.url("expected-costs.json")))
        .cases
    } catch {
      Issue.record("expected-costs.json: \(error)")
      return []
    }
  }()

  var usage: UsageCounters {
    get throws {
      var usage = UsageCounters()
      for (name, counter) in counters {
        switch counter {
        case .count(let count): try usage.set(name, count)
        case .decimal(let text): usage.credits = try Decimal.parse(text)
        }
      }
      return usage
    }
  }
}

enum Fixtures {
  static let root = Tools.root

  static func url(_ name: String) -> URL { root.appending(path: "Fixtures/prices/\(name)") }

  static func milliseconds(_ text: String) throws -> Int64 {
    Int64(try Date(text, strategy: .iso8601).timeIntervalSince1970 * 1000)
  }
}

extension UsageCounters {
  /// Sets a counter by its name in an event.
  mutating func set(_ name: String, _ count: Int64) throws {
    let paths: [String: WritableKeyPath<UsageCounters, Int64>] = [
      "requests": \.requests, "input_tokens": \.inputTokens, "cache_read_tokens": \.cacheReadTokens,
      "cache_write_tokens": \.cacheWriteTokens, "cache_write_1h_tokens": \.cacheWrite1hTokens,
      "cache_write_12h_tokens": \.cacheWrite12hTokens, "output_tokens": \.outputTokens,
      "reasoning_tokens": \.reasoningTokens, "input_audio_tokens": \.inputAudioTokens,
      "output_audio_tokens": \.outputAudioTokens, "input_image_tokens": \.inputImageTokens,
      "output_image_tokens": \.outputImageTokens, "unsplit_tokens": \.unsplitTokens, "searches": \.searches,
      "images": \.images, "audio_seconds": \.audioSeconds, "characters": \.characters,
    ]
    self[keyPath: try #require(paths[name], "no counter \(name)")] = count
  }
}

@Suite struct ExpectedCostTests {
  static let book = Result { try PriceBook([CatalogReader.builtIn()]) }

  @Test(arguments: ExpectedCase.all)
  func costsWhatItCosts(_ example: ExpectedCase) throws {
    let model = try #require(
      Self.book.get().price(
        provider: example.provider, model: example.model, serviceTier: example.service_tier, requestType: nil)
    )
    let cost = model.cost(of: try example.usage, at: try Fixtures.milliseconds(example.time))
    #expect(cost == .exact(try Decimal.parse(example.expected_usd), try #require(Currency("USD"))))
  }

  @Test func thereAreExamples() { #expect(ExpectedCase.all.count > 40) }
}
