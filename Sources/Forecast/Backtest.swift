//! How good forecasts would have been: each day of months that are over, by what was known then, beside the month's
//! actual and the run rate (spent so far ÷ days gone × days of the month).

package import Calendar

/// One forecast of a month that is over.
package struct PastForecast: Sendable {
  package let day: CivilDate
  package let forecast: MonthForecast
  package let actual: Int128
  package let runRate: Int128

  /// Of each day but the last of some months; those without a forecast and months that came to nothing are left out.
  package static func all(_ series: DailySeries, of months: [CivilMonth]) -> [PastForecast] {
    months.flatMap { month in
      let actual = series.sum(month.days)
      if actual <= 0 { return [PastForecast]() }
      return (month.first..<month.last).compactMap { day in
        guard let forecast = try? MonthForecast(series, of: month, at: day) else { return nil }
        let runRate = series.sum(month.first...day) * Int128(month.last.day) / Int128(day.day)
        return PastForecast(day: day, forecast: forecast, actual: actual, runRate: runRate)
      }
    }
  }
}

/// What many forecasts were worth; percentages are in hundredths of a percent.
package struct ForecastScore: Equatable, Sendable {
  package let count: Int
  /// The mean of how far projections were from the actual.
  package let error: Int
  /// The same of the run rate.
  package let runRateError: Int
  /// How many actuals lay between low and high.
  package let coverage: Int
  /// The mean of what was said.
  package let confidence: Int
  /// How many actuals lay within 10 % of the projection, which is what confidence is about.
  package let withinTenth: Int

  /// nil when there is nothing to judge.
  package init?(_ cases: [PastForecast]) {
    if cases.isEmpty { return nil }
    func share(_ condition: (PastForecast) -> Bool) -> Int {
      cases.count(where: condition) * 10_000 / cases.count
    }
    func mean(_ value: (PastForecast) -> Int) -> Int { cases.reduce(0) { $0 + value($1) } / cases.count }
    count = cases.count
    error = mean { Self.distance($0.forecast.projected, $0.actual) }
    runRateError = mean { Self.distance($0.runRate, $0.actual) }
    coverage = share { $0.forecast.low <= $0.actual && $0.actual <= $0.forecast.high }
    confidence = mean(\.forecast.confidence)
    withinTenth = share {
      ($0.actual - $0.forecast.projected).magnitude * 10 <= $0.forecast.projected.magnitude
    }
  }

  private static func distance(_ said: Int128, _ actual: Int128) -> Int {
    // No single case counts more than ten thousand times the actual.
    Int(min((said - actual).magnitude * 10_000 / actual.magnitude, 100_000_000))
  }
}
