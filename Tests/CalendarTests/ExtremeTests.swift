import Calendar
import TestSupport
import Testing

/// The first and the last days that can be written, in zones on both sides of UTC: nothing traps, and days still tile.
@Suite struct ExtremeTests {
  private static let first = CivilDate(days: CivilDate.days(year: 0, month: 1, day: 1))
  private static let last = CivilDate(days: CivilDate.days(year: 9999, month: 12, day: 31))
  private static let zones = [
    "UTC0", "AAA-24", "AAA24:59:59", "CET-1CEST,M3.5.0,M10.5.0/3", "NZST-12NZDT,M9.5.0,M4.1.0/3",
    "AAA-24BBB,0/-167,J365/167", "<-12>12",
  ].compactMap(TimeZoneRules.init(posix:))

  /// Days at both ends, around them, and of a seed.
  private static func days(_ random: inout SeededGenerator) -> [CivilDate] {
    let ends = [first - 1, first, first + 1, first + 366, last - 366, last - 1, last, last + 1]
    return ends
      + (0..<50).map { _ in CivilDate(days: Int.random(in: first.days...last.days, using: &random)) }
  }

  @Test(arguments: [20_261_130] as [UInt64]) func daysTileAndAreNamed(seed: UInt64) {
    var random = SeededGenerator(seed)
    #expect(Self.zones.count == 7)
    for day in Self.days(&random) {
      for zone in Self.zones {
        let startMs = zone.startOfDay(day)
        #expect(zone.startOfDay(day + 1) >= startMs, "\(day) in \(zone.name), seed \(seed)")
        #expect(zone.localDate(of: startMs) >= day)
        for unit: BucketUnit in [.hour, .day, .isoWeek, .week(startingOn: .sunday), .month] {
          let buckets = zone.buckets(of: day...day, by: unit)
          #expect(buckets.first?.startMs == startMs && buckets.last?.endMs == zone.startOfDay(day + 1))
          for bucket in buckets { #expect(bucket.label(in: zone).count >= 7) }
        }
        let clock = zone.clock(at: startMs)
        #expect(zone.instant(of: clock.date, millisecondOfDay: clock.millisecondOfDay) <= startMs)
        #expect(zone.timeText(of: startMs).count >= 29)
      }
      #expect(day.isoWeek.monday <= day && day.civilMonth.days.contains(day))
    }
  }

  /// Every expression, today being any day: days in order, or an error.
  @Test(arguments: [20_261_130] as [UInt64]) func expressionsAreDaysOrErrors(seed: UInt64) {
    var random = SeededGenerator(seed)
    let texts =
      [
        "today", "yesterday", "tomorrow", "this-week", "last-week", "this-month", "last-month", "this-year",
        "last-year",
      ]
      + [
        "1d", "9999d", "9999w", "0000", "9999", "0000-01", "9999-12", "0000-13", "0000-W01", "9999-W52",
        "0000-W53",
      ]
      + [
        "0000-01-01", "0001-01-01", "9999-12-31", "00000101", "99991231", "0000-02-30", "9999-12-32", "99999",
        "-001",
      ]
    var readCount = 0
    for day in Self.days(&random) {
      for text in texts {
        for start in [Weekday.monday, .sunday] {
          guard let days = try? DateExpression.parse(text, today: day, weekStart: start) else { continue }
          readCount += 1
          #expect(days.lowerBound.description.count >= 10 && days.count < 100_000)
        }
      }
    }
    #expect(readCount > 1000)
  }

  /// What has no year of four digits in UTC cannot be written, so it is refused.
  @Test func timesOutsideOfTheYearsAreRefused() throws {
    let refused = [
      ("0000-01-01 00:00", "AAA-24"), ("0000-01-01", "AAA-24"), ("9999-12-31 23:59", "AAA24:59:59"),
      ("9999-12-31", "AAA24:59:59"), ("9999-12-31T12:00:00", "<-12>12"),
      ("0000-01-01 00:30", "CET-1CEST,M3.5.0,M10.5.0/3"),
    ]
    for (text, name) in refused {
      let zone = try #require(TimeZoneRules(posix: name))
      #expect(throws: CalendarError.noSuchDate(text, hint: "in UTC it is outside of the years 0 to 9999")) {
        try TimeExpression.parse(text, nowMs: 0, zone: zone)
      }
    }
    for text in ["0000-01-01 00:00", "0000-01-01", "9999-12-31", "9999-12-31 23:59:59"] {
      let ms = try TimeExpression.parse(text, nowMs: 0, zone: .utc)
      #expect(rfc3339(ms).hasPrefix(text.prefix(10)))
    }
    let zone = try #require(TimeZoneRules(posix: "AAA-24"))
    #expect(throws: CalendarError.self) {
      try TimeExpression.parse("yesterday", nowMs: Self.first.utcStartMs, zone: zone)
    }
  }
}
