//! A catalog from JSON, strictly: what the schema does not allow is an error with its line, because a misspelt price
//! key would otherwise be a price that silently is not there. Amounts are decimal texts; a JSON number where a price
//! belongs is refused, since whoever wrote it may have passed it through floating point.

import JSON
import Bytes
import CCatalog
import Money

/// Reads catalogs.
package struct CatalogReader {
  let file: String
  var currency = Currency(packed: 0)

  /// The catalog that is part of the program.
  package static func builtIn() throws(PricingError) -> PriceCatalog {
    try read(builtInBytes, file: "built-in catalog")
  }

  /// The text of the catalog that is part of the program.
  package static var builtInBytes: [UInt8] {
    // In bounds: the size is that of the array.
    [UInt8](UnsafeBufferPointer(start: tally_catalog, count: tally_catalog_size_bytes))
  }

  /// The version of the catalog that is part of the program, without reading all of it; a test holds it to the whole.
  package static let builtInVersion: String = {
    let head = String(decoding: UnsafeBufferPointer(start: tally_catalog, count: 256), as: UTF8.self)
    let start = head.firstRange(of: "\"version\": \"")?.upperBound ?? head.endIndex
    return String(head[start...].prefix { $0 != "\"" })
  }()

  /// Reads a catalog's text; `file` is for messages.
  package static func read(_ bytes: [UInt8], file: String) throws(PricingError) -> PriceCatalog {
    let root = try JSONDocument(bytes, file: file).root
    var reader = CatalogReader(file: file)
    return try reader.catalog(root)
  }

  private mutating func catalog(_ root: JSONNode) throws(PricingError) -> PriceCatalog {
    guard root.kind == .object else { throw root.fault("a catalog is an object, not \(root.kind.name)") }
    guard let version = root["schema_version"], version.text == "\(PriceCatalog.schemaVersion)" else {
      throw root.fault("not a catalog of schema_version \(PriceCatalog.schemaVersion)")
    }
    currency = try required(root, "currency", currency)
    var catalog = PriceCatalog(
      name: try required(root, "name", text), version: try required(root, "version", text), currency: currency
    )
    for (key, value) in root.members {
      switch key.text {
      case "schema_version", "name", "version", "currency": break
      case "recorded": catalog.recorded = try text(value)
      case "effective": catalog.effective = try moment(value)
      case "sources": catalog.sources = try sources(value)
      case "providers": catalog.providers = try list(value, provider)
      case "models": catalog.models = try list(value, model)
      case "plans": catalog.plans = try list(value, plan)
      case "overrides": catalog.overrides = try list(value, override)
      case "discounts": catalog.discounts = try list(value, discount)
      default: throw unknown(key, root)
      }
    }
    try check(catalog, root)
    return catalog
  }

  /// What the shape alone cannot say.
  private func check(_ catalog: PriceCatalog, _ root: JSONNode) throws(PricingError) {
    let providers = Dictionary(catalog.providers.map { ($0.id, $0) }) { first, _ in first }
    for model in catalog.models {
      // A layer may leave providers to the catalogs below it.
      let isWithoutCredits = providers[model.provider].map(\.credits.isEmpty) ?? catalog.recorded.isEmpty
      if isWithoutCredits, model.periods.contains(where: { $0.creditsPerRequest != nil }) {
        throw root.fault("\(model.model): credits_per_request needs a provider with credits")
      }
    }
  }

  // MARK: Parts

  private func sources(_ node: JSONNode) throws(PricingError) -> [String: CatalogSource] {
    var found: [String: CatalogSource] = [:]
    for (key, value) in try members(node) {
      var source = CatalogSource(
        kind: try required(value, "kind", text), title: try required(value, "title", text),
        url: try required(value, "url", text), retrieved: try required(value, "retrieved", text))
      for (key, value) in value.members {
        switch key.text {
        case "kind", "title", "url", "retrieved": break
        case "provider_page":
          source.details.append(.init(key: key.text, value: try flag(value) ? "true" : ""))
        case "name", "version", "file", "commit", "licence", "as_of":
          source.details.append(.init(key: key.text, value: try text(value)))
        default: throw unknown(key, value)
        }
      }
      found[key.text] = source
    }
    return found
  }

  private func provider(_ node: JSONNode) throws(PricingError) -> Provider {
    var provider = Provider(id: try required(node, "id", text), name: try required(node, "name", text))
    for (key, value) in node.members {
      switch key.text {
      case "id", "name": break
      case "aliases": provider.aliases = try list(value, text)
      case "prefixes": provider.prefixes = try list(value, text)
      case "service_tiers":
        for (word, tier) in try members(value) { provider.serviceTiers[word.text] = try text(tier) }
      case "reseller": provider.isReseller = try flag(value)
      case "credits": provider.credits = try periods(value, credit)
      default: throw unknown(key, node)
      }
    }
    return provider
  }

  private func credit(_ node: JSONNode) throws(PricingError) -> CreditPrice {
    var price = CreditPrice(
      name: try required(node, "name", text), pico: try required(node, "price", amount), currency: currency)
    for (key, value) in node.members {
      switch key.text {
      case "name", "price": break
      case "from": price.from = try moment(value)
      case "currency": price.currency = try currency(value)
      case "source", "verified", "note": try add(value, key.text, to: &price.provenance)
      default: throw unknown(key, node)
      }
    }
    return price
  }

  private func model(_ node: JSONNode) throws(PricingError) -> ModelPrices {
    var model = ModelPrices(
      provider: try required(node, "provider", text), model: try required(node, "model", text))
    model.periods = try required(node, "prices") { (value) throws(PricingError) in try periods(value, period)
    }
    for (key, value) in node.members {
      switch key.text {
      case "provider", "model", "prices": break
      case "aliases": model.aliases = try list(value, text)
      default: throw unknown(key, node)
      }
    }
    return model
  }

  private func plan(_ node: JSONNode) throws(PricingError) -> Plan {
    var plan = Plan(
      id: try required(node, "id", text), provider: try required(node, "provider", text),
      service: try required(node, "service", text), name: try required(node, "name", text))
    plan.prices = try required(node, "prices") { (value) throws(PricingError) in try periods(value, planPrice)
    }
    for (key, value) in node.members {
      switch key.text {
      case "id", "provider", "service", "name", "prices": break
      case "per_seat": plan.isPerSeat = try flag(value)
      case "billed": plan.isBilledYearly = try text(value) == "year"
      default: throw unknown(key, node)
      }
    }
    return plan
  }

  /// Where a price was taken from.
  func add(_ value: JSONNode, _ key: String, to provenance: inout CatalogEntry) throws(PricingError) {
    switch key {
    case "source": provenance.sources = try list(value, text)
    case "verified": provenance.isVerified = try flag(value)
    default: provenance.note = try text(value)
    }
  }

  private func planPrice(_ node: JSONNode) throws(PricingError) -> Plan.Price {
    var price = Plan.Price(picoPerMonth: try required(node, "amount_per_month", amount), currency: currency)
    for (key, value) in node.members {
      switch key.text {
      case "amount_per_month": break
      case "from": price.from = try moment(value)
      case "until": price.until = try moment(value)
      case "currency": price.currency = try currency(value)
      case "source", "verified", "note": try add(value, key.text, to: &price.provenance)
      default: throw unknown(key, node)
      }
    }
    return price
  }

  private func override(_ node: JSONNode) throws(PricingError) -> PriceOverride {
    var override = PriceOverride(
      provider: try required(node, "provider", text), model: try required(node, "model", text),
      from: try required(node, "from", moment), prices: PriceTable())
    for (key, value) in node.members {
      switch key.text {
      case "provider", "model", "from": break
      case "until": override.until = try moment(value)
      case "per_million_tokens", "per_unit": try add(value, key.text, to: &override.prices)
      case "service_tier": override.serviceTier = try text(value)
      case "above_input_tokens": override.aboveInputTokens = try whole(value)
      case "note": override.note = try text(value)
      default: throw unknown(key, node)
      }
    }
    if override.prices.isEmpty { throw node.fault("an override without a price") }
    return override
  }

  private func discount(_ node: JSONNode) throws(PricingError) -> Discount {
    var discount = Discount(
      provider: try required(node, "provider", text), from: try required(node, "from", moment),
      picoPercent: try required(node, "percent", amount))
    for (key, value) in node.members {
      switch key.text {
      case "provider", "from", "percent": break
      case "until": discount.until = try moment(value)
      case "note": discount.note = try text(value)
      default: throw unknown(key, node)
      }
    }
    if discount.picoPercent > 100 * Decimal.unit { throw node.fault("a discount of more than 100 percent") }
    return discount
  }
}
