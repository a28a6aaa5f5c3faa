//! The rule that a zone follows for ever: a POSIX `TZ` string such as `CET-1CEST,M3.5.0,M10.5.0/3`. It is the footer
//! of a time zone file, for the times after its table, and what some people set `$TZ` to.
//!
//! Signs are the POSIX way, positive to the west: `<+03>-3` is three hours *ahead* of UTC. Rules may change the clock
//! at times from -167 to 167 hours, the extension of RFC 9636 section 3.3.1.

/// When in a year the clock changes, as a local day and seconds after its midnight.
struct PosixChange: Equatable, Sendable {
  enum Day: Equatable, Sendable {
    /// `Jn`: day 1 to 365, never counting 29 February.
    case julian(Int)
    /// `n`: day 0 to 365, counting 29 February.
    case ordinal(Int)
    /// `Mm.w.d`: the `week`th such weekday of the month, 5 is the last; Sunday is 0.
    case monthly(month: Int, week: Int, weekday: Int)
  }
  let day: Day
  let seconds: Int

  /// Milliseconds since 1970 of the change on the local clock, read as if it were UTC.
  func localMs(year: Int) -> Int64 {
    (Int64(localDay(year: year)) * 86_400 + Int64(seconds)) * 1000
  }

  private func localDay(year: Int) -> Int {
    let newYear = CivilDate.days(year: year, month: 1, day: 1)
    switch day {
    case .julian(let number):
      return newYear + number - 1 + (number >= 60 && CivilDate.isLeapYear(year) ? 1 : 0)
    case .ordinal(let number):
      return newYear + number
    case .monthly(let month, let week, let weekday):
      let first = CivilDate(days: CivilDate.days(year: year, month: month, day: 1))
      let firstWeekday = first.weekday.rawValue % 7
      var dayOfMonth = (weekday - firstWeekday + 7) % 7 + (week - 1) * 7
      if dayOfMonth >= CivilDate.dayCount(year: year, month: month) { dayOfMonth -= 7 }
      return first.days + dayOfMonth
    }
  }
}

/// A parsed POSIX `TZ` string.
struct PosixTimeZone: Equatable, Sendable {
  /// Summer time: its offset and when it begins and ends.
  struct Summer: Equatable, Sendable {
    let offsetSeconds: Int
    let start: PosixChange
    let end: PosixChange
  }
  let offsetSeconds: Int
  let summer: Summer?

  /// The run of instants around `ms` with one offset.
  ///
  /// Two neighbours may have the same offset. When summer ends the moment that the next begins, as in zones that
  /// spell permanent summer time so, summer wins.
  func span(at ms: Int64) -> OffsetSpan {
    guard let summer else {
      return OffsetSpan(startMs: .min, endMs: .max, offsetSeconds: offsetSeconds)
    }
    var found = OffsetSpan(startMs: .min, endMs: .max, offsetSeconds: offsetSeconds)
    let year = CivilDate(utcDayOf: ms).year
    // A change may be a week outside its year, so look two years around.
    for year in year - 2...year + 2 {
      let startMs = summer.start.localMs(year: year) - Int64(offsetSeconds) * 1000
      let endMs = summer.end.localMs(year: year) - Int64(summer.offsetSeconds) * 1000
      for (changeMs, offset, isSummer) in [
        (endMs, offsetSeconds, false), (startMs, summer.offsetSeconds, true),
      ] {
        if changeMs > ms {
          found.endMs = min(found.endMs, changeMs)
        } else if changeMs > found.startMs || (changeMs == found.startMs && isSummer) {
          found.startMs = changeMs
          found.offsetSeconds = offset
        }
      }
    }
    return found
  }
}

extension PosixTimeZone {
  /// Reads a string such as `EST5EDT,M3.2.0,M11.1.0`; nil when it is none.
  ///
  /// Summer time without rules follows those of the United States, as everywhere.
  init?(_ bytes: ArraySlice<UInt8>) {
    var parser = PosixParser(rest: bytes)
    guard parser.name(), let west = parser.duration(maximumHours: 24) else { return nil }
    offsetSeconds = -west
    if parser.rest.isEmpty {
      summer = nil
      return
    }
    guard parser.name() else { return nil }
    var summerOffset = offsetSeconds + 3600
    if let next = parser.rest.first, next != UInt8(ascii: ",") {
      guard let west = parser.duration(maximumHours: 24) else { return nil }
      summerOffset = -west
    }
    if parser.rest.isEmpty { parser.rest = Array(",M3.2.0,M11.1.0".utf8)[...] }
    guard parser.take(","), let start = parser.change(), parser.take(","), let end = parser.change(),
      parser.rest.isEmpty
    else { return nil }
    summer = Summer(offsetSeconds: summerOffset, start: start, end: end)
  }
}

/// Reads a POSIX `TZ` string from left to right.
private struct PosixParser {
  var rest: ArraySlice<UInt8>

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard rest.first == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }

  /// Skips an abbreviation: three letters or more, or anything reasonable within `<>`.
  mutating func name() -> Bool {
    func isLetter(_ byte: UInt8) -> Bool { 97...122 ~= byte | 32 }
    if take("<") {
      let name = rest.prefix {
        isLetter($0) || 48...57 ~= $0 || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-")
      }
      rest = rest.dropFirst(name.count)
      return name.count >= 3 && take(">")
    }
    let name = rest.prefix(while: isLetter)
    rest = rest.dropFirst(name.count)
    return name.count >= 3
  }

  mutating func number(_ range: ClosedRange<Int>) -> Int? {
    let digits = rest.prefix { 48...57 ~= $0 }
    guard let value = decimal(digits), range.contains(value) else { return nil }
    rest = rest.dropFirst(digits.count)
    return value
  }

  /// Reads `[+-]hh[:mm[:ss]]` as seconds.
  mutating func duration(maximumHours: Int) -> Int? {
    let isNegative = take("-")
    if !isNegative { _ = take("+") }
    guard let hours = number(0...maximumHours) else { return nil }
    var seconds = hours * 3600
    for unit in [60, 1] where take(":") {
      guard let value = number(0...59) else { return nil }
      seconds += value * unit
    }
    return isNegative ? -seconds : seconds
  }

  mutating func change() -> PosixChange? {
    let day: PosixChange.Day
    if take("M") {
      guard let month = number(1...12), take("."), let week = number(1...5), take("."),
        let weekday = number(0...6)
      else { return nil }
      day = .monthly(month: month, week: week, weekday: weekday)
    } else if take("J") {
      guard let number = number(1...365) else { return nil }
      day = .julian(number)
    } else {
      guard let number = number(0...365) else { return nil }
      day = .ordinal(number)
    }
    guard take("/") else { return PosixChange(day: day, seconds: 7200) }
    guard let seconds = duration(maximumHours: 167) else { return nil }
    return PosixChange(day: day, seconds: seconds)
  }
}
