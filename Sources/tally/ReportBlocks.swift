import Answers
import ArgumentParser
import Calendar
import Configuration
import Files
import Query

/// Windows as coding plans have them.
struct BlocksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "blocks",
    abstract: "Rolling windows as coding plans have them: use, pace, and when the tokens will run out.",
    discussion: """
      tally report blocks --token-limit 5000000
      tally report blocks --window 7d --token-limit max
      A window begins with the hour of the first use after the one before, and lasts as long as --window says, whatever
      happens in it. The pace is from the first use to now, or to the last use once the window is over.
      """)
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var page: PageOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("What has windows of its own (default: service,account).", valueName: "fields"))
  var by: [String] = []

  @Option(help: ArgumentHelp("How long a window is: 5h, 7d … or week, of the calendar.", valueName: "length"))
  var window = "5h"

  @Option(
    help: ArgumentHelp(
      "Tokens that a window may use; max for as many as the fullest one before.", valueName: "n"))
  var tokenLimit: String?

  func validate() throws {
    guard BlockWindow(window, weekStart: .monday) != nil else {
      throw ValidationError("--window \(window): use hours, days or week, such as 5h, 7d or week")
    }
    _ = try limit()
  }

  private func limit() throws -> BlocksReport.Limit? {
    guard let tokenLimit else { return nil }
    if tokenLimit == "max" { return .fullest }
    guard let tokens = Int64(tokenLimit), tokens > 0 else {
      throw ValidationError("--token-limit \(tokenLimit): use a number of tokens, or max")
    }
    return .tokens(Int128(tokens))
  }

  func run() throws {
    let settings = try answer.options.settings()
    let by = by.isEmpty ? ["service", "account"] : by
    let dimensions = try SelectionOptions.dimensions([], by: by, settings)
    guard let window = BlockWindow(window, weekStart: try answer.days.firstWeekday(settings)) else { return }
    var days: ClosedRange<CivilDate>?
    try answer.runMinutes("blocks", dimensions: dimensions, defaultRange: "7d") { request, _ in
      days = request.days
      request.dimensions.append(Instants.dimension)
      request.days = window.daysRead(for: request.days)
      return BlockFold()
    } _: { usage, fold, _ in
      let report = BlocksReport(
        window: window, days: days ?? usage.request.days, limit: try limit(),
        nowMs: usage.request.now(System.now()))
      return try page.applied(to: report.report(usage, fold))
    }
  }
}
