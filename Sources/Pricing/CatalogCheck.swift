//! What may be wrong with prices although every file can be read. (Overlaps, periods out of order and misspelt keys
//! are refused by the reader already.)

package import Calendar

/// Something to look at.
package struct CatalogFinding: Equatable, Sendable {
  package enum Kind: String, Sendable {
    /// A time without a price between two prices.
    case gap
    /// A reference to a source or provider that is not there.
    case reference
    /// A price that moves more than tenfold between two periods.
    case jump
    /// Cache reads that cost more than input, and the like.
    case odd
    /// The newest catalog is old.
    case age
  }

  package let kind: Kind
  package let text: String

  /// Whether prices are wrong or missing, not only suspicious.
  package var isError: Bool { kind == .gap || kind == .reference }
}

/// Looks for what may be wrong.
package enum CatalogCheck {
  /// A catalog older than this is said to be.
  package static let ageDaysMax = 60
  /// Prices have been cut to a fifth; a tenth is more likely a slip of the decimal point.
  private static let jumpMax: Int128 = 10

  /// What is to be said about a book on a day.
  package static func findings(_ book: PriceBook, today: CivilDate) -> [CatalogFinding] {
    var found = book.catalogs.indices.flatMap { references(book, catalog: $0) }
    for model in book.models { found += findings(model) }
    if let days = ageDays(book, today: today), days > ageDaysMax {
      found.append(
        CatalogFinding(
          kind: .age,
          text: "the newest prices are \(days) days old: tally prices import brings in a newer price list"))
    }
    return found
  }

  /// How many days ago the newest prices came in or were made; nil when no catalog says.
  package static func ageDays(_ book: PriceBook, today: CivilDate) -> Int? {
    let dates = book.catalogs.filter { !$0.models.isEmpty }.compactMap { catalog in
      // A pinned built-in catalog is as old as its version, whenever it was pinned.
      CivilDate(
        String((catalog.name == "built-in" ? catalog.version : catalog.recorded).prefix(10)))
    }
    return dates.max().map { today - $0 }
  }

  private static func references(_ book: PriceBook, catalog index: Int) -> [CatalogFinding] {
    let catalog = book.catalogs[index]
    var found: [CatalogFinding] = []
    func missing(_ text: String) { found.append(CatalogFinding(kind: .reference, text: text)) }
    for model in catalog.models {
      if book.provider(model.provider) == nil { missing("\(model.model): no provider \"\(model.provider)\"") }
      for source in Set(model.periods.flatMap(\.provenance.sources)) where catalog.sources[source] == nil {
        missing(
          "\(model.provider) \(model.model): no source \"\(source)\" in \(catalog.name) \(catalog.version)")
      }
    }
    for override in catalog.overrides {
      if !book.models.contains(where: { $0.provider == override.provider && $0.model == override.model }) {
        missing("override of \(override.provider) \(override.model): there is no such model")
      }
    }
    for discount in catalog.discounts where book.provider(discount.provider) == nil {
      missing("discount: no provider \"\(discount.provider)\"")
    }
    return found
  }

  private static func findings(_ model: ModelPrices) -> [CatalogFinding] {
    let name = "\(model.provider) \(model.model)"
    var found: [CatalogFinding] = []
    for (period, next) in zip(model.periods, model.periods.dropFirst()) {
      if period.until < next.from {
        found.append(
          CatalogFinding(
            kind: .gap,
            text: "\(name): no price from \(Moment.text(period.until)) to \(Moment.text(next.from))"))
      }
      for entry in next.prices.entries {
        guard let before = period.prices[entry.key], period.currency == next.currency else { continue }
        let (low, high) = (min(before, entry.pico), max(before, entry.pico))
        if low > 0, high / low >= jumpMax {
          found.append(
            CatalogFinding(
              kind: .jump,
              text: "\(name): \(entry.key.name) goes from \(entry.key.publishedText(before)) to "
                + "\(entry.key.publishedText(entry.pico)) on \(Moment.text(next.from))"))
        }
      }
    }
    for period in model.periods {
      guard let read = period.prices[.cacheRead], let input = period.prices[.input], read > input else {
        continue
      }
      found.append(
        CatalogFinding(
          kind: .odd,
          text: "\(name): cache_read costs more than input: \(PriceKey.input.publishedText(read)) and "
            + PriceKey.input.publishedText(input)))
    }
    return found
  }
}
