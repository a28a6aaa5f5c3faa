//! How far off a forecast is likely to be. The spread of days around their level tells what chance alone does; the
//! errors that the same forecasts made on earlier days of this history tell what it is really like here. In both,
//! spikes count in full.
//!
//! The shape of the errors is counted, because few histories are long enough to have a tail: a test counts
//! `ErrorTable` on generated histories and checks it on others (`make forecast-check`).

/// The size of errors to expect, in mean days of the evidence.
struct ErrorScale {
  let size: Int

  private static let aheadMax = 21
  /// The level may drift by a tenth.
  private static let drift = 10
  /// One error counts at most as sixteen typical ones.
  private static let ratioMax = 16
  /// How often guesses that are apart are all wrong.
  private static let disagreementFactor = Int128(8)
  private static let levelDays = 14

  init(_ evidence: Evidence, _ combination: Combination, ahead: Int) {
    let daily = Self.daily(evidence)
    func expected(_ ahead: Int, _ amount: Int) -> Int128 {
      let chance = daily * Int128(ahead) * Int128(ahead + combination.days) / Int128(combination.days)
      let drift = Int128(max(0, amount) / Self.drift)
      return 1 + chance + drift * drift
    }
    var variance = expected(ahead, combination.amount)
    let past = max(1, min(ahead, Self.aheadMax, evidence.count / 3))
    if evidence.count - past >= 7 {
      let sums = runningSums(evidence.amounts)
      let origins = 7...evidence.count - past
      let ratios = origins.reduce(Int128(0)) { sum, origin in
        let amount = combination.amount(origin: origin, ahead: past)
        let rest = Int128(sums[origin + past] - sums[origin] - amount)
        return sum + min(Int128(Self.ratioMax * one), rest * rest * Int128(one) / expected(past, amount))
      }
      // Errors of stretches that overlap are one: so many stretches lie side by side, and three halves more say 1.
      let (count, length) = (Int128(origins.count), Int128(past))
      variance = variance * (2 * ratios + 3 * length * Int128(one)) / ((2 * count + 3 * length) * Int128(one))
    }
    size = max(1, squareRoot(variance + Self.disagreementFactor * combination.disagreement))
  }

  /// The variance of a day around the level of the two weeks before it.
  private static func daily(_ evidence: Evidence) -> Int128 {
    let exposure = Exposure(weekdaysOf: evidence)
    let level = Guess(.level(days: levelDays), exposure)
    let sums = runningSums(evidence.capped)
    // Three days more of middling spread, for histories that are too short to tell.
    let mean = Int128(evidence.amounts.reduce(0, +) / max(1, evidence.count))
    var (squares, count) = (mean * mean * 9 / 10, Int128(3))
    for day in min(7, evidence.count)..<evidence.count {
      let rest = Int128(evidence.amounts[day] - level.amount(sums, origin: day, ahead: 1))
      squares += rest * rest
      count += 1
    }
    return squares / count
  }
}
