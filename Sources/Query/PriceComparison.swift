//! List prices and what-ifs price every event of a day again, unless all prices asked for are the same on that day:
//! then its rollup already knows.

package import Pricing
import Rollup

/// Prices beside those that hold: what the same usage costs at them stands in columns of its own.
package struct PriceComparison: Sendable {
  /// The columns are `cost_<name>` and the like.
  package var name: String
  /// One or more; of several the cheapest counts, row by row, and its label is one more dimension of the row.
  package var candidates: [Candidate]

  /// One set of prices.
  package struct Candidate: Sendable {
    package var label: String
    package var prices: any PriceSource

    package init(label: String, prices: any PriceSource) {
      self.label = label
      self.prices = prices
    }
  }

  /// Whether the comparison is all that the report is about, so that people see little beside it.
  package var isAlone = false

  package init(name: String, candidates: [Candidate]) {
    self.name = name
    self.candidates = candidates
  }

  /// The dimension that names the cheapest, when there is a choice.
  var dimension: String? { candidates.count > 1 ? "\(name)_model" : nil }
}

extension GroupSums {
  /// These sums, with what the same usage costs otherwise beside what it costs.
  ///
  /// - Parameter others: by candidate, sums of the same groups at its prices; what they call cost is what it costs.
  func compared(with others: [GroupSums], labels: [String]) -> GroupSums {
    guard others.count > 1 else {
      var result = self
      for (key, values) in others.first?.groups ?? [:] { result.add(values.asOther, to: key) }
      return result
    }
    let rows = rows
    let choices = others.map(\.rows)
    var result = GroupSums(unpriced: unpriced)
    for (name, groups) in rows {
      let offers = choices.map { Offer($0[name] ?? [:], as: groups) }
      let best = offers.indices.min { (offers[$0], $0) < (offers[$1], $1) }
      guard let best else { continue }
      let isChoice = offers.contains { $0 != Offer(groups, as: groups) }
      let label = isChoice ? Array(labels[best].utf8) : nil
      func key(_ currency: [UInt8]?) -> GroupKey {
        GroupKey(bucket: name.bucket, texts: name.texts + [label], currency: currency)
      }
      for (currency, values) in groups { result.add(values, to: key(currency)) }
      for (currency, values) in choices[best][name] ?? [:] { result.add(values.asOther, to: key(currency)) }
    }
    return result
  }

  /// By row, whatever the currency (which a key here lacks), the values by currency.
  private var rows: [GroupKey: [[UInt8]?: GroupValues]] {
    var rows: [GroupKey: [[UInt8]?: GroupValues]] = [:]
    for (key, values) in groups {
      rows[GroupKey(bucket: key.bucket, texts: key.texts, currency: nil), default: [:]][key.currency] = values
    }
    return rows
  }
}

/// What a row costs at some prices, to be ordered: what has no price is not cheap, and what costs another currency
/// cannot be compared.
private struct Offer: Comparable {
  let unpriced: Int128
  let foreign: Int
  let cost: Int128

  init(_ row: [[UInt8]?: GroupValues], as asked: [[UInt8]?: GroupValues]) {
    unpriced = row.values.reduce(0) { $0 + $1[.unpricedRequests] }
    foreign = row.count { $0.value.cost != 0 && asked[$0.key] == nil }
    cost = row.values.reduce(0) { $0 + $1.cost }
  }

  static func < (a: Offer, b: Offer) -> Bool {
    (a.unpriced, a.foreign, a.cost) < (b.unpriced, b.foreign, b.cost)
  }
}

extension GroupValues {
  /// What these values call cost, as what it costs otherwise.
  fileprivate var asOther: GroupValues {
    var values = GroupValues()
    values.otherCost = cost
    values.otherUnpriced = self[.unpricedRequests]
    values.otherApproximate = self[.approximateRequests]
    return values
  }
}
