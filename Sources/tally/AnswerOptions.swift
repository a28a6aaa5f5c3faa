import Answers
import ArgumentParser
import Calendar
import Configuration
import Files
import Pricing
import Query
import SegmentLog

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
    let (settings, layout, prices) = try opened()
    let request = try request(name, dimensions, settings, defaultRange)
    let requests = try change(request, settings).map { request in
      // Rates are of the days of each.
      var request = request
      try money.apply(to: &request, settings, options, prices)
      return request
    }
    let (usages, problems) = try ReportStore.usage(layout, tags: settings.rollupTags, prices, requests)
    try write(try body(usages, settings), problems, prices)
  }

  /// The same for a report that is made of minutes.
  ///
  /// - Parameters:
  ///   - change: changes the request and says what minutes are reduced to.
  ///   - body: makes the report.
  func runMinutes<Reduction: MinuteReduction>(
    _ name: String, dimensions: [String], defaultRange: String,
    change: (inout ReportRequest, Configuration) throws -> Reduction,
    _ body: (Usage, Reduction, Configuration) throws -> Report
  ) throws {
    let (settings, layout, prices) = try opened()
    var request = try request(name, dimensions, settings, defaultRange)
    if dimensions.contains("session") || request.filter?.fields.contains("session") == true {
      throw Failure("report \(name): minutes do not tell sessions: leave session out", .usage)
    }
    let empty = try change(&request, settings)
    try money.apply(to: &request, settings, options, prices)
    let found = try ReportStore.minutes(layout, tags: settings.rollupTags, prices, request, into: empty)
    try write(try body(found.usage, found.reduction, settings), found.problems, prices)
  }

  private func opened() throws -> (Configuration, StoreLayout, Pricer) {
    let settings = try options.settings()
    let layout = try ReportStore.layout(options, settings)
    return (settings, layout, try StorePrices.pricer(layout))
  }

  private func request(
    _ name: String, _ dimensions: [String], _ settings: Configuration, _ defaultRange: String
  ) throws -> ReportRequest {
    var request = try days.request(name, settings, defaultRange: defaultRange)
    request.dimensions = dimensions
    try events.apply(to: &request, settings)
    return request
  }

  private func write(_ report: Report, _ problems: [ReportProblem], _ prices: Pricer) throws {
    var report = report
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
