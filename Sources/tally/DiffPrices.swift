import ArgumentParser
import Pricing

/// What an import would change.
struct DiffPrices: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Show what importing a price list would change; changes nothing.")

  @OptionGroup var options: StoreOptions
  @OptionGroup var input: PriceFile

  @Flag(help: "Show the prices of models that have none yet too.")
  var new = false

  @Option(name: .shortAndLong, help: "table, csv, json or markdown.")
  var format: ListFormat = .table

  func run() throws {
    let store = try PriceStore(options)
    let (found, from) = try input.read(store)
    let differences = store.book.differences(to: found.catalog(over: store.book, from: from), from: from)
    var table = TextTable(columns: ["provider", "model", "what", "before", "after"])
    for difference in differences where new || !difference.isNew {
      for change in difference.changes {
        table.rows.append([difference.provider, difference.model, change.what, change.before, change.after])
      }
    }
    if !table.rows.isEmpty || format != .table {
      try Terminal.print(table.text(format, about: [("catalog", store.book.version)]))
    }
    let added = differences.count { $0.isNew }
    options.say(
      "\(counted(differences.count - added, "model")) would change from \(Moment.text(from)) on, "
        + "\(counted(added, "model")) would be new")
  }
}
