import ArgumentParser
import Configuration
import Fetch
import Files
import Pricing

/// Fetches a price list and brings it in.
struct UpdatePrices: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "update",
    abstract: "Fetch a price list from the configured address and bring it in.",
    discussion: """
      Does what tally prices import does with the file behind [prices] url in the configuration: LiteLLM's map, models.dev's
      api.json or a catalog of tally's, at an https://, http:// or file:// address or a path. Fetching needs curl.
      """)

  @OptionGroup var options: StoreOptions

  @Option(help: ArgumentHelp("Fetch from here instead of the configured address.", valueName: "address"))
  var url: String?

  @Option(
    help: ArgumentHelp("The UTC day from which the prices hold (default: today).", valueName: "date"))
  var from: String?

  @Flag(help: "Name every entry that was left out or rounded.")
  var verbose = false

  private static let example =
    "https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json"

  func run() throws {
    let store = try PriceStore(options, showing: verbose ? "prices update --verbose" : nil)
    let from = try store.day(from, "--from")
    guard let address = try url ?? configured() else {
      let path = try options.configurationPath
      throw Failure(
        "prices update: no address: set url below [prices] in \(path), or give --url, for example",
        details: [Self.example], .configuration)
    }
    var fetch = Fetch()
    fetch.agent = "tally/\(Tally.version)"
    let bytes: [UInt8]
    do throws(FetchError) {
      bytes = try fetch.get(address)
    } catch {
      throw Failure(error)
    }
    let shown = Fetch.shown(address)
    let found = try store.parse(bytes, file: shown, name: shown)
    try store.take(found, from: from, file: shown, isVerbose: verbose, options)
  }

  /// The address that the settings name.
  private func configured() throws -> String? {
    let address = try options.settings().pricesURL
    return try Failure.wrap { () throws(NoHome) in try address.map(Directories.expanded) }
  }
}

extension Failure {
  /// What could not be fetched.
  init(_ error: FetchError) {
    switch error.reason {
    case .file(let error): self.init(error)
    case .noAddress: self.init(error.description, .usage)
    case .tooLarge: self.init(error.description, .dataError)
    default: self.init(error.description, .unavailable)
    }
  }
}
