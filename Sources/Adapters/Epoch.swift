import Money

/// Instants as numbers since 1970, of which nobody says in what unit they are.
enum Epoch {
  /// Seconds until the year 5138, then milli-, micro- and nanoseconds, told apart by their size.
  ///
  /// - Parameter pico: the number, in millionths of millionths.
  static func milliseconds(pico: Int128) -> Int64? {
    let magnitude = pico / Decimal.unit
    let perMillisecond: Int128 =
      magnitude < 100_000_000_000
      ? Decimal.unit / 1000
      : magnitude < 100_000_000_000_000
        ? Decimal.unit : magnitude < 100_000_000_000_000_000 ? Decimal.unit * 1000 : Decimal.unit * 1_000_000
    return pico < 0 ? nil : Int64(exactly: pico / perMillisecond)
  }
}
