//! LiteLLM's `model_prices_and_context_window.json`: a flat map from a model's name to fields, prices in dollars for
//! one unit. A field's name says everything: what is priced (`input_cost_per_token`), how long a cache is kept
//! (`_above_1hr`), from which prompt on (`_above_200k_tokens`) and for which service tier (`_priority`), in this order.

import JSON
import Money

/// Reads LiteLLM's price map.
struct LiteLLMReader {
  let file: String
  let retrieved: String

  private static let source = "litellm"

  /// A model on its way in.
  private struct Candidate {
    let key: String
    let provider: String
    var model: ModelPrices
  }

  func read(_ entries: [(key: JSONNode, value: JSONNode)]) throws(PricingError) -> PriceImport {
    var found = PriceImport(name: "litellm", version: retrieved)
    found.catalog.sources[Self.source] = CatalogSource(
      kind: "file", title: "LiteLLM model price map", url: file, retrieved: retrieved)
    var candidates: [Candidate] = []
    for (key, value) in entries {
      // Neither is a model: one describes the format, the other holds rules.
      if key.text == "sample_spec" || key.text == "fallback_generalizations" || value.kind != .object {
        continue
      }
      if let candidate = candidate(key.text, value, &found) { candidates.append(candidate) }
    }
    Self.place(candidates, in: &found)
    found.addProviders()
    return found
  }

  private func candidate(_ key: String, _ node: JSONNode, _ found: inout PriceImport) -> Candidate? {
    guard let provider = node["litellm_provider"]?.text else {
      found.refused.append("\(key): no litellm_provider")
      return nil
    }
    var entry = LiteLLMEntry(key: key, node: node, provider: provider)
    do throws(LiteLLMEntry.Refusal) {
      try entry.read()
    } catch {
      found.refused.append("\(key): \(error.reason)")
      return nil
    }
    for field in entry.unsupported { found.unsupported[field, default: 0] += 1 }
    found.rounded += entry.rounded.map { "\(key): \($0)" }
    guard let list = entry.list(source: Self.source) else {
      found.unpricedCount += 1
      return nil
    }
    var model = ModelPrices(provider: ProviderNames.our(provider), model: key)
    model.periods = [list]
    return Candidate(key: key, provider: provider, model: model)
  }

  /// Names the models: by their keys without who serves them.
  ///
  /// Where several keys come to one name, LiteLLM's order holds: the key with the provider in front, then the plain
  /// one. The others keep their whole keys, unless they charge the same and so say nothing new.
  private static func place(_ candidates: [Candidate], in found: inout PriceImport) {
    func name(_ candidate: Candidate) -> String {
      let fronts = [candidate.provider, ProviderNames.route(candidate.provider)].map { "\($0)/" }
      return fronts.first(where: candidate.key.hasPrefix).map { String(candidate.key.dropFirst($0.count)) }
        ?? candidate.key
    }
    func rank(_ candidate: Candidate) -> Int {
      let name = name(candidate)
      if candidate.key == "\(ProviderNames.route(candidate.provider))/\(name)" { return 0 }
      return candidate.key == name ? 1 : 2
    }
    var placed: [String: PriceList] = [:]
    for wanted in 0...2 {
      for candidate in candidates where rank(candidate) == wanted {
        var model = candidate.model
        model.model = name(candidate)
        let taken = placed["\(model.provider)\n\(model.model)"]
        if let taken {
          if taken.hasSamePrices(as: model.periods[0]) { continue }
          model.model = candidate.key
        } else {
          placed["\(model.provider)\n\(model.model)"] = model.periods[0]
        }
        let normal = model.model.lowercased()
        if normal != model.model { model.aliases = [normal] }
        found.add(model, from: candidate.key, provider: candidate.provider)
      }
    }
  }
}

/// One entry's fields on their way into a period.
private struct LiteLLMEntry {
  struct Refusal: Error { let reason: String }

  /// Where a price goes: service tier and threshold, neither being the standard table.
  private struct Place: Hashable {
    var serviceTier: String?
    var above: Int64?
  }

  let key: String
  let node: JSONNode
  let provider: String
  private(set) var unsupported: [String] = []
  private(set) var rounded: [String] = []
  private var tables: [Place: PriceTable] = [:]
  private var windows: [PriceWindow] = []
  private var mode = ""

  init(key: String, node: JSONNode, provider: String) {
    self.key = key
    self.node = node
    self.provider = provider
  }

  /// Whether a tier begins at its threshold, not behind it.
  private var isInclusive: Bool { provider == "xai" }
  private var isPerplexity: Bool { provider == "perplexity" }

