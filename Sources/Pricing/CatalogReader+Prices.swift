import JSON
import Money

/// The prices of a period.
extension CatalogReader {
  func period(_ node: JSONNode) throws(PricingError) -> PriceList {
    var list = PriceList(currency: currency)
    var isPriced = false
    for (key, value) in node.members {
      switch key.text {
      case "from": list.from = try moment(value)
      case "until": list.until = try moment(value)
      case "currency": list.currency = try currency(value)
      case "per_million_tokens", "per_unit":
        isPriced = true
        try add(value, key.text, to: &list.prices)
      case "tiers": list.tiers = try tiers(value)
      case "service_tiers": list.serviceTiers = try serviceTiers(value)
      case "windows": list.windows = try self.list(value, window)
      case "credits_per_request":
        isPriced = true
        list.creditsPerRequest = try amount(value)
      case "source", "verified", "note": try add(value, key.text, to: &list.provenance)
      default: throw unknown(key, node)
      }
    }
    if !isPriced { throw node.fault("a period without prices") }
    if list.provenance.sources.isEmpty { throw node.fault("a period without a source") }
    return list
  }

  /// Adds the prices of an object of amounts.
  func add(_ node: JSONNode, _ name: String, to table: inout PriceTable) throws(PricingError) {
    let isToken = name == "per_million_tokens"
    for (key, value) in try members(node) {
      guard let price = PriceKey(name: key.text), price.isToken == isToken else {
        let known = (isToken ? PriceKey.tokens : PriceKey.units).map(\.name)
        throw unknown(key, among: known, of: name)
      }
      let pico = try amount(value)
      if isToken {
        guard pico % 1_000_000 == 0 else {
          throw value.fault("\(value.text): a price per million tokens has at most six decimals")
        }
        table.set(price, pico / 1_000_000)
      } else {
        table.set(price, pico)
      }
    }
  }

  private func tiers(_ node: JSONNode) throws(PricingError) -> [ContextTier] {
    let tiers = try list(node) { (node) throws(PricingError) -> ContextTier in
      var tier = ContextTier(
        aboveInputTokens: try required(node, "above_input_tokens", whole), prices: PriceTable())
      for (key, value) in node.members {
        switch key.text {
        case "above_input_tokens": break
        case "per_million_tokens": try add(value, key.text, to: &tier.prices)
        default: throw unknown(key, node)
        }
      }
      return tier
    }
    for (tier, next) in zip(tiers, tiers.dropFirst()) where next.aboveInputTokens <= tier.aboveInputTokens {
      throw node.fault("tiers go from the smallest threshold to the largest")
    }
    return tiers
  }

  private func serviceTiers(_ node: JSONNode) throws(PricingError) -> [ServiceTier] {
    var found: [ServiceTier] = []
    for (name, value) in try members(node) {
      var tier = ServiceTier(name: name.text, prices: PriceTable(), tiers: [])
      for (key, value) in try members(value) {
        switch key.text {
        case "per_million_tokens", "per_unit": try add(value, key.text, to: &tier.prices)
        case "tiers": tier.tiers = try tiers(value)
        default: throw unknown(key, node)
        }
      }
      found.append(tier)
    }
    return found.sorted { $0.name < $1.name }
  }

  private func window(_ node: JSONNode) throws(PricingError) -> PriceWindow {
    var window = PriceWindow(hours: [], weekdays: PriceWindow.everyDay, prices: PriceTable())
    for (key, value) in node.members {
      switch key.text {
      case "utc": window.hours = try list(value, hours)
      case "weekdays":
        window.weekdays = 0
        for day in value.elements {
          guard let bit = Self.weekdays.firstIndex(of: day.text) else {
            throw day.fault("\"\(day.text)\": use \(Self.weekdays.joined(separator: ", "))")
          }
          window.weekdays |= 1 << UInt8(bit)
        }
      case "per_million_tokens": try add(value, key.text, to: &window.prices)
      default: throw unknown(key, node)
      }
    }
    if window.hours.isEmpty { throw node.fault("a window without hours in utc") }
    return window
  }

  static let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

  private func hours(_ node: JSONNode) throws(PricingError) -> PriceWindow.Hours {
    let text = try text(node)
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, let from = Moment.minuteOfDay(parts[0]), let to = Moment.minuteOfDay(parts[1])
    else {
      throw node.fault("\"\(text)\": hours are written as 01:00-04:00")
    }
    return .init(from: from, to: to)
  }
}
