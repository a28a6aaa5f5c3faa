package import Money

/// What a model charges for one of each kind at the beginning of a UTC day: outside windows, below every threshold.
package struct KindPrices: Sendable {
  package let currency: Currency
  /// Whether requests are charged in credits, and nothing else is.
  package let isByRequestsInCredits: Bool
  /// Pico-units a credit, when the provider charges credits.
  package let credit: Int128?
  private let prices: [PriceKey: Int128]

  /// Pico-units for one; nil where there is no price.
  package subscript(key: PriceKey) -> Int128? { prices[key] }

  fileprivate init(_ period: ResolvedPeriod?, credit: CreditPrice?) {
    var prices: [PriceKey: Int128] = [:]
    self.credit = credit?.pico
    isByRequestsInCredits = period?.creditsPerRequest != nil
    currency = period?.currency ?? credit?.currency ?? Currency(packed: 0)
    if let period {
      // The last window is that of all other hours, and the first of its tables is below all thresholds.
      let table = period.tables[period.windows.count * (period.thresholds.count + 1)]
      for key in PriceKey.tokens where table.tokens[Int(key.rawValue)] != ResolvedPrices.none {
        prices[key] = Int128(table.tokens[Int(key.rawValue)])
      }
      // Reasoning is a part of the output, and costs the same unless it has a price of its own.
      if !table.isReasoningApart { prices[.reasoning] = prices[.output] }
      let units: [(PriceKey, Int128)] = [
        (.request, period.units.request), (.search, period.units.search), (.image, period.units.image),
        (.audioSecond, period.units.audioSecond), (.character, period.units.character),
      ]
      for (key, price) in units where price >= 0 { prices[key] = price }
    }
    self.prices = prices
  }
}

extension PricedModel {
  /// The prices by kind that hold when a UTC day begins; nil when there are none.
  package func kindPrices(day: Int) -> KindPrices? {
    let start = Self.span(ofDay: day).lowerBound
    let (period, credit) = (periods.inForce(at: start), credits.inForce(at: start))
    return period == nil && credit == nil ? nil : KindPrices(period, credit: credit)
  }
}
