import Bytes
import Events
package import Pricing

/// The columns of a day's events that decide what they cost; valid while the table is there and takes no rows.
struct UsageColumns: ~Copyable {
  struct Tokens: BitwiseCopyable, @unchecked Sendable {
    let values: UnsafePointer<Int64>
    /// Place of the price in `PriceKey`.
    let price: Int
    let isPrompt: Bool
  }

  /// The counters in tokens that any event of the day has.
  private(set) var tokens = Column<Tokens>()
  private var units: [UnsafePointer<Int64>] = []
  private let credits: UnsafePointer<Int128>?
  private let output: UnsafePointer<Int64>?
  private let reasoning: UnsafePointer<Int64>?
  private let byCount: [UnsafePointer<Int64>?]

  init(_ events: borrowing EventTable) {
    var byCount: [UnsafePointer<Int64>?] = []
    for count in RollupCount.allCases { byCount.append(events.counts.column(count.rawValue)?.baseAddress) }
    self.byCount = byCount
    credits = events.amounts.column(RollupAmount.credits.rawValue)?.baseAddress
    (output, reasoning) = (
      byCount[RollupCount.outputTokens.rawValue], byCount[RollupCount.reasoningTokens.rawValue]
    )
    for key in PriceKey.tokens {
      // Both tables have the counters in one order; a test holds them together.
      let count = RollupCount.inputTokens.rawValue + Int(key.rawValue)
      guard let values = byCount[count] else { continue }
      tokens.append(
        Tokens(values: values, price: Int(key.rawValue), isPrompt: UsageCounters.promptKeys.contains(key)))
    }
    for count in [RollupCount.images, .audioSeconds, .searches, .characters] {
      if let values = byCount[count.rawValue] { units.append(values) }
    }
  }

  /// Whether an event used something else than tokens, or says more than makes sense.
  @inline(__always)
  func isSpecial(_ event: Int) -> Bool {
    for values in units where values[event] != 0 { return true }
    if let credits, credits[event] != 0 { return true }
    guard let reasoning, reasoning[event] != 0 else { return false }
    return reasoning[event] > output?[event] ?? 0
  }

  func value(_ count: RollupCount, _ event: Int) -> Int64 { byCount[count.rawValue]?[event] ?? 0 }

  /// What requests are counted with when something is said about an event: at least 1.
  func weight(_ event: Int) -> Int64 { max(value(.requests, event), 1) }

  /// What an event used.
  func usage(_ event: Int) -> UsageCounters {
    UsageCounters(credits: credits?[event] ?? 0) { value($0, event) }
  }

  /// Whether an event is a failed request that used nothing.
  func isFree(_ event: Int) -> Bool { UsageCounters.isFree { value($0, event) } }
}

extension UsageCounters {
  /// What an event used, by its counts; a failed request that used nothing is no request that anybody bills.
  package init(credits: Int128, _ value: (RollupCount) -> Int64) {
    self.init()
    requests = Self.isFree(value) ? 0 : value(.requests)
    inputTokens = value(.inputTokens)
    cacheReadTokens = value(.cacheReadTokens)
    cacheWriteTokens = value(.cacheWriteTokens)
    cacheWrite1hTokens = value(.cacheWrite1hTokens)
    cacheWrite12hTokens = value(.cacheWrite12hTokens)
    outputTokens = value(.outputTokens)
    reasoningTokens = value(.reasoningTokens)
    inputAudioTokens = value(.inputAudioTokens)
    outputAudioTokens = value(.outputAudioTokens)
    inputImageTokens = value(.inputImageTokens)
    outputImageTokens = value(.outputImageTokens)
    unsplitTokens = value(.unsplitTokens)
    searches = value(.searches)
    images = value(.images)
    audioSeconds = value(.audioSeconds)
    characters = value(.characters)
    self.credits = credits
  }

  private static let weighed: [RollupCount] = RollupCount.allCases.filter { count in
    count != .requests && count.field.map { EventField.weighed.contains($0) } ?? false
  }

  /// Whether an event is a failed request that used nothing.
  package static func isFree(_ value: (RollupCount) -> Int64) -> Bool {
    value(.errors) != 0 && weighed.allSatisfy { value($0) == 0 }
  }
}