  private static let tokenFields: [String: PriceKey] = [
    "input_cost_per_token": .input, "output_cost_per_token": .output,
    "output_cost_per_reasoning_token": .reasoning, "cache_read_input_token_cost": .cacheRead,
    "cache_creation_input_token_cost": .cacheWrite,
    "cache_creation_input_token_cost_above_1hr": .cacheWrite1h,
    "cache_creation_input_token_cost_above_12hr": .cacheWrite12h,
    "input_cost_per_audio_token": .inputAudio, "output_cost_per_audio_token": .outputAudio,
    "input_cost_per_image_token": .inputImage, "output_cost_per_image_token": .outputImage,
  ]

  private static let serviceTiers = [
    "_batches": "batch", "_flex": "flex", "_priority": "priority", "_ultrafast": "ultrafast",
    "_balanced": "balanced", "_decisions": "decisions",
  ]

  mutating func read() throws(Refusal) {
    mode = node["mode"]?.text ?? ""
    for (key, value) in node.members { try read(key.text, value) }
    if tables[Place()]?[.cacheRead] == nil, let value = node["input_cost_per_token_cache_hit"] {
      try set(.cacheRead, Place(), "input_cost_per_token_cache_hit", value)
    }
    try readSeconds()
    // Fireworks takes half for what it has cached, unless it says otherwise; LiteLLM has that in its code.
    if provider == "fireworks_ai", tables[Place()]?[.cacheRead] == nil, let input = tables[Place()]?[.input] {
      tables[Place()]?.set(.cacheRead, Decimal.dividedHalfEven(input, by: 2))
    }
  }

  private mutating func read(_ field: String, _ value: JSONNode) throws(Refusal) {
    switch field {
    case "search_context_cost_per_query": try readSearch(value)
    case "tiered_pricing": try readRanges(value)
    case "off_peak_pricing": try readOffPeak(value)
    case "input_cost_per_token_cache_hit": break
    case "input_cost_per_second", "output_cost_per_second":
      if !isAudio { count(field, value) }
    case "input_cost_per_character":
      try set(.character, Place(), field, value)
    case "input_cost_per_request", "input_cost_per_query":
      try set(.request, Place(), field, value)
    case "output_cost_per_image":
      try set(.image, Place(), field, value)
    case "input_cost_per_image":
      if mode == "image_generation", node["output_cost_per_image"] == nil {
        try set(.image, Place(), field, value)
      } else {
        count(field, value)
      }
    default:
      if let (price, place) = token(field) {
        try set(price, place, field, value)
      } else if field.contains("cost") || field.contains("multiplier") || field == "provider_specific_entry" {
        count(field, value)
      }
    }
  }

  /// What a field of a token's price means.
  private func token(_ field: String) -> (PriceKey, Place)? {
    var place = Place()
    var base = field
    for (suffix, tier) in Self.serviceTiers where base.hasSuffix(suffix) {
      base.removeLast(suffix.count)
      place.serviceTier = tier
      break
    }
    if base.hasSuffix("k_tokens"), let start = base.ranges(of: "_above_").last {
      guard let thousands = Int64(base[start.upperBound...].dropLast("k_tokens".count)) else { return nil }
      place.above = thousands * 1000 - (isInclusive ? 1 : 0)
      base = String(base[..<start.lowerBound])
    }
    return Self.tokenFields[base].map { ($0, place) }
  }

  private var isAudio: Bool { mode == "audio_transcription" || mode == "audio_speech" }

  private mutating func count(_ field: String, _ value: JSONNode) {
    if let price = try? PriceNumber.read(value), price.pico == 0 { return }
    if value.kind != .null { unsupported.append(field) }
  }

  private func amount(_ field: String, _ value: JSONNode) throws(Refusal) -> (pico: Int128, isRounded: Bool)?
  {
    do throws(PriceNumber.Fault) {
      return try PriceNumber.read(value)
    } catch {
      switch error {
      case .missing: return nil
      case .negative: throw Refusal(reason: "\(field) is negative")
      case .malformed: throw Refusal(reason: "\(field) is no price")
      }
    }
  }

  private mutating func set(_ key: PriceKey, _ place: Place, _ field: String, _ value: JSONNode)
    throws(Refusal)
  {
    guard let (pico, isRounded) = try amount(field, value) else { return }
    if isRounded { rounded.append("\(field) \(value.text) is \(Decimal.text(pico))") }
    tables[place, default: PriceTable()].set(key, pico)
  }

