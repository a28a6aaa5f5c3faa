//! Prices beside those that hold: what the same usage would cost at list prices, or with other models.

package import Bytes
import Synchronization

/// List prices: neither overrides nor discounts count.
package final class ListPriceSource: PriceSource {
  private let pricer: Pricer
  private let models = Mutex<[PriceQuery: PricedModel?]>([:])

  package init(_ pricer: Pricer) { self.pricer = pricer }

  package func model(for query: PriceQuery) -> PricedModel? {
    if let known = models.withLock({ $0[query] }) { return known }
    let model = try? pricer.book().price(query, isList: true)
    models.withLock { $0[query] = .some(model) }
    return model
  }
}

/// Prices events of some models as if they had been of others; all others as they are.
package final class ReplacingPrices: PriceSource {
  /// A model by its names in the catalog.
  package struct Model: Sendable {
    package var provider: String
    package var model: String

    package init(provider: String, model: String) {
      self.provider = provider
      self.model = model
    }
  }

  /// One model in the place of another.
  package struct Rule: Sendable {
    /// As events name it, or as any name by which the catalog finds it.
    package var from: String
    package var to: Model

    package init(from: String, to: Model) {
      self.from = from
      self.to = to
    }
  }

  private let pricer: Pricer
  private let rules: [Rule]
  private let used = Mutex<Set<ByteText>>([])

  package init(_ pricer: Pricer, _ rules: [Rule]) {
    self.pricer = pricer
    self.rules = rules
  }

  /// The models that were asked for and have another in their place, as the rules name them.
  package var replaced: Set<ByteText> { used.withLock { $0 } }

  package func model(for query: PriceQuery) -> PricedModel? {
    guard let rule = rule(for: query) else { return pricer.model(for: query) }
    used.withLock { _ = $0.insert(ByteText(rule.from)) }
    var other = query
    (other.provider, other.model) = (rule.to.provider, rule.to.model)
    return pricer.model(for: other)
  }

  private func rule(for query: PriceQuery) -> Rule? {
    guard let name = query.model else { return nil }
    if let rule = rules.first(where: { $0.from.hasBytes(of: name) }) { return rule }
    guard let book = try? pricer.book(), let meant = Self.meant(query.provider, name, book) else {
      return nil
    }
    return rules.first { rule in
      Self.meant(query.provider, rule.from, book).map {
        $0.provider.hasBytes(of: meant.provider) && $0.model.hasBytes(of: meant.model)
      } ?? false
    }
  }

  private static func meant(_ provider: String?, _ name: String, _ book: PriceBook) -> Model? {
    guard case .model(let provider, let model) = book.match(provider: provider, model: name) else {
      return nil
    }
    return Model(provider: provider.id, model: model.model)
  }
}
