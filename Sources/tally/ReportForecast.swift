import Answers
import ArgumentParser
import Calendar
import Files
import Query

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

  func run() throws {
    let settings = try answer.options.settings()
    let named = try SelectionOptions.dimensions([], by: by, settings)
    var forecast: ForecastReport?
    var dimensions = named
    try answer.run("forecast", dimensions: [], defaultRange: "this-month") { request, _ in
      let made = try Self.forecast(request)
      if named.isEmpty, !made.isMonthOver { dimensions = ForecastReport.dimensions }
      forecast = made
      var request = request
      request.dimensions = dimensions
      request.unit = .day
      request.days = made.days
      return [request]
    } _: { usages, _ in
      guard let forecast else { preconditionFailure("no request was made") }
      return forecast.isMonthOver
        ? forecast.days(usages[0], showsGroups: !named.isEmpty) : forecast.report(usages[0])
    }
  }

  /// The forecast that is asked for, with what is known of its month.
  private static func forecast(_ request: ReportRequest) throws -> ForecastReport {
    let month = request.days.lowerBound.civilMonth
    guard request.days == month.days else {
      throw Failure(
        "\(request.days.lowerBound) to \(request.days.upperBound): a forecast is of one month: use 2026-10 or last-month",
        .usage)
    }
    let today = request.zone.localDate(of: System.now())
    let day = min(request.asOf ?? today, today)
    guard month.first <= day else {
      throw Failure(
        "\(month): the month has not begun on \(day): forecast one that has, such as \(day.civilMonth)",
        .usage)
    }
    // Today is not over, whoever asks.
    return ForecastReport(month, at: day, isOver: day < today)
  }
}
