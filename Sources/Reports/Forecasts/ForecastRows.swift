//! What a month will come to, by service and account, and what was forecast on each day of a month that is over.

package import Calendar
import Forecast
package import Query

/// Forecasts of one month.
package struct ForecastRows: Sendable {
  /// What is forecast by, unless somebody says otherwise.
  package static let dimensions = ["service", "account"]
  /// A group that was not used for longer, nor in the month, has no row.
  private static let quietDaysMax = 28

  private let month: CivilMonth
  private let day: CivilDate
  private let isOver: Bool

  /// - Parameters:
  ///   - day: the last that is known.
  ///   - isOver: whether all of it is.
  package init(_ month: CivilMonth, at day: CivilDate, isOver: Bool) {
    self.month = month
    self.day = min(day, month.last)
    self.isOver = isOver || day > month.last
  }

  /// Whether nothing is left to forecast.
  package var isMonthOver: Bool { day == month.last && isOver }

  /// The days that must be read, by day.
  package var days: ClosedRange<CivilDate> {
    month.first - MonthForecast.historyDays...day
  }

  /// The total, for a line of text; one for each currency.
  ///
  /// - Parameter usage: of `days`, by day.
  package func total(_ usage: Usage) -> [Outlook] {
    let totals = ForecastGroup.totals(usage)
    return (totals.each.isEmpty ? [totals.all] : totals.each).map(outlook)
  }

  private func outlook(_ group: ForecastGroup) -> Outlook {
    Outlook(
      currency: group.currency, actual: group.actual(month.first...day),
      forecast: group.forecast(month, at: day, isOver: isOver))
  }

  /// A row for each group: what was used so far and what it will be.
  package func report(_ usage: Usage) -> Report {
    let unit = ForecastUnit(usage)
    let recent = min(month.first, day - Self.quietDaysMax + 1)...day
    let groups = ForecastGroup.all(usage).filter { $0.isUsed(recent) }
    let columns =
      labels(usage) + ["actual", "projected", "low", "high"].map(unit.column)
      + [ReportColumn("confidence", .count), ReportColumn("reason", .remark)]
    func cells(_ group: ForecastGroup) -> [ReportCell] {
      let outlook = outlook(group)
      return usage.currencyCells(group.currency) + [outlook.actual.map(unit.cell) ?? .missing]
        + Self.cells(outlook.forecast, unit)
    }
    func total(_ group: ForecastGroup) -> ReportRow {
      ReportRow(cells: unlabelled(usage) + cells(group))
    }
    let rows = ForecastOrder(groups, by: month.days).sorted(groups).map { group in
      ReportRow(
        cells: group.labels + cells(group), isSubtotal: group.isSubtotal)
    }
    let totals = ForecastGroup.totals(usage)
    var report = usage.report(
      columns: columns, rows: rows, total: total(totals.all), totals: totals.each.map(total))
    finish(&report, usage)
    report.notes.append(
      "Four in five months end between low and high; confidence is the chance of ending within 10% of the projection."
    )
    if rows.contains(where: \.isSubtotal) {
      report.notes.append("Every row and the total is a forecast of its own, so they need not add up.")
    }
    return report
  }

  /// A row for each day of a month that is over: what was forecast at its end, beside what the month came to.
  ///
  /// - Parameter showsGroups: whether groups have rows too, besides the total.
  package func days(_ usage: Usage, showsGroups: Bool) -> Report {
    let unit = ForecastUnit(usage)
    let columns =
      [ReportColumn("day", .bucket)] + labels(usage)
      + ["spent", "projected", "low", "high"].map { name in
        name == "spent" && unit == .tokens ? ReportColumn("used_tokens", .count) : unit.column(name)
      }
      + [ReportColumn("confidence", .count), ReportColumn("reason", .remark), unit.column("actual")]
      + [ReportColumn("error", .percent)]
    func cell(_ actual: Int128?) -> ReportCell { actual.map(unit.cell) ?? .missing }
    let totals = ForecastGroup.totals(usage)
    let parts = showsGroups ? ForecastGroup.all(usage).filter { $0.isUsed(month.days) } : []
    let groups =
      ForecastOrder(parts, by: month.days).sorted(parts)
      + (totals.each.isEmpty ? [totals.all] : totals.each)
    let rows = month.days.flatMap { day in
      groups.map { group in
        let forecast = group.forecast(month, at: day, isOver: true)
        let error = Self.error(try? forecast.get().projected, group.amount(month.days))
        return ReportRow(
          cells: [.text("\(day)")] + group.labels
            + usage.currencyCells(group.currency) + [cell(group.actual(month.first...day))]
            + Self.cells(forecast, unit) + [cell(group.actual(month.days)), error],
          isSubtotal: group.isSubtotal)
      }
    }
    func total(_ group: ForecastGroup) -> ReportRow {
      ReportRow(
        cells: [.missing] + unlabelled(usage) + usage.currencyCells(group.currency)
          + [cell(group.actual(month.days))] + [ReportCell](repeating: .missing, count: 5)
          + [cell(group.actual(month.days)), .missing])
    }
    var report = usage.report(
      columns: columns, rows: rows, total: total(totals.all), totals: totals.each.map(total))
    finish(&report, usage)
    report.notes.append("Each row is what was forecast at the end of its day, from what was used until then.")
    return report
  }

  /// What names a row; the level is for machines, people see which names are there.
  private func labels(_ usage: Usage) -> [ReportColumn] {
    [ReportColumn("level", .dimension, isBrief: false)]
      + usage.request.dimensions.map { ReportColumn($0, .dimension) } + usage.currencyColumns
  }

  /// As many cells for a total.
  private func unlabelled(_ usage: Usage) -> [ReportCell] {
    [ReportCell](repeating: .missing, count: 1 + usage.request.dimensions.count)
  }

  private func finish(_ report: inout Report, _ usage: Usage) {
    (report.from, report.to) = ("\(month.first)", "\(month.last)")
    if usage.request.showsCost, usage.total.unpriced > 0 {
      report.notes.append("What has no cost is not in the forecast.")
    }
  }

  /// Projection, interval, confidence and reason.
  static func cells(
    _ forecast: Result<MonthForecast, NoForecast>, _ unit: ForecastUnit
  ) -> [ReportCell] {
    switch forecast {
    case .success(let forecast):
      [forecast.projected, forecast.low, forecast.high].map(unit.cell)
        + [.count(forecast.confidence), .missing]
    case .failure(let why): [ReportCell](repeating: .missing, count: 4) + [.text(why.reason)]
    }
  }

  /// How much the projection was above the actual, in hundredths of a percent of it.
  private static func error(_ projected: Int128?, _ actual: Int128) -> ReportCell {
    guard let projected, actual > 0 else { return .missing }
    return halfEven(projected - actual, times: 10_000, actual).map { .integer($0) } ?? .missing
  }
}
