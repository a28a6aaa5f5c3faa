import Events
import Money

/// Instants as numbers since 1970.
enum Epoch {
  /// Seconds until the year 5138, then milli-, micro- and nanoseconds, told apart by their size; nil when there is no
  /// such instant in the years 1970 to 9999.
  ///
  /// - Parameter pico: the number, in millionths of millionths.
  static func milliseconds(pico: Int128) -> Int64? {
    let magnitude = pico / Decimal.unit
    let perMillisecond: Int128 =
      magnitude < 100_000_000_000
      ? Decimal.unit / 1000
      : magnitude < 100_000_000_000_000
        ? Decimal.unit : magnitude < 100_000_000_000_000_000 ? Decimal.unit * 1000 : Decimal.unit * 1_000_000
    return pico < 0 ? nil : writable(pico / perMillisecond)
  }

  /// Seconds and nanoseconds apart; nil when there is no such instant in the years 1970 to 9999.
  static func milliseconds(seconds: Int64, nanoseconds: Int64) -> Int64? {
    guard seconds >= 0, 0..<1_000_000_000 ~= nanoseconds else { return nil }
    return writable(Int128(seconds) * 1000 + Int128(nanoseconds / 1_000_000))
  }

  private static func writable(_ milliseconds: Int128) -> Int64? {
    Int64(exactly: milliseconds).flatMap { Timestamp.range.contains($0) ? $0 : nil }
  }
}
