/// Fixed-width lower-case hexadecimal.
package enum Hexadecimal {
  /// Sixteen digits, most significant first.
  package static func text(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
