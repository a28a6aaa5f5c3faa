//! A period at a glance, beside the one before it.

import Calendar
package import Query

/// Rows: the period, the one before, and the difference.
package struct StatsReport: SumsReport {
  package static let name = "stats"
  package static let abstract =
    "Totals, users, sessions and top models of a period, beside the period before."
  package static let discussion = "Before a month is the month before; before other ranges are as many days."
  package static let parameters = ReportParameter.shared

  private static let details = ["user", "session", "model"]

  private static let names = [
    "requests", "errors", "input_tokens", "cache_read_tokens", "output_tokens", "tokens", "cost",
  ]
  /// How many models are named.
  private static let topModels = 3

  private let words: ReportParameters

  package init(_ words: ReportParameters) throws(ParameterError) { self.words = try words.checked() }

  package func plan(_ context: ReportContext) throws(ReportFailure) -> ReportPlan<Void> {
    var request = try words.request(Self.name, context, dimensions: [], defaultRange: "this-month")
    request.details = Self.details
    var before = request
    before.days = Self.previous(request.days)
    return ReportPlan(requests: try words.priced([request, before], context), value: ())
  }

  /// - Parameter usages: of the period, and of the one before.
  package func report(_ usages: [Usage], _ value: Void) -> Report { rows(usages[0], before: usages[1]) }

  /// The period before: the month before a month, else as many days.
  static func previous(_ days: ClosedRange<CivilDate>) -> ClosedRange<CivilDate> {
    let month = days.lowerBound.civilMonth
    if days == month.days { return month.previous.days }
    return days.lowerBound - (days.upperBound - days.lowerBound + 1)...days.lowerBound - 1
  }

  private func rows(_ usage: Usage, before: Usage) -> Report {
    let measures = UsageMeasure.named(Self.names, showsCost: usage.request.showsCost)
    let periods = Usage.aligned([usage, before])
    let usage = periods[0]
    let all = periods.flatMap { period in period.isMixed ? period.rows.map(\.currency) : [nil] }
    let currencies = Set(all).sorted { ($0 ?? "") < ($1 ?? "") }
    var rows: [ReportRow] = []
    for currency in currencies {
      let pair = periods.map { period in
        cells(
          period, period.isMixed ? period.rows.filter { $0.currency == currency } : period.rows, currency,
          measures)
      }
      for (name, cells) in [("current", pair[0]), ("previous", pair[1])] {
        rows.append(ReportRow(cells: [.text(name)] + usage.currencyCells(currency) + cells))
      }
      let difference = zip(pair[0], pair[1]).map { Self.difference($0, $1) }
      rows.append(ReportRow(cells: [.text("difference")] + usage.currencyCells(currency) + difference))
    }
    let totals = usage.totals(usage.rows) { rows, currency in
      ReportRow(cells: [.missing] + usage.currencyCells(currency) + cells(usage, rows, currency, measures))
    }
    let columns =
      [ReportColumn("period", .dimension)] + usage.currencyColumns + measures.map(\.column)
      + ["users", "sessions", "models"].map { ReportColumn($0, .count) }
      + [ReportColumn("top_models", .dimension)]
    return usage.report(columns: columns, rows: rows, total: totals.all, totals: totals.each)
  }

  private func cells(
    _ usage: Usage, _ rows: [Usage.Row], _ currency: String?, _ measures: [UsageMeasure]
  ) -> [ReportCell] {
    let sums = rows.sum
    let models = usage.ranked("model", in: sums).prefix(Self.topModels).joined(separator: ", ").nonEmpty
    return usage.cells(measures, sums, currency: currency)
      + Self.details.map { .count(usage.distinctCount($0, in: sums)) } + [.text(models)]
  }

  /// What is more now; missing where one is unknown.
  static func difference(_ now: ReportCell, _ before: ReportCell) -> ReportCell {
    switch (now, before) {
    case (.integer(let a), .integer(let b)): .integer(a - b)
    case (.amount(let a), .amount(let b)): .amount(a - b)
    default: .missing
    }
  }
}
