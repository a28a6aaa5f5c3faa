//! Fixed-point numbers: an `Int` in which `one` stands for 1. Amounts are measured in mean days of their own history,
//! so all of them stay far below the range, whatever the currency.

/// 1.
let one = 1 << 16

/// `value` × `factor` ÷ `divisor`, without overflow between.
func scaled(_ value: Int, _ factor: Int, _ divisor: Int) -> Int {
  let (product, overflows) = value.multipliedReportingOverflow(by: factor)
  if !overflows { return product / divisor }
  return Int(clamping: Int128(value) * Int128(factor) / Int128(divisor))
}

/// The largest whole number whose square is at most `value`.
func squareRoot(_ value: Int128) -> Int {
  if value <= 0 { return 0 }
  // Newton's method from above falls until it is there.
  var root = Int128(1) << ((Int128.bitWidth - value.leadingZeroBitCount + 1) / 2)
  while true {
    let next = (root + value / root) / 2
    if next >= root { return Int(clamping: root) }
    root = next
  }
}

/// Sums of the first 0, 1, 2 … values.
func runningSums(_ values: [Int]) -> [Int] {
  var sums = [0]
  sums.reserveCapacity(values.count + 1)
  var sum = 0
  for value in values {
    sum += value
    sums.append(sum)
  }
  return sums
}
