//! How the cost of one event came about: the same way that `PricedModel.cost` goes, with every product written down.

package import Bytes
package import Money

/// What the price of something depends on besides what it is: equal bases, equal prices.
package struct PriceBasis: Hashable, Sendable {
  /// The catalog's names; the model is nil where only the provider's credits are known.
  package let provider: ByteText
  package let model: ByteText?
  /// When these prices hold; the ends of time where they have no beginning or end.
  package let from: Int64
  package let until: Int64
  package let currency: Currency
  /// Prompts above this many tokens have these prices; nil for those below all thresholds.
  package let threshold: Int64?
  /// The hours that have these prices; nil for all others.
  package let hours: [PriceWindow.Hours]?
  /// Why the prices are only near; nil when they are exact.
  package let approximation: Approximation?

  /// Why a price is only near.
  package enum Approximation: Sendable, CustomStringConvertible {
    case tierMissing, mayBeOver, bucket

    package var description: String {
      switch self {
      case .tierMissing: "its service tier has no price of its own"
      case .mayBeOver: "it holds several requests, of which some may be above a threshold"
      case .bucket: "a provider's bucket crosses hours or periods with other prices"
      }
    }
  }
}

/// The products that add up to the cost of an event.
package struct CostExplanation: Sendable {
  /// One product.
  package struct Charge: Sendable {
    /// What was charged; nil for credits.
    package let key: PriceKey?
    /// How many; pico-credits for credits.
    package let count: Int128
    /// Pico-units for one.
    package let price: Int128
    /// Pico-units.
    package let cost: Int128
  }

  package let basis: PriceBasis
  package let charges: [Charge]
}

extension PricedModel {
  /// How `cost` comes about; nil where there is none.
  package func explained(_ usage: UsageCounters, at time: Int64, spanMs: Int64 = 0) -> CostExplanation? {
    switch way(of: usage, at: time, spanMs: spanMs) {
    case .unpriced: nil
    case .credits(let count, let isCutShort): explained(credits: count, at: time, isCutShort: isCutShort)
    case .period(let index, let isCutShort):
      explained(usage, by: periods[index], at: time, isBucket: spanMs > 0, isCutShort: isCutShort)
    }
  }

  private func explained(credits count: Int128, at time: Int64, isCutShort: Bool) -> CostExplanation? {
    guard let price = credits.inForce(at: time) else { return nil }
    switch creditCost(count, at: time, isApproximate: isCutShort) {
    case .unpriced: return nil
    case .exact(let pico, let currency), .approximate(let pico, let currency):
      let basis = PriceBasis(
        provider: ByteText(provider), model: model.map { ByteText($0) }, from: price.from, until: price.until,
        currency: currency,
        threshold: nil, hours: nil, approximation: isCutShort ? .bucket : nil)
      let charge = CostExplanation.Charge(key: nil, count: count, price: price.pico, cost: pico)
      return CostExplanation(basis: basis, charges: [charge])
    }
  }

  private func explained(
    _ usage: UsageCounters, by period: ResolvedPeriod, at time: Int64, isBucket: Bool, isCutShort: Bool
  ) -> CostExplanation? {
    if case .unpriced = period.cost(of: usage, at: time, isBucket: isBucket, isApproximate: isCutShort) {
      return nil
    }
    let choice = period.choice(for: usage, at: time)
    var charges: [CostExplanation.Charge] = []
    func add(_ key: PriceKey, _ count: Int64, _ price: Int128) {
      if count == 0 { return }
      let count = Int128(count)
      charges.append(.init(key: key, count: count, price: price, cost: count * price))
    }
    period.forEachToken(of: usage, period.tables[choice.table]) { add($0, $1, Int128($2)) }
    period.forEachUnit(of: usage) { add($0, $1, $2) }
    let isCut = isCutShort || (isBucket && !period.windows.isEmpty)
    let basis = PriceBasis(
      provider: ByteText(provider), model: model.map { ByteText($0) }, from: period.from, until: period.until,
      currency: period.currency,
      threshold: choice.level > 0 ? period.thresholds[choice.level - 1] : nil,
      hours: choice.window < period.windows.count ? period.windows[choice.window].hours : nil,
      approximation: period.isTierMissing
        ? .tierMissing : choice.mayBeOver ? .mayBeOver : isCut ? .bucket : nil)
    return CostExplanation(basis: basis, charges: charges)
  }
}
