import ArgumentParser
import Calendar
import Files
import Pricing
import SegmentLog

/// Prices: what there is, and what the store's own are.
struct PricesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prices",
    abstract: "Show, import, set and check the prices that cost is computed with.",
    discussion: """
      What models cost now:      tally prices list
      Where a price is from:     tally prices show gpt-5
      A newer price list:        tally prices import model_prices_and_context_window.json
      The same, by itself:       tally prices update
      A negotiated price:        tally prices set gpt-5 input=1.00 --from 2026-12-01
      A discount:                tally prices set --provider openai --discount 5 --from 2026-12-01
      """,
    subcommands: [
      ListPrices.self, ShowPrices.self, ImportPrices.self, UpdatePrices.self, DiffPrices.self, SetPrices.self,
      CheckPrices.self,
    ])
}

/// What the subcommands of `prices` share.
struct PriceStore {
  let catalog: StoreCatalog
  let book: PriceBook
  let now = System.now()

  /// The prices of the store; one that is not there yet has the built-in ones.
  ///
  /// - Parameter command: what will show prices, which the settings may forbid.
  init(_ options: StoreOptions, showing command: String? = nil) throws {
    let settings = try command.map(options.settingsShowingPrices) ?? options.settings()
    catalog = StoreCatalog(folder: try options.layout(settings).catalog)
    do throws(PricingError) {
      book = try catalog.book()
    } catch {
      throw Failure(error)
    }
  }

  /// Today, in UTC: prices begin at UTC midnights.
  var today: CivilDate { CivilDate(utcDayOf: now) }

  /// What lists of prices say beside their rows.
  var about: [(key: String, json: String)] { [("catalog", CatalogWriter.quoted(book.version))] }

  /// Says it when prices are old.
  func sayAge(_ options: StoreOptions) {
    guard let days = CatalogCheck.ageDays(book, today: today), days > CatalogCheck.ageDaysMax else { return }
    options.say(
      "tally: the newest prices are \(days) days old: tally prices import brings in a newer price list")
  }

  /// Writes a catalog on top; the built-in one is pinned below it first.
  func write(_ layer: PriceCatalog) throws -> String {
    do throws(PricingError) {
      try catalog.adoptBuiltIn(now: now)
      return try catalog.write(layer, now: now)
    } catch {
      throw Failure(error)
    }
  }

  /// The UTC day that was typed for an option, else today.
  func day(_ text: String?, _ option: String) throws -> Int64 {
    guard let text else { return today.utcStartMs }
    guard let time = Moment.parse(text) else {
      throw Failure("\(option) \(text): write a UTC day such as 2026-12-01", .usage)
    }
    return time
  }

  /// The models that a name means, of one provider or of any.
  func models(_ name: String, provider: String?) throws -> [ModelPrices] {
    if let provider {
      switch book.match(provider: provider, model: name) {
      case .model(_, let model): return [model]
      case .nothing:
        throw Failure(
          "--provider \(provider): no such provider\(hint(provider, book.providers.map(\.id)))", .usage)
      case .provider: break
      }
    }
    let found = provider == nil ? book.providers.compactMap { model(name, $0.id) } : []
    guard found.isEmpty else { return found }
    let mend = hint(name, book.models.map(\.model))
    throw Failure("\(name): no such model\(mend.isEmpty ? ": tally prices list shows all" : mend)", .noInput)
  }

  private func model(_ name: String, _ provider: String) -> ModelPrices? {
    guard case .model(_, let model) = book.match(provider: provider, model: name) else { return nil }
    return model
  }

  /// Where a price is from, and which state of that.
  func source(_ period: PriceList) -> (title: String?, date: String?, isVerified: Bool) {
    let origin = book.origin(of: period.provenance)
    return (origin.title, origin.date, origin.isVerified)
  }
}

extension Failure {
  /// Prices that could not be read or written.
  init(_ error: PricingError) {
    switch error {
    case .file(let error): self.init(error)
    case .content, .altered: self.init(error.description, .dataError)
    case .request: self.init(error.description, .usage)
    }
  }
}
