import Answers
import ArgumentParser
import Calendar
import Configuration
import Files
import Query

/// The options of reports that make more of sums than rows of them.
struct AnswerOptions: ParsableArguments {
  @OptionGroup var options: StoreOptions
  @OptionGroup var days: RangeOptions
  @OptionGroup var events: SelectionOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var money: MoneyOptions

  func validate() throws {
    if money.listPrice {
      throw ValidationError("--list-price: this report has none: tally report models --list-price has")
    }
  }

  /// Reads what a report asks for, makes it, and writes it.
  ///
  /// - Parameters:
  ///   - change: makes the requests to be read of the one of the options.
  ///   - body: makes the report of their sums.
  func run(
    _ name: String, dimensions: [String], defaultRange: String,
    change: (ReportRequest, Configuration) throws -> [ReportRequest] = { request, _ in [request] },
    _ body: ([Usage], Configuration) throws -> Report
  ) throws {
    let settings = try options.settings()
    let layout = try ReportStore.layout(options, settings)
    var request = try days.request(name, settings, defaultRange: defaultRange)
    request.dimensions = dimensions
    try events.apply(to: &request, settings)
    let prices = try StorePrices.pricer(layout)
    let requests = try change(request, settings).map { request in
      // Rates are of the days of each.
      var request = request
      try money.apply(to: &request, settings, options, prices)
      return request
    }
    let (usages, problems) = try ReportStore.usage(layout, tags: settings.rollupTags, prices, requests)
    var report = try body(usages, settings)
    ReportStore.finish(&report, problems, prices)
    try output.write(report, options)
    if !problems.isEmpty { throw ExitCode(Status.dataError.rawValue) }
  }
}

/// Which rows of a long report are shown.
struct PageOptions: ParsableArguments {
  // "-cost" is no option.
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Columns that order the rows, those with - in front largest first.", valueName: "columns"))
  var order: [String] = []

  @Option(help: ArgumentHelp("Rows of a page.", valueName: "n"))
  var limit: Int?

  @Option(help: ArgumentHelp("Which page, from 1; needs --limit.", valueName: "n"))
  var page = 1

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit \(limit): use 1 or more") }
    if page < 1 { throw ValidationError("--page \(page): use 1 or more") }
    if page > 1, limit == nil {
      throw ValidationError("--page \(page): say with --limit how many rows a page has")
    }
  }

  /// The page of a report.
  func applied(to report: Report) throws -> Report {
    let names = report.columns.map(\.name)
    let order = try order.flatMap { try QueryText.order($0, names) }
    return RowChoice(order: order, limit: limit, page: page).applied(to: report)
  }
}
