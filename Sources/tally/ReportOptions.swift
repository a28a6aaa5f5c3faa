import ArgumentParser
import Bytes
import Calendar
import Configuration
import Files
import Pricing
import Query
import Render
import SegmentLog

/// The options that reports share, and what they do.
struct ReportOptions: ParsableArguments {
  @OptionGroup var options: StoreOptions

  @OptionGroup var days: RangeOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Group by these fields too, such as model or user,project; may be given several times.",
      valueName: "fields"))
  var by: [String] = []

  @Option(help: ArgumentHelp("A row for each hour, day, week or month too.", valueName: "time"))
  var every: String?

  @OptionGroup var events: SelectionOptions

  @Option(help: ArgumentHelp("Keep the N largest, the rest in one row Others.", valueName: "n"))
  var top: Int?

  @Option(
    help: ArgumentHelp("Keep those with at least P percent, the rest in one row Others.", valueName: "p"))
  var minShare: String?

  @OptionGroup var output: OutputOptions

  @OptionGroup var money: MoneyOptions

  func validate() throws {
    if let top, top < 1 { throw ValidationError("--top \(top): use 1 or more") }
    _ = try shareMin()
  }

  /// Hundredths of a percent.
  private func shareMin() throws -> Int? {
    guard let minShare else { return nil }
    guard let pico = PicoText.parse(minShare), pico >= 0, pico <= 100_000_000_000_000 else {
      throw ValidationError("--min-share \(minShare): use a percentage from 0 to 100, such as 2.5")
    }
    return Int(pico / 10_000_000_000)
  }

  /// The first day of weeks.
  func firstWeekday() throws -> Weekday { try days.firstWeekday(options.settings()) }

  /// Makes the report and writes it; `change` may make it another one.
  @discardableResult
  func run(
    _ name: String, _ unit: BucketUnit?, _ dimensions: [String], defaultRange: String,
    change: (inout ReportRequest, Pricer) throws -> Void = { _, _ in }
  ) throws -> Report {
    let settings = try options.settings()
    let layout = try ReportStore.layout(options, settings)
    var request = try days.request(name, settings, defaultRange: defaultRange)
    request.unit = unit
    if let every {
      guard unit == nil else {
        throw Failure("--every \(every): \(name) has its own: use report models or the like", .usage)
      }
      request.unit = try TimeUnit.unit(every, days, settings)
      if request.unit == nil {
        throw Failure("--every \(every): use minute, hour, day, week or month", .usage)
      }
    }
    request.dimensions = try SelectionOptions.dimensions(dimensions, by: by, settings)
    try events.apply(to: &request, settings)
    request.top = top
    request.shareMin = try shareMin()
    let prices = try StorePrices.pricer(layout)
    try money.apply(to: &request, settings, options, prices)
    try change(&request, prices)
    let (reports, problems) = try ReportStore.run(layout, tags: settings.rollupTags, prices, [request])
    try output.write(reports[0], options)
    if !problems.isEmpty { throw ExitCode(Status.dataError.rawValue) }
    return reports[0]
  }
}
