//! What a catalog on top of a book would change: pure, so that it can be shown before anything is written.

/// One price that would be another.
package struct PriceChange: Equatable, Sendable {
  /// `output`, `batch output`, `output above 200000`.
  package let what: String
  /// As published: per million tokens or per unit; nil: no price.
  package let before: String?
  package let after: String?
}

/// What would change for one model.
package struct ModelDifference: Equatable, Sendable {
  package let provider: String
  package let model: String
  /// Whether the book has no price for it yet.
  package let isNew: Bool
  package let changes: [PriceChange]
}

extension PriceBook {
  /// What each model of `catalog` would cost from `time` on that differs from now; the same is left out.
  package func differences(to catalog: PriceCatalog, from time: Int64) -> [ModelDifference] {
    var found: [ModelDifference] = []
    for model in catalog.models {
      guard let after = model.periods.inForce(at: time) ?? model.periods.first else { continue }
      let known = self.model(provider: model.provider, named: model.model)
      let before = known?.periods.inForce(at: time)
      if let before, before.hasSamePrices(as: after), known?.periods.last?.from == before.from { continue }
      found.append(
        ModelDifference(
          provider: model.provider, model: model.model, isNew: known == nil,
          changes: Self.changes(before, after)))
    }
    return found.filter { $0.isNew || !$0.changes.isEmpty }
  }

  /// The models of a catalog that `differences` names, and only those.
  package func onlyDifferent(_ catalog: PriceCatalog, from time: Int64) -> PriceCatalog {
    var catalog = catalog
    let different = Set(differences(to: catalog, from: time).map { "\($0.provider)\n\($0.model)" })
    catalog.models.removeAll { !different.contains("\($0.provider)\n\($0.model)") }
    let providers = Set(catalog.models.map(\.provider))
    catalog.providers.removeAll { !providers.contains($0.id) }
    return catalog
  }

  private static func changes(_ before: PriceList?, _ after: PriceList) -> [PriceChange] {
    let old = before?.flattened ?? []
    let new = after.flattened
    var changes: [PriceChange] = []
    for (what, price) in new {
      let known = old.first { $0.what == what }?.price
      if known != price { changes.append(PriceChange(what: what, before: known, after: price)) }
    }
    for (what, price) in old where !new.contains(where: { $0.what == what }) {
      changes.append(PriceChange(what: what, before: price, after: nil))
    }
    return changes
  }
}

extension PriceList {
  /// Every price of the list under a name for people.
  package var flattened: [(what: String, price: String)] {
    var found: [(what: String, price: String)] = []
    func add(_ table: PriceTable, _ front: String, _ behind: String) {
      for entry in table.entries {
        found.append((front + entry.key.name + behind, entry.key.publishedText(entry.pico)))
      }
    }
    func add(_ tiers: [ContextTier], _ front: String) {
      for tier in tiers { add(tier.prices, front, " above \(tier.aboveInputTokens)") }
    }
    add(prices, "", "")
    add(tiers, "")
    for tier in serviceTiers {
      add(tier.prices, "\(tier.name) ", "")
      add(tier.tiers, "\(tier.name) ")
    }
    for window in windows {
      let hours = window.hours.map { "\(Moment.clock($0.from))-\(Moment.clock($0.to))" }.joined(
        separator: ",")
      add(
        window.prices, "",
        " \(hours)\(window.weekdays == PriceWindow.everyDay ? "" : " \(window.weekdayText)")")
    }
    if let creditsPerRequest {
      found.append(("credits a request", PriceKey.request.publishedText(creditsPerRequest)))
    }
    return found
  }
}

extension PriceWindow {
  /// The days on which the hours begin: `mon tue`.
  var weekdayText: String {
    CatalogReader.weekdays.enumerated().filter { weekdays & (1 << UInt8($0.offset)) != 0 }.map(\.element)
      .joined(separator: " ")
  }
}
