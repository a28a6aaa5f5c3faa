package import Calendar
package import Money

/// A rate that was known as another.
package struct RateChange: Equatable, Sendable {
  package let day: CivilDate
  package let currency: Currency
  package let old: Int128
  package let new: Int128
}

/// What adding rates to others did.
package struct RateMerge: Equatable, Sendable {
  package var added = 0
  package var same = 0
  /// By day, then currency.
  package var changes: [RateChange] = []
}

extension Rates {
  /// Adds the rates of `other`; where both know one and they differ, `isReplacing` decides which stays.
  package mutating func merge(_ other: Rates, isReplacing: Bool) -> RateMerge {
    var merge = RateMerge()
    for currency in other.currencies {
      guard let theirs = other.series[currency] else { continue }
      guard let ours = series[currency] else {
        series[currency] = theirs
        merge.added += theirs.count
        continue
      }
      series[currency] = Self.merged(ours, theirs, currency, isReplacing, &merge)
    }
    merge.changes.sort { ($0.day, $0.currency) < ($1.day, $1.currency) }
    return merge
  }

  private static func merged(
    _ ours: Series, _ theirs: Series, _ currency: Currency, _ isReplacing: Bool, _ merge: inout RateMerge
  ) -> Series {
    var merged = Series()
    merged.days.reserveCapacity(ours.count + theirs.count)
    merged.rates.reserveCapacity(ours.count + theirs.count)
    var (left, right) = (0, 0)
    while left < ours.count || right < theirs.count {
      let isOurs = right == theirs.count || (left < ours.count && ours.days[left] < theirs.days[right])
      if isOurs {
        merged.append(ours.days[left], ours.rates[left])
        left += 1
      } else if left == ours.count || ours.days[left] > theirs.days[right] {
        merged.append(theirs.days[right], theirs.rates[right])
        merge.added += 1
        right += 1
      } else {
        let (old, new) = (ours.rates[left], theirs.rates[right])
        if old == new {
          merge.same += 1
        } else {
          let day = CivilDate(days: ours.days[left])
          merge.changes.append(RateChange(day: day, currency: currency, old: old, new: new))
        }
        merged.append(ours.days[left], isReplacing ? new : old)
        left += 1
        right += 1
      }
    }
    return merged
  }
}

extension Rates.Series {
  mutating func append(_ day: Int, _ rate: Int128) {
    days.append(day)
    rates.append(rate)
  }

  /// Brings the days into order; each must be there once.
  mutating func sort() {
    if zip(days, days.dropFirst()).allSatisfy({ $0 < $1 }) { return }
    // Published files have the newest day first.
    days.reverse()
    rates.reverse()
    if zip(days, days.dropFirst()).allSatisfy({ $0 < $1 }) { return }
    let order = days.indices.sorted { days[$0] < days[$1] }
    days = order.map { days[$0] }
    rates = order.map { rates[$0] }
  }
}
