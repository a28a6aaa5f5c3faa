import ArgumentParser
import Calendar
import Fetch
import Files
import Pricing

/// A price file of somebody else's, read.
struct PriceFile: ParsableArguments {
  @Argument(
    help: "LiteLLM's model_prices_and_context_window.json, models.dev's api.json, or a catalog of tally's.")
  var file: String

  @Option(
    help: ArgumentHelp("The UTC day from which the prices hold (default: today).", valueName: "date"))
  var from: String?

  /// As much as is fetched from an address.
  private static let sizeBytesMax = Fetch().sizeBytesMax

  func read(_ store: PriceStore) throws -> (PriceImport, from: Int64) {
    let from = try store.day(from, "--from")
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try Stream.contents(file, sizeBytesMax: Self.sizeBytesMax)
    } catch {
      guard error.isTooLarge else { throw Failure(error) }
      throw Failure(
        "\(file): the file is larger than \(Self.sizeBytesMax >> 20) MiB: name a price list", .dataError)
    }
    return (try store.parse(bytes, file: file, name: Folders.name(of: file)), from)
  }
}

/// Brings a price list in.
struct ImportPrices: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Bring another tool's price list into the store's catalog.",
    discussion: """
      Prices hold from today unless --from says otherwise, so history is not repriced; the first price of a model holds
      for all its past. Negotiated prices and discounts stay. tally prices diff shows what would change.
      """)

  @OptionGroup var options: StoreOptions
  @OptionGroup var input: PriceFile

  @Flag(help: "Name every entry that was left out or rounded.")
  var verbose = false

  func run() throws {
    let store = try PriceStore(options, showing: verbose ? "prices import --verbose" : nil)
    let (found, from) = try input.read(store)
    try store.take(found, from: from, file: input.file, isVerbose: verbose, options)
  }
}

extension PriceStore {
  /// A price list of any shape we know.
  func parse(_ bytes: [UInt8], file: String, name: String) throws -> PriceImport {
    do throws(PricingError) {
      return try PriceImport.read(bytes, file: file, name: name, retrieved: "\(today)")
    } catch {
      throw Failure(error)
    }
  }

  /// Writes what a price list changes as a layer of its own, and says so.
  func take(
    _ found: PriceImport, from: Int64, file: String, isVerbose: Bool, _ options: StoreOptions
  ) throws {
    let catalog = found.catalog(over: book, from: from)
    var layer = book.onlyDifferent(catalog, from: from)
    layer.effective = from
    let differences = book.differences(to: catalog, from: from)
    let new = differences.count { $0.isNew }
    if isVerbose { Self.sayDetails(found, options) }
    Self.sayCounts(found, file, isVerbose: isVerbose, options)
    let same = found.catalog.models.count - differences.count
    let counts = "\(counted(new, "new model")), \(differences.count - new) changed, \(same) as before"
    guard !differences.isEmpty else {
      options.say("\(file): \(counts); nothing to do")
      return
    }
    let path = try write(layer)
    options.say("\(file): \(counts); in force from \(Moment.text(from)): \(path)")
  }

  private static func sayDetails(_ found: PriceImport, _ options: StoreOptions) {
    for text in found.refused { options.say("left out: \(text)") }
    for text in found.rounded { options.say("rounded: \(text)") }
    for (field, count) in found.unsupported.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      options.say("not supported: \(field) of \(counted(count, "model"))")
    }
  }

  private static func sayCounts(
    _ found: PriceImport, _ file: String, isVerbose: Bool, _ options: StoreOptions
  ) {
    var parts: [String] = []
    if found.unpricedCount > 0 { parts.append("\(found.unpricedCount) without a price") }
    if !found.refused.isEmpty { parts.append("\(found.refused.count) left out") }
    if !found.rounded.isEmpty { parts.append("\(counted(found.rounded.count, "price")) rounded") }
    if !found.unsupported.isEmpty {
      parts.append("\(counted(found.unsupported.count, "field")) not supported")
    }
    if !parts.isEmpty {
      options.say("\(file): \(parts.joined(separator: ", "))\(isVerbose ? "" : " (--verbose names them)")")
    }
  }
}
