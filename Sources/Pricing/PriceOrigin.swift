//! Where a price is from: which list says it, and what was negotiated on top.

import Bytes

/// Where a price is from.
package struct PriceOrigin: Equatable, Sendable {
  /// The list it was read in, and its date.
  package var title: String?
  package var date: String?
  /// Whether the provider's own page was seen to show it.
  package var isVerified = false
  /// What was negotiated instead of the list price, if anything.
  package var negotiation: Negotiation?

  package enum Negotiation: Equatable, Sendable {
    /// A price of its own.
    case override
    /// Pico-percents off the list price.
    case discount(Int128)
  }
}

extension PriceBook {
  /// Where the numbers of a list or credit price were read.
  package func origin(of entry: CatalogEntry) -> PriceOrigin {
    let catalog = catalogs[entry.catalog]
    let source = entry.sources.first.flatMap { catalog.sources[$0] }
    let version = source?.details.first { $0.key == "version" }.map { " \($0.value)" } ?? ""
    let date = source?.details.first { $0.key == "as_of" }?.value ?? source?.retrieved
    return PriceOrigin(
      title: source.map { $0.title + version }, date: date, isVerified: entry.isVerified)
  }

  /// Where a price that an event was charged is from.
  ///
  /// - Parameters:
  ///   - time: when it was charged.
  ///   - isListed: whether the list has the same price.
  package func origin(of basis: PriceBasis, at time: Int64, isCredit: Bool, isListed: Bool) -> PriceOrigin {
    let entry =
      isCredit
      ? provider(basis.provider.text)?.credits.inForce(at: time)?.provenance
      : basis.model.flatMap { model(provider: basis.provider.text, named: $0.text) }.flatMap { model in
        model.periods.inForce(at: max(time, model.periods.first?.from ?? time))
      }?.provenance
    var origin = entry.map(origin) ?? PriceOrigin()
    if isListed { return origin }
    let discount = discounts(of: basis.provider.text).inForce(at: time)
    let hasOverride = overrides.contains {
      ByteText($0.provider) == basis.provider && ByteText($0.model) == basis.model && $0.from <= time
        && time < $0.until
    }
    origin.negotiation = hasOverride && !isCredit ? .override : discount.map { .discount($0.picoPercent) }
    return origin
  }
}
