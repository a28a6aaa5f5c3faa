import Answers
import ArgumentParser
import Calendar
import Compaction
import Configuration
import Files
import Query
import SegmentLog

/// What a month will come to.
struct ForecastCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forecast",
    abstract: "What this month will cost, by service and account, with an interval and a confidence.",
    discussion: """
      Of a month that is over: what was forecast on each day, beside what it came to.
      Without costs tokens are forecast. How it is done, and how well: README.md, Forecast.
      """)
  @OptionGroup var answer: AnswerOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "What is forecast besides the total, from coarse to fine (default: service,account; of a month that is over, nothing).",
      valueName: "fields"))
  var by: [String] = []

  @Flag(help: "How good forecasts would have been in the months that are over, beside the run rate.")
  var backtest = false

  func run() throws {
    let settings = try answer.options.settings()
    let named = try SelectionOptions.dimensions([], by: by, settings)
    if backtest { return try runBacktest(named.isEmpty ? ForecastReport.dimensions : named) }
    var forecast: ForecastReport?
    try answer.run("forecast", dimensions: named, defaultRange: "this-month") { request, _ in
      let made = try Self.forecast(request)
      forecast = made
      var request = request
      if named.isEmpty, !made.isMonthOver { request.dimensions = ForecastReport.dimensions }
      request.unit = .day
      request.days = made.days
      return [request]
    } _: { usages, _ in
      guard let forecast else { preconditionFailure("no request was made") }
      return forecast.isMonthOver
        ? forecast.days(usages[0], showsGroups: !named.isEmpty) : forecast.report(usages[0])
    }
  }

  private func runBacktest(_ dimensions: [String]) throws {
    var made: BacktestReport?
    try answer.run("forecast", dimensions: dimensions, defaultRange: "this-month") { request, settings in
      let backtest = BacktestReport(try months(request, settings))
      made = backtest
      var request = request
      request.unit = .day
      request.days = backtest.days
      return [request]
    } _: { usages, _ in
      guard let made else { preconditionFailure("no request was made") }
      return made.report(usages[0])
    }
  }

  /// The months to look back at: those of the range that are over, or all since the first stored day.
  private func months(_ request: ReportRequest, _ settings: Configuration) throws -> [CivilMonth] {
    let (day, isOver) = Self.known(request)
    let last = day == day.lastOfMonth && isOver ? day.civilMonth : day.civilMonth.previous
    let days = answer.days
    var first = request.days.lowerBound
    var until = request.days.upperBound
    if days.range == nil, days.since == nil, days.until == nil {
      let layout = try ReportStore.layout(answer.options, settings)
      do throws(FileError) {
        let stored = try StoreDays.list(layout).first
        first = CivilDate(days: stored ?? day.days).firstOfMonth
      } catch {
        throw Failure(error)
      }
      until = day
    }
    let start = first == first.firstOfMonth ? first.civilMonth : first.civilMonth.next
    let end = min(last, until == until.lastOfMonth ? until.civilMonth : until.civilMonth.previous)
    guard start <= end else {
      throw Failure("--backtest: no whole month from \(first) to \(until) is over on \(day)", .usage)
    }
    return (start.index...end.index).map { CivilMonth(index: $0) }
  }

  /// The last day that is known, and whether it is over.
  private static func known(_ request: ReportRequest) -> (day: CivilDate, isOver: Bool) {
    let today = request.zone.localDate(of: System.now())
    let day = min(request.asOf ?? today, today)
    // Today is not over, whoever asks.
    return (day, day < today)
  }

  /// The forecast that is asked for, with what is known of its month.
  private static func forecast(_ request: ReportRequest) throws -> ForecastReport {
    let month = request.days.lowerBound.civilMonth
    guard request.days == month.days else {
      throw Failure(
        "\(request.days.lowerBound) to \(request.days.upperBound): a forecast is of one month: use 2026-10 or last-month",
        .usage)
    }
    let (day, isOver) = known(request)
    guard month.first <= day else {
      throw Failure(
        "\(month): the month has not begun on \(day): forecast one that has, such as \(day.civilMonth)",
        .usage)
    }
    return ForecastReport(month, at: day, isOver: isOver)
  }
}
