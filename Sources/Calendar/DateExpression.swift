//! What people type for `--since` and `--until`. Every expression names a run of days, both ends inclusive: `--since`
//! takes the first, `--until` the last, so `--since 2026-10 --until 2026-10` is October.
//!
//! `7d` is the last seven days including today, `4w` the last 28. `2026-W41` is always the ISO week; `this-week` and
//! `last-week` follow the week start that the person chose.

/// Days named by an expression such as `last-month`.
package enum DateExpression {
  /// Reads an expression; `today` is the local day in the person's zone.
  package static func parse(
    _ text: String, today: CivilDate, weekStart: Weekday = .monday
  ) throws(CalendarError) -> ClosedRange<CivilDate> {
    let lowercased = text.lowercased()
    let bytes = Array(lowercased.utf8)
    if let days = word(lowercased, today: today, weekStart: weekStart) { return days }
    if let days = lastDays(bytes, today: today) { return days }
    if CivilDate.shape(bytes) != nil {
      let date = try day(text)
      return date...date
    }
    guard bytes.count >= 4, let year = decimal(bytes[..<4]) else { throw .unreadableDate(text) }
    let first = CivilDate(days: CivilDate.days(year: year, month: 1, day: 1))
    switch bytes.count {
    case 4:
      return first...CivilDate(days: CivilDate.days(year: year, month: 12, day: 31))
    case 7 where bytes[4] == UInt8(ascii: "-"):
      guard let number = decimal(bytes[5...]) else { throw .unreadableDate(text) }
      guard let month = CivilMonth(year: year, month: number) else {
        throw .noSuchDate(text, hint: "months are 01 to 12")
      }
      return month.days
    case 8 where bytes[4] == UInt8(ascii: "-") && bytes[5] == UInt8(ascii: "w"):
      guard let number = decimal(bytes[6...]) else { throw .unreadableDate(text) }
      guard let week = ISOWeek(year: year, week: number) else {
        throw .noSuchDate(
          text, hint: "\(padded(year, 4)) has the weeks W01 to W\(ISOWeek.weekCount(year: year))")
      }
      return week.monday...week.monday + 6
    default:
      throw .unreadableDate(text)
    }
  }

  /// Reads `2026-10-01` or `20261001`; the text must have that shape.
  static func day(_ text: String) throws(CalendarError) -> CivilDate {
    guard let (year, month, day) = CivilDate.shape(Array(text.utf8)) else { throw .unreadableDate(text) }
    guard let first = CivilMonth(year: year, month: month) else {
      throw .noSuchDate(text, hint: "months are 01 to 12")
    }
    guard let date = CivilDate(year: year, month: month, day: day) else {
      throw .noSuchDate(
        text, hint: "\(first) has the days 01 to \(CivilDate.dayCount(year: year, month: month))")
    }
    return date
  }

  private static func word(
    _ text: String, today: CivilDate, weekStart: Weekday
  ) -> ClosedRange<CivilDate>? {
    let monday = today.first(ofWeekStartingOn: weekStart)
    let month = today.civilMonth
    func year(_ year: Int) -> ClosedRange<CivilDate> {
      let first = CivilMonth(index: year * 12)
      return first.first...CivilMonth(index: first.index + 11).last
    }
    return switch text {
    case "today": today...today
    case "yesterday": today - 1...today - 1
    case "tomorrow": today + 1...today + 1
    case "this-week": monday...monday + 6
    case "last-week": monday - 7...monday - 1
    case "this-month": month.days
    case "last-month": month.previous.days
    case "this-year": year(today.year)
    case "last-year": year(today.year - 1)
    default: nil
    }
  }

  /// Reads `7d` or `4w`, one to four digits, at least 1.
  private static func lastDays(_ bytes: [UInt8], today: CivilDate) -> ClosedRange<CivilDate>? {
    guard 2...5 ~= bytes.count, let count = decimal(bytes.dropLast()), count > 0 else { return nil }
    switch bytes.last {
    case UInt8(ascii: "d"): return today - (count - 1)...today
    case UInt8(ascii: "w"): return today - (count * 7 - 1)...today
    default: return nil
    }
  }
}
