//! Amounts are exact: what is read is what was written, to the twelfth digit, and printing is its inverse.

import Bytes
import Money
import Testing
import TestSupport

@Suite struct DecimalTests {
  static let readings: [(String, Int128)] = [
    ("0", 0), ("-0", 0), ("0.000", 0), ("1", 1_000_000_000_000), ("+1", 1_000_000_000_000),
    ("-12.5", -12_500_000_000_000), ("0.1", 100_000_000_000), ("007", 7_000_000_000_000),
    ("0.000000000001", 1), ("1.2e-05", 12_000_000), ("1.2E-5", 12_000_000), ("1e3", 1_000_000_000_000_000),
    ("1e+3", 1_000_000_000_000_000), ("0e99999", 0), ("12.0", 12_000_000_000_000),
    ("1e15", 1_000_000_000_000_000_000_000_000_000), ("-1e15", -1_000_000_000_000_000_000_000_000_000),
    ("0.12345678901234567890123456789012345678", 123_456_789_012),
    ("99999999999999.999999999999000000000000", 99_999_999_999_999_999_999_999_999),
  ]

  @Test(arguments: readings)
  func reads(text: String, picos: Int128) throws {
    #expect(try Decimal.parse(text) == picos)
  }

  /// The thirteenth digit rounds half to even; any digit behind a 5, however far, makes it more than half.
  static let roundings: [(String, Int128)] = [
    ("0.0000000000005", 0), ("0.0000000000015", 2), ("0.0000000000025", 2), ("0.0000000000035", 4),
    ("-0.0000000000015", -2), ("-0.0000000000005", 0), ("0.00000000000049999", 0), ("0.0000000000006", 1),
    ("0.00000000000050000000000000000000000000000000000000000000000000001", 1),
    ("0.00000000000250000000000000000000000000000000000000000000000000001", 3),
    ("1.0000000000005", 1_000_000_000_000), ("1.0000000000015", 1_000_000_000_002),
    ("0.9999999999995", 1_000_000_000_000), ("5e-13", 0), ("15e-13", 2), ("5.0001e-13", 1), ("1e-99999", 0),
  ]

  @Test(arguments: roundings)
  func roundsHalfToEven(text: String, picos: Int128) throws {
    #expect(try Decimal.parse(text) == picos)
  }

  @Test func exponentsMayMakeUpForAnyNumberOfZeros() throws {
    let zeros = String(repeating: "0", count: 20_000)
    #expect(try Decimal.parse("0.\(zeros)1e20001") == Decimal.unit)
    #expect(try Decimal.parse("1\(zeros)e-20000") == Decimal.unit)
  }

  @Test(arguments: [
    "", "-", "+", ".", ".5", "5.", "1.e3", "e3", "1e", "1e+", "--1", "1 ", " 1", "1,5", "1_000", "0x10",
    "NaN",
    "inf", "1.2.3", "1e2.5", "12a", "１", "$5",
  ])
  func refusesWhatIsNoDecimal(text: String) {
    #expect(throws: Decimal.Fault.malformed) { try Decimal.parse(text) }
  }

  @Test(arguments: [
    "1000000000000000.000000000001", "1e16", "-1e16", "1e38", "1e99999999999999999999",
    "99999999999999999999999999999999999999", "123456789012345678901234567890123456789012345678901234567890",
    "1000000000000000.0000000000005000001",
  ])
  func refusesWhatIsTooLarge(text: String) {
    #expect(throws: Decimal.Fault.tooLarge) { try Decimal.parse(text) }
  }

  static let printings: [(Int128, String)] = [
    (0, "0"), (1, "0.000000000001"), (-1, "-0.000000000001"), (12_000_000_000_000, "12"),
    (500_000_000_000, "0.5"), (-1_250_000_000_000, "-1.25"), (1_000_000, "0.000001"),
    (10_000_000_000_001, "10.000000000001"),
    (.max, "170141183460469231731687303.715884105727"), (.min, "-170141183460469231731687303.715884105728"),
  ]

  @Test(arguments: printings)
  func printsTheShortestText(picos: Int128, text: String) {
    #expect(Decimal.text(picos) == text)
    var output = ByteWriter()
    Decimal.append(picos, to: &output)
    #expect(output.array == Array(text.utf8))
  }

  @Test func agreesWithArithmeticByHand() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var generator = SeededGenerator(seed)
    for _ in 0..<3000 {
      let text = Self.randomText(&generator)
      let expected = try #require(SlowDecimal.picos(text), "\(text)")
      let picos = try? Decimal.parse(text)
      let isTooLarge = expected.drop { $0 == "-" }.count > 28 || picos == nil
      if isTooLarge {
        // 10^27 pico-units have 28 digits.
        #expect(picos == nil && expected.drop { $0 == "-" }.count >= 28, "\(text), seed \(seed)")
      } else {
        #expect(picos.map { String($0) } == expected, "\(text), seed \(seed)")
      }
    }
  }

  /// Up to 38 digits, the point anywhere, sometimes an exponent, many fives and nines where rounding happens.
  private static func randomText(_ generator: inout SeededGenerator) -> String {
    let digits = "0123456789555999"
    func run(_ count: Int) -> String {
      String((0..<count).compactMap { _ in digits.randomElement(using: &generator) })
    }
    var text = ["", "", "-", "+"].randomElement(using: &generator) ?? ""
    text += run(Int.random(in: 1...14, using: &generator))
    if Bool.random(using: &generator) { text += "." + run(Int.random(in: 1...24, using: &generator)) }
    if Bool.random(using: &generator) { text += "e" + String(Int.random(in: -40...12, using: &generator)) }
    return text
  }

  @Test func printingIsTheInverseOfReading() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var generator = SeededGenerator(seed)
    for _ in 0..<5000 {
      let bits = Int.random(in: 1...89, using: &generator)
      var value = Int128.random(in: 0..<(1 << bits), using: &generator)
      if Bool.random(using: &generator) { value = -value }
      let text = Decimal.text(value)
      #expect(try Decimal.parse(text) == value, "seed \(seed)")
      let isShortest = text.contains(".") ? text.last != "0" : text == "0" || !text.hasPrefix("0")
      #expect(isShortest, "\(text), seed \(seed)")
    }
  }

  static let divisions: [(Int128, Int128, Int128)] = [
    (5, 10, 0), (15, 10, 2), (25, 10, 2), (-5, 10, 0), (-15, 10, -2), (-25, 10, -2), (26, 10, 3), (24, 10, 2),
    (-26, 10, -3), (7, 3, 2), (8, 3, 3), (0, 7, 0), (1, 2, 0), (3, 2, 2), (-1, 2, 0), (-3, 2, -2), (9, 1, 9),
    (.max, .max, 1), (.min, .max, -1), (.max - 1, .max, 1), (.max / 2, .max, 0), (.max / 2 + 1, .max, 1),
  ]

  @Test(arguments: divisions)
  func dividesHalfToEven(value: Int128, divisor: Int128, quotient: Int128) {
    #expect(Decimal.dividedHalfEven(value, by: divisor) == quotient)
  }
}
