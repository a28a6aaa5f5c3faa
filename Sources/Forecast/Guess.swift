//! The simple forecasts that are combined: "as in the last three days", "as in the last four weeks", "as it grows".
//! Each answers from any day of the history, so that each can be judged by what came afterwards.

/// One simple way to say what some days to come will use.
struct Guess {
  enum Way {
    /// As on average in so many days before; nil takes all.
    case level(days: Int?)
    /// As in the last ten days, and as it changed from the ten before.
    case trend
  }

  let way: Way
  let exposure: Exposure
  /// Counts this much when it is as good as the others, in `one`.
  let favour: Int

  init(_ way: Way, _ exposure: Exposure, favour: Int = one) {
    self.way = way
    self.exposure = exposure
    self.favour = favour
  }

  /// All that a history is long enough for.
  static func all(_ evidence: Evidence) -> [Guess] {
    let weekdays = Exposure(weekdaysOf: evidence)
    var guesses = [3, 7, 14, 28, nil].map { Guess(.level(days: $0), weekdays) }
    if evidence.count >= 28 { guesses.append(Guess(.trend, weekdays)) }
    if evidence.count >= 45 {
      let month = Exposure(monthOf: evidence, weekdays)
      guesses += [20, nil].map { Guess(.level(days: $0), month, favour: one * 3 / 2) }
    }
    return guesses
  }

  /// How many of `count` days it is made of.
  func daysUsed(of count: Int) -> Int {
    switch way {
    case .level(let days): min(days ?? count, count)
    case .trend: 7
    }
  }

  /// What the `ahead` days after the first `origin` ones will use, as the sums of the days known tell.
  func amount(_ sums: [Int], origin: Int, ahead: Int) -> Int {
    let exposed = exposure.sums[origin + ahead] - exposure.sums[origin]
    switch way {
    case .level(let days):
      let start = max(0, origin - (days ?? origin))
      return Self.bounded(
        scaled(sums[origin] - sums[start], exposed, exposure.sums[origin] - exposure.sums[start]))
    case .trend:
      let now = level(sums, origin - 10..<origin)
      let before = origin >= 20 ? level(sums, origin - 20..<origin - 10) : now
      let change = (now - before) * (10 + min(ahead, 21)) / 40
      let bounds = [now / 2, now * 2].sorted()
      return Self.bounded(scaled(min(max(now + change, bounds[0]), bounds[1]), exposed, one))
    }
  }

  /// Quiet days of a lively week can make any level; squares of sums of what is left fit 128 bits.
  private static func bounded(_ amount: Int) -> Int { min(max(amount, -(1 << 40)), 1 << 40) }

  /// The use per unit of exposure.
  private func level(_ sums: [Int], _ days: Range<Int>) -> Int {
    let start = max(0, days.lowerBound)
    return Self.bounded(
      scaled(
        sums[days.upperBound] - sums[start], one, exposure.sums[days.upperBound] - exposure.sums[start]))
  }
}
