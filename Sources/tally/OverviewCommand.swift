import Answers
import ArgumentParser
import Configuration
import Files
import Query
import SegmentLog

/// What a bare `tally` shows.
struct OverviewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "overview",
    abstract:
      "Today, this month, what it will come to, what needs attention; also what tally shows without a command."
  )
  @OptionGroup var options: StoreOptions
  @OptionGroup var calendar: CalendarOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var money: MoneyOptions

  func validate() throws {
    if money.listPrice {
      throw ValidationError("--list-price: an overview has none: tally report models --list-price has")
    }
  }

  func run() throws {
    let layout = try options.layout(try options.settings())
    guard try ReportStore.isThere(layout) else {
      return try Terminal.print(Self.beginning(layout))
    }
    let reading = try OverviewReading(try StandingReading(options, calendar, money))
    let (overview, problems) = try reading.overview()
    let (chores, failure) = chores(reading)
    var report = overview.report(chores)
    report.name = "overview"
    ReportStore.finish(&report, problems, reading.reading.prices)
    try output.write(report, options)
    if let failure { throw failure }
    if !problems.isEmpty { throw ExitCode(Status.dataError.rawValue) }
  }

  private func chores(_ reading: OverviewReading) -> ([Overview.Chore], Failure?) {
    do throws(FileError) {
      return (try reading.chores(), nil)
    } catch {
      return ([], Failure(error))
    }
  }

  /// What to type when there is nothing yet.
  private static func beginning(_ layout: StoreLayout) -> String {
    """
    There is no store yet at \(layout.root).

    Begin with one of these:
      tally import                the coding agents' logs on this machine
      my-script | tally append    events from anything that prints JSON
      tally add --help            a use by hand

    tally --help lists all commands.

    """
  }
}
