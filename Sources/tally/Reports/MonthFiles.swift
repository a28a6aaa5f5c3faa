import ArgumentParser
import Calendar
import Configuration
import Files
import Query
import Render
import Reports
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

  @Argument(help: ReportParameter.month.argumentHelp)
  var month: String

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder to write into.", valueName: "folder"))
  var output: String

  @Option(
    name: [.customShort("z"), .long],
    help: ArgumentHelp("The zone that cuts days (default: billing_timezone, else UTC).", valueName: "zone"))
  var timezone: String?

  @OptionGroup var knowledge: AsOfFlag
  @OptionGroup var money: MoneyFlags
  @OptionGroup var list: ListPriceFlag

  private var words: ReportParameters {
    var words = ReportParameters()
    words[.month] = month
    words[.timezone] = timezone
    words[.asOf] = knowledge.asOf
    money.add(to: &words)
    words[isOn: .listPrice] = list.listPrice
    return words
  }

  private func understood() throws(ParameterError) -> MonthReports { try MonthReports(words) }

  func validate() throws {
    do throws(ParameterError) {
      _ = try understood()
    } catch {
      throw ValidationError(error.message(\.spelling))
    }
  }

  func run() throws {
    let context = try options.reportContext()
    let reports = try understood()
    let found = try Failure.wrap { () throws(ReportFailure) in try reports.results(in: context) }
    let folder = "\(output)/\(found.month)"
    for problem in found.problems { Terminal.say("tally: \(problem)") }
    guard found.problems.isEmpty else {
      throw Failure(
        "\(folder): not written: the month's events could not all be read (see above)", .dataError)
    }
    let style = RenderOptions(columns: nil, isColored: false, isASCII: false)
    let files = found.reports.flatMap { report in
      [(ReportFormat.csv, "csv"), (.json, "json")].map { format, suffix in
        let bytes = Array(report.rendered(as: format, options: style).utf8)
        return (path: "\(folder)/\(report.name).\(suffix)", bytes: bytes)
      }
    }
    try Self.write(files, folder)
    for file in files { options.say("wrote \(file.path)") }
    options.sayIncomplete(found.reports[0], isOnlyMissing: false)
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
