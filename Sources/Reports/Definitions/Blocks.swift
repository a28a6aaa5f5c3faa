import Calendar
package import Query

extension ReportParameter {
  /// Of `blocks`.
  package static let window = ReportParameter(
    "window", "length", "How long a window is: 5h, 7d … or week, of the calendar.")
  package static let tokenLimit = ReportParameter(
    "token_limit", "n", "Tokens that a window may use; max for as many as the fullest one before.")
}

/// Windows as coding plans have them.
package struct BlocksReport: MinutesReport {
  package static let name = "blocks"
  package static let abstract =
    "Rolling windows as coding plans have them: use, pace, and when the tokens will run out."
  package static let discussion = """
    tally report blocks --token-limit 5000000
    tally report blocks --window 7d --token-limit max
    A window begins with the hour of the first use after the one before, and lasts as long as --window says, whatever
    happens in it. The pace is from the first use to now, or to the last use once the window is over.
    """
  package static let by = ReportParameter.by.saying(
    "What has windows of its own (default: service,account).")
  package static let parameters =
    ReportParameter.shared + ReportParameter.paging + [by, .window, .tokenLimit]

  private let words: ReportParameters
  private let limit: BlockRows.Limit?

  package init(_ words: ReportParameters) throws(ParameterError) {
    let window = words[.window] ?? Self.usualWindow
    if BlockWindow(window, weekStart: .monday) == nil {
      throw ParameterError(
        .window, "\(.window) \(window)", mend: "use hours, days or week, such as 5h, 7d or week")
    }
    limit = try Self.limit(words[.tokenLimit])
    self.words = try words.checked()
  }

  private static let usualWindow = "5h"

  private static func limit(_ text: String?) throws(ParameterError) -> BlockRows.Limit? {
    guard let text else { return nil }
    if text == "max" { return .fullest }
    guard let tokens = Int64(text), tokens > 0 else {
      throw ParameterError(.tokenLimit, "\(.tokenLimit) \(text)", mend: "use a number of tokens, or max")
    }
    return .tokens(Int128(tokens))
  }

  package func plan(
    _ context: ReportContext
  ) throws(ReportFailure) -> (request: ReportRequest, empty: BlockFold, value: BlockRows) {
    let weekStart = try words.firstWeekday(context)
    guard let window = BlockWindow(words[.window] ?? Self.usualWindow, weekStart: weekStart) else {
      preconditionFailure("init read it")
    }
    var request = try words.minutesRequest(
      Self.name, context, usual: ["service", "account"], defaultRange: "7d")
    let rows = BlockRows(
      window: window, days: request.days, limit: limit, nowMs: request.now(context.nowMs))
    request.days = window.daysRead(for: request.days)
    try words.price(&request, context)
    return (request, BlockFold(), rows)
  }

  package func report(_ usage: Usage, _ fold: BlockFold, _ rows: BlockRows) throws(ReportFailure) -> Report {
    try words.page(rows.report(usage, fold))
  }
}
