//! All catalogs that count, merged: what prices an event. Layers are laid over one another in the order in which they
//! came into the store. A layer replaces what lay below it from its `effective` moment on, model by model; before that
//! what was known holds, so history is never repriced by surprise. A model that nothing below prices takes its whole
//! time line from the layer, whatever the moment: a first price holds for all the past. Then come discounts, which are
//! taken off list prices, and overrides, which take their place; what was negotiated outlives every later import.

import Bytes

/// Prices of all models over all time.
package struct PriceBook: Sendable {
  /// The catalogs, oldest first; a price's provenance names one by its place.
  package private(set) var catalogs: [PriceCatalog] = []
  /// In the order in which they were first seen.
  package private(set) var providers: [Provider] = []
  /// In the order in which they were first seen; list prices.
  package private(set) var models: [ModelPrices] = []
  package private(set) var overrides: [PriceOverride] = []
  package private(set) var discounts: [Discount] = []

  private struct Name: Hashable {
    let provider: ByteText
    let model: ByteText

    init(_ provider: String, _ model: String) {
      (self.provider, self.model) = (ByteText(provider), ByteText(model))
    }
  }

  private var modelIndexes: [Name: Int] = [:]
  private var aliasIndexes: [Name: Int] = [:]
  private var providerIndexes: [ByteText: Int] = [:]

  /// The catalogs merged, in the order of the store: by the time they were recorded, what has none first.
  package init(_ catalogs: [PriceCatalog]) {
    for catalog in catalogs { add(catalog) }
  }

  /// This book with one more catalog on top.
  package func adding(_ catalog: PriceCatalog) -> PriceBook {
    var book = self
    book.add(catalog)
    return book
  }

  /// What reports say they were priced with: `built-in 2026-11-21, litellm 2026-12-01, 2 overrides`.
  package var version: String {
    var parts: [String] = []
    for catalog in catalogs where !catalog.models.isEmpty {
      let part = "\(catalog.name) \(catalog.version)"
      if !parts.contains(part) { parts.append(part) }
    }
    if !overrides.isEmpty { parts.append("\(overrides.count) override\(overrides.count == 1 ? "" : "s")") }
    if !discounts.isEmpty { parts.append("\(discounts.count) discount\(discounts.count == 1 ? "" : "s")") }
    return parts.joined(separator: ", ")
  }

  // MARK: Merging

  private mutating func add(_ catalog: PriceCatalog) {
    let layer = catalogs.count
    catalogs.append(catalog)
    for provider in catalog.providers { add(provider, layer, catalog.effective) }
    for model in catalog.models { add(model, layer, catalog.effective) }
    overrides += catalog.overrides
    discounts += catalog.discounts
  }

  private mutating func add(_ provider: Provider, _ layer: Int, _ effective: Int64?) {
    var provider = provider
    for index in provider.credits.indices { provider.credits[index].provenance.catalog = layer }
    guard let index = providerIndexes[ByteText(provider.id)] else {
      providerIndexes[ByteText(provider.id)] = providers.count
      for alias in provider.aliases where providerIndexes[ByteText(alias)] == nil {
        providerIndexes[ByteText(alias)] = providers.count
      }
      providers.append(provider)
      return
    }
    var known = providers[index]
    for alias in provider.aliases where providerIndexes[ByteText(alias)] == nil {
      providerIndexes[ByteText(alias)] = index
      known.aliases.append(alias)
    }
    known.prefixes += provider.prefixes.filter { !known.prefixes.holds($0) }
    known.serviceTiers.merge(provider.serviceTiers) { $1 }
    known.credits = Self.merged(known.credits, provider.credits, effective)
    providers[index] = known
  }

  private mutating func add(_ model: ModelPrices, _ layer: Int, _ effective: Int64?) {
    var model = model
    for index in model.periods.indices { model.periods[index].provenance.catalog = layer }
    let name = Name(model.provider, model.model)
    if let index = modelIndexes[name] {
      models[index].periods = Self.merged(models[index].periods, model.periods, effective)
      models[index].aliases += model.aliases.filter { !models[index].aliases.holds($0) }
      for alias in model.aliases { addAlias(alias, of: index) }
    } else {
      modelIndexes[name] = models.count
      models.append(model)
      for alias in model.aliases { addAlias(alias, of: models.count - 1) }
    }
  }

  private mutating func addAlias(_ alias: String, of index: Int) {
    let name = Name(models[index].provider, alias)
    if aliasIndexes[name] == nil { aliasIndexes[name] = index }
  }

  /// What was known until `effective`, and then what is known now.
  private static func merged<T: Dated>(_ below: [T], _ above: [T], _ effective: Int64?) -> [T] {
    if above.isEmpty { return below }
    guard let effective, !below.isEmpty else { return above }
    return below.clipped(until: effective) + above.clipped(from: effective)
  }

  // MARK: Finding

  /// What a provider and a model's name lead to.
  package enum Match: Sendable {
    case model(Provider, ModelPrices)
    /// The provider is known, the model is not.
    case provider(Provider)
    case nothing(UnpricedReason)
  }

  /// The model with exactly this name.
  package func model(provider: String, named model: String) -> ModelPrices? {
    modelIndexes[Name(provider, model)].map { models[$0] }
  }

  /// The provider with this id or alias.
  package func provider(_ name: String) -> Provider? { providerIndexes[ByteText(name)].map { providers[$0] } }

  /// The model that an event means, by `Schemas/catalog.md`: as it is, by alias, normalised; never by a part.
  package func match(provider name: String?, model: String) -> Match {
    if let name {
      guard let provider = provider(name) else { return .nothing(.unknownProvider) }
      return self.model(model, of: provider).map { .model(provider, $0) } ?? .provider(provider)
    }
    var found: Match?
    for provider in providers where !provider.isReseller {
      guard let prices = self.model(model, of: provider) else { continue }
      if found != nil { return .nothing(.ambiguousProvider) }
      found = .model(provider, prices)
    }
    return found ?? .nothing(.unknownModel)
  }

  private func model(_ name: String, of provider: Provider) -> ModelPrices? {
    func lookUp(_ form: String) -> ModelPrices? {
      let name = Name(provider.id, form)
      return (modelIndexes[name] ?? aliasIndexes[name]).map { models[$0] }
    }
    if let prices = lookUp(name) { return prices }
    for form in ModelName.forms(name, prefixes: provider.prefixes) {
      if let prices = lookUp(form) { return prices }
    }
    return nil
  }

  /// The model under a service tier, ready to price events; nil when nothing prices it, and `reason` says why.
  ///
  /// Cost: some microseconds; the caller keeps the answer for all events with the same four words. With `isList`
  /// neither overrides nor discounts count.
  package func price(
    provider: String?, model: String, serviceTier: String?, requestType: String?, isList: Bool = false
  ) -> PricedModel? {
    switch match(provider: provider, model: model) {
    case .nothing: return nil
    case .provider(let provider):
      if provider.credits.isEmpty { return nil }
      return PricedModel(
        provider: provider.id, model: nil, periods: [], credits: credits(provider, isList: isList))
    case .model(let provider, let prices):
      let word = Self.tierWord(provider, serviceTier, requestType)
      return PricedModel(
        provider: provider.id, model: prices.model, tierWord: word,
        periods: periods(prices, isList: isList).map {
          ResolvedPeriod($0, serviceTier: Self.tier(provider, word))
        },
        credits: credits(provider, isList: isList))
    }
  }

  /// Why `price` found nothing.
  package func reason(provider: String?, model: String) -> UnpricedReason {
    if case .nothing(let reason) = match(provider: provider, model: model) { return reason }
    return .unknownModel
  }

  /// The word of an event that names its service tier; nil where none does.
  ///
  /// A request type names one only where it says, in the provider's words, that the request came in a batch. What else
  /// it may say, such as `chat` or `priority`, tells nothing about prices.
  private static func tierWord(_ provider: Provider, _ serviceTier: String?, _ requestType: String?)
    -> String?
  {
    if let serviceTier, !serviceTier.isEmpty { return serviceTier }
    guard let requestType, (provider.serviceTiers[requestType] ?? requestType) == "batch" else { return nil }
    return requestType
  }

  /// The service tier that a provider's word means; nil is the standard one.
  private static func tier(_ provider: Provider, _ word: String?) -> String? {
    let tier = word.map { provider.serviceTiers[$0] ?? $0 }
    return tier == "standard" ? nil : tier
  }
}

