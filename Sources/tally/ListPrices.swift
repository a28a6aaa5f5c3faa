import ArgumentParser
import Bytes
import Pricing

/// `: did you mean x?` or nothing.
func hint(_ text: String, _ known: [String]) -> String {
  nearest(to: text, in: known).map { ": did you mean \($0)?" } ?? ""
}

/// A row a model.
struct ListPrices: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List what models cost today, per million tokens.")

  @OptionGroup var options: StoreOptions

  @Option(help: ArgumentHelp("Only this provider.", valueName: "provider"))
  var provider: String?

  @OptionGroup var listing: ListingOptions

  func run() throws {
    let store = try PriceStore(options, showing: "prices list")
    let only = try provider.map { name in
      guard let provider = store.book.provider(name) else {
        throw Failure(
          "--provider \(name): no such provider\(hint(name, store.book.providers.map(\.id)))", .usage)
      }
      return provider.id
    }
    let keys: [PriceKey] = [.input, .cacheRead, .cacheWrite, .output]
    var table = TextTable(
      names: ["provider", "model"] + keys.map(\.name) + ["currency", "from", "source"], about: store.about)
    let models = store.book.models.filter { only == nil || $0.provider == only }
    for model in models.sorted(by: { ($0.provider, $0.model) < ($1.provider, $1.model) }) {
      guard let period = store.book.periods(model, isList: false).inForce(at: store.now) else { continue }
      table.rows.append(
        [model.provider, model.model]
          + keys.map { key in period.prices[key].map { key.publishedText($0) } }
          + ["\(period.currency)", period.beginningText, store.source(period).title])
    }
    try listing.print(table)
    store.sayAge(options)
  }
}

extension PriceList {
  /// The day from which it is known to hold; nil: always.
  var beginningText: String? {
    if let knownFrom { return Moment.text(knownFrom) }
    return from == Int64.min ? nil : Moment.text(from)
  }

  /// The moment behind its last; nil: it holds on.
  var endText: String? { until == Int64.max ? nil : Moment.text(until) }
}
