//! Histories of daily use that end with a month, made of integers only, so that they are the same on every machine.

import Calendar
import Forecast
import TestSupport

/// What a history is like.
enum Family: String, CaseIterable {
  // The method's constants were chosen and its table of errors was counted on these, seeds 0 to 59.
  case steady, flat, heavyTails, trend, levelShift, newAccount, spikes, intermittent, weekendHeavy, monthStart
  case vacation, bursts, randomWalk, monthEnd, counts, adoption, biweekly, mixture, fourDayWeek, ramp
  case everyOtherDay, mondayBatch, plateau, twoRegimes, projects, calmer, manyAccounts, halfLoad, priceCut
  case fridaySpikes, lateStart, noisyWeekdays, budgetStop, monthlyJob
  // And on these nothing was tuned.
  case newMember, modelSwitch, hackathon, sickLeave, slowDecay, everyThirdDay, nightlyJob, growth
  case heavyWeekends, fewLargeJobs, wave, fresh, summerMonth, composite

  static let tuning = Array(allCases.prefix(34))
  static let heldOut = Array(allCases.dropFirst(34))
}

/// A history from its first use to the end of a month.
struct History {
  let family: Family
  let seed: UInt64
  let month: CivilMonth
  let series: DailySeries

  /// nil where chance left nothing.
  init?(_ family: Family, seed: UInt64) {
    let salt = family.rawValue.utf8.reduce(UInt64(7)) { ($0 &* 131) &+ UInt64($1) }
    var dice = Dice(SeededGenerator(seed &* 1_000_003 &+ salt))
    (self.family, self.seed) = (family, seed)
    month = CivilMonth(index: 2025 * 12 + 9 + dice.whole(0...17))
    let before = [0, 10, 30, 60, 90, 120, 120, 120][dice.whole(0...7)]
    var days = Array(month.first - before...month.last)
    let scale = Int128([1_000, 40_000, 1_000_000, 30_000_000][dice.whole(0...3)])
    var sizes = Shape(family, days, month, &dice).sizes
    while sizes.first == 0 { (sizes, days) = (Array(sizes.dropFirst()), Array(days.dropFirst())) }
    guard let first = days.first else { return nil }
    series = DailySeries(first: first, amounts: sizes.map { Int128($0) * scale })
  }

  var days: ClosedRange<CivilDate> { max(series.first, month.first)...month.last }
  var actual: Int128 { series.sum(month.days) }

  /// Spent so far / days gone × days of the month.
  func runRate(at day: CivilDate) -> Int128 {
    series.sum(month.first...day) * Int128(month.last.day) / Int128(day.day)
  }
}
