import ArgumentParser
import Pricing

/// Every price of a model, and where it is from.
struct ShowPrices: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show every price of a model over time, and where each is from.",
    discussion:
      "The name is looked up as an event's is: as it is, by alias, and normalised; never by a part of it.")

  @OptionGroup var options: StoreOptions

  @Argument(help: "The model's name, as events have it.")
  var model: String

  @Option(help: ArgumentHelp("Only this provider.", valueName: "provider"))
  var provider: String?

  @OptionGroup var listing: ListingOptions

  func run() throws {
    let store = try PriceStore(options, showing: "prices show")
    var table = TextTable(
      names: [
        "provider", "model", "from", "until", "what", "price", "list_price", "currency", "source", "as_of",
        "verified",
      ], about: store.about)
    for model in try store.models(model, provider: provider) {
      for period in store.book.periods(model, isList: false) {
        // What was cut out of a list period begins in it.
        let list = model.periods.inForce(at: max(period.from, model.periods.first?.from ?? period.from))
        let (title, date, isVerified) = store.source(period)
        for (what, price) in period.flattened {
          let listed = list?.flattened.first { $0.what == what }?.price
          let isListed = price == listed
          table.rows.append([
            model.provider, model.model, period.beginningText, period.endText, what, price, listed,
            "\(period.currency)", isListed ? title : "tally prices set",
            isListed ? date : period.beginningText,
            isListed && isVerified ? "yes" : nil,
          ])
        }
      }
    }
    try listing.print(table)
    if listing.format == "table" {
      options.say("Tokens are priced per million, all else per unit. Catalog: \(store.book.version).")
    }
    store.sayAge(options)
  }
}
