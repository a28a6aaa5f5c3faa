//! Which model would have cost less for the same tokens: among the models that are used anyway, for the same operations.

import Bytes
import Query

/// What some usage would have cost with other models, at the prices with which each day begins.
struct CheaperModel {
  /// How many of the models used most are tried.
  static let candidatesMax = 20

  /// A model and what it was used for.
  struct Candidate {
    let provider: ByteText?
    let model: ByteText
    var operations: Set<ByteText?>
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
}
