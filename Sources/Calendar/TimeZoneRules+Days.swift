//! Local days. One rule gives them all: **day d starts at the first instant at which the zone's calendar shows d or
//! later**, and ends where d + 1 starts. What follows from it:
//!
//! - Days tile the time line: no instant is in two days or in none, whatever a zone does.
//! - When clocks skip midnight, the day starts at the first instant that exists.
//! - A day that a zone skips (Samoa had no 30 December 2011) is empty: it starts where the next one does.
//! - When clocks go back over midnight after the new day has begun, the calendar shows the old day once more for a
//!   while. That repeated while stays in the new day, which has begun; everywhere else the day of an instant is what
//!   the local calendar shows. (Clocks that go back *at* midnight never show the new day first: nothing repeats.)

extension TimeZoneRules {
  /// More than any zone is away from UTC; files with more are refused.
  static let offsetHoursMax = 26
  static let offsetMsMax = Int64(offsetHoursMax) * 3_600_000

  /// The first instant of a local day.
  package func startOfDay(_ date: CivilDate) -> Int64 {
    let midnightMs = date.utcStartMs
    // No instant before this one can show the day: the clock would have to be too far ahead of UTC.
    var span = span(at: midnightMs - Self.offsetMsMax)
    while true {
      let firstMs = max(midnightMs - Int64(span.offsetSeconds) * 1000, span.startMs)
      if firstMs < span.endMs { return firstMs }
      span = self.span(at: span.endMs)
    }
  }

  /// The instants of a local day.
  package func interval(of date: CivilDate) -> Range<Int64> {
    startOfDay(date)..<startOfDay(date + 1)
  }

  /// The local day of an instant: the one whose interval holds it.
  package func localDate(of ms: Int64) -> CivilDate {
    var date = CivilDate(utcDayOf: ms + Int64(offsetSeconds(at: ms)) * 1000)
    while startOfDay(date + 1) <= ms { date = date + 1 }
    return date
  }

  /// The instant at which the local clock shows a time, in milliseconds after the date's midnight.
  ///
  /// A time that the clock shows twice is the earlier instant. A time that it skips is moved on by what it skips, so
  /// 02:30 becomes 03:30 on the day when 02:00 to 03:00 does not exist.
  package func instant(of date: CivilDate, millisecondOfDay: Int64) -> Int64 {
    let localMs = date.utcStartMs + millisecondOfDay
    var span = span(at: localMs - Self.offsetMsMax)
    var previousMs = localMs - Int64(span.offsetSeconds) * 1000
    while true {
      let ms = localMs - Int64(span.offsetSeconds) * 1000
      // Before this offset began, yet after the one before ended: skipped, so read by the clock before the change.
      if ms < span.startMs { return previousMs }
      if ms < span.endMs { return ms }
      previousMs = ms
      span = self.span(at: span.endMs)
    }
  }

  /// What the local clock shows at an instant: the calendar's day and milliseconds after midnight.
  package func clock(at ms: Int64) -> (date: CivilDate, millisecondOfDay: Int64) {
    let localMs = ms + Int64(offsetSeconds(at: ms)) * 1000
    let date = CivilDate(utcDayOf: localMs)
    return (date, localMs - date.utcStartMs)
  }
}
