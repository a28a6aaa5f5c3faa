/// Exact decimal text of amounts in pico-units (1e-12), both ways.
package enum PicoText {
  /// Digits behind the point.
  package static let digits = 12

  /// All of `pico`, without trailing zeros but with at least `digitsMin` decimals: `12.30`, `0.000125`.
  package static func exact(_ pico: Int128, digitsMin: Int = 2) -> String {
    let (whole, rest) = pico.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000_000)
    var fraction = Array(String(rest).utf8)
    fraction.insert(contentsOf: repeatElement(UInt8(ascii: "0"), count: digits - fraction.count), at: 0)
    while fraction.count > digitsMin, fraction.last == UInt8(ascii: "0") { fraction.removeLast() }
    let sign = pico < 0 ? "-" : ""
    guard !fraction.isEmpty else { return "\(sign)\(whole)" }
    return "\(sign)\(whole).\(String(decoding: fraction, as: UTF8.self))"
  }

  /// The pico-units of `text` (`12`, `-0.5`), or nil if it is no plain decimal, too long or too large.
  package static func parse(_ text: String) -> Int128? {
    var bytes = Array(text.utf8)[...]
    let isNegative = bytes.first == UInt8(ascii: "-")
    if isNegative || bytes.first == UInt8(ascii: "+") { bytes.removeFirst() }
    let parts = bytes.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first, !whole.isEmpty else { return nil }
    let fraction = parts.count == 2 ? Array(parts[1]) : []
    guard parts.count == 1 || (1...digits).contains(fraction.count) else { return nil }
    var value: Int128 = 0
    for byte in whole + fraction + repeatElement(UInt8(ascii: "0"), count: digits - fraction.count) {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
      let (tenfold, isTooLarge) = value.multipliedReportingOverflow(by: 10)
      // Downwards, so that the least value fits as well.
      let (next, isTooSmall) = tenfold.subtractingReportingOverflow(Int128(byte - UInt8(ascii: "0")))
      guard !isTooLarge, !isTooSmall else { return nil }
      value = next
    }
    if isNegative { return value }
    return value == .min ? nil : -value
  }
}
