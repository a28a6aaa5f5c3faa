//! Which model would have cost less for the same tokens: among the models that are used anyway, for the same operations.

import Pricing
import Query
import Rollup

/// What some usage would have cost with other models, at the prices with which each day begins.
struct CheaperModel {
  /// How many of the models used most are tried.
  static let candidatesMax = 20

  /// A model and what it was used for.
  struct Candidate {
    let provider: String?
    let model: String
    var operations: Set<String?>
  }

  /// A model's usage and its costs, so far.
  struct Comparison {
    private(set) var cost: Int128 = 0
    private(set) var requests: Int128 = 0
    private(set) var tokens: Int128 = 0
    /// By candidate; nil for one that cannot price all of it.
    private var costs: [Int128?]

    init(candidates: Int) { costs = [Int128?](repeating: 0, count: candidates) }

    mutating func add(_ sums: UsageSums, cost: Int128, others: [Int128?]) {
      self.cost += cost
      requests += sums.requests
      tokens += sums.tokens
      for index in costs.indices {
        costs[index] = costs[index].flatMap { known in others[index].map { known + $0 } }
      }
    }

    /// The cheapest candidate that costs less, of equals the first.
    var best: (candidate: Int, cost: Int128)? {
      let cheaper = costs.enumerated().compactMap { index, other in other.map { (index, $0) } }
        .filter { $0.1 < cost }
      return cheaper.min { ($0.1, $0.0) < ($1.1, $1.0) }.map { (candidate: $0.0, cost: $0.1) }
    }
  }

  /// What a day's usage costs at base prices; nil when not all of it has one.
  static func cost(_ sums: UsageSums, _ prices: KindPrices) -> Int128? {
    var cost: Int128 = 0
    let reasoning = min(sums[.reasoningTokens], sums[.outputTokens])
    let counts =
      PriceKey.tokens.filter { $0 != .output && $0 != .reasoning }.map { ($0, sums[count(of: $0)]) } + [
        (.output, sums[.outputTokens] - reasoning), (.reasoning, reasoning), (.image, sums[.images]),
        (.audioSecond, sums[.audioSeconds]), (.search, sums[.searches]), (.character, sums[.characters]),
      ]
    for (key, count) in counts where count != 0 {
      // A model without a cache takes cached tokens as input.
      guard let price = prices[key] ?? (cached.contains(key) ? prices[.input] : nil) else { return nil }
      cost += count * price
    }
    return cost + sums.requests * (prices[.request] ?? 0)
  }

  private static let cached: Set<PriceKey> = [.cacheRead, .cacheWrite, .cacheWrite1h, .cacheWrite12h]

  /// Both tables have the counters in one order; a test holds them together.
  private static func count(of key: PriceKey) -> RollupCount {
    RollupCount(rawValue: RollupCount.inputTokens.rawValue + Int(key.rawValue)) ?? .inputTokens
  }
}
