//! How much use a day is expected to have, before anybody asks how much is used at all: the day of the week, and
//! where in the month it lies. Both are estimated as shares of the mean and drawn towards what is known with less.

import Calendar

/// Weights of days, `one` on average, and their running sums.
struct Exposure {
  /// One for each day known and to come.
  let weights: [Int]
  /// Of the first 0, 1, 2 … days.
  let sums: [Int]

  private init(_ weights: [Int]) {
    self.weights = weights
    sums = runningSums(weights)
  }

  /// As many days of the prior are added to those that were seen.
  private static let weekdayPrior = 3
  private static let monthPrior = 4
  /// No day is so quiet that its level could not be told.
  private static let weightMin = one / 50

  /// By weekday: each drawn towards its sort, working day or weekend, and that towards no difference.
  init(weekdaysOf evidence: Evidence) {
    let weekdays = evidence.days.map { $0.weekday.rawValue - 1 }
    let mean = evidence.capped.reduce(0, +) / max(1, evidence.count)
    guard mean > 0 else {
      self.init(weekdays.map { _ in one })
      return
    }
    var (counts, sums) = ([Int](repeating: 0, count: 7), [Int](repeating: 0, count: 7))
    for (amount, weekday) in zip(evidence.capped, weekdays) {
      counts[weekday] += 1
      sums[weekday] += amount
    }
    func weight(_ days: Range<Int>, prior: Int) -> Int {
      let (count, sum) = (counts[days].reduce(0, +), sums[days].reduce(0, +))
      return (sum * one / mean + Self.weekdayPrior * prior) / (count + Self.weekdayPrior)
    }
    let sorts = [weight(0..<5, prior: one), weight(5..<7, prior: one)]
    let profile = (0..<7).map { max(Self.weightMin, weight($0..<$0 + 1, prior: sorts[$0 < 5 ? 0 : 1])) }
    self.init(weekdays.map { profile[$0] })
  }

  /// The same, and by the part of the month: jobs at its start, bills at its end.
  init(monthOf evidence: Evidence, _ weekdays: Exposure) {
    let parts = evidence.days.map { day in Self.ends.firstIndex { day.day <= $0 } ?? Self.ends.count }
    let mean = max(1, evidence.capped.reduce(0, +) / max(1, evidence.count))
    var (exposed, sums) = ([Int](repeating: 0, count: 5), [Int](repeating: 0, count: 5))
    for place in 0..<evidence.count {
      exposed[parts[place]] += weekdays.weights[place]
      sums[parts[place]] += evidence.capped[place]
    }
    let profile = (0..<5).map { part in
      let seen = sums[part] * one / mean + Self.monthPrior * one
      return max(Self.weightMin, scaled(seen, one, exposed[part] + Self.monthPrior * one))
    }
    self.init(zip(weekdays.weights, parts).map { max(1, $0 * profile[$1] / one) })
  }

  /// The last days of all parts of a month but the last.
  private static let ends = [3, 10, 20, 25]
}
