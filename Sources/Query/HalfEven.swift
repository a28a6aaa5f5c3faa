//! Quotients of sums. A product in front of one has up to 256 bits, so no number that a file says can end the program.

/// `value` × `factor` / `divisor`, rounded half to even once; nil unless the divisor is positive and the result fits.
package func halfEven(_ value: Int128, times factor: Int128 = 1, _ divisor: Int128) -> Int128? {
  if divisor <= 0 { return nil }
  let product = value.magnitude.multipliedFullWidth(by: factor.magnitude)
  guard product.high < divisor.magnitude else { return nil }
  let (quotient, remainder) = divisor.magnitude.dividingFullWidth(product)
  let twice = remainder * 2
  let isUp = twice > divisor.magnitude || (twice == divisor.magnitude && quotient % 2 != 0)
  let rounded = quotient + (isUp ? 1 : 0)
  guard rounded <= Int128.max.magnitude else { return nil }
  let magnitude = Int128(rounded)
  return (value < 0) == (factor < 0) ? magnitude : -magnitude
}

extension Int128 {
  /// The product, or the end of the type where it does not fit.
  package func clampedTimes(_ factor: Int128) -> Int128 {
    let (product, isTooLarge) = multipliedReportingOverflow(by: factor)
    return isTooLarge ? ((self < 0) == (factor < 0) ? .max : .min) : product
  }
}
