//! A month's end, told from the days before.
//!
//! 1. **Evidence** (`Evidence`): the days from the first use on, at most 120 before the month. Pauses that chance does
//!    not explain are left out; a spike is cut down to twice what is usual around it, so that it does not carry on.
//! 2. **Exposure** (`Exposure`): weekdays, and with six weeks of history the part of the month, each drawn towards the
//!    plain mean as long as few days tell it (Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 3rd ed.,
//!    chapters 3 and 5; shrinkage after James and Stein).
//! 3. **Projection** (`Combination`): averages over windows from 3 days to all, and a damped trend (chapters 8.2 and
//!    13.4: forecast combination), weighted by their own recent errors. A clear change of level restarts them (a scan for
//!    one change point, after Page's CUSUM). What was spent so far is exact and only what is to come is estimated.
//! 4. **Interval and confidence** (`ErrorScale`, `ErrorTable`): the errors that the method made on earlier days of
//!    the same history give the size of the error; how errors of that size are distributed is counted on generated
//!    histories (normalised split conformal prediction: Vovk, Gammerman and Shafer, Algorithmic Learning in a Random
//!    World; Lei et al. 2018). Interval and confidence are read off one distribution.
//!
//! A forecast is of a series, not of its parts: sums of forecasts have no interval. It is measured in mean days of
//! the history (`Fixed`), so the method cannot know currencies, and a factor of all amounts is a factor of all
//! figures.

package import Calendar

/// What is said about a month on one of its days.
package struct MonthForecast: Equatable, Sendable {
  /// What the whole month is expected to come to.
  package let projected: Int128
  /// Four in five months end between these.
  package let low: Int128
  package let high: Int128
  /// In how many of a hundred cases the month ends within 10 % of the projection.
  package let confidence: Int

  /// Why there is no forecast.
  package enum TooLittleData: Error, Equatable, Sendable {
    /// So many days have passed since the first use.
    case days(Int)
    /// On so many days something was used.
    case usedDays(Int)
  }

  /// How many days must have passed since the first use, and on how many something must have been used.
  package static let daysMin = 7
  package static let usedDaysMin = 3
  /// How many days before a month are evidence.
  package static let historyDays = 120

  /// The forecast of a month at one of its days, by what the series has until then.
  ///
  /// - Parameter isOver: whether that day is; of one that runs only what it has spent is known.
  package init(
    _ series: DailySeries, of month: CivilMonth, at day: CivilDate, isOver: Bool = true
  ) throws(TooLittleData) {
    let last = isOver ? day : day - 1
    let spent = day < month.first ? 0 : series.sum(month.first...min(day, month.last))
    let ahead = month.last - last
    if ahead <= 0 {
      (projected, low, high, confidence) = (spent, spent, spent, 100)
      return
    }
    let expectation = try Expectation(series, of: month, last: last)
    // Of the running day what is already there is certain, and what exceeds its expectation comes on top.
    let today = isOver ? 0 : expectation.evidence.measured(series[day])
    let excess = isOver ? 0 : max(0, today - expectation.firstDay)
    let rest = expectation.amount - today + excess
    let errors = ErrorTable(relativeSize: expectation.relativeSize)
    let size = expectation.size
    func worth(_ amount: Int) -> Int128 {
      // Where nothing was ever given back nothing will be.
      expectation.evidence.worth(expectation.isRefunded ? amount : max(0, amount))
    }
    projected = spent + worth(rest)
    low = spent + worth(min(rest, rest + scaled(errors.low, size, one)))
    high = spent + worth(max(rest, rest + scaled(errors.high, size, one)))
    let tenth = expectation.evidence.measured(abs(projected) / 10)
    let below = errors.share(below: -scaled(tenth, one, size))
    let isNothingBelow = !expectation.isRefunded && tenth >= rest
    let share = errors.share(below: scaled(tenth, one, size)) - (isNothingBelow ? 0 : below)
    confidence = min(99, max(0, (share * 100 + one / 2) / one))
  }

  /// What is to come after a day, and how sure that is.
  struct Expectation {
    let evidence: Evidence
    /// In mean days of the evidence.
    let amount: Int
    /// The part of it that the day after will use.
    let firstDay: Int
    /// How far off the amount may be.
    let size: Int
    /// Whether amounts were given back.
    let isRefunded: Bool

    init(_ series: DailySeries, of month: CivilMonth, last: CivilDate) throws(TooLittleData) {
      let start = max(series.first, month.first - MonthForecast.historyDays)
      let known = start <= last ? (start...last).map { series[$0] } : []
      let amounts = known.drop { $0 == 0 }
      if amounts.count < MonthForecast.daysMin { throw .days(amounts.count) }
      let used = amounts.count { $0 != 0 }
      if used < MonthForecast.usedDaysMin { throw .usedDays(used) }
      let ahead = month.last - last
      evidence = Evidence(first: start + amounts.startIndex, amounts, ahead: ahead)
      let combination = Combination(evidence, ahead: ahead)
      (amount, firstDay) = (combination.amount, combination.firstDay)
      size = ErrorScale(evidence, combination, ahead: ahead).size
      isRefunded = amounts.contains { $0 < 0 }
    }

    /// The size of the error by what is to come, in `one`.
    var relativeSize: Int { scaled(size, one, max(1, max(0, amount) + size / 20)) }
  }
}
