//! models.dev's `api.json`: providers, each with its models, prices in dollars per million tokens.

import JSON
import Money

/// Reads models.dev's price list.
struct ModelsDevReader {
  let file: String
  let retrieved: String

  private static let source = "models.dev"
  private static let fields: [String: PriceKey] = [
    "input": .input, "output": .output, "reasoning": .reasoning, "cache_read": .cacheRead,
    "cache_write": .cacheWrite, "input_audio": .inputAudio, "output_audio": .outputAudio,
  ]

  private struct Refusal: Error { let reason: String }

  func read(_ providers: [(key: JSONNode, value: JSONNode)]) throws(PricingError) -> PriceImport {
    var found = PriceImport(name: "models.dev", version: retrieved)
    found.isPartial = true
    found.catalog.sources[Self.source] = CatalogSource(
      kind: "file", title: "models.dev api.json", url: file, retrieved: retrieved)
    for (provider, value) in providers {
      for (name, node) in value.members(of: "models") {
        guard let cost = node["cost"], cost.kind == .object else {
          found.unpricedCount += 1
          continue
        }
        let key = "\(provider.text)/\(name.text)"
        do throws(Refusal) {
          var list = try period(node, cost, key, &found)
          // There a tier begins at its threshold, not behind it.
          if provider.text == "xai" {
            for index in list.tiers.indices { list.tiers[index].aboveInputTokens -= 1 }
          }
          guard !list.prices.isEmpty else {
            found.unpricedCount += 1
            continue
          }
          var model = ModelPrices(provider: ProviderNames.our(provider.text), model: name.text)
          let normal = name.text.lowercased()
          if normal != name.text { model.aliases = [normal] }
          model.periods = [list]
          found.add(model, from: key, provider: provider.text)
        } catch {
          found.refused.append("\(key): \(error.reason)")
        }
      }
    }
    found.addProviders()
    return found
  }

  private func period(
    _ node: JSONNode, _ cost: JSONNode, _ key: String, _ found: inout PriceImport
  ) throws(Refusal) -> PriceList {
    var list = PriceList(currency: found.catalog.currency)
    list.provenance.sources = [Self.source]
    list.prices = try table(cost, key, &found)
    if list.prices[.reasoning] == list.prices[.output] { list.prices = list.prices.without(.reasoning) }
    // `context_over_200k` is derived from the tiers, with the wrong threshold where the tier has another.
    if let tiers = cost["tiers"] {
      for part in tiers.elements {
        let tier = part["tier"]
        guard tier?["type"]?.text == "context", let size = (tier?["size"]?.text).flatMap({ Int64($0) }),
          size > 0
        else {
          found.unsupported["cost.tiers of type \(tier?["type"]?.text ?? "none")", default: 0] += 1
          continue
        }
        list.tiers.append(ContextTier(aboveInputTokens: size, prices: try table(part, key, &found)))
      }
      list.tiers.sort { $0.aboveInputTokens < $1.aboveInputTokens }
    } else if let part = cost["context_over_200k"], part.kind == .object {
      list.tiers = [ContextTier(aboveInputTokens: 200_000, prices: try table(part, key, &found))]
    }
    for (name, mode) in (node["experimental"] ?? node).members(of: "modes") {
      guard let cost = mode["cost"] else { continue }
      let named = mode["provider"]?["body"]?["service_tier"]?.text
      list.serviceTiers.append(
        ServiceTier(
          name: named ?? (name.text == "fast" ? "priority" : name.text), prices: try table(cost, key, &found),
          tiers: []))
    }
    list.serviceTiers.sort { $0.name < $1.name }
    return list
  }

  private func table(_ node: JSONNode, _ key: String, _ found: inout PriceImport) throws(Refusal)
    -> PriceTable
  {
    var table = PriceTable()
    for (name, value) in node.members {
      guard let price = Self.fields[name.text] else {
        if value.kind == .number { found.unsupported["cost.\(name.text)", default: 0] += 1 }
        continue
      }
      do throws(PriceNumber.Fault) {
        let (pico, isRounded) = try PriceNumber.read(value, exponent: -6)
        if isRounded {
          found.rounded.append("\(key): \(name.text) \(value.text) is \(price.publishedText(pico))")
        }
        table.set(price, pico)
      } catch {
        switch error {
        case .missing: break
        case .negative: throw Refusal(reason: "\(name.text) is negative")
        case .malformed: throw Refusal(reason: "\(name.text) is no price")
        }
      }
    }
    return table
  }
}
