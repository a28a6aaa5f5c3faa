//! Instants: RFC 3339 text, epoch seconds and epoch milliseconds in, UTC milliseconds out. The civil calendar
//! is Howard Hinnant's days_from_civil (howardhinnant.github.io/date_algorithms.html), proleptic Gregorian.

package import Bytes

/// Milliseconds since 1970, UTC, as text and back.
package enum Timestamp {
  package static let day: Int64 = 86_400_000
  /// 2015-01-01: nothing that tally counts existed before, so an earlier time is a mistake.
  package static let earliest: Int64 = 1_420_070_400_000

  private static let yearZero: Int64 = -62_167_219_200_000
  private static let yearTenThousand: Int64 = 253_402_300_800_000

  /// Days since 1970 of a civil date.
  @inlinable
  package static func days(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year &- 1 : year
    let era = (shifted >= 0 ? shifted : shifted &- 399) / 400
    let yearOfEra = shifted &- era &* 400
    let dayOfYear = (153 &* (month > 2 ? month &- 3 : month &+ 9) &+ 2) / 5 &+ day &- 1
    let dayOfEra = yearOfEra &* 365 &+ yearOfEra / 4 &- yearOfEra / 100 &+ dayOfYear
    return era &* 146_097 &+ dayOfEra &- 719_468
  }

  /// The civil date of a day since 1970.
  @inlinable
  package static func civil(days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days &+ 719_468
    let era = (shifted >= 0 ? shifted : shifted &- 146_096) / 146_097
    let dayOfEra = shifted &- era &* 146_097
    let yearOfEra = (dayOfEra &- dayOfEra / 1460 &+ dayOfEra / 36_524 &- dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra &- (365 &* yearOfEra &+ yearOfEra / 4 &- yearOfEra / 100)
    let monthShifted = (5 &* dayOfYear &+ 2) / 153
    let day = dayOfYear &- (153 &* monthShifted &+ 2) / 5 &+ 1
    let month = monthShifted < 10 ? monthShifted &+ 3 : monthShifted &- 9
    return (yearOfEra &+ era &* 400 &+ (month <= 2 ? 1 : 0), month, day)
  }

  /// The UTC day of an instant, as days since 1970.
  @inlinable
  package static func utcDay(_ time: Int64) -> Int {
    Int(time >= 0 ? time / day : (time &- day &+ 1) / day)
  }

  /// Appends `2026-11-20T10:11:12.345Z`.
  @inlinable
  package static func append(_ time: Int64, to output: inout ByteWriter) {
    let days = utcDay(time)
    let civil = civil(days: days)
    let rest = Int(time &- Int64(days) &* day)
    output.reserve(24)
    appendTwo(civil.year / 100, &output)
    appendTwo(civil.year % 100, &output)
    output.append(UInt8(ascii: "-"))
    appendTwo(civil.month, &output)
    output.append(UInt8(ascii: "-"))
    appendTwo(civil.day, &output)
    output.append(UInt8(ascii: "T"))
    appendTwo(rest / 3_600_000, &output)
    output.append(UInt8(ascii: ":"))
    appendTwo(rest / 60_000 % 60, &output)
    output.append(UInt8(ascii: ":"))
    appendTwo(rest / 1000 % 60, &output)
    output.append(UInt8(ascii: "."))
    output.append(UInt8(truncatingIfNeeded: rest / 100 % 10) &+ 48)
    appendTwo(rest % 100, &output)
    output.append(UInt8(ascii: "Z"))
  }

  @inlinable
  static func appendTwo(_ value: Int, _ output: inout ByteWriter) {
    output.append(UInt8(truncatingIfNeeded: value / 10) &+ 48)
    output.append(UInt8(truncatingIfNeeded: value % 10) &+ 48)
  }

  /// `2026-11-20T10:11:12.345Z`.
  package static func text(_ time: Int64) -> String {
    var output = ByteWriter(capacity: 64)
    append(time, to: &output)
    return String(decoding: output.array, as: UTF8.self)
  }

  /// `2026-11-20` of a day since 1970.
  package static func dayText(_ days: Int) -> String {
    String(text(Int64(days) * day).prefix(10))
  }

  /// The day since 1970 that `2026-11-20` names; nil for anything else.
  package static func day(named text: some StringProtocol) -> Int? {
    let bytes = Array(text.utf8)
    guard bytes.count == 10 else { return nil }
    let full = bytes + Array("T00:00:00Z".utf8)
    guard case .success(let time) = parse(full.span.bytes, 0..<20) else { return nil }
    return utcDay(time)
  }

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
    guard (1...12).contains(month), day >= 1, day <= length(month: month, year: year) else {
      return .failure(.noSuchDate)
    }
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
    let seconds = days(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second
    let time = Int64(seconds - offset * 60) * 1000 + Int64(milliseconds)
    // An offset may lead out of the years that four digits can write.
    guard (yearZero..<yearTenThousand).contains(time) else { return .failure(.noSuchDate) }
    return .success(time)
  }

  static func length(month: Int, year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
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
