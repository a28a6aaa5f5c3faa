import Calendar
import Testing

/// The literal message and mend of the error that `body` throws, or `no error`.
func message(_ body: () throws(CalendarError) -> Void) -> String {
  do throws(CalendarError) {
    try body()
    return "no error"
  } catch {
    return "\(error)"
  }
}

@Suite struct DateExpressionTests {
  /// Wednesday.
  let today = CivilDate(days: CivilDate.days(year: 2026, month: 10, day: 7))

  @Test(arguments: [
    ("2026-10-01", "2026-10-01", "2026-10-01"), ("20261001", "2026-10-01", "2026-10-01"),
    ("2026-02", "2026-02-01", "2026-02-28"), ("2026", "2026-01-01", "2026-12-31"),
    ("2026-W41", "2026-10-05", "2026-10-11"), ("2020-w53", "2020-12-28", "2021-01-03"),
    ("today", "2026-10-07", "2026-10-07"), ("Yesterday", "2026-10-06", "2026-10-06"),
    ("tomorrow", "2026-10-08", "2026-10-08"), ("this-month", "2026-10-01", "2026-10-31"),
    ("last-month", "2026-09-01", "2026-09-30"), ("this-year", "2026-01-01", "2026-12-31"),
    ("last-year", "2025-01-01", "2025-12-31"), ("this-week", "2026-10-05", "2026-10-11"),
    ("last-week", "2026-09-28", "2026-10-04"), ("7d", "2026-10-01", "2026-10-07"),
    ("1d", "2026-10-07", "2026-10-07"), ("4w", "2026-09-10", "2026-10-07"),
  ])
  func readsWhatPeopleType(text: String, first: String, last: String) throws {
    let days = try DateExpression.parse(text, today: today)
    #expect("\(days.lowerBound) \(days.upperBound)" == "\(first) \(last)")
  }

  @Test func weeksFollowTheChosenStart() throws {
    let week = try DateExpression.parse("this-week", today: today, weekStart: .sunday)
    #expect("\(week.lowerBound) \(week.upperBound)" == "2026-10-04 2026-10-10")
    let last = try DateExpression.parse("last-week", today: today, weekStart: .thursday)
    #expect("\(last.lowerBound) \(last.upperBound)" == "2026-09-24 2026-09-30")
  }

  @Test(arguments: [
    "", "soon", "0d", "d", "-1d", "2026-1", "2026-10-1", "1/10/2026", "99999d", "2026-Wxx", "2026-x0",
  ])
  func refusesTheRestAndListsWhatWorks(text: String) {
    #expect(
      message { () throws(CalendarError) in _ = try DateExpression.parse(text, today: today) }
        == "cannot read the date \"\(text)\"; use 2026-10-01, 20261001, 2026-10, 2026, 2026-W41, today, yesterday, "
        + "tomorrow, this-week, last-week, this-month, last-month, this-year, last-year, 7d or 4w")
  }

  @Test(arguments: [
    ("2026-02-29", "2026-02 has the days 01 to 28"), ("20240230", "2024-02 has the days 01 to 29"),
    ("2026-13-01", "months are 01 to 12"), ("2026-00", "months are 01 to 12"),
    ("2025-W53", "2025 has the weeks W01 to W52"), ("2026-W00", "2026 has the weeks W01 to W53"),
  ])
  func saysWhatTheCalendarHas(text: String, hint: String) {
    #expect(
      message { () throws(CalendarError) in _ = try DateExpression.parse(text, today: today) }
        == "the calendar has no \(text); \(hint)")
  }
}

@Suite struct TimeExpressionTests {
  let berlin: TimeZoneRules
  /// 2026-10-25 20:15:30.250 in Berlin, the day on which clocks go back.
  let nowMs: Int64 = 1_792_955_730_250

  init() throws {
    berlin = try #require(TimeZoneRules(posix: "CET-1CEST,M3.5.0,M10.5.0/3"))
  }

  @Test(arguments: [
    ("now", "2026-10-25T19:15:30.250Z"), ("today", "2026-10-25T19:15:30.250Z"),
    ("yesterday", "2026-10-24T18:15:30.250Z"), ("yesterday 14:30", "2026-10-24T12:30:00.000Z"),
    ("14:30", "2026-10-25T13:30:00.000Z"), ("Today  14:30:15", "2026-10-25T13:30:15.000Z"),
    ("2026-10-01 14:30", "2026-10-01T12:30:00.000Z"), ("20261001 14:30", "2026-10-01T12:30:00.000Z"),
    ("2026-10-01T14:30:05", "2026-10-01T12:30:05.000Z"), ("2026-10-01", "2026-10-01T10:00:00.000Z"),
    // Twice that night: the earlier. Skipped that night: moved on to 03:30.
    ("2026-10-25 02:30", "2026-10-25T00:30:00.000Z"), ("2026-03-29 02:30", "2026-03-29T01:30:00.000Z"),
    ("2026-03-29 02:00", "2026-03-29T01:00:00.000Z"), ("2026-10-25 03:00", "2026-10-25T02:00:00.000Z"),
  ])
  func readsWhatPeopleType(text: String, instant: String) throws {
    #expect(rfc3339(try TimeExpression.parse(text, nowMs: nowMs, zone: berlin)) == instant)
  }

  @Test(arguments: ["", "soon", "25:00", "14:60", "2026-10-01 noon", "14:30 14:30", "2026-10 14:30", "a b c"])
  func refusesTheRestAndListsWhatWorks(text: String) {
    #expect(
      message { () throws(CalendarError) in _ = try TimeExpression.parse(text, nowMs: nowMs, zone: berlin) }
        == "cannot read the time \"\(text)\"; use now, today, yesterday, 14:30, \"yesterday 14:30\", "
        + "\"2026-10-01 14:30\", 2026-10-01 or 2026-10-01T14:30:00+02:00")
  }

  @Test func saysWhatTheCalendarHas() {
    #expect(
      message { () throws(CalendarError) in
        _ = try TimeExpression.parse("2026-09-31 10:00", nowMs: nowMs, zone: berlin)
      } == "the calendar has no 2026-09-31; 2026-09 has the days 01 to 30")
  }
}
