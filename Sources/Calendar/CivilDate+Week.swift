/// A day of the week, numbered as ISO 8601 does: Monday is 1, Sunday is 7.
package enum Weekday: Int, CaseIterable, Sendable {
  case monday = 1
  case tuesday, wednesday, thursday, friday, saturday, sunday

  /// The English name in lower case, such as `monday`.
  package var name: String { "\(self)" }

  /// Reads an English name in any case, such as `monday` or `Sunday`.
  package init?(_ text: String) {
    let lowercased = text.lowercased()
    guard let found = Self.allCases.first(where: { $0.name == lowercased }) else { return nil }
    self = found
  }
}

/// A week of ISO 8601, such as `2026-W41`: it begins on a Monday and belongs to the year of its Thursday.
package struct ISOWeek: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The week-numbering year; around New Year it may differ from the year of the day.
  package let year: Int
  /// The week, 1 to 53.
  package let week: Int

  /// A week, or nil when the year does not have it.
  package init?(year: Int, week: Int) {
    guard week >= 1, week <= Self.weekCount(year: year) else { return nil }
    self.year = year
    self.week = week
  }

  /// The week of a day.
  package init(of date: CivilDate) {
    let thursday = date.first(ofWeekStartingOn: .monday) + 3
    let year = thursday.year
    self.year = year
    week = (thursday.days - CivilDate.days(year: year, month: 1, day: 1)) / 7 + 1
  }

  /// How many weeks a year has, 52 or 53: 28 December is always in the last.
  package static func weekCount(year: Int) -> Int {
    ISOWeek(of: CivilDate(days: CivilDate.days(year: year, month: 12, day: 28))).week
  }

  /// The Monday of the week.
  package var monday: CivilDate {
    // 4 January is always in week 1.
    let fourth = CivilDate(days: CivilDate.days(year: year, month: 1, day: 4))
    return fourth.first(ofWeekStartingOn: .monday) + (week - 1) * 7
  }

  package static func < (left: Self, right: Self) -> Bool {
    (left.year, left.week) < (right.year, right.week)
  }

  package var description: String { padded(year, 4) + "-W" + padded(week, 2) }
}

extension CivilDate {
  /// How many days the day is after the last `start` weekday, 0 to 6.
  @inlinable
  func daysSince(_ start: Weekday) -> Int {
    // 1970-01-01 was a Thursday, number 4.
    let fromStart = days + 4 - start.rawValue
    return fromStart - floorQuotient(fromStart, 7) * 7
  }

  /// The day of the week.
  package var weekday: Weekday {
    Weekday.allCases[daysSince(.monday)]
  }

  /// The first day of the week that holds the day, when weeks begin on `start`.
  @inlinable
  package func first(ofWeekStartingOn start: Weekday) -> CivilDate {
    self - daysSince(start)
  }

  /// The ISO week of the day.
  package var isoWeek: ISOWeek { ISOWeek(of: self) }
}
