import Bytes
import Calendar
import Testing
import TestSupport

/// A calendar that counts day by day, as one does with fingers: no formula of the code under test.
private struct FingerCalendar {
  var year = 1970
  var month = 1
  var day = 1
  /// Monday is 1; 1970 began on a Thursday.
  var weekday = 4

  var monthLength: Int {
    if month == 2 {
      if year % 400 == 0 { return 29 }
      return year % 100 != 0 && year % 4 == 0 ? 29 : 28
    }
    return [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }

  mutating func step() {
    weekday = weekday == 7 ? 1 : weekday + 1
    day += 1
    if day > monthLength {
      day = 1
      month += 1
    }
    if month > 12 {
      month = 1
      year += 1
    }
  }
}

@Suite struct CivilDateTests {
  @Test func agreesWithCountingOnFingers() {
    var fingers = FingerCalendar()
    for days in 0..<(430 * 366) {
      let date = CivilDate(days: days)
      let (year, month, day) = date.parts
      guard year == fingers.year, month == fingers.month, day == fingers.day,
        date.weekday.rawValue == fingers.weekday, CivilDate.days(year: year, month: month, day: day) == days
      else {
        Issue.record("day \(days) is \(fingers), not \(date)")
        return
      }
      fingers.step()
    }
  }

  @Test func roundTripsAnyDay() {
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededGenerator(seed)
    for _ in 0..<5000 {
      let date = CivilDate(days: Int.random(in: -719_528...2_932_896, using: &random))
      #expect(CivilDate("\(date)") == date, "seed \(seed)")
      let (year, month, day) = date.parts
      #expect(CivilDate(year: year, month: month, day: day) == date, "seed \(seed)")
      #expect(date.isoWeek.monday <= date && date - date.isoWeek.monday < 7, "seed \(seed)")
      for start in Weekday.allCases {
        let first = date.first(ofWeekStartingOn: start)
        #expect(first.weekday == start && first <= date && date - first < 7, "seed \(seed)")
      }
    }
  }

  @Test(
    arguments: [
      ("2026-10-01", "2026-10-01"), ("20261001", "2026-10-01"), ("2024-02-29", "2024-02-29"),
      ("2026-02-29", nil), ("2026-13-01", nil), ("2026-00-01", nil), ("2026-10-00", nil), ("2026-10-1", nil),
      ("2026/10/01", nil), ("2026-1001", nil), (" 2026-10-01", nil), ("+026-10-01", nil), ("", nil),
    ] as [(String, String?)])
  func readsOnlyStrictDays(text: String, expected: String?) {
    #expect(CivilDate(text).map { "\($0)" } == expected)
  }

  @Test(arguments: [
    ("2026-01-01", "2026-W01"), ("2027-01-01", "2026-W53"), ("2024-12-30", "2025-W01"),
    ("2021-01-03", "2020-W53"), ("2026-10-05", "2026-W41"), ("2026-10-11", "2026-W41"),
  ])
  func knowsISOWeeks(day: String, week: String) {
    #expect(CivilDate(day).map { "\($0.isoWeek)" } == week)
  }

  @Test func knowsMonths() throws {
    let date = try #require(CivilDate("2024-02-17"))
    #expect(
      "\(date.firstOfMonth) \(date.lastOfMonth) \(date.firstOfNextMonth)"
        == "2024-02-01 2024-02-29 2024-03-01")
    let december = try #require(CivilMonth("2026-12"))
    #expect("\(december.next) \(december.previous) \(december.last)" == "2027-01 2026-11 2026-12-31")
    #expect(december < december.next && december.year == 2026 && december.month == 12)
    #expect(
      CivilMonth("2026-13") == nil && CivilMonth("2026-1") == nil && CivilMonth(year: 2026, month: 0) == nil)
  }

  @Test func knowsWeekdayNames() {
    #expect(Weekday("Sunday") == .sunday && Weekday("monday")?.name == "monday" && Weekday("mon") == nil)
  }

  @Test(
    arguments: [
      (1_795_169_472_345, "2026-11-20T10:11:12.345Z"), (0, "1970-01-01T00:00:00.000Z"),
      (-1, "1969-12-31T23:59:59.999Z"), (951_868_799_999, "2000-02-29T23:59:59.999Z"),
      (253_402_300_799_999, "9999-12-31T23:59:59.999Z"), (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
    ] as [(Int64, String)])
  func writesInstants(ms: Int64, text: String) throws {
    #expect(rfc3339(ms) == text)
    var writer = ByteWriter()
    writer.append("x")
    writer.append(CivilDate(utcDayOf: ms))
    #expect(String(decoding: writer.array, as: UTF8.self) == "x" + text.prefix(10))
  }
}
