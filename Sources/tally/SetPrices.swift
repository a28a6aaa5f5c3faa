import ArgumentParser
import Calendar
import Files
import Money
import Pricing

/// One price, or a discount.
struct SetPrices: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set",
    abstract: "Set prices of a model, or a discount of a provider, from a day on.",
    discussion: """
      Prices of tokens are per million, all others per unit: tally prices set gpt-5 input=1.00 output=8
      A price that is set takes the place of the list price whatever is imported later, and no discount is taken off it.
      A later discount of a provider takes the place of an earlier one; 0 ends it.
      """)

  @OptionGroup var options: StoreOptions

  @Argument(help: "The model's name, and prices such as input=1.00; only --discount needs none.")
  var words: [String] = []

  @Option(help: ArgumentHelp("The provider; needed where several have the model.", valueName: "provider"))
  var provider: String?

  @Option(help: ArgumentHelp("Percent off all list prices of the provider.", valueName: "percent"))
  var discount: String?

  @Option(help: ArgumentHelp("The UTC day from which it holds (default: today).", valueName: "date"))
  var from: String?

  @Option(help: ArgumentHelp("The UTC day from which it does not hold any more.", valueName: "date"))
  var until: String?

  @Option(help: ArgumentHelp("Of this service tier, such as batch.", valueName: "tier"))
  var serviceTier: String?

  @Option(help: ArgumentHelp("Of prompts of more tokens than this.", valueName: "tokens"))
  var above: Int64?

  @Option(help: ArgumentHelp("Why; for people.", valueName: "text"))
  var note: String?

  func run() throws {
    let store = try PriceStore(options)
    let start = try store.day(from, "--from")
    let end = try until.map { try store.day($0, "--until") } ?? Int64.max
    guard start < end else {
      throw Failure("--until \(Moment.text(end)) is not after --from \(Moment.text(start))", .usage)
    }
    var layer = PriceCatalog(
      name: "set", version: "\(store.today)",
      currency: store.book.catalogs.first?.currency ?? Currency(packed: 0))
    layer.effective = start
    if let discount {
      layer.discounts = [try self.discount(discount, store, start, end)]
    } else {
      try addPrices(store, start, end, to: &layer)
    }
    let path = try store.write(layer)
    options.say("in force from \(Moment.text(start)): \(path)")
  }

  private func discount(
    _ text: String, _ store: PriceStore, _ start: Int64, _ end: Int64
  ) throws -> Discount {
    guard words.isEmpty else { throw Failure("--discount is of a provider: leave \(words[0]) out", .usage) }
    guard let name = provider else { throw Failure("--discount: name the provider with --provider", .usage) }
    guard let provider = store.book.provider(name) else {
      throw Failure(
        "--provider \(name): no such provider\(hint(name, store.book.providers.map(\.id)))", .usage)
    }
    guard let pico = try? Decimal.parse(text), pico >= 0, pico <= 100 * Decimal.unit else {
      throw Failure("--discount \(text): use a percentage from 0 to 100, such as 7.5", .usage)
    }
    var discount = Discount(provider: provider.id, from: start, picoPercent: pico)
    discount.until = end
    discount.note = note
    return discount
  }

  private func addPrices(
    _ store: PriceStore, _ start: Int64, _ end: Int64, to layer: inout PriceCatalog
  ) throws {
    guard let model = words.first, words.count > 1 else {
      throw Failure("prices set: name a model and a price, such as gpt-5 input=1.00", .usage)
    }
    let prices = try words.dropFirst().reduce(into: PriceTable()) { try Self.add($1, to: &$0) }
    guard let (provider, known) = try find(model, store) else {
      try addModel(model, prices, to: &layer)
      return
    }
    var override = PriceOverride(provider: provider, model: known, from: start, prices: prices)
    override.until = end
    override.serviceTier = serviceTier
    override.aboveInputTokens = above
    override.note = note
    layer.overrides = [override]
  }

  /// The one model that is meant; nil when it has no price yet.
  private func find(_ name: String, _ store: PriceStore) throws -> (provider: String, model: String)? {
    if let provider {
      switch store.book.match(provider: provider, model: name) {
      case .model(let provider, let model): return (provider.id, model.model)
      case .provider, .nothing: return nil
      }
    }
    guard let found = try? store.models(name, provider: nil) else {
      throw Failure(
        "\(name): no such model: name who bills it with --provider to give it a first price", .usage)
    }
    guard found.count == 1, let model = found.first else {
      let providers = found.map(\.provider).joined(separator: ", ")
      throw Failure("\(name): \(providers) have it: name one with --provider", .usage)
    }
    return (model.provider, model.model)
  }

  /// A model that nothing prices yet: its first price holds for all its past.
  private func addModel(_ name: String, _ prices: PriceTable, to layer: inout PriceCatalog) throws {
    guard serviceTier == nil, above == nil, until == nil, let provider else {
      throw Failure(
        "\(name): it has no price yet: set its standard prices first, without --service-tier, --above and --until",
        .usage)
    }
    let date = layer.version
    layer.sources["set"] = CatalogSource(kind: "user", title: "tally prices set", url: "-", retrieved: date)
    let store = try PriceStore(options)
    let known = store.book.provider(provider)
    if known == nil {
      var provider = Provider(id: provider, name: provider)
      provider.isReseller = true
      layer.providers = [provider]
    }
    var list = PriceList(currency: layer.currency)
    list.prices = prices
    list.provenance.sources = ["set"]
    list.provenance.note = note
    var model = ModelPrices(provider: known?.id ?? provider, model: name)
    model.periods = [list]
    layer.models = [model]
  }

  /// Reads `input=1.25`.
  private static func add(_ word: String, to table: inout PriceTable) throws {
    let parts = word.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else { throw Failure("\(word): write a price as input=1.25", .usage) }
    guard let key = PriceKey(name: parts[0]) else {
      let names = PriceKey.allCases.map(\.name)
      let mend = hint(parts[0], names)
      throw Failure(
        "\(word): no such price\(mend.isEmpty ? ": use \(names.joined(separator: ", "))" : mend)", .usage)
    }
    guard let pico = try? Decimal.parse(parts[1]), pico >= 0, pico < 1_000_000_000_000 * Decimal.unit,
      !key.isToken || pico % 1_000_000 == 0
    else {
      throw Failure(
        "\(word): a price is a decimal of at most \(key.isToken ? "six" : "twelve") places, such as 1.25",
        .usage)
    }
    table.set(key, key.isToken ? pico / 1_000_000 : pico)
  }
}
