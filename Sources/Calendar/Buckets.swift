//! Cuts a range of local days into the rows of a report. A bucket is a half-open run of instants; the buckets of a
//! range tile it: each begins where the one before ends, the first at the start of the first day, the last at the
//! end of the last. Weeks and months that stick out of the range are clipped to it but keep their name.

/// How long a bucket is.
package enum BucketUnit: Equatable, Sendable {
  case minute
  case hour
  case day
  case week(startingOn: Weekday)
  case month

  /// The word for it, which is also the column's name.
  package var name: String {
    switch self {
    case .minute: "minute"
    case .hour: "hour"
    case .day: "day"
    case .week: "week"
    case .month: "month"
    }
  }

  /// Weeks as ISO 8601 has them.
  package static let isoWeek = BucketUnit.week(startingOn: .monday)

  /// The days of the whole bucket that holds a day; that of minutes and hours is the day itself.
  package func days(around date: CivilDate) -> ClosedRange<CivilDate> {
    switch self {
    case .minute, .hour, .day: return date...date
    case .week(let start):
      let first = date.first(ofWeekStartingOn: start)
      return first...first + 6
    case .month: return date.civilMonth.days
    }
  }
}

extension BucketUnit {
  /// The length of buckets that a day is cut into, counted from its start; nil for a day and more.
  fileprivate var stepMs: Int64? {
    switch self {
    case .minute: millisecondsPerMinute
    case .hour: 60 * millisecondsPerMinute
    case .day, .week, .month: nil
    }
  }
}

/// A half-open run of instants that a report shows as one row.
package struct Bucket: Equatable, Sendable {
  /// How long the bucket is before clipping.
  package let unit: BucketUnit
  /// The first day of the whole bucket, which may lie before a clipped bucket's start; a minute's local day.
  package let firstDay: CivilDate
  /// The first instant.
  package let startMs: Int64
  /// The first instant after; equal to the start for a day that the zone skips.
  package let endMs: Int64

  package init(unit: BucketUnit, firstDay: CivilDate, startMs: Int64, endMs: Int64) {
    self.unit = unit
    self.firstDay = firstDay
    self.startMs = startMs
    self.endMs = endMs
  }

  /// The part before an instant; nil when there is none.
  package func clipped(before endMs: Int64) -> Bucket? {
    if startMs >= endMs { return nil }
    return Bucket(unit: unit, firstDay: firstDay, startMs: startMs, endMs: min(self.endMs, endMs))
  }

  /// The name in reports: `2026-10-01T14:30+02:00`, `2026-10-01`, the week's first day, or `2026-10`.
  package func label(in zone: TimeZoneRules) -> String {
    switch unit {
    case .minute, .hour: zone.minuteText(of: startMs)
    case .day, .week: firstDay.description
    case .month: firstDay.civilMonth.description
    }
  }
}

extension TimeZoneRules {
  /// Cuts local days, both ends inclusive, into buckets that tile them, in order.
  package func buckets(of days: ClosedRange<CivilDate>, by unit: BucketUnit) -> [Bucket] {
    var buckets: [Bucket] = []
    var day = days.lowerBound
    var startMs = startOfDay(day)
    while day <= days.upperBound {
      let whole = unit.days(around: day)
      let next = min(whole.upperBound, days.upperBound) + 1
      let endMs = startOfDay(next)
      if let step = unit.stepMs {
        var start = startMs
        while start < endMs {
          let after = min(start + step, endMs)
          buckets.append(Bucket(unit: unit, firstDay: day, startMs: start, endMs: after))
          start = after
        }
      } else {
        buckets.append(Bucket(unit: unit, firstDay: whole.lowerBound, startMs: startMs, endMs: endMs))
      }
      day = next
      startMs = endMs
    }
    return buckets
  }

  /// An instant's local minute with its offset, `2026-10-01T14:30+02:00`: unlike without it, never ambiguous.
  package func minuteText(of ms: Int64) -> String {
    let (minute, _, offset) = parts(of: ms)
    return minute + offset
  }

  /// The same to the millisecond, `2026-10-01T14:30:05.120+02:00`.
  package func timeText(of ms: Int64) -> String {
    let (minute, rest, offset) = parts(of: ms)
    return minute + ":" + padded(rest / 1000, 2) + "." + padded(rest % 1000, 3) + offset
  }

  /// The minute, the milliseconds since it began, and the offset.
  private func parts(of ms: Int64) -> (minute: String, rest: Int, offset: String) {
    let offset = offsetSeconds(at: ms)
    let localMs = ms + Int64(offset) * 1000
    let date = CivilDate(utcDayOf: localMs)
    let (minute, rest) = Int(localMs - date.utcStartMs).quotientAndRemainder(
      dividingBy: Int(millisecondsPerMinute))
    return (
      date.description + clockText("T", minutes: minute), rest,
      clockText(offset < 0 ? "-" : "+", minutes: Int(offset.magnitude) / 60)
    )
  }
}

extension [Bucket] {
  /// The position of the bucket that holds an instant, or nil outside of all; the buckets are in order.
  package func index(holding ms: Int64) -> Int? {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if self[middle].endMs <= ms { low = middle + 1 } else { high = middle }
    }
    return low < count && self[low].startMs <= ms ? low : nil
  }
}