  /// Seconds are listed for what goes in and what comes out, and charged once.
  private mutating func readSeconds() throws(Refusal) {
    guard isAudio else { return }
    for field in ["output_cost_per_second", "input_cost_per_second"] {
      guard let value = node[field], let price = try amount(field, value), price.pico > 0 else { continue }
      try set(.audioSecond, Place(), field, value)
    }
  }

  /// What a search costs; where that depends on the size of its context, the size is a service tier.
  private mutating func readSearch(_ node: JSONNode) throws(Refusal) {
    let sizes = ["low", "medium", "high"]
    var found: [String: JSONNode] = [:]
    for size in sizes { found[size] = node["search_context_size_\(size)"] }
    guard let low = found["low"] else { return }
    let standard = isPerplexity ? low : found["medium"] ?? low
    let isOnePrice = Set(sizes.compactMap { found[$0]?.text }).count == 1
    let key: PriceKey = isPerplexity && !isOnePrice ? .request : .search
    let field = "search_context_cost_per_query"
    try set(key, Place(), field, standard)
    if isOnePrice { return }
    for size in sizes {
      guard let value = found[size], value.index != standard.index else { continue }
      try set(key, Place(serviceTier: "search_context_\(size)", above: nil), field, value)
    }
  }

  /// Prices by ranges of the prompt instead of flat ones.
  private mutating func readRanges(_ node: JSONNode) throws(Refusal) {
    for part in node.elements {
      var range = part["range"]?.elements
      guard let first = range?.next(), let start = try? PriceNumber.read(first).pico else {
        throw Refusal(reason: "tiered_pricing without a range")
      }
      let (tokens, rest) = start.quotientAndRemainder(dividingBy: Decimal.unit)
      guard rest == 0, let above = Int64(exactly: tokens) else {
        throw Refusal(reason: "tiered_pricing: odd range")
      }
      for (key, value) in part.members {
        guard let (price, place) = token(key.text) else {
          if key.text.contains("cost") { count(key.text, value) }
          continue
        }
        try set(
          price, Place(serviceTier: place.serviceTier, above: above == 0 ? nil : above), key.text, value)
      }
    }
  }

  private mutating func readOffPeak(_ node: JSONNode) throws(Refusal) {
    if let zone = node["weekday_timezone"]?.text, zone != "UTC" {
      unsupported.append("off_peak_pricing.weekday_timezone")
      return
    }
    var table = PriceTable()
    for (key, value) in node.members {
      guard let (price, place) = token(key.text), place == Place() else { continue }
      if let found = try amount(key.text, value) { table.set(price, found.pico) }
    }
    for part in node["windows"].map({ Array($0.elements) }) ?? [node] {
      var window = PriceWindow(hours: [], weekdays: PriceWindow.everyDay, prices: table)
      guard let hours = part["hours_utc"] else { throw Refusal(reason: "off_peak_pricing without hours_utc") }
      for text in hours.kind == .array ? Array(hours.elements) : [hours] {
        let ends = text.text.split(separator: "-").map { Moment.minuteOfDay(String($0)) }
        guard ends.count == 2, let from = ends[0], let to = ends[1] else {
          throw Refusal(reason: "off_peak_pricing: hours \(text.text)")
        }
        window.hours.append(.init(from: from, to: to))
      }
      if let days = part["weekdays"] {
        window.weekdays = days.elements.reduce(0) { $0 | (Int($1.text).map { 1 << UInt8($0 - 1) } ?? 0) }
      }
      windows.append(window)
    }
  }

  /// The period, unless there is no price in it.
  func list(source: String) -> PriceList? {
    guard !tables.isEmpty else { return nil }
    var list = PriceList(currency: Currency(packed: 0x55_53_44))
    list.provenance.sources = [source]
    list.prices = tables[Place()] ?? PriceTable()
    // Reasoning at output's price is output; as a key of its own it would outlive a service tier's output.
    if list.prices[.reasoning] == list.prices[.output] { list.prices = list.prices.without(.reasoning) }
    if list.prices.isEmpty { return nil }
    func tiers(_ name: String?) -> [ContextTier] {
      tables.filter { $0.key.serviceTier == name && $0.key.above != nil }
        .map { ContextTier(aboveInputTokens: $0.key.above ?? 0, prices: $0.value) }
        .sorted { $0.aboveInputTokens < $1.aboveInputTokens }
    }
    list.tiers = tiers(nil)
    for name in Set(tables.keys.compactMap(\.serviceTier)).sorted() {
      list.serviceTiers.append(
        ServiceTier(
          name: name, prices: tables[Place(serviceTier: name, above: nil)] ?? PriceTable(), tiers: tiers(name)
        ))
    }
    list.windows = windows
    return list
  }
}
