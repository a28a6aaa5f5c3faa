//! The reports of a month's files: one reading of its events, cut by the zone of invoices.

package import Calendar
import Configuration
package import Query

extension ReportParameter {
  /// Of the month's files.
  package static let month = ReportParameter(
    "month", "month", "The month: 2026-10, last-month or this-month.")
}

/// The reports of one month, by provider, service and model, and by day.
package struct MonthReports: Sendable {
  package static let parameters: [ReportParameter] =
    [.month, .timezone, .asOf] + ReportParameter.money + [.listPrice]

  private static let kinds: [(name: String, unit: BucketUnit?, dimensions: [String])] = [
    ("summary", nil, ["provider", "service", "model"]), ("days", .day, []),
  ]

  private let words: ReportParameters

  package init(_ words: ReportParameters) throws(ParameterError) { self.words = try words.checked() }

  /// The month, and the requests of its reports.
  package func plan(
    _ context: ReportContext
  ) throws(ReportFailure) -> (month: CivilMonth, requests: [ReportRequest]) {
    let zone = try ReportParameters.zone(
      words[.timezone] ?? context.configuration.billingTimezone ?? "UTC")
    let now = zone.localDate(of: context.nowMs)
    let asOf = try words.lastKnownDay(today: now)
    let days = try Self.days(of: words[.month] ?? "last-month", today: asOf ?? now)
    var request = ReportRequest(name: "", unit: nil, dimensions: [], days: days, zone: zone)
    request.gaps = .everywhere
    request.asOf = asOf
    try words.price(&request, context)
    let requests = Self.kinds.map { kind in
      var request = request
      (request.name, request.unit, request.dimensions) = kind
      return request
    }
    return (days.lowerBound.civilMonth, requests)
  }

  /// The reports, and the days that could not be read whole.
  package func results(
    in context: ReportContext
  ) throws(ReportFailure) -> (month: CivilMonth, reports: [Report], problems: [ReportProblem]) {
    let plan = try plan(context)
    let reader = ReportReader(context)
    var reports = try reader.reports(plan.requests)
    for index in reports.indices {
      reports[index].note(reader.problems)
      reports[index].addRemedies(context.prices)
    }
    return (plan.month, reports, reader.problems)
  }

  /// The days of a month as it was typed.
  package static func days(
    of text: String, today: CivilDate
  ) throws(ReportFailure) -> ClosedRange<CivilDate> {
    guard let days = try? DateExpression.parse(text, today: today), days == days.lowerBound.civilMonth.days
    else {
      throw .parameter(
        .month, "month \"\(text)\"", mend: "write a month such as 2026-10, last-month or this-month")
    }
    return days
  }
}
