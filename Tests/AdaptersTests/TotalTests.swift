import Adapters
import Events
import Foundation
import TestSupport
import Testing

/// Counters are disjoint: where a source says a total, ours add up to it.
@Suite struct TotalTests {
  private static let totals = ["total_tokens", "totalTokenCount", "totalTokens"]

  /// What comes on top of the total, by the documentation.
  private static let exceptions = [
    "perplexity-chat-completion.json": 73992,  // reasoning of deep research
    "perplexity-responses.json": 0,
  ]

  @Test(
    arguments: FormatFixture.all.filter { $0.format.name == "response" && $0.input.pathExtension == "json" })
  func disjointCountersAddUpToWhatTheResponseSays(_ fixture: FormatFixture) throws {
    let data = try Data(contentsOf: fixture.input)
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let usage = object["usage"] as? [String: Any] ?? object["usageMetadata"] as? [String: Any]
    guard let total = Self.totals.lazy.compactMap({ usage?[$0] as? Int }).first else { return }
    let events = fixture.reading(Array(data)).events
    let ours = events.reduce(0) { sum, event in
      sum + EventField.tokens.reduce(0) { $0 + Int(event[$1] ?? 0) }
    }
    #expect(ours == total + (Self.exceptions[fixture.input.lastPathComponent] ?? 0))
  }
}
