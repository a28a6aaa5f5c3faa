//! What a model costs during one period, as the catalog says it: nothing resolved yet. `PricedModel` makes from it
//! what an event is multiplied with.
//!
//! Discounts change prices, not sums. Each price is rounded once, so cost stays linear in the counters.

import Calendar
package import Money

/// Prices from some size of the prompt on.
package struct ContextTier: Equatable, Sendable {
  /// A prompt of more tokens than this has these prices.
  package var aboveInputTokens: Int64
  package var prices: PriceTable
}

/// Prices of `batch`, `flex`, `priority` and the like.
package struct ServiceTier: Equatable, Sendable {
  package var name: String
  package var prices: PriceTable
  package var tiers: [ContextTier]
}

/// Hours with prices of their own.
package struct PriceWindow: Equatable, Sendable {
  /// Minutes of the UTC day: from inclusive, to exclusive; past midnight when the end is not later.
  package struct Hours: Hashable, Sendable {
    package var from: Int
    package var to: Int
  }

  package var hours: [Hours]
  /// The UTC days on which the hours begin: bit 0 is Monday.
  package var weekdays: UInt8
  package var prices: PriceTable

  /// Every day of the week.
  package static let everyDay: UInt8 = 0x7F

  /// Whether an instant lies in the window.
  func contains(_ time: Int64) -> Bool {
    let day = CivilDate(utcDayOf: time).days
    let minute = Int((time - Int64(day) * 86_400_000) / 60_000)
    // 1970-01-01 was a Thursday.
    func begins(on day: Int) -> Bool {
      weekdays & (1 << UInt8((day + 3) - floorQuotient(day + 3, 7) * 7)) != 0
    }
    for span in hours {
      let isPastMidnight = span.to <= span.from
      if span.from <= minute, isPastMidnight || minute < span.to, begins(on: day) { return true }
      if isPastMidnight, minute < span.to, begins(on: day - 1) { return true }
    }
    return false
  }
}

/// Where a price is from.
package struct CatalogEntry: Equatable, Sendable {
  /// Which of the book's catalogs says it.
  package var catalog = 0
  /// Ids of that catalog's sources, the one the numbers were taken from first.
  package var sources: [String] = []
  /// Whether the provider's own page was seen to show it.
  package var isVerified = false
  package var note: String?
}

/// The prices of one period.
package struct PriceList: Equatable, Sendable {
  /// The first instant, in milliseconds; the first of all periods holds from `Int64.min` on.
  package var from = Int64.min
  /// The instant behind the last; `Int64.max` when it has no end.
  package var until = Int64.max
  /// What the catalog says about the beginning of a first period.
  package var knownFrom: Int64?
  package var currency: Currency
  package var prices = PriceTable()
  package var tiers: [ContextTier] = []
  package var serviceTiers: [ServiceTier] = []
  package var windows: [PriceWindow] = []
  /// Pico-credits a request.
  package var creditsPerRequest: Int128?
  package var provenance = CatalogEntry()

  package init(currency: Currency) { self.currency = currency }

  /// Whether two lists charge the same, whenever they hold and whoever says it.
  package func hasSamePrices(as other: PriceList) -> Bool {
    var (a, b) = (self, other)
    a.from = b.from
    a.until = b.until
    a.knownFrom = b.knownFrom
    a.provenance = b.provenance
    return a == b
  }

  /// Every table of the list, changed.
  mutating func changeTables(_ change: (inout PriceTable) -> Void) {
    change(&prices)
    for index in tiers.indices { change(&tiers[index].prices) }
    for index in windows.indices { change(&windows[index].prices) }
    for index in serviceTiers.indices {
      change(&serviceTiers[index].prices)
      for tier in serviceTiers[index].tiers.indices { change(&serviceTiers[index].tiers[tier].prices) }
    }
  }
}

/// What a credit of a provider costs during one period.
package struct CreditPrice: Equatable, Sendable {
  package var from = Int64.min
  package var until = Int64.max
  package var knownFrom: Int64?
  package var name: String
  /// Pico-units a credit.
  package var pico: Int128
  package var currency: Currency
  package var provenance = CatalogEntry()
}

/// What holds for a time: one element of a time line without gaps unless prices ended.
package protocol Dated {
  var from: Int64 { get set }
  var until: Int64 { get set }
}

extension PriceList: Dated {}
extension CreditPrice: Dated {}
extension Discount: Dated {}

extension Array where Element: Dated {
  /// The part before an instant.
  func clipped(until end: Int64) -> [Element] {
    filter { $0.from < end }.map { element in
      var element = element
      element.until = Swift.min(element.until, end)
      return element
    }
  }

  /// The part from an instant on.
  func clipped(from start: Int64) -> [Element] {
    filter { $0.until > start }.map { element in
      var element = element
      element.from = Swift.max(element.from, start)
      return element
    }
  }

  /// What holds at an instant.
  package func inForce(at time: Int64) -> Element? {
    first { $0.from <= time && time < $0.until }
  }
}
