//! The windows that coding plans limit: so many hours or days from the first use on, or weeks of the calendar.

package import Calendar

package enum BlockWindow: Equatable, Sendable {
  /// Begins with the hour (UTC, so that it is the same in every zone) of the first use after the one before.
  case rolling(lengthMs: Int64)
  /// A week of the report's zone.
  case week(startingOn: Weekday)

  private static let hourMs: Int64 = 3_600_000
  private static let daysMax: Int64 = 366

  /// Reads `5h`, `7d` or `week`; nil when it is none of them.
  package init?(_ text: String, weekStart: Weekday) {
    if text == "week" {
      self = .week(startingOn: weekStart)
      return
    }
    guard let number = Int64(text.dropLast()), number > 0, text.utf8.first.map({ 0x30...0x39 ~= $0 }) == true
    else { return nil }
    let hours: Int64
    switch text.last {
    case "h" where number <= Self.daysMax * 24: hours = number
    case "d" where number <= Self.daysMax: hours = number * 24
    default: return nil
    }
    self = .rolling(lengthMs: hours * Self.hourMs)
  }

  /// Days that a window may reach over, at least one.
  var dayCount: Int {
    switch self {
    case .rolling(let lengthMs): Int((lengthMs + 24 * Self.hourMs - 1) / (24 * Self.hourMs))
    case .week: 7
    }
  }

  /// The days that must be read for windows in some days: where a window begins depends on those before it.
  package func daysRead(for days: ClosedRange<CivilDate>) -> ClosedRange<CivilDate> {
    days.lowerBound - max(7, 4 * dayCount)...days.upperBound + dayCount
  }

  /// The window that a use begins which is in none.
  func window(from ms: Int64, _ zone: TimeZoneRules) -> Range<Int64> {
    switch self {
    case .rolling(let lengthMs):
      let start = ms / Self.hourMs * Self.hourMs
      return start..<start + lengthMs
    case .week(let weekday):
      let first = zone.localDate(of: ms).first(ofWeekStartingOn: weekday)
      return zone.startOfDay(first)..<zone.startOfDay(first + 7)
    }
  }
}
