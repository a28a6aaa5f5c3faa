@testable import Forecast
import Calendar

/// One forecast of a generated history, beside what came and what the run rate said.
struct Trial {
  let history: History
  let day: CivilDate
  let forecast: MonthForecast

  var actual: Int128 { history.actual }
  /// Thousandths of the actual.
  var error: Int { Int((forecast.projected - actual).magnitude * 1000 / actual.magnitude) }
  var runRateError: Int { Int((history.runRate(at: day) - actual).magnitude * 1000 / actual.magnitude) }
  var isCovered: Bool { forecast.low <= actual && actual <= forecast.high }
  var isWithinTenth: Bool { (forecast.projected - actual).magnitude * 10 <= forecast.projected.magnitude }

  /// Every third day of each history's month that has a forecast.
  static func all(_ families: [Family], _ seeds: Range<UInt64>, every: Int = 3) -> [Trial] {
    families.flatMap { family in seeds.flatMap { all(family, seed: $0, every: every) } }
  }

  private static func all(_ family: Family, seed: UInt64, every: Int) -> [Trial] {
    guard let history = History(family, seed: seed), history.actual > 0 else { return [] }
    // Not the same days of each.
    let first = history.month.first + Int(seed % UInt64(every))
    return stride(from: first, to: history.month.last, by: every).compactMap { day in
      (try? MonthForecast(history.series, of: history.month, at: day)).map {
        Trial(history: history, day: day, forecast: $0)
      }
    }
  }
}

extension [Trial] {
  /// Hundredths of a percent.
  func share(_ condition: (Trial) -> Bool) -> Int { isEmpty ? 0 : count(where: condition) * 10_000 / count }
  /// Thousandths.
  func mean(_ value: (Trial) -> Int) -> Int { isEmpty ? 0 : reduce(0) { $0 + value($1) } / count }
}