extension PriceBook {
  /// The periods of a model after discounts and overrides, or as listed.
  package func periods(_ model: ModelPrices, isList: Bool) -> [PriceList] {
    if isList { return model.periods }
    var periods = model.periods
    // Discounts first: nothing is taken off what was negotiated.
    for discount in discounts(of: model.provider) {
      periods = periods.changed(from: discount.from, until: discount.until) { period in
        period.changeTables { $0 = $0.discounted(byPicoPercent: discount.picoPercent) }
      }
    }
    for override in overrides
    where override.provider.hasBytes(of: model.provider) && override.model.hasBytes(of: model.model) {
      periods = periods.changed(from: override.from, until: override.until) { $0.apply(override) }
    }
    return periods
  }

  /// The discounts of a provider over time, of which a later one takes the place of an earlier one.
  package func discounts(of provider: String) -> [Discount] {
    var spans: [Discount] = []
    for discount in discounts where discount.provider.hasBytes(of: provider) {
      spans = spans.clipped(until: discount.from) + [discount] + spans.clipped(from: discount.until)
    }
    return spans
  }

  private func credits(_ provider: Provider, isList: Bool) -> [CreditPrice] {
    var credits = provider.credits
    for discount in isList ? [] : discounts(of: provider.id) {
      credits = credits.changed(from: discount.from, until: discount.until) {
        $0.pico = Discount.net($0.pico, picoPercent: discount.picoPercent)
      }
    }
    return credits
  }
}

