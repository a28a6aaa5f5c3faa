import ArgumentParser
import Calendar
import Configuration
import Files
import Query
import Render
import SegmentLog

/// A month as files.
struct MonthFiles: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "month",
    abstract: "Write a month's report as files.",
    discussion: """
      Writes OUTPUT/2026-10/summary.csv, summary.json, days.csv and days.json. The days are those of billing_timezone,
      which is UTC unless configured, because invoices are. The same store gives the same bytes.
      """)

  @OptionGroup var options: StoreOptions

  @Argument(help: "The month: 2026-10, last-month or this-month.")
  var month: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write into.", valueName: "folder"))
  var output: String

  @Option(
    name: [.customShort("z"), .long],
    help: ArgumentHelp("The zone that cuts days (default: billing_timezone, else UTC).", valueName: "zone"))
  var timezone: String?

  @OptionGroup var knowledge: AsOfOption

  @OptionGroup var money: MoneyOptions

  func run() throws {
    let settings = try options.settings()
    let layout = try ReportStore.layout(options, settings)
    let zone = try ZoneOption.zone(timezone ?? settings.billingTimezone ?? "UTC")
    let now = zone.localDate(of: System.now())
    let asOf = try knowledge.day(today: now)
    let days = try Self.days(of: month, today: asOf ?? now)
    let folder = "\(output)/\(days.lowerBound.civilMonth)"
    let kinds: [(String, BucketUnit?, [String])] = [
      ("summary", nil, ["provider", "service", "model"]), ("days", .day, []),
    ]
    var request = ReportRequest(name: "", unit: nil, dimensions: [], days: days, zone: zone)
    request.gaps = .everywhere
    request.asOf = asOf
    let prices = try StorePrices.pricer(layout)
    try money.apply(to: &request, settings, options, prices)
    let requests = kinds.map { (name, unit, dimensions) in
      var request = request
      (request.name, request.unit, request.dimensions) = (name, unit, dimensions)
      return request
    }
    let (reports, problems) = try ReportStore.run(layout, tags: settings.rollupTags, prices, requests)
    guard problems.isEmpty else {
      throw Failure(
        "\(folder): not written: the month's events could not all be read (see above)", .dataError)
    }
    let style = RenderOptions(columns: nil, isColored: false, isASCII: false)
    let files = reports.flatMap { report in
      [(ReportFormat.csv, "csv"), (.json, "json")].map { format, suffix in
        let bytes = Array(report.rendered(as: format, options: style).utf8)
        return (path: "\(folder)/\(report.name).\(suffix)", bytes: bytes)
      }
    }
    try Self.write(files, folder)
    for file in files { options.say("wrote \(file.path)") }
    ReportStore.sayIncomplete(reports[0], options, isOnlyMissing: false)
  }

  /// The days of a month as it was typed.
  static func days(of text: String, today: CivilDate) throws -> ClosedRange<CivilDate> {
    guard let days = try? DateExpression.parse(text, today: today),
      days == days.lowerBound.civilMonth.days
    else {
      throw Failure("month \"\(text)\": write a month such as 2026-10, last-month or this-month", .usage)
    }
    return days
  }

  /// Replaces the files that do not say the same already, together: they are of one state of the store.
  private static func write(_ files: [(path: String, bytes: [UInt8])], _ folder: String) throws {
    do throws(FileError) {
      try Folders.create(folder)
      try Publish.replace(files.filter { file in (try? Publish.contents(file.path)) != file.bytes })
    } catch {
      throw Failure(error.description, error.isPermission ? .noPermission : .cannotCreate)
    }
  }
}
