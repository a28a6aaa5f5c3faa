package import Calendar

/// What one unit of a currency is worth in another: a fraction, so that nothing is rounded before the amount is.
package struct ExchangeRate: Equatable, Sendable {
  /// Of the currency converted to, in pico-units for 1 EUR.
  private let numerator: UInt128
  /// Of the currency converted from, in pico-units for 1 EUR.
  private let denominator: UInt128
  /// The latest day whose rate is in it; nil between a currency and itself.
  package let day: CivilDate?

  /// Both rates must be positive.
  package init(from: Int128, to: Int128, day: CivilDate?) {
    precondition(from > 0 && to > 0)
    numerator = UInt128(to)
    denominator = UInt128(from)
    self.day = day
  }

  /// The largest amount that comes out, in pico-units: leaves room for 10^8 of them to be added up.
  package static let magnitudeMax: UInt128 = 1_000_000_000_000_000_000_000_000_000_000

  /// The amount in the other currency, rounded half to even once, to the pico-unit; nil when it is too large.
  ///
  /// The product has up to 256 bits, so it cannot overflow.
  package func converted(_ pico: Int128) -> Int128? {
    if numerator == denominator { return pico.magnitude <= Self.magnitudeMax ? pico : nil }
    let product = pico.magnitude.multipliedFullWidth(by: numerator)
    guard product.high < denominator else { return nil }
    let (quotient, remainder) = denominator.dividingFullWidth(product)
    // Compared with the rest, not doubled, though both would fit.
    let rest = denominator - remainder
    let isUp = remainder > rest || (remainder == rest && quotient % 2 == 1)
    guard quotient < Self.magnitudeMax else { return nil }
    let magnitude = Int128(quotient + (isUp ? 1 : 0))
    return pico < 0 ? -magnitude : magnitude
  }
}
