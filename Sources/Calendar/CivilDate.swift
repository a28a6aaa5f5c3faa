//! A day of the civil (proleptic Gregorian) calendar, held as a count of days since 1970-01-01. Everything that
//! asks "which day is next, how many days are between" is then plain integer arithmetic; year, month and day are
//! computed when somebody wants to read them.
//!
//! The two conversions are `days_from_civil` and `civil_from_days` of Howard Hinnant, "chrono-Compatible Low-Level
//! Date Algorithms" (https://howardhinnant.github.io/date_algorithms.html). The idea: let the year begin in March,
//! so that the leap day is the last of its year, and cut time into eras of 400 years, which all have 146,097 days.

/// Milliseconds of a day of 24 hours.
@usableFromInline let millisecondsPerDay: Int64 = 86_400_000
/// Milliseconds of a minute.
@usableFromInline let millisecondsPerMinute: Int64 = 60_000

/// The quotient rounded towards minus infinity; `divisor` is positive.
@inlinable
package func floorQuotient<T: SignedInteger & FixedWidthInteger>(_ value: T, _ divisor: T) -> T {
  let quotient = value / divisor
  return value % divisor < 0 ? quotient &- 1 : quotient
}

/// A day of the civil calendar.
package struct CivilDate: Hashable, Sendable {
  /// Days since 1970-01-01; negative before it.
  package let days: Int

  /// The day that is `days` after 1970-01-01.
  @inlinable
  package init(days: Int) { self.days = days }

  /// The UTC day of an instant.
  @inlinable
  package init(utcDayOf ms: Int64) {
    days = Int(floorQuotient(ms, millisecondsPerDay))
  }

  /// The day with this year, month and day of month, or nil when the calendar has none.
  @inlinable
  package init?(year: Int, month: Int, day: Int) {
    guard 1...12 ~= month, day >= 1, day <= Self.dayCount(year: year, month: month) else { return nil }
    days = Self.days(year: year, month: month, day: day)
  }

  /// Days since 1970 of a year, month and day of month; a day past its month runs on into the next.
  @inlinable
  package static func days(year: Int, month: Int, day: Int) -> Int {
    let marchYear = month <= 2 ? year - 1 : year
    let era = floorQuotient(marchYear, 400)
    let yearOfEra = marchYear - era * 400
    let marchMonth = month > 2 ? month - 3 : month + 9
    let dayOfYear = (153 * marchMonth + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }

  /// Year, month and day of month.
  @inlinable
  package var parts: (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = floorQuotient(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  /// The year.
  package var year: Int { parts.year }
  /// The month, 1 to 12.
  package var month: Int { parts.month }
  /// The day of the month, 1 to 31.
  package var day: Int { parts.day }

  /// Whether February of this year has 29 days.
  @inlinable
  package static func isLeapYear(_ year: Int) -> Bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  }

  /// How many days a month has; `month` is 1 to 12.
  @inlinable
  package static func dayCount(year: Int, month: Int) -> Int {
    switch month {
    case 2: isLeapYear(year) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// The first instant of the day in UTC.
  @inlinable
  package var utcStartMs: Int64 { Int64(days) * millisecondsPerDay }
}

extension CivilDate: Strideable {
  @inlinable
  package static func == (left: Self, right: Self) -> Bool { left.days == right.days }
  @inlinable
  package static func < (left: Self, right: Self) -> Bool { left.days < right.days }
  @inlinable
  package func advanced(by count: Int) -> Self { Self(days: days + count) }
  @inlinable
  package func distance(to other: Self) -> Int { other.days - days }

  /// The day `count` days later.
  @inlinable
  package static func + (date: Self, count: Int) -> Self { Self(days: date.days + count) }
  /// The day `count` days earlier.
  @inlinable
  package static func - (date: Self, count: Int) -> Self { Self(days: date.days - count) }
  /// How many days lie between two days.
  @inlinable
  package static func - (left: Self, right: Self) -> Int { left.days - right.days }
}

extension CivilDate {
  /// The month of the day.
  package var civilMonth: CivilMonth {
    let (year, month, _) = parts
    return CivilMonth(index: year * 12 + month - 1)
  }
  /// The first day of the same month.
  package var firstOfMonth: CivilDate { self - (day - 1) }
  /// The last day of the same month.
  package var lastOfMonth: CivilDate { civilMonth.last }
  /// The first day of the next month.
  package var firstOfNextMonth: CivilDate { civilMonth.next.first }
}
