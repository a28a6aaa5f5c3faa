//! What forecasts would have been worth on this store's own months: their errors beside those of the run rate, and
//! whether intervals and confidence held what they said.

package import Calendar
import Forecast
package import Query

/// A row a group, and of the total a row for each part of the month and for each confidence.
package struct BacktestRows: Sendable {
  private let months: [CivilMonth]

  /// - Parameter months: one or more that are over, in order.
  package init(_ months: [CivilMonth]) { self.months = months }

  /// The days that must be read, by day.
  package var days: ClosedRange<CivilDate> {
    guard let first = months.first, let last = months.last else { preconditionFailure("no months") }
    return first.first - MonthForecast.historyDays...last.last
  }

  private static let parts: [(name: String, isIn: @Sendable (PastForecast) -> Bool)] =
    [1...5, 6...10, 11...15, 16...20, 21...25, 26...30].map { days in
      ("days \(days.lowerBound)-\(days.upperBound)", { days.contains($0.day.day) })
    }
    + [0...19, 20...39, 40...59, 60...79, 80...100].map { confidence in
      (
        "confidence \(confidence.lowerBound)-\(confidence.upperBound)",
        { confidence.contains($0.forecast.confidence) }
      )
    }

  package func report(_ usage: Usage) -> Report {
    let columns =
      [ReportColumn("level", .dimension, isBrief: false)]
      + usage.request.dimensions.map { ReportColumn($0, .dimension) } + usage.currencyColumns
      + [ReportColumn("part", .remark), ReportColumn("forecasts", .count)]
      + ["error", "run_rate_error", "coverage"].map { ReportColumn($0, .percent) }
      + [ReportColumn("confidence", .count), ReportColumn("within_tenth", .percent)]
    let groups = ForecastGroup.all(usage)
    let scored = ForecastOrder(groups, by: days).sorted(groups).map { group in
      (group: group, score: ForecastScore(group.past(months)))
    }
    var rows = scored.filter { $0.score != nil }.map { group, score in
      row(usage, group, group.labels, "all", score)
    }
    let totals = ForecastGroup.totals(usage)
    for group in totals.each.isEmpty ? [totals.all] : totals.each {
      let cases = group.past(months)
      rows += Self.parts.compactMap { name, isIn in
        ForecastScore(cases.filter(isIn)).map { row(usage, group, group.labels, name, $0) }
      }
    }
    func total(_ group: ForecastGroup) -> ReportRow {
      let unlabelled = group.labels.map { _ in ReportCell.missing }
      return row(usage, group, unlabelled, nil, ForecastScore(group.past(months)))
    }
    var report = usage.report(
      columns: columns, rows: rows, total: total(totals.all), totals: totals.each.map(total))
    (report.from, report.to) = ("\(months[0].first)", "\(days.upperBound)")
    report.notes += [
      "Every day of \(months.count == 1 ? "this month" : "these \(months.count) months") but the last is forecast by what was used until then.",
      "Error is how far projections were from what the month came to, on average; the run rate is use so far by days gone.",
      "Coverage should be 80%, and within a tenth as many as confidence says.",
    ]
    return report
  }

  private func row(
    _ usage: Usage, _ group: ForecastGroup, _ labels: [ReportCell], _ part: String?, _ score: ForecastScore?
  ) -> ReportRow {
    let numbers: [ReportCell] =
      if let score {
        [
          .count(score.count), .count(score.error), .count(score.runRateError), .count(score.coverage),
          .count(score.confidence), .count(score.withinTenth),
        ]
      } else { [ReportCell](repeating: .missing, count: 6) }
    let cells = [.text(part)] + numbers
    return ReportRow(
      cells: labels + usage.currencyCells(group.currency) + cells, isSubtotal: group.isSubtotal)
  }
}
