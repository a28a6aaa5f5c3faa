import ArgumentParser
import Calendar
import Compaction
import Configuration
import Files
import Query
import Render
import SegmentLog
import Synchronization

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
    let files = reports.flatMap { report in
      [(ReportFormat.csv, "csv"), (.json, "json")].map { (format, suffix) in
        File(path: "\(folder)/\(report.name).\(suffix)", report: report, format: format)
      }
    }
    try Self.write(files)
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

  /// One of the files.
  private struct File: Sendable {
    let path: String
    let report: Report
    let format: ReportFormat

    /// Replaces the file, unless it already says the same.
    func write() throws(FileError) {
      let style = RenderOptions(columns: nil, isColored: false, isASCII: false)
      let bytes = Array(report.rendered(as: format, options: style).utf8)
      if let known = try? Publish.contents(path), known == bytes { return }
      try Publish.replace(path, with: bytes.span.bytes)
    }
  }

  /// Writes the files side by side, because each waits for the disk.
  private static func write(_ files: [File]) throws {
    let errors = Mutex<[Int: FileError]>([:])
    do throws(FileError) {
      for file in files.prefix(1) { try Folders.create(Folders.parent(of: file.path)) }
      Workers.forEach(files.count, jobs: files.count) { index in
        do throws(FileError) {
          try files[index].write()
        } catch {
          errors.withLock { $0[index] = error }
        }
      }
      if let first = errors.withLock({ $0.min { $0.key < $1.key } }) { throw first.value }
    } catch {
      throw Failure(error.description, error.isPermission ? .noPermission : .cannotCreate)
    }
  }
}
