//! Instants: RFC 3339 text in, UTC milliseconds out. Times come from outside as people and programs write them,
//! so reading is lenient where nothing is ambiguous; an offset is never guessed.

import Calendar

/// Milliseconds since 1970, UTC, as text and back.
package enum Timestamp {
  package static let day: Int64 = 86_400_000
  /// 2015-01-01: nothing that tally counts existed before, so an earlier time is a mistake.
  package static let earliest: Int64 = 1_420_070_400_000

  /// The years 0 to 9999: what RFC 3339 can write.
  package static let range: Range<Int64> = -62_167_219_200_000..<253_402_300_800_000

  /// The UTC day of an instant, as days since 1970.
  package static func utcDay(_ time: Int64) -> Int { CivilDate(utcDayOf: time).days }

  /// `2026-11-20` of a day since 1970.
  package static func dayText(_ days: Int) -> String { CivilDate(days: days).description }

  /// The day since 1970 that `2026-11-20` names; nil for anything else.
  package static func day(named text: some StringProtocol) -> Int? {
    text.utf8.count == 10 ? CivilDate(String(text))?.days : nil
  }

  /// `2026-11-20T10:11:12.345Z`; `time` must lie in `range`.
  package static func text(_ time: Int64) -> String { rfc3339(time) }

  /// Why a text is no instant.
  package enum Fault: Error, Equatable {
    case malformed
    case noOffset
    case noSuchDate
  }

  /// Reads RFC 3339: `2026-11-20T10:11:12.345678+02:00`; a space or lower-case letters are fine, digits beyond
  /// milliseconds are cut, second 60 is the last millisecond of its minute.
  package static func parse(_ bytes: RawSpan, _ range: Range<Int>) -> Result<Int64, Fault> {
    var cursor = Cursor(bytes: range)
    guard let year = cursor.digits(4, bytes), cursor.take("-", bytes), let month = cursor.digits(2, bytes),
      cursor.take("-", bytes), let day = cursor.digits(2, bytes)
    else { return .failure(.malformed) }
    guard let date = CivilDate(year: year, month: month, day: day) else { return .failure(.noSuchDate) }
    guard cursor.take("T", "t", " ", bytes), let hour = cursor.digits(2, bytes), cursor.take(":", bytes),
      let minute = cursor.digits(2, bytes)
    else { return .failure(.malformed) }
    var second = 0
    var milliseconds = 0
    if cursor.take(":", bytes) {
      guard let value = cursor.digits(2, bytes) else { return .failure(.malformed) }
      second = value
      if cursor.take(".", bytes) || cursor.take(",", bytes) {
        guard let value = cursor.fraction(bytes) else { return .failure(.malformed) }
        milliseconds = value
      }
    }
    guard hour <= 23, minute <= 59, second <= 60 else { return .failure(.noSuchDate) }
    if second == 60 { (second, milliseconds) = (59, 999) }
    if cursor.isAtEnd { return .failure(.noOffset) }
    guard let offset = cursor.offset(bytes), cursor.isAtEnd else { return .failure(.malformed) }
    let seconds = date.days * 86_400 + hour * 3600 + minute * 60 + second
    let time = Int64(seconds - offset * 60) * 1000 + Int64(milliseconds)
    // An offset may lead out of the years that four digits can write.
    guard Self.range.contains(time) else { return .failure(.noSuchDate) }
    return .success(time)
  }

  /// A place in the text being read.
  private struct Cursor {
    var at: Int
    let end: Int

    init(bytes: Range<Int>) {
      at = bytes.lowerBound
      end = bytes.upperBound
    }

    var isAtEnd: Bool { at == end }

    mutating func digits(_ count: Int, _ bytes: RawSpan) -> Int? {
      guard at &+ count <= end else { return nil }
      var value = 0
      for offset in at..<(at &+ count) {
        let digit = bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self) &- 48
        guard digit < 10 else { return nil }
        value = value &* 10 &+ Int(digit)
      }
      at &+= count
      return value
    }

    mutating func take(_ wanted: Unicode.Scalar, _ bytes: RawSpan) -> Bool {
      guard at < end, bytes.unsafeLoad(fromByteOffset: at, as: UInt8.self) == UInt8(ascii: wanted) else {
        return false
      }
      at &+= 1
      return true
    }

    mutating func take(_ a: Unicode.Scalar, _ b: Unicode.Scalar, _ c: Unicode.Scalar, _ bytes: RawSpan)
      -> Bool
    {
      take(a, bytes) || take(b, bytes) || take(c, bytes)
    }

    /// Milliseconds of a fraction of any length; nil when it has no digit.
    mutating func fraction(_ bytes: RawSpan) -> Int? {
      var value = 0
      var count = 0
      while at < end {
        let digit = bytes.unsafeLoad(fromByteOffset: at, as: UInt8.self) &- 48
        guard digit < 10 else { break }
        if count < 3 { value = value &* 10 &+ Int(digit) }
        count &+= 1
        at &+= 1
      }
      if count == 0 { return nil }
      return count == 1 ? value &* 100 : count == 2 ? value &* 10 : value
    }

    /// Minutes east of UTC: `Z`, `+02:00`, `+0200`, `+02`.
    mutating func offset(_ bytes: RawSpan) -> Int? {
      if take("Z", bytes) || take("z", bytes) { return 0 }
      let isWest = at < end && bytes.unsafeLoad(fromByteOffset: at, as: UInt8.self) == UInt8(ascii: "-")
      guard isWest || (at < end && bytes.unsafeLoad(fromByteOffset: at, as: UInt8.self) == UInt8(ascii: "+"))
      else { return nil }
      at &+= 1
      guard let hours = digits(2, bytes), hours <= 23 else { return nil }
      var minutes = 0
      if take(":", bytes) || !isAtEnd {
        guard let value = digits(2, bytes), value <= 59 else { return nil }
        minutes = value
      }
      return (isWest ? -1 : 1) * (hours * 60 + minutes)
    }
  }
}
