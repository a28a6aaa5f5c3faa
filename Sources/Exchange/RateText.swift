import Calendar
import Money

/// Rates, days and codes as files spell them.
enum RateText {
  /// The largest rate: 10^12 for 1 EUR.
  private static let max = Decimal.unit * Decimal.unit

  /// Reads a plain decimal above zero with at most twelve digits behind the point.
  static func rate(_ bytes: [UInt8], _ range: Range<Int>) -> Int128? {
    var digits: UInt64 = 0
    var fraction = -1
    var at = range.lowerBound
    // What every published rate has fits; more digits go the slow way.
    guard range.count <= 19 else { return slowRate(bytes, range) }
    while at < range.upperBound {
      let byte = bytes[at]
      at &+= 1
      if Byte.isDigit(byte) {
        digits = digits &* 10 &+ UInt64(byte &- 48)
        if fraction >= 0 { fraction &+= 1 }
      } else if byte == UInt8(ascii: "."), fraction < 0, at > range.lowerBound + 1 {
        fraction = 0
      } else {
        return nil
      }
    }
    guard digits > 0, fraction != 0, fraction <= 12 else { return nil }
    let rate = Int128(digits) * powers[12 - Swift.max(fraction, 0)]
    return rate <= max ? rate : nil
  }

  private static let powers: [Int128] = (0...12).map { (0..<$0).reduce(1) { power, _ in power * 10 } }

  private static func slowRate(_ bytes: [UInt8], _ range: Range<Int>) -> Int128? {
    let text = bytes[range]
    let fraction = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).dropFirst()
    guard text.allSatisfy({ Byte.isDigit($0) || $0 == UInt8(ascii: ".") }),
      fraction.allSatisfy({ $0.count <= 12 }), let rate = try? Decimal.parse(Array(text).span.bytes)
    else { return nil }
    return 0 < rate && rate <= max ? rate : nil
  }

  /// Reads three upper-case letters.
  static func code(_ bytes: [UInt8], _ range: Range<Int>) -> UInt32? {
    guard range.count == 3 else { return nil }
    var code: UInt32 = 0
    for index in range {
      guard bytes[index] &- 65 < 26 else { return nil }
      code = code << 8 | UInt32(bytes[index])
    }
    return code
  }

  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
  ]

  /// Reads `2026-11-20` or `20 November 2026`; nil for a day the euro does not have either.
  static func day(_ bytes: [UInt8], _ range: Range<Int>) -> CivilDate? {
    let day = range.count == 10 ? isoDay(bytes, range.lowerBound) : longDay(bytes, range)
    guard let day, day >= Rates.firstDay else { return nil }
    return day
  }

  private static func isoDay(_ bytes: [UInt8], _ start: Int) -> CivilDate? {
    func number(_ range: Range<Int>) -> Int? {
      var number = 0
      for index in range {
        guard Byte.isDigit(bytes[start + index]) else { return nil }
        number = number * 10 + Int(bytes[start + index] - 48)
      }
      return number
    }
    let dash = UInt8(ascii: "-")
    guard bytes[start + 4] == dash, bytes[start + 7] == dash, let year = number(0..<4),
      let month = number(5..<7), let day = number(8..<10)
    else { return nil }
    return CivilDate(year: year, month: month, day: day)
  }

  private static func longDay(_ bytes: [UInt8], _ range: Range<Int>) -> CivilDate? {
    let parts = String(decoding: bytes[range], as: UTF8.self).split(separator: " ")
    guard parts.count == 3, let day = Int(parts[0]), let year = Int(parts[2]), parts[2].utf8.count == 4,
      let month = months.firstIndex(of: parts[1].lowercased())
    else { return nil }
    return CivilDate(year: year, month: month + 1, day: day)
  }

  /// The text of a range, cut to what a message has room for.
  static func quoted(_ bytes: [UInt8], _ range: Range<Int>) -> String {
    let text = bytes[range].prefix(40).map { (32..<127).contains($0) ? $0 : UInt8(ascii: "?") }
    return "\"\(String(decoding: text, as: UTF8.self))\(range.count > 40 ? "..." : "")\""
  }
}
