//! Days and instants as text. Writing an instant is hot (one for each event and canonical line), so its digits go
//! straight into the byte writer; everything else here is read and written a few times a run.

package import Bytes

/// The number that ASCII digits spell, or nil when one is no digit or there is none.
func decimal(_ digits: ArraySlice<UInt8>) -> Int? {
  guard !digits.isEmpty, digits.count <= 9 else { return nil }
  var value = 0
  for digit in digits {
    guard 48...57 ~= digit else { return nil }
    value = value * 10 + Int(digit - 48)
  }
  return value
}

/// The number in decimal with zeros in front up to `width` digits.
func padded(_ number: Int, _ width: Int) -> String {
  let digits = String(number.magnitude)
  var text = number < 0 ? "-" : ""
  for _ in 0..<max(0, width - digits.utf8.count) { text += "0" }
  return text + digits
}

extension CivilDate: CustomStringConvertible {
  package var description: String {
    let (year, month, day) = parts
    if 0...9999 ~= year {
      return String(unsafeUninitializedCapacity: 10) { buffer in
        writeDigits(to: UnsafeMutableRawBufferPointer(buffer))
        return 10
      }
    }
    return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2)
  }

  /// Reads `2026-10-01` or `20261001`, nothing else; nil for a day that the calendar does not have.
  package init?(_ text: String) {
    guard let parts = Self.shape(Array(text.utf8)) else { return nil }
    self.init(year: parts.year, month: parts.month, day: parts.day)
  }

  /// The numbers of a text that has the shape of a day, whether or not the day exists.
  static func shape(_ bytes: [UInt8]) -> (year: Int, month: Int, day: Int)? {
    let dash = UInt8(ascii: "-")
    let at: (month: Int, day: Int)
    switch bytes.count {
    case 8: at = (4, 6)
    case 10 where bytes[4] == dash && bytes[7] == dash: at = (5, 8)
    default: return nil
    }
    guard let year = decimal(bytes[0..<4]), let month = decimal(bytes[at.month..<at.month + 2]),
      let day = decimal(bytes[at.day..<at.day + 2])
    else { return nil }
    return (year, month, day)
  }
}

extension ByteWriter {
  /// Appends an instant as RFC 3339 in UTC with milliseconds, such as `2026-11-20T10:11:12.345Z`: 24 bytes.
  ///
  /// The year must be 0 to 9999, as RFC 3339 has no other; anything else is our bug and traps.
  package mutating func append(rfc3339 ms: Int64) {
    let date = CivilDate(utcDayOf: ms)
    let rest = Int(ms &- date.utcStartMs)
    append(upTo: 24) { buffer in
      date.writeDigits(to: buffer)
      let (second, milli) = rest.quotientAndRemainder(dividingBy: 1000)
      buffer[10] = UInt8(ascii: "T")
      writeTwoDigits(second / 3600, to: buffer, at: 11)
      buffer[13] = UInt8(ascii: ":")
      writeTwoDigits(second / 60 % 60, to: buffer, at: 14)
      buffer[16] = UInt8(ascii: ":")
      writeTwoDigits(second % 60, to: buffer, at: 17)
      buffer[19] = UInt8(ascii: ".")
      writeTwoDigits(milli / 10, to: buffer, at: 20)
      buffer[22] = UInt8(truncatingIfNeeded: milli % 10 &+ 48)
      buffer[23] = UInt8(ascii: "Z")
      return 24
    }
  }

  /// Appends a day as `2026-11-20`: 10 bytes; the year must be 0 to 9999.
  package mutating func append(_ date: CivilDate) {
    append(upTo: 10) { buffer in
      date.writeDigits(to: buffer)
      return 10
    }
  }
}

extension CivilDate {
  /// Writes `2026-11-20` into the first ten bytes of `buffer`.
  func writeDigits(to buffer: UnsafeMutableRawBufferPointer) {
    let (year, month, day) = parts
    precondition(0...9999 ~= year)
    writeTwoDigits(year / 100, to: buffer, at: 0)
    writeTwoDigits(year % 100, to: buffer, at: 2)
    buffer[4] = UInt8(ascii: "-")
    writeTwoDigits(month, to: buffer, at: 5)
    buffer[7] = UInt8(ascii: "-")
    writeTwoDigits(day, to: buffer, at: 8)
  }
}

/// Hours and minutes behind a sign, such as `T14:30` or `+02:00`.
func clockText(_ sign: Unicode.Scalar, minutes: Int) -> String {
  String(unsafeUninitializedCapacity: 6) { buffer in
    let bytes = UnsafeMutableRawBufferPointer(buffer)
    bytes[0] = UInt8(ascii: sign)
    writeTwoDigits(minutes / 60, to: bytes, at: 1)
    bytes[3] = UInt8(ascii: ":")
    writeTwoDigits(minutes % 60, to: bytes, at: 4)
    return 6
  }
}

/// Writes a number of 0 to 99 as two digits.
func writeTwoDigits(_ number: Int, to buffer: UnsafeMutableRawBufferPointer, at offset: Int) {
  let (tens, ones) = number.quotientAndRemainder(dividingBy: 10)
  buffer[offset] = UInt8(truncatingIfNeeded: tens &+ 48)
  buffer[offset + 1] = UInt8(truncatingIfNeeded: ones &+ 48)
}

/// An instant as RFC 3339 in UTC with milliseconds, such as `2026-11-20T10:11:12.345Z`.
package func rfc3339(_ ms: Int64) -> String {
  var writer = ByteWriter(capacity: 64)
  writer.append(rfc3339: ms)
  return String(decoding: writer.array, as: UTF8.self)
}
