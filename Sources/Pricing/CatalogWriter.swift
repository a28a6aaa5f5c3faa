//! A catalog as JSON: the file format that `CatalogReader` reads, one model a line, so that differences can be read.

import Bytes
import Money

/// Writes catalogs.
package enum CatalogWriter {
  /// The text of a catalog, a line feed at the end; the same catalog is the same bytes.
  package static func text(_ catalog: PriceCatalog) -> String {
    var fields = [
      "\"schema_version\": \(PriceCatalog.schemaVersion)", "\"name\": \(quoted(catalog.name))",
      "\"version\": \(quoted(catalog.version))", "\"currency\": \(quoted("\(catalog.currency)"))",
    ]
    if !catalog.recorded.isEmpty { fields.append("\"recorded\": \(quoted(catalog.recorded))") }
    if let effective = catalog.effective { fields.append("\"effective\": \(quoted(Moment.text(effective)))") }
    let sources = catalog.sources.sorted { $0.key < $1.key }.map { "\(quoted($0.key)): \(source($0.value))" }
    fields.append("\"sources\": \(block("{", sources, "}"))")
    fields.append(
      "\"providers\": \(block("[", catalog.providers.map { provider($0, catalog.currency) }, "]"))")
    fields.append("\"models\": \(block("[", catalog.models.map { model($0, catalog.currency) }, "]"))")
    if !catalog.plans.isEmpty {
      fields.append("\"plans\": \(block("[", catalog.plans.map { plan($0, catalog.currency) }, "]"))")
    }
    if !catalog.overrides.isEmpty {
      fields.append("\"overrides\": \(block("[", catalog.overrides.map(override), "]"))")
    }
    if !catalog.discounts.isEmpty {
      fields.append("\"discounts\": \(block("[", catalog.discounts.map(discount), "]"))")
    }
    return "{\n  \(fields.joined(separator: ",\n  "))\n}\n"
  }

  private static func block(_ open: String, _ lines: [String], _ close: String) -> String {
    lines.isEmpty ? open + close : "\(open)\n    \(lines.joined(separator: ",\n    "))\n  \(close)"
  }

  /// A JSON string.
  package static func quoted(_ text: String) -> String {
    var output = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": output += "\\\(scalar)"
      case _ where scalar.value < 0x20:
        output += "\\u00\(scalar.value < 16 ? "0" : "")\(String(scalar.value, radix: 16))"
      default: output.unicodeScalars.append(scalar)
      }
    }
    return output + "\""
  }

  private static func object(_ fields: [(String, String?)]) -> String {
    "{" + fields.compactMap { key, value in value.map { "\(quoted(key)): \($0)" } }.joined(separator: ", ")
      + "}"
  }

  private static func list(_ texts: [String]) -> String {
    "[" + texts.map(quoted).joined(separator: ", ") + "]"
  }

  private static func source(_ source: CatalogSource) -> String {
    object(
      [
        ("kind", quoted(source.kind)), ("title", quoted(source.title)), ("url", quoted(source.url)),
        ("retrieved", quoted(source.retrieved)),
      ] + source.details.map { ($0.key, $0.key == "provider_page" ? "true" : quoted($0.value)) })
  }

  private static func provider(_ provider: Provider, _ currency: Currency) -> String {
    let words = provider.serviceTiers.sorted { $0.key < $1.key }.map { ($0.key, Optional(quoted($0.value))) }
    return object([
      ("id", quoted(provider.id)), ("name", quoted(provider.name)),
      ("aliases", provider.aliases.isEmpty ? nil : list(provider.aliases)),
      ("prefixes", provider.prefixes.isEmpty ? nil : list(provider.prefixes)),
      ("service_tiers", words.isEmpty ? nil : object(words)),
      ("reseller", provider.isReseller ? "true" : nil),
      (
        "credits",
        provider.credits.isEmpty
          ? nil : "[" + provider.credits.map { credit($0, currency) }.joined(separator: ", ") + "]"
      ),
    ])
  }

  private static func credit(_ price: CreditPrice, _ currency: Currency) -> String {
    object(
      [
        ("from", from(price.from, price.knownFrom)), ("name", quoted(price.name)),
        ("price", quoted(Decimal.text(price.pico))),
        ("currency", price.currency == currency ? nil : quoted("\(price.currency)")),
      ] + provenance(price.provenance))
  }

  private static func model(_ model: ModelPrices, _ currency: Currency) -> String {
    var periods: [String] = []
    for (index, period) in model.periods.enumerated() {
      let next = index + 1 < model.periods.count ? model.periods[index + 1].from : Int64.max
      periods.append(self.period(period, until: next, currency))
    }
    return object([
      ("provider", quoted(model.provider)), ("model", quoted(model.model)),
      ("aliases", model.aliases.isEmpty ? nil : list(model.aliases)),
      ("prices", "[" + periods.joined(separator: ", ") + "]"),
    ])
  }

  private static func from(_ from: Int64, _ known: Int64?) -> String? {
    (known ?? (from == Int64.min ? nil : from)).map { quoted(Moment.text($0)) }
  }

  private static func provenance(_ entry: CatalogEntry) -> [(String, String?)] {
    [
      ("source", list(entry.sources)), ("verified", entry.isVerified ? "true" : nil),
      ("note", entry.note.map(quoted)),
    ]
  }

  private static func tables(_ table: PriceTable) -> [(String, String?)] {
    func amounts(_ isToken: Bool) -> String? {
      let entries = table.entries.filter { $0.key.isToken == isToken }
      return entries.isEmpty
        ? nil : object(entries.map { ($0.key.name, quoted($0.key.publishedText($0.pico))) })
    }
    return [("per_million_tokens", amounts(true)), ("per_unit", amounts(false))]
  }

  private static func tiers(_ tiers: [ContextTier]) -> String? {
    tiers.isEmpty
      ? nil
      : "["
        + tiers.map { object([("above_input_tokens", "\($0.aboveInputTokens)")] + tables($0.prices)) }
        .joined(separator: ", ") + "]"
  }

  private static func period(_ list: PriceList, until next: Int64, _ currency: Currency) -> String {
    let serviceTiers = list.serviceTiers.map { tier in
      (tier.name, Optional(object(tables(tier.prices) + [("tiers", tiers(tier.tiers))])))
    }
    return object(
      [
        ("from", from(list.from, list.knownFrom)),
        ("until", list.until == next ? nil : quoted(Moment.text(list.until))),
        ("currency", list.currency == currency ? nil : quoted("\(list.currency)")),
      ] + tables(list.prices) + [
        ("tiers", tiers(list.tiers)), ("service_tiers", serviceTiers.isEmpty ? nil : object(serviceTiers)),
        (
          "windows", list.windows.isEmpty ? nil : "[" + list.windows.map(window).joined(separator: ", ") + "]"
        ),
        ("credits_per_request", list.creditsPerRequest.map { quoted(Decimal.text($0)) }),
      ] + provenance(list.provenance))
  }

  private static func window(_ window: PriceWindow) -> String {
    let days = CatalogReader.weekdays.enumerated().filter { window.weekdays & (1 << UInt8($0.offset)) != 0 }
    return object(
      [
        ("utc", list(window.hours.map { "\(Moment.clock($0.from))-\(Moment.clock($0.to))" })),
        ("weekdays", window.weekdays == PriceWindow.everyDay ? nil : list(days.map(\.element))),
      ] + tables(window.prices))
  }

  private static func plan(_ plan: Plan, _ currency: Currency) -> String {
    var prices: [String] = []
    for (index, price) in plan.prices.enumerated() {
      let next = index + 1 < plan.prices.count ? plan.prices[index + 1].from : Int64.max
      prices.append(
        object(
          [
            ("from", from(price.from, price.knownFrom)),
            ("until", price.until == next ? nil : quoted(Moment.text(price.until))),
            ("amount_per_month", quoted(Decimal.text(price.picoPerMonth))),
            ("currency", price.currency == currency ? nil : quoted("\(price.currency)")),
          ] + provenance(price.provenance)))
    }
    return object([
      ("id", quoted(plan.id)), ("provider", quoted(plan.provider)), ("service", quoted(plan.service)),
      ("name", quoted(plan.name)), ("per_seat", plan.isPerSeat ? "true" : nil),
      ("billed", plan.isBilledYearly ? quoted("year") : nil),
      ("prices", "[" + prices.joined(separator: ", ") + "]"),
    ])
  }

  private static func override(_ override: PriceOverride) -> String {
    object(
      [
        ("provider", quoted(override.provider)), ("model", quoted(override.model)),
        ("from", quoted(Moment.text(override.from))),
        ("until", override.until == Int64.max ? nil : quoted(Moment.text(override.until))),
        ("service_tier", override.serviceTier.map(quoted)),
        ("above_input_tokens", override.aboveInputTokens.map { "\($0)" }),
      ] + tables(override.prices) + [("note", override.note.map(quoted))])
  }

  private static func discount(_ discount: Discount) -> String {
    object([
      ("provider", quoted(discount.provider)), ("from", quoted(Moment.text(discount.from))),
      ("until", discount.until == Int64.max ? nil : quoted(Moment.text(discount.until))),
      ("percent", quoted(Decimal.text(discount.picoPercent))), ("note", discount.note.map(quoted)),
    ])
  }
}
