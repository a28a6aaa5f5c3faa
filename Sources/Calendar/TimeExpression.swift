//! What people type for the time of one event. RFC 3339 instants are read elsewhere; here are the words and the local
//! times, in the person's zone:
//!
//! - `now` and `today`: this instant.
//! - `yesterday`: yesterday when the clock showed what it shows now.
//! - `14:30`, `today 14:30`, `yesterday 14:30`, `2026-10-01 14:30`, each also with seconds, the last also with `T`.
//! - `2026-10-01`: noon, which exists on every day of every zone and is in the same day in most others.
//!
//! A local time that the clock shows twice is the earlier instant; one that it skips is moved on by what it skips.

/// An instant named by an expression such as `yesterday 14:30`.
package enum TimeExpression {
  /// Reads an expression at the instant `nowMs`: an instant that RFC 3339 can write.
  package static func parse(
    _ text: String, nowMs: Int64, zone: TimeZoneRules
  ) throws(CalendarError) -> Int64 {
    let ms = try instant(text, nowMs: nowMs, zone: zone)
    // The zone's offset may lead out of the years that four digits can write.
    guard 0...9999 ~= CivilDate(utcDayOf: ms).year else {
      throw .noSuchDate(text, hint: "in UTC it is outside of the years 0 to 9999")
    }
    return ms
  }

  private static func instant(
    _ text: String, nowMs: Int64, zone: TimeZoneRules
  ) throws(CalendarError) -> Int64 {
    let now = zone.clock(at: nowMs)
    let lowercased = text.lowercased()
    switch lowercased {
    case "now", "today": return nowMs
    case "yesterday": return zone.instant(of: now.date - 1, millisecondOfDay: now.millisecondOfDay)
    default: break
    }
    let parts = lowercased.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
    if parts.count == 1, let time = millisecondOfDay(parts[0]) {
      return zone.instant(of: now.date, millisecondOfDay: time)
    }
    let noon: Int64 = 12 * 3_600_000
    guard let (dayText, timeText) = split(parts) else { throw .unreadableTime(text) }
    guard let time = timeText.map(millisecondOfDay) ?? noon else { throw .unreadableTime(text) }
    switch dayText {
    case "today" where timeText != nil: return zone.instant(of: now.date, millisecondOfDay: time)
    case "yesterday" where timeText != nil: return zone.instant(of: now.date - 1, millisecondOfDay: time)
    default:
      guard CivilDate.shape(Array(dayText.utf8)) != nil else { throw .unreadableTime(text) }
      return zone.instant(of: try DateExpression.day(dayText), millisecondOfDay: time)
    }
  }

  /// The day and, if there is one, the time.
  private static func split(_ parts: [String]) -> (day: String, time: String?)? {
    switch parts.count {
    case 2: return (parts[0], parts[1])
    case 1:
      let halves = parts[0].split(separator: "t", omittingEmptySubsequences: false).map(String.init)
      if halves.count == 2 { return (halves[0], halves[1]) }
      return (parts[0], nil)
    default: return nil
    }
  }

  /// Reads `14:30` or `14:30:15`.
  private static func millisecondOfDay(_ text: String) -> Int64? {
    let bytes = Array(text.utf8)
    let colon = UInt8(ascii: ":")
    guard bytes.count == 5 || bytes.count == 8, bytes[2] == colon, let hour = decimal(bytes[0..<2]),
      hour < 24,
      let minute = decimal(bytes[3..<5]), minute < 60
    else { return nil }
    var seconds = hour * 3600 + minute * 60
    if bytes.count == 8 {
      guard bytes[5] == colon, let second = decimal(bytes[6..<8]), second < 60 else { return nil }
      seconds += second
    }
    return Int64(seconds) * 1000
  }
}
