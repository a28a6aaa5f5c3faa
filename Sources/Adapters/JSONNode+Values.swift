//! How readers take values out of records: null is absent, numbers may be texts (as protocol buffers write them), and
//! what is there but no count is an error, never 0.

import Bytes
import Events
package import JSON
import Money

extension JSONNode {
  /// The value of a record.
  init(record: RawSpan) throws(Misread) {
    do throws(JSONError) {
      self = try JSONDocument(record.array(0..<record.byteCount)).root
    } catch {
      let what = error.what.hasPrefix("not ") ? error.what : "not JSON: \(error.what)"
      throw Misread("\(what) (byte \(error.offset + 1))")
    }
    if kind != .object { throw Misread("\(kind.name), not an object") }
  }

  /// A member that is there and not null.
  package func member(_ key: String) -> JSONNode? {
    guard let value = self[key], value.kind != .null else { return nil }
    return value
  }

  /// A member that is an object.
  package func object(_ key: String) -> JSONNode? {
    guard let value = self[key], value.kind == .object else { return nil }
    return value
  }

  /// A member that is a text and not empty.
  package func string(_ key: String) -> String? {
    guard let value = self[key], value.kind == .text else { return nil }
    let text = value.text
    return text.isEmpty ? nil : text
  }

  /// A member that is true or false.
  package func flag(_ key: String) -> Bool? {
    guard let value = self[key], value.kind == .boolean else { return nil }
    return value.document.bytes[value.offset] == UInt8(ascii: "t")
  }

  /// A count; 0 when it is absent or null.
  package func count(_ key: String) throws(Misread) -> Int64 { try counted(key) ?? 0 }

  /// A count; nil when it is absent or null.
  package func counted(_ key: String) throws(Misread) -> Int64? {
    try member(key)?.whole(key)
  }

  /// The count that this is; `name` is for the message.
  package func whole(_ name: String) throws(Misread) -> Int64 {
    let digits = digits
    let pico = digits == nil ? pico : nil
    if digits == nil, pico == nil, kind != .number { throw Misread("\(name) is no number") }
    guard let count = digits.flatMap(Count.of) ?? pico.flatMap(Count.of(pico:)) else {
      throw Misread("\(name) is no \(Count.description)")
    }
    return count
  }

  /// A count under the first of several names that is there; nil when none is.
  package func counted(anyOf names: String...) throws(Misread) -> Int64? {
    for name in names { if let count = try counted(name) { return count } }
    return nil
  }

  /// The number here when it is digits and nothing else, as nearly all counts are.
  private var digits: Int64? {
    let found: Int64? = withPlainBytes { bytes in
      guard 1...19 ~= bytes.byteCount else { return -1 }
      var value: Int64 = 0
      for at in 0..<bytes.byteCount {
        // In bounds: `at` is below the count.
        let digit = bytes.unsafeLoad(fromByteOffset: at, as: UInt8.self) &- 48
        if digit > 9 { return -1 }
        let (shifted, isOver) = value.multipliedReportingOverflow(by: 10)
        let (sum, isOverToo) = shifted.addingReportingOverflow(Int64(digit))
        if isOver || isOverToo { return -1 }
        value = sum
      }
      return value
    }
    return found.flatMap { $0 < 0 ? nil : $0 }
  }

  /// A number of seconds, the part of one counted as a whole; 0 when it is absent or null.
  package func seconds(_ key: String) throws(Misread) -> Int64 {
    guard let pico = try amount(key) else { return 0 }
    guard pico >= 0, let count = Count.of((pico + Decimal.unit - 1) / Decimal.unit) else {
      throw Misread("\(key) is no number of seconds")
    }
    return count
  }

  /// An amount in pico-units, times ten to `power` (-2 for cents); nil when it is absent or null.
  package func amount(_ key: String, power: Int = 0) throws(Misread) -> Int128? {
    guard let value = member(key) else { return nil }
    return try value.amount(named: key, power: power)
  }

  /// The amount that this is, in pico-units times ten to `power`.
  package func amount(named name: String, power: Int = 0) throws(Misread) -> Int128 {
    guard let pico = scaled(power) else { throw Misread("\(name) is no amount") }
    return pico
  }

  /// The number here, or the text that is one, in pico-units.
  private var pico: Int128? { scaled(0) }

  private func scaled(_ power: Int) -> Int128? {
    guard kind == .number || kind == .text else { return nil }
    let parts = text.split(maxSplits: 1, whereSeparator: { $0 == "e" || $0 == "E" })
    guard let digits = parts.first, let written = Int(parts.count == 2 ? parts[1] : "0"),
      written.magnitude < 1000
    else { return nil }
    return try? Decimal.parse("\(digits)e\(written + power)")
  }

  /// A time in milliseconds since 1970; nil when it is absent or null.
  ///
  /// RFC 3339, a list of seconds and nanoseconds since 1970, or one number of seconds, milliseconds, microseconds or
  /// nanoseconds, told apart by their size.
  package func time(_ key: String) throws(Misread) -> Int64? {
    guard let value = member(key) else { return nil }
    guard let time = value.instant else {
      throw Misread("\(key) is no time: neither RFC 3339 nor a number since 1970")
    }
    return time
  }

  /// The instant that this is, in milliseconds since 1970 and in a year of four digits.
  package var instant: Int64? {
    if kind == .array {
      let parts = elements.map(\.digits)
      guard parts.count == 2, let seconds = parts[0], let nanoseconds = parts[1] else { return nil }
      return Epoch.milliseconds(seconds: seconds, nanoseconds: nanoseconds)
    }
    if kind == .text, let time = withPlainBytes({ Timestamp.parse($0, 0..<$0.byteCount) }),
      case .success(let time) = time
    {
      return time
    }
    if let digits { return Epoch.milliseconds(pico: Int128(digits) * Decimal.unit) }
    if let pico { return Epoch.milliseconds(pico: pico) }
    let quoted = Array(text.utf8)
    guard case .success(let time) = Timestamp.parse(quoted.span.bytes, 0..<quoted.count) else { return nil }
    return time
  }
}
