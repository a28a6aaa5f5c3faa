//! One catalog file, read and checked: the built-in one, an import, or what a person set. `Schemas/catalog.md` is
//! its meaning.

package import Money

/// A catalog.
package struct PriceCatalog: Equatable, Sendable {
  /// The version of the shape that this code reads and writes.
  package static let schemaVersion = 1

  package var name: String
  package var version: String
  package var currency: Currency
  /// When it came into the store, as RFC 3339; empty for the built-in one.
  package var recorded = ""
  /// From when on it replaces what was known before; nil: always.
  package var effective: Int64?
  package var sources: [String: CatalogSource] = [:]
  package var providers: [Provider] = []
  package var models: [ModelPrices] = []
  package var plans: [Plan] = []
  package var overrides: [PriceOverride] = []
  package var discounts: [Discount] = []

  package init(name: String, version: String, currency: Currency) {
    self.name = name
    self.version = version
    self.currency = currency
  }
}

/// Where facts were read.
package struct CatalogSource: Equatable, Sendable {
  package var kind: String
  package var title: String
  package var url: String
  package var retrieved: String
  /// Everything else the catalog says about it: key and text, in its order.
  package var details: [Detail] = []

  package struct Detail: Equatable, Sendable {
    package let key: String
    package let value: String
  }

  package init(kind: String, title: String, url: String, retrieved: String) {
    self.kind = kind
    self.title = title
    self.url = url
    self.retrieved = retrieved
  }
}

/// Who bills.
package struct Provider: Equatable, Sendable {
  package var id: String
  package var name: String
  package var aliases: [String] = []
  package var prefixes: [String] = []
  /// Other words for service tiers.
  package var serviceTiers: [String: String] = [:]
  /// Never matched by an event without a provider.
  package var isReseller = false
  package var credits: [CreditPrice] = []

  package init(id: String, name: String) {
    self.id = id
    self.name = name
  }
}

/// The prices of a model over time.
package struct ModelPrices: Equatable, Sendable {
  package var provider: String
  package var model: String
  package var aliases: [String] = []
  /// Oldest first; the first holds for all time before it too.
  package var periods: [PriceList] = []

  package init(provider: String, model: String) {
    self.provider = provider
    self.model = model
  }
}

/// A subscription.
package struct Plan: Equatable, Sendable {
  package struct Price: Equatable, Sendable {
    package var from = Int64.min
    package var until = Int64.max
    package var knownFrom: Int64?
    package var picoPerMonth: Int128
    package var currency: Currency
    package var provenance = CatalogEntry()
  }

  package var id: String
  package var provider: String
  package var service: String
  package var name: String
  package var isPerSeat = false
  /// Whether the price is the monthly share of a yearly payment.
  package var isBilledYearly = false
  package var prices: [Price] = []
}

/// A price that was negotiated: it takes the place of list prices, key by key.
package struct PriceOverride: Equatable, Sendable {
  package var provider: String
  package var model: String
  package var from: Int64
  package var until = Int64.max
  package var prices: PriceTable
  /// Which table it is in; nil: the standard one.
  package var serviceTier: String?
  package var aboveInputTokens: Int64?
  package var note: String?

  package init(provider: String, model: String, from: Int64, prices: PriceTable) {
    self.provider = provider
    self.model = model
    self.from = from
    self.prices = prices
  }
}

/// Percent off all list prices of a provider.
package struct Discount: Equatable, Sendable {
  package var provider: String
  package var from: Int64
  package var until = Int64.max
  /// Pico-percents: 5 % is 5 × 10^12.
  package var picoPercent: Int128
  package var note: String?

  package init(provider: String, from: Int64, picoPercent: Int128) {
    self.provider = provider
    self.from = from
    self.picoPercent = picoPercent
  }

  /// A price after the discount, rounded half to even to a pico-unit.
  static func net(_ pico: Int128, picoPercent: Int128) -> Int128 {
    // price × (100 - p) / 100 in two steps, so that no product outgrows 128 bits.
    let whole = 100 * Decimal.unit
    let kept = whole - picoPercent
    let (hundreds, rest) = pico.quotientAndRemainder(dividingBy: whole)
    return hundreds * kept + Decimal.dividedHalfEven(rest * kept, by: whole)
  }
}
