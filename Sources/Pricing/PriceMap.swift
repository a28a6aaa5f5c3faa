//! Other tools' price lists, made into catalogs. Their numbers are JSON numbers; here they stay text until they are
//! pico-units, so `1.25e-06` is exactly that. What our catalog has no place for is counted and named, never guessed.

import JSON
import Money

/// What an import found.
package struct PriceImport: Sendable {
  /// The prices, for every model that has any.
  package var catalog: PriceCatalog
  /// Entries without any price: unknown, not free.
  package var unpricedCount = 0
  /// Price fields that the catalog has no place for, with how many entries have them.
  package var unsupported: [String: Int] = [:]
  /// Entries that could not be taken, and why.
  package var refused: [String] = []
  /// Prices with more digits than a pico-unit has, which were rounded half to even.
  package var rounded: [String] = []
  /// Whether the file's shape has no field for batches, searches, images and the like.
  var isPartial = false
  private var names: Set<String> = []
  /// What the file calls each provider.
  private var theirNames: [String: Set<String>] = [:]

  init(name: String, version: String) {
    catalog = PriceCatalog(name: name, version: version, currency: Self.dollar)
  }

  private static var dollar: Currency { Currency(packed: 0x55_53_44) }

  /// Reads a price file of any shape we know: LiteLLM's map, models.dev's `api.json`, or a catalog of ours.
  package static func read(_ bytes: [UInt8], file: String, name: String, retrieved: String)
    throws(PricingError)
    -> PriceImport
  {
    let root = try JSONDocument(bytes, file: file).root
    guard root.kind == .object else { throw root.fault("a price list is an object, not \(root.kind.name)") }
    if root["schema_version"] != nil {
      var found = PriceImport(name: name, version: retrieved)
      found.catalog = try CatalogReader.read(bytes, file: file)
      return found
    }
    let entries = Array(root.members)
    if entries.contains(where: { $0.value["models"]?.kind == .object && $0.value["id"]?.kind == .text }) {
      return try ModelsDevReader(file: name, retrieved: retrieved).read(entries)
    }
    if entries.contains(where: { $0.value["litellm_provider"] != nil }) {
      return try LiteLLMReader(file: name, retrieved: retrieved).read(entries)
    }
    throw root.fault(
      "neither LiteLLM's price map, nor models.dev's api.json, nor a catalog of schema_version 1")
  }

  /// The catalog to lay over a book from `time` on.
  ///
  /// What a shape has no field for has not ceased to cost: as long as the prices it does say are those of the book,
  /// the book's list stays as it is; when they are others, the book's prices per unit stay.
  package func catalog(over book: PriceBook, from time: Int64) -> PriceCatalog {
    guard isPartial else { return catalog }
    var catalog = catalog
    for index in catalog.models.indices {
      let model = catalog.models[index]
      guard let known = book.model(provider: model.provider, named: model.model)?.periods.inForce(at: time)
      else {
        continue
      }
      for period in catalog.models[index].periods.indices {
        if known.says(model.periods[period]) {
          var kept = known
          kept.from = model.periods[period].from
          kept.until = model.periods[period].until
          catalog.models[index].periods[period] = kept
        } else {
          for entry in known.prices.entries where !entry.key.isToken {
            catalog.models[index].periods[period].prices.set(entry.key, entry.pico)
          }
        }
      }
    }
    return catalog
  }

  /// Adds a model unless its name is taken; `provider` is what the file calls who bills.
  mutating func add(_ model: ModelPrices, from key: String, provider: String) {
    theirNames[model.provider, default: []].insert(provider)
    if !names.insert("\(model.provider)\n\(model.model)").inserted {
      refused.append("\(key): \(model.provider) has \(model.model) already")
    } else {
      catalog.models.append(model)
    }
  }

  /// Adds who bills, as far as models name them.
  mutating func addProviders() {
    for id in Set(catalog.models.map(\.provider)).sorted() {
      var provider = Provider(id: id, name: id)
      // A maker's models are found by events without a provider; what merely serves them never is.
      provider.isReseller = !ProviderNames.makers.contains(id)
      let names = theirNames[id] ?? []
      provider.aliases = names.sorted().filter { $0 != id }
      provider.prefixes = names.union(names.map(ProviderNames.route)).sorted().map { "\($0)/" }
      catalog.providers.append(provider)
    }
  }
}

extension PriceList {
  /// Whether every price of `other` is a price of this one.
  fileprivate func says(_ other: PriceList) -> Bool {
    let mine = flattened
    return other.flattened.allSatisfy { item in mine.contains { $0 == item } }
  }
}

/// What providers are called elsewhere, and here: OpenTelemetry's names.
enum ProviderNames {
  static let ours = [
    "gemini": "gcp.gemini", "google": "gcp.gemini", "mistral": "mistral_ai", "xai": "x_ai",
    "github_copilot": "github", "github-copilot": "github", "text-completion-openai": "openai",
    "azure": "azure.ai.openai", "azure_text": "azure.ai.openai", "azure_ai": "azure.ai.inference",
    "bedrock": "aws.bedrock", "bedrock_converse": "aws.bedrock", "bedrock_mantle": "aws.bedrock",
    "amazon-bedrock": "aws.bedrock", "google-vertex": "gcp.vertex_ai",
    "google-vertex-anthropic": "gcp.vertex_ai",
    "watsonx": "ibm.watsonx.ai", "cohere_chat": "cohere", "moonshotai": "moonshot",
  ]

  static let makers: Set<String> = [
    "openai", "anthropic", "gcp.gemini", "groq", "perplexity", "mistral_ai", "x_ai", "deepseek", "cohere",
    "voyage",
    "moonshot", "jina_ai",
  ]

  /// What LiteLLM writes in front of a model's name: Vertex and Bedrock have a LiteLLM provider for each maker or
  /// interface, and one route.
  static func route(_ name: String) -> String {
    if name.hasPrefix("vertex_ai") { return "vertex_ai" }
    return name.hasPrefix("bedrock") ? "bedrock" : name
  }

  static func our(_ name: String) -> String {
    ours[name] ?? (name.hasPrefix("vertex_ai") ? "gcp.vertex_ai" : name)
  }
}

/// A number of a price file, exactly.
enum PriceNumber {
  enum Fault: Error, Equatable {
    case missing, negative, malformed
  }

  /// Pico-units of a JSON number, or of a text that holds one, times ten to `exponent`; and whether it was rounded.
  static func read(_ node: JSONNode, exponent: Int = 0) throws(Fault) -> (pico: Int128, isRounded: Bool) {
    if node.kind == .null { throw .missing }
    guard node.kind == .number || node.kind == .text else { throw .malformed }
    let parts = node.text.split(whereSeparator: { $0 == "e" || $0 == "E" })
    guard let mantissa = parts.first, parts.count <= 2, let written = Int(parts.count == 2 ? parts[1] : "0")
    else {
      throw .malformed
    }
    let power = written + exponent
    guard abs(power) < 100, let pico = try? Decimal.parse("\(mantissa)e\(power)") else { throw .malformed }
    if pico < 0 { throw .negative }
    // The digits behind the twelfth decimal are those that a pico-unit cannot hold.
    let fraction = mantissa.split(separator: ".").dropFirst().first ?? ""
    let digits = mantissa.filter(\.isNumber)
    let zeros = digits.reversed().prefix { $0 == "0" }.count
    let isRounded = digits.count != zeros && fraction.count - zeros - power > 12
    return (pico, isRounded)
  }
}
