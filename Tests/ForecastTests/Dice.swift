import TestSupport

/// Chance, in integers; factors are in 1/65,536.
struct Dice {
  static let one = 65_536
  private var random: SeededGenerator

  init(_ random: SeededGenerator) { self.random = random }

  mutating func whole(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

  mutating func happens(_ percent: Int) -> Bool { whole(0...99) < percent }

  /// Nearly normal, of standard deviation 1: twelve uniform ones less six.
  mutating func normal() -> Int { (0..<12).reduce(-6 * Self.one) { sum, _ in sum + whole(0...Self.one - 1) } }

  /// A factor around 1: e to the power of a normal number of this deviation, in hundredths.
  mutating func noise(_ hundredths: Int) -> Int {
    // 1.4427 is 1 by the logarithm of 2; half the variance less, so that the mean is 1.
    let exponent = normal() * hundredths / 100 - Self.one * hundredths * hundredths / 20_000
    return Self.power(exponent * 14_427 / 10_000)
  }

  /// 2 to some power.
  static func power(_ exponent: Int) -> Int {
    let whole = exponent >> 16
    let part = exponent & (one - 1)
    // Within 0.3 % between powers of 2.
    let factor = one + part * (43_025 + 22_511 * part / one) / one
    return whole >= 0 ? factor << min(whole, 20) : factor >> min(-whole, 40)
  }
}
