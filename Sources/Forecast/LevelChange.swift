//! Whether use lately went to another level and stayed there. Averages over weeks learn that late.

/// The clearest change of level in the last three weeks.
struct LevelChange {
  /// How much is to be believed that there was one, from 0 to `one`.
  let trust: Int
  /// How many days ago it was.
  let days: Int
  /// The use per unit of exposure since then.
  let level: Int

  private static let daysAgo = [3, 5, 7, 10, 14, 21]
  private static let daysBefore = 28
  /// From which squared difference, in variances of it, a change is believed at all.
  private static let gainMin = 10

  init?(_ evidence: Evidence, _ exposure: Exposure) {
    var best: (gain: Int, days: Int, level: Int)?
    for days in Self.daysAgo where evidence.count - days >= 7 {
      let middle = evidence.count - days
      let parts = (max(0, middle - Self.daysBefore)..<middle, middle..<evidence.count)
      guard let now = Part(evidence, exposure, parts.1), now.level > 0,
        let before = Part(evidence, exposure, parts.0)
      else { continue }
      // A twentieth of a typical square, so that two quiet stretches do not prove anything.
      let typical = (Int128(now.level) * Int128(now.level) + Int128(before.level) * Int128(before.level)) / 40
      let variance = (now.squares + before.squares + typical) / Int128(parts.0.count + parts.1.count - 1)
      let difference = Int128(now.level - before.level)
      let exposed = Int128(now.exposed) * Int128(before.exposed) / Int128(now.exposed + before.exposed)
      let gain = Int(clamping: difference * difference * exposed / max(1, variance))
      if gain > best?.gain ?? 0 { best = (gain, days, now.level) }
    }
    guard let best, best.gain > Self.gainMin * one else { return nil }
    trust = one - scaled(Self.gainMin * one, one, best.gain)
    (days, level) = (best.days, best.level)
  }

  /// A stretch at one level.
  private struct Part {
    let exposed: Int
    let level: Int
    /// The sum of squared differences from it.
    var squares: Int128 = 0

    init?(_ evidence: Evidence, _ exposure: Exposure, _ days: Range<Int>) {
      exposed = exposure.sums[days.upperBound] - exposure.sums[days.lowerBound]
      guard exposed > 0 else { return nil }
      level = min(1 << 40, scaled(evidence.capped[days].reduce(0, +), one, exposed))
      for day in days {
        let rest = Int128(evidence.capped[day] - scaled(level, exposure.weights[day], one))
        squares += rest * rest
      }
    }
  }
}
