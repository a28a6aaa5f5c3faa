/// A month of the civil calendar, such as `2026-10`.
package struct CivilMonth: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Months since January of the year 0.
  package let index: Int

  /// The month that is `index` months after January of the year 0.
  package init(index: Int) { self.index = index }

  /// The month of a year, or nil when `month` is not 1 to 12.
  package init?(year: Int, month: Int) {
    guard 1...12 ~= month else { return nil }
    index = year * 12 + month - 1
  }

  /// Reads `2026-10`, nothing else.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 7, bytes[4] == UInt8(ascii: "-"), let year = decimal(bytes[0..<4]),
      let month = decimal(bytes[5..<7])
    else { return nil }
    self.init(year: year, month: month)
  }

  /// The year.
  package var year: Int { floorQuotient(index, 12) }
  /// The month of the year, 1 to 12.
  package var month: Int { index - year * 12 + 1 }
  /// The first day.
  package var first: CivilDate { CivilDate(days: CivilDate.days(year: year, month: month, day: 1)) }
  /// The last day.
  package var last: CivilDate { next.first - 1 }
  /// All days.
  package var days: ClosedRange<CivilDate> { first...last }
  /// The month after.
  package var next: CivilMonth { CivilMonth(index: index + 1) }
  /// The month before.
  package var previous: CivilMonth { CivilMonth(index: index - 1) }

  package static func < (left: Self, right: Self) -> Bool { left.index < right.index }

  package var description: String { padded(year, 4) + "-" + padded(month, 2) }
}
