import ArgumentParser
import Files
import Reports
import SegmentLog

/// What a bare `tally` shows.
struct OverviewCommand: ReportSubcommand {
  typealias Definition = OverviewReport
  static let configuration = definedConfiguration

  @OptionGroup var options: StoreOptions
  @OptionGroup var calendar: CalendarFlags
  @OptionGroup var output: OutputOptions
  @OptionGroup var money: MoneyFlags

  var words: ReportParameters {
    var words = ReportParameters()
    calendar.add(to: &words)
    money.add(to: &words)
    return words
  }

  func run() throws {
    let layout = try options.layout(try options.settings())
    guard try options.isThere(layout) else {
      return try Terminal.print(Self.beginning(layout))
    }
    try runReport()
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
