import ArgumentParser
import Bytes
import Calendar
import Compaction
import Configuration
import Files
import Money
import Pricing
import Query
import Render
import Reports
import SegmentLog

/// What an import would change.
struct DiffPrices: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract:
      "Show what importing a price list would change, and what last month would cost; changes nothing.",
    discussion: """
      The month is priced twice, event by event: with the prices in force, and as if the file's had been in force for all
      of it. Events that say themselves what they cost are left out. Its days are those of billing_timezone, else UTC.
      CSV holds one table: the prices, or with --month the costs.
      """)

  @OptionGroup var options: StoreOptions
  @OptionGroup var input: PriceFile

  @Flag(help: "Show the prices of models that have none yet too.")
  var new = false

  @Option(help: ArgumentHelp("The month to price (default: last-month).", valueName: "month"))
  var month: String?

  @OptionGroup var listing: ListingOptions

  func run() throws {
    let store = try PriceStore(options, showing: "prices diff")
    let (found, from) = try input.read(store)
    let differences = store.book.differences(to: found.catalog(over: store.book, from: from), from: from)
    let cost = try MonthDifference(month: month ?? "last-month", found, store, options)
    try show(prices(differences, store), cost)
    let added = differences.count { $0.isNew }
    options.say(
      "\(counted(differences.count - added, "model")) would change from \(Moment.text(from)) on, "
        + "\(counted(added, "model")) would be new")
    options.say(cost.summary)
    guard cost.damages.isEmpty else {
      for damage in cost.damages { Terminal.say("tally: \(damage)") }
      throw Failure("\(cost.month): the events could not all be read (see above)", .dataError)
    }
  }

  private func prices(_ differences: [ModelDifference], _ store: PriceStore) -> TextTable {
    var table = TextTable(names: ["provider", "model", "what", "before", "after"], about: store.about)
    for difference in differences where new || !difference.isNew {
      for change in difference.changes {
        table.rows.append([difference.provider, difference.model, change.what, change.before, change.after])
      }
    }
    return table
  }

  private func show(_ prices: TextTable, _ cost: MonthDifference) throws {
    let format = try listing.reportFormat()
    switch format {
    case .json:
      var prices = prices
      prices.about.append(("month", cost.json))
      try Terminal.print(prices.text(.json))
    case .csv: try Terminal.print((month == nil ? prices : cost.table).text(.csv))
    case .table, .markdown:
      let tables = [prices, cost.tableWithTotals].filter { !$0.rows.isEmpty || format == .markdown }
      try Terminal.print(tables.map { $0.text(format) }.joined(separator: "\n"))
    }
  }
}

/// A month's costs with the prices in force and with a file's, for people and machines.
private struct MonthDifference {
  let month: CivilMonth
  /// The models that change.
  let table: TextTable
  /// By currency.
  private let totals: [[String?]]
  let damages: [SegmentError]
  let summary: String

  init(month text: String, _ found: PriceImport, _ store: PriceStore, _ options: StoreOptions) throws {
    let settings = try options.settings()
    let zone = try ZoneOption.zone(settings.billingTimezone ?? "UTC")
    month = try Failure.wrap { () throws(ReportFailure) in
      try MonthReports.days(of: text, today: zone.localDate(of: System.now())).lowerBound.civilMonth
    }
    let window = zone.startOfDay(month.first)..<zone.startOfDay(month.next.first)
    var layer = found.catalog(over: store.book, from: window.lowerBound)
    layer.effective = window.lowerBound
    let layout = try options.layout(settings)
    let cost: MonthCost
    do throws(DayError) {
      cost = try MonthCost(
        layout, window: window, before: store.book, after: store.book.adding(layer))
    } catch {
      throw Failure(error)
    }
    damages = cost.damages
    var rows: [(name: [ByteText?], currency: Currency?, sums: MonthCost.Sums)] = []
    var sums: [Currency?: MonthCost.Sums] = [:]
    for (model, currencies) in cost.rows {
      for (currency, row) in currencies {
        sums[currency, default: MonthCost.Sums()] += row
        if row.isChanged { rows.append(([model.provider, model.model], currency, row)) }
      }
    }
    rows.sort { a, b in
      a.name != b.name
        ? a.name.precedes(b.name) : (Self.text(a.currency) ?? "") < (Self.text(b.currency) ?? "")
    }
    var table = TextTable([
      ("provider", "provider", .text), ("model", "model", .text), ("requests", "requests", .count),
      ("currency", "currency", .text), ("before", "before", .number), ("after", "after", .number),
      ("difference", "difference", .number), ("unpriced_before", "unpriced before", .count),
      ("unpriced_after", "unpriced after", .count),
    ])
    table.rows = rows.map { $0.name.map { $0?.text } + Self.cells($0.currency, $0.sums) }
    self.table = table
    let currencies = sums.keys.sorted { (Self.text($0) ?? "") < (Self.text($1) ?? "") }
    totals = currencies.map { currency in
      ["Total", nil] + Self.cells(currency, sums[currency] ?? MonthCost.Sums())
    }
    let changed = Set(rows.map(\.name))
    summary = Self.summary(cost, month, changed: changed.count)
  }

  private static func text(_ currency: Currency?) -> String? { currency.map { "\($0)" } }

  private static func cells(_ currency: Currency?, _ row: MonthCost.Sums) -> [String?] {
    let amounts = [row.before, row.after, row.after - row.before].map {
      currency == nil ? nil : PicoText.exact($0)
    }
    return ["\(row.requests)", text(currency)] + amounts + ["\(row.unpricedBefore)", "\(row.unpricedAfter)"]
  }

  private static func summary(_ cost: MonthCost, _ month: CivilMonth, changed: Int) -> String {
    let requests = cost.rows.values.flatMap(\.values).reduce(0) { $0 + $1.requests }
    var text = "\(month): no usage without a cost of its own"
    if requests > 0 {
      text = "\(month): \(counted(requests, "request")), "
      text += changed == 0 ? "nothing" : counted(changed, "model")
      text += " would have cost something else"
    }
    if cost.reportedRequests > 0 {
      text += "; \(counted(cost.reportedRequests, "request")) with a cost of its own left out"
    }
    if cost.approximateRequests > 0 {
      text += "; \(counted(cost.approximateRequests, "request")) priced approximately"
    }
    return text
  }

  /// The table with the sums of all models below those that change.
  var tableWithTotals: TextTable {
    var table = table
    table.rows += totals
    return table
  }

  /// `{"month", "rows", "totals"}`.
  var json: String {
    var all = TextTable(Array(table.columns.dropFirst(2)))
    all.rows = totals.map { Array($0.dropFirst(2)) }
    return """
      {"month": "\(month)", "rows": \(table.jsonRows(indent: "  ")), "totals": \(all.jsonRows(indent: "  "))}
      """
  }
}
