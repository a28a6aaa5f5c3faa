import Calendar

/// Instants as a catalog writes them: a UTC day, from its midnight, or a UTC minute.
package enum Moment {
  /// Milliseconds since 1970 of `2026-11-20` or `2026-11-20T10:30Z`.
  package static func parse(_ text: String) -> Int64? {
    let bytes = Array(text.utf8)
    guard bytes.count == 10 || bytes.count == 17, let day = CivilDate(String(text.prefix(10))) else {
      return nil
    }
    if bytes.count == 10 { return day.utcStartMs }
    guard bytes[10] == UInt8(ascii: "T"), bytes[16] == UInt8(ascii: "Z"),
      let minute = minuteOfDay(String(text.dropFirst(11).dropLast()))
    else { return nil }
    return day.utcStartMs + Int64(minute) * 60_000
  }

  /// The minute of a day of `10:30`.
  static func minuteOfDay(_ text: String) -> Int? {
    let bytes = Array(text.utf8)
    guard bytes.count == 5, bytes[2] == UInt8(ascii: ":") else { return nil }
    let digits = [bytes[0], bytes[1], bytes[3], bytes[4]].map { Int($0) - 48 }
    guard digits.allSatisfy({ 0...9 ~= $0 }) else { return nil }
    let (hour, minute) = (digits[0] * 10 + digits[1], digits[2] * 10 + digits[3])
    return hour < 24 && minute < 60 ? hour * 60 + minute : nil
  }

  /// The text of an instant: a day if it is a midnight.
  package static func text(_ time: Int64) -> String {
    let day = CivilDate(utcDayOf: time)
    let minute = Int((time - day.utcStartMs) / 60_000)
    return minute == 0 ? "\(day)" : "\(day)T\(clock(minute))Z"
  }

  /// `10:30` of a minute of a day.
  static func clock(_ minute: Int) -> String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(two(minute / 60)):\(two(minute % 60))"
  }
}