extension Array where Element: Dated {
  /// The same time line with the part between two instants changed.
  func changed(from start: Int64, until end: Int64, _ change: (inout Element) -> Void) -> [Element] {
    var middle = clipped(from: start).clipped(until: end)
    for index in middle.indices { change(&middle[index]) }
    return clipped(until: start) + middle + clipped(from: end)
  }
}

extension PriceList {
  /// Puts negotiated prices in the place of list prices; a table that was not there is made.
  fileprivate mutating func apply(_ override: PriceOverride) {
    func set(_ table: inout PriceTable) {
      for entry in override.prices.entries { table.set(entry.key, entry.pico) }
    }
    func set(_ tiers: inout [ContextTier], above threshold: Int64) {
      if !tiers.contains(where: { $0.aboveInputTokens == threshold }) {
        tiers.append(ContextTier(aboveInputTokens: threshold, prices: PriceTable()))
        tiers.sort { $0.aboveInputTokens < $1.aboveInputTokens }
      }
      for index in tiers.indices where tiers[index].aboveInputTokens == threshold {
        set(&tiers[index].prices)
      }
    }
    guard let name = override.serviceTier else {
      if let threshold = override.aboveInputTokens { set(&tiers, above: threshold) } else { set(&prices) }
      return
    }
    if !serviceTiers.contains(where: { $0.name == name }) {
      serviceTiers.append(ServiceTier(name: name, prices: PriceTable(), tiers: []))
    }
    for index in serviceTiers.indices where serviceTiers[index].name == name {
      if let threshold = override.aboveInputTokens {
        set(&serviceTiers[index].tiers, above: threshold)
      } else {
        set(&serviceTiers[index].prices)
      }
    }
  }
}
