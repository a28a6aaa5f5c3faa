//! Exact decimals: an Int128 count of pico-units (1e-12). Twelve digits after the point price the cheapest token
//! of any price list exactly; 38 digits leave room for 10^26 units. Parsing never passes through binary floating
//! point, so `0.1` is 0.1. Digits beyond the twelfth are rounded half to even, once, when they come in.

package import Bytes

/// Parsing and printing of pico-units.
package enum Decimal {
  /// Pico-units in one unit.
  package static let unit: Int128 = 1_000_000_000_000
  /// The largest magnitude accepted from outside, in units: 10^15.
  package static let magnitudeMax: Int128 = 1_000_000_000_000_000 * unit

  /// Where exponents stop growing: far beyond the digits that any line could have to make up for one.
  private static let exponentMax = 1_000_000_000

  /// Why a text is no amount.
  package enum Fault: Error, Equatable {
    case malformed
    case tooLarge
  }

  /// Reads `-12.5`, `.5`-less JSON style numbers with an optional exponent, exactly.
  package static func parse(_ bytes: RawSpan) throws(Fault) -> Int128 {
    var at = 0
    let end = bytes.byteCount
    func byte(_ index: Int) -> UInt8 { bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self) }
    var isNegative = false
    if at < end, byte(at) == UInt8(ascii: "-") || byte(at) == UInt8(ascii: "+") {
      isNegative = byte(at) == UInt8(ascii: "-")
      at += 1
    }
    var digits = DigitRun()
    var whole = 0
    while at < end, isDigit(byte(at)) {
      digits.append(byte(at) - 48)
      whole += 1
      at += 1
    }
    var fraction = 0
    if at < end, byte(at) == UInt8(ascii: ".") {
      at += 1
      while at < end, isDigit(byte(at)) {
        digits.append(byte(at) - 48)
        fraction += 1
        at += 1
      }
      if fraction == 0 { throw .malformed }
    }
    if whole == 0 { throw .malformed }
    var exponent = 0
    if at < end, byte(at) | 0x20 == UInt8(ascii: "e") {
      at += 1
      var isMinus = false
      if at < end, byte(at) == UInt8(ascii: "-") || byte(at) == UInt8(ascii: "+") {
        isMinus = byte(at) == UInt8(ascii: "-")
        at += 1
      }
      let start = at
      while at < end, isDigit(byte(at)) {
        exponent = Swift.min(exponent * 10 + Int(byte(at) - 48), exponentMax)
        at += 1
      }
      if at == start { throw .malformed }
      if isMinus { exponent = -exponent }
    }
    if at != end { throw .malformed }
    // value = digits × 10^(exponent - fraction); picos = value × 10^12.
    let magnitude = try digits.scaled(byPowerOfTen: exponent - fraction + 12)
    if magnitude > magnitudeMax { throw .tooLarge }
    return isNegative ? -magnitude : magnitude
  }

  /// Reads a text; see the other form.
  package static func parse(_ text: String) throws(Fault) -> Int128 {
    try parse(Array(text.utf8).span.bytes)
  }

  /// Whether these bytes are a decimal in the spelling that `append` would give it.
  package static func isShortest(_ bytes: RawSpan) -> Bool {
    func byte(_ index: Int) -> UInt8 { bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self) }
    let count = bytes.byteCount
    let isNegative = count > 0 && byte(0) == UInt8(ascii: "-")
    let start = isNegative ? 1 : 0
    var at = start
    while at < count, isDigit(byte(at)) { at += 1 }
    let whole = at - start
    if whole == 0 || (whole > 1 && byte(start) == 48) { return false }
    if at == count { return !isNegative || whole > 1 || byte(start) != 48 }
    guard byte(at) == UInt8(ascii: ".") else { return false }
    let point = at
    at += 1
    while at < count, isDigit(byte(at)) { at += 1 }
    return at == count && (1...12).contains(count - point - 1) && byte(count - 1) != 48
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }

  /// Appends the shortest exact text: `12`, `0.5`, `-0.000001`.
  package static func append(_ value: Int128, to output: inout ByteWriter) {
    if value < 0 { output.append(UInt8(ascii: "-")) }
    let (whole, rest) = value.magnitude.quotientAndRemainder(dividingBy: UInt128(unit))
    if let small = Int64(exactly: whole) {
      output.append(decimal: small)
    } else {
      output.append(String(whole))
    }
    if rest == 0 { return }
    output.append(UInt8(ascii: "."))
    var left = UInt64(rest)
    var place: UInt64 = 100_000_000_000
    while left > 0 {
      output.append(UInt8(truncatingIfNeeded: left / place) + 48)
      left %= place
      place /= 10
    }
  }

  /// The shortest exact text of `value`.
  package static func text(_ value: Int128) -> String {
    var output = ByteWriter(capacity: 64)
    append(value, to: &output)
    return String(decoding: output.array, as: UTF8.self)
  }

  /// `value` divided by `divisor`, rounded half to even.
  package static func dividedHalfEven(_ value: Int128, by divisor: Int128) -> Int128 {
    precondition(divisor > 0)
    let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
    let twice = remainder.magnitude * 2
    let isUp = twice > divisor.magnitude || (twice == divisor.magnitude && !quotient.isMultiple(of: 2))
    return isUp ? quotient + (value < 0 ? -1 : 1) : quotient
  }
}

/// Significant digits as they are read: the first 38 kept, of the rest only whether any is not zero.
private struct DigitRun {
  private var value: Int128 = 0
  private var dropped = 0
  private var isInexact = false

  mutating func append(_ digit: UInt8) {
    if dropped == 0, value < 10_000_000_000_000_000_000_000_000_000_000_000_000 {
      value = value * 10 + Int128(digit)
    } else {
      dropped += 1
      if digit != 0 { isInexact = true }
    }
  }

  /// value × 10^power, rounded half to even.
  func scaled(byPowerOfTen power: Int) throws(Decimal.Fault) -> Int128 {
    var power = power + dropped
    if value == 0 { return 0 }
    var scaled = value
    while power > 0 {
      let (product, overflow) = scaled.multipliedReportingOverflow(by: 10)
      if overflow { throw .tooLarge }
      scaled = product
      power -= 1
    }
    if power == 0 {
      // 38 digits that all count are over the limit anyway.
      return scaled
    }
    if power < -38 { return 0 }
    var divisor: Int128 = 1
    while power < 0 {
      divisor *= 10
      power += 1
    }
    let (quotient, remainder) = scaled.quotientAndRemainder(dividingBy: divisor)
    let half = divisor / 2
    if remainder > half || (remainder == half && (isInexact || quotient % 2 != 0)) { return quotient + 1 }
    return quotient
  }
}
