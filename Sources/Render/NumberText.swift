//! Numbers for people are rounded half to even, here and nowhere else; numbers for machines are exact. What
//! is not zero never reads as zero: an amount or a share too small for its decimals is shown as `<0.01` or
//! `<0.1%` (`>-0.01` below zero). Only magnitudes are computed with, so no extreme can overflow.

package enum NumberText {
  /// `1,234,567`.
  static func grouped(_ value: Int128) -> String {
    (value < 0 ? "-" : "") + grouped(value.magnitude)
  }

  private static func grouped(_ magnitude: UInt128) -> String {
    let digits = Array(String(magnitude))
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { result.append(",") }
      result.append(digit)
    }
    return result
  }

  /// A count for narrow terminals, such as `1.2M`.
  ///
  /// Thousands are `k`, then `M`, `B` and `T`.
  package static func short(_ value: Int128) -> String {
    guard value.magnitude >= 1000 else { return String(value) }
    let sign = value < 0 ? "-" : ""
    let units: [(unit: UInt128, letter: String)] = [
      (1000, "k"), (1_000_000, "M"), (1_000_000_000, "B"), (1_000_000_000_000, "T"),
    ]
    for (unit, letter) in units {
      let tenths = dividedHalfEven(value.magnitude, by: unit / 10)
      guard tenths < 10_000 || letter == "T" else { continue }
      return "\(sign)\(grouped(tenths / 10)).\(tenths % 10)\(letter)"
    }
    return grouped(value)
  }

  /// Pico-units with some decimals, from 1 to 11.
  package static func money(_ pico: Int128, decimals: Int = 2) -> String {
    let unit = (0..<decimals).reduce(UInt128(1)) { unit, _ in unit * 10 }
    let parts = dividedHalfEven(pico.magnitude, by: 1_000_000_000_000 / unit)
    if parts == 0, pico != 0 {
      let least = "0.\(String(repeating: "0", count: decimals - 1))1"
      return pico < 0 ? ">-\(least)" : "<\(least)"
    }
    return "\(pico < 0 ? "-" : "")\(grouped(parts / unit)).\(String(unit + parts % unit).dropFirst())"
  }

  /// Hundredths of a percent with one decimal.
  static func percent(_ hundredths: Int128) -> String {
    let tenths = dividedHalfEven(hundredths.magnitude, by: 10)
    if tenths == 0, hundredths != 0 { return hundredths < 0 ? ">-0.1%" : "<0.1%" }
    return "\(hundredths < 0 ? "-" : "")\(grouped(tenths / 10)).\(tenths % 10)%"
  }

  /// Hundredths of a percent, all of them: `12.34`.
  static func exactPercent(_ hundredths: Int128) -> String {
    let (whole, rest) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
    return "\(hundredths < 0 ? "-" : "")\(whole).\(rest < 10 ? "0" : "")\(rest)"
  }

  private static func dividedHalfEven(_ value: UInt128, by divisor: UInt128) -> UInt128 {
    let (quotient, rest) = value.quotientAndRemainder(dividingBy: divisor)
    let roundsUp = rest > divisor / 2 || (rest == divisor / 2 && quotient % 2 == 1)
    return roundsUp ? quotient + 1 : quotient
  }
}
