import Calendar
import Configuration
package import Query

/// How fast things are used, beside the limits of the configuration.
package struct RatesReport: MinutesReport {
  package static let name = "rates"
  package static let abstract =
    "Requests, tokens and images in a minute or day: now, on average while active, and at most."
  package static let discussion = """
    Now is the last complete minute, and today so far. Averages are over the minutes, or days, with an event.
    Limits stand in the configuration:
      [[limit]]
      match = "service=openai and model=gpt-5"
      rpm = 500
      tpm = 200000
    """
  package static let by = ReportParameter.by.saying(
    "What rows stand for (default: service,account,model).")
  package static let parameters =
    ReportParameter.days + ReportParameter.selection + ReportParameter.paging + [by, .noCost]

  private let words: ReportParameters

  package init(_ words: ReportParameters) throws(ParameterError) {
    for parameter in [ReportParameter.currency, .cost] {
      guard let value = words[parameter] else { continue }
      throw ParameterError(
        parameter, "\(parameter) \(value): rates have no amounts", mend: "leave it out")
    }
    self.words = try words.checked()
  }

  package func plan(
    _ context: ReportContext
  ) throws(ReportFailure) -> (request: ReportRequest, empty: RateFold, value: RateRows) {
    let limits = try context.rateLimits()
    var request = try words.minutesRequest(
      Self.name, context, usual: ["service", "account", "model"], defaultRange: "7d")
    request.unit = .day
    // Amounts would split a minute by currency.
    request.showsCost = false
    try words.price(&request, context)
    let nowMs = request.now(context.nowMs)
    return (
      request, RateFold(nowMinuteMs: RateRows.lastMinute(before: nowMs)),
      RateRows(limits: limits, nowMs: nowMs)
    )
  }

  package func report(_ usage: Usage, _ fold: RateFold, _ rows: RateRows) throws(ReportFailure) -> Report {
    try words.page(rows.report(usage, fold))
  }
}
