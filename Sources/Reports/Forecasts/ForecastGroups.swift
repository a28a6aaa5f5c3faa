//! What is forecast: each group of a report at each of its levels, and the total, every one a series of its own. A
//! forecast of a sum is no sum of forecasts, and its interval even less.

import Bytes
import Calendar
package import Forecast
import Query

/// One series that is forecast.
struct ForecastGroup {
  /// The dimension that names it, such as `account`; `total` for all.
  let level: String
  /// The values of the dimensions down to its level.
  let name: [ByteText?]
  /// nil unless there are several.
  let currency: String?
  /// What its amounts are.
  let unit: ForecastUnit
  private let dimensions: Int
  private let isMixed: Bool
  private let rows: [Usage.Row]
  private let byDay: [CivilDate: UsageSums]
  fileprivate let series: DailySeries?

  private init(
    _ usage: Usage, _ rows: [Usage.Row], level: String, name: [ByteText?], currency: String?
  ) {
    (self.rows, self.level, self.name, self.currency) = (rows, level, name, currency)
    isMixed = usage.isMixed
    dimensions = usage.request.dimensions.count
    let unit = ForecastUnit(usage)
    self.unit = unit
    var byDay: [CivilDate: UsageSums] = [:]
    for row in rows { byDay[usage.buckets[row.bucket].firstDay, default: UsageSums()] += row.sums }
    self.byDay = byDay
    series = DailySeries(byDay.mapValues(unit.amount))
  }

  /// The groups of a report: the finest and the coarser ones above them, without the total.
  static func all(_ usage: Usage) -> [ForecastGroup] {
    let dimensions = usage.request.dimensions
    return dimensions.indices.flatMap { place in
      Grouping(usage) { Array($0.texts.prefix(place + 1)) }.rows.compactMap { name, rows in
        // Among currencies what cost nothing is no row: it is 0 in any of them.
        let isNothing = usage.isMixed && name.currency == nil && rows.sum.unpriced == 0
        return isNothing
          ? nil
          : ForecastGroup(usage, rows, level: dimensions[place], name: name.key, currency: name.currency)
      }
    }
  }

  /// The total, and one for each currency where there are several; that of all is then no amount.
  static func totals(_ usage: Usage) -> (all: ForecastGroup, each: [ForecastGroup]) {
    func total(_ rows: [Usage.Row], _ currency: String?) -> ForecastGroup {
      ForecastGroup(usage, rows, level: "total", name: [], currency: currency)
    }
    let names = usage.isMixed ? Set(usage.rows.compactMap(\.currency)).sorted() : []
    return (
      total(usage.rows, nil), names.map { name in total(usage.rows.filter { $0.currency == name }, name) }
    )
  }

  /// Its labels: the level, and a value for each dimension.
  var labels: [ReportCell] {
    [.text(level)] + name.map { .text($0) }
      + [ReportCell](repeating: .missing, count: dimensions - name.count)
  }

  /// Whether it is the sum of finer groups.
  var isSubtotal: Bool { name.count < dimensions }

  /// Whether its amounts can be added at all: those in several currencies cannot.
  fileprivate var hasAmount: Bool { !isMixed || currency != nil || !name.isEmpty }

  /// Whether something was used on these days.
  func isUsed(_ days: ClosedRange<CivilDate>) -> Bool { days.contains { byDay[$0] != nil } }

  /// What was used on these days; nil where nobody knows what it cost.
  func actual(_ days: ClosedRange<CivilDate>) -> Int128? {
    guard hasAmount else { return nil }
    let sums = days.reduce(into: UsageSums()) { sum, day in byDay[day].map { sum += $0 } }
    return unit == .cost && sums.cost == 0 && sums.unpriced > 0 ? nil : unit.amount(sums)
  }

  /// What was used on these days, as far as it is known.
  func amount(_ days: ClosedRange<CivilDate>) -> Int128 { series?.sum(days) ?? 0 }

  /// What is said about a month on one of its days.
  func forecast(_ month: CivilMonth, at day: CivilDate, isOver: Bool) -> Result<MonthForecast, NoForecast> {
    guard hasAmount else { return .failure(.currencies) }
    guard let series else { return .failure(.tooLittleData(.days(0))) }
    if unit == .cost, rows.sum.cost == 0, rows.sum.unpriced > 0 { return .failure(.noCost) }
    do throws(MonthForecast.TooLittleData) {
      return .success(try MonthForecast(series, of: month, at: day, isOver: isOver))
    } catch {
      return .failure(.tooLittleData(error))
    }
  }
}

extension ForecastGroup {
  /// What would have been said on each day of months that are over.
  func past(_ months: [CivilMonth]) -> [PastForecast] {
    guard let series, hasAmount else { return [] }
    return PastForecast.all(series, of: months)
  }
}

/// What is forecast: money, or tokens where costs are hidden.
enum ForecastUnit {
  case cost, tokens

  init(_ usage: Usage) { self = usage.request.showsCost ? .cost : .tokens }

  func amount(_ sums: UsageSums) -> Int128 { self == .cost ? sums.cost : sums.tokens }
  func cell(_ amount: Int128) -> ReportCell { self == .cost ? .amount(amount) : .integer(amount) }
  func column(_ name: String) -> ReportColumn {
    let isNamed = name == "low" || name == "high"
    return self == .cost
      ? ReportColumn(isNamed ? name : "\(name)_cost", .amount)
      : ReportColumn(isNamed ? name : "\(name)_tokens", .count)
  }
}

/// What is said about one group.
package struct Outlook: Sendable {
  /// Of its amounts; nil unless there are several.
  package let currency: String?
  /// What was used so far; nil when nobody knows what it cost.
  package let actual: Int128?
  package let forecast: Result<MonthForecast, NoForecast>
}

/// Why there is no forecast.
package enum NoForecast: Error, Equatable, Sendable {
  case tooLittleData(MonthForecast.TooLittleData)
  /// Several currencies have no sum.
  case currencies
  /// Nobody knows what any of it cost.
  case noCost

  /// For people.
  package var reason: String {
    switch self {
    case .tooLittleData(.days(0)): "too little data: nothing was used before"
    case .tooLittleData(.days(let days)):
      "too little data: \(counted(days, "day")) since the first use, \(MonthForecast.daysMin) are needed"
    case .tooLittleData(.usedDays(let days)):
      "too little data: \(counted(days, "day")) with use, \(MonthForecast.usedDaysMin) are needed"
    case .currencies: "several currencies have no sum"
    case .noCost: "nobody knows what it cost"
    }
  }

  private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
