import Answers
import ArgumentParser
import Calendar
import Files
import Query

/// A period at a glance.
struct StatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats",
    abstract: "Totals, users, sessions and top models of a period, beside the period before.",
    discussion: "Before a month is the month before; before other ranges are as many days.")
  @OptionGroup var answer: AnswerOptions

  func run() throws {
    try answer.run("stats", dimensions: [], defaultRange: "this-month") { request, _ in
      var request = request
      request.details = StatsReport.details
      var before = request
      before.days = StatsReport.previous(request.days)
      return [request, before]
    } _: { usages, _ in
      StatsReport().report(usages[0], before: usages[1])
    }
  }
}

/// Two periods, or two services or the like, side by side.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Two periods, or two services or the like, side by side, with the difference.",
    discussion: """
      tally report compare 2026-10 --with 2026-09 --by service
      tally report compare 2026-10 --where service=claude-code --with-where service=codex --by user
      Without --with it is the period before: the month before a month, else as many days; with --with-where the same
      period.
      """)
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var page: PageOptions

  @Option(help: ArgumentHelp("The other period.", valueName: "range"))
  var with: String?

  @Option(
    help: ArgumentHelp(
      "The events of the other side, in place of those of --where; of several, all must match.",
      valueName: "filter"))
  var withWhere: [String] = []

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "What rows stand for (default: service,model; with --with-where user).", valueName: "fields"))
  var by: [String] = []

  func run() throws {
    let settings = try answer.options.settings()
    let by = !by.isEmpty ? by : withWhere.isEmpty ? ["service", "model"] : ["user"]
    let dimensions = try SelectionOptions.dimensions([], by: by, settings)
    try answer.run("compare", dimensions: dimensions, defaultRange: "this-month") { request, settings in
      var before = request
      before.days = try other(request, answer.days.firstWeekday(settings))
      if !withWhere.isEmpty {
        before.filter = try SelectionOptions.filter(withWhere, settings, option: "--with-where")
      }
      return [request, before]
    } _: { usages, _ in
      try page.applied(to: CompareReport().report(usages[0], before: usages[1]))
    }
  }

  private func other(_ request: ReportRequest, _ weekStart: Weekday) throws -> ClosedRange<CivilDate> {
    guard let with else { return withWhere.isEmpty ? StatsReport.previous(request.days) : request.days }
    let today = request.asOf ?? request.zone.localDate(of: System.now())
    do throws(CalendarError) {
      return try DateExpression.parse(with, today: today, weekStart: weekStart)
    } catch {
      throw Failure("--with: \(error)", .usage)
    }
  }
}
