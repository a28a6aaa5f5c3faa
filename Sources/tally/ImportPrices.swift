import ArgumentParser
import Calendar
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

  func read(_ store: PriceStore) throws -> (PriceImport, from: Int64) {
    let from = try store.day(from, "--from")
    let bytes: [UInt8]
    do throws(FileError) {
      bytes = try Publish.contents(file)
    } catch {
      throw Failure(error)
    }
    do throws(PricingError) {
      let found = try PriceImport.read(
        bytes, file: file, name: Folders.name(of: file), retrieved: "\(store.today)")
      return (found, from)
    } catch {
      throw Failure(error)
    }
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
    var layer = store.book.onlyDifferent(found.catalog(over: store.book, from: from), from: from)
    layer.effective = from
    let differences = store.book.differences(to: found.catalog(over: store.book, from: from), from: from)
    let new = differences.count { $0.isNew }
    say(found)
    let same = found.catalog.models.count - differences.count
    let counts = "\(counted(new, "new model")), \(differences.count - new) changed, \(same) as before"
    guard !differences.isEmpty else {
      options.say("\(input.file): \(counts); nothing to do")
      return
    }
    let path = try store.write(layer)
    options.say("\(input.file): \(counts); in force from \(Moment.text(from)): \(path)")
  }

  private func say(_ found: PriceImport) {
    if verbose {
      for text in found.refused { options.say("left out: \(text)") }
      for text in found.rounded { options.say("rounded: \(text)") }
      for (field, count) in found.unsupported.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
        options.say("not supported: \(field) of \(counted(count, "model"))")
      }
    }
    var parts: [String] = []
    if found.unpricedCount > 0 { parts.append("\(found.unpricedCount) without a price") }
    if !found.refused.isEmpty { parts.append("\(found.refused.count) left out") }
    if !found.rounded.isEmpty { parts.append("\(counted(found.rounded.count, "price")) rounded") }
    if !found.unsupported.isEmpty {
      parts.append("\(counted(found.unsupported.count, "field")) not supported")
    }
    if !parts.isEmpty {
      options.say(
        "\(input.file): \(parts.joined(separator: ", "))\(verbose ? "" : " (--verbose names them)")")
    }
  }
}
