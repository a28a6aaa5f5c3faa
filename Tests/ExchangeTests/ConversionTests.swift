import Calendar
import Exchange
import Foundation
import Money
import Testing
import TestSupport

/// Exact: one fraction, rounded once.
@Suite struct ConversionTests {
  private static let pico: Int128 = 1_000_000_000_000

  static let cases: [(amount: Int128, from: String, to: String, result: Int128?)] = [
    (pico, "1", "1.0832", 1_083_200_000_000), (pico, "1.0832", "1", 923_190_546_529),
    (3, "2", "1", 2), (5, "2", "1", 2), (1, "2", "1", 0), (7, "2", "1", 4), (-3, "2", "1", -2),
    (-1, "2", "1", 0),
    (-5, "2", "1", -2), (1, "3", "1", 0), (2, "3", "1", 1), (-2, "3", "1", -1), (0, "160", "1.1", 0),
    (pico * 160, "160", "1.1", pico * 11 / 10),
    (.max, "1", "2", nil), (.min, "1", "2", nil), (.max, "0.000000000001", "1000000000000", nil),
    (.max, "1000000000000", "0.000000000001", 170_141_183_460_469),
    (.min, "1000000000000", "0.000000000001", -170_141_183_460_469),
    (pico * pico * 1_000_000, "1", "1.5", nil), (pico * pico * 500_000, "1", "2", nil),
    (pico * pico * 500_000 - 1, "1", "2", pico * pico * 1_000_000 - 2),
    (.max, "1.5", "1.5", nil), (pico, "1.5", "1.5", pico),
  ]

  @Test(arguments: cases)
  func amounts(_ amount: Int128, _ from: String, _ to: String, _ result: Int128?) throws {
    let rate = ExchangeRate(from: try Decimal.parse(from), to: try Decimal.parse(to), day: nil)
    #expect(rate.converted(amount) == result)
  }

  /// A rate as published: four to eight digits; now and then an extreme one.
  private static func rate(_ random: inout SeededGenerator) -> Int128 {
    if Int.random(in: 0..<8, using: &random) == 0 {
      return Int128.random(in: 1...(pico * pico), using: &random)
    }
    let digits = Int128.random(in: 1...99_999_999, using: &random)
    return digits * [1_000_000, 100_000_000, 10_000_000_000].randomElement(using: &random, or: 1)
  }

  private static func amount(_ random: inout SeededGenerator) -> Int128 {
    let size = Int.random(in: 0..<90, using: &random)
    return Int128.random(in: -(1 << size)...(1 << size), using: &random)
  }

  @Test func thereAndBackIsWithinTheRounding() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed)
    var compared = 0
    for _ in 0..<20_000 {
      let (a, b, amount) = (Self.rate(&random), Self.rate(&random), Self.amount(&random))
      let there = ExchangeRate(from: a, to: b, day: nil)
      let back = ExchangeRate(from: b, to: a, day: nil)
      guard let other = there.converted(amount), let again = back.converted(other) else { continue }
      compared += 1
      // Half a pico-unit there is worth a / 2b of them here; half a one is added on the way back.
      try #require(
        (again - amount).magnitude * 2 * UInt128(b) <= UInt128(a) + UInt128(b),
        "seed \(seed): \(amount) \(a) \(b)")
    }
    #expect(compared > 10_000)
  }

  @Test func sumsAreConvertedAsTheirParts() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed)
    for _ in 0..<20_000 {
      let rate = ExchangeRate(from: Self.rate(&random), to: Self.rate(&random), day: nil)
      let (x, y) = (Self.amount(&random), Self.amount(&random))
      guard let left = rate.converted(x), let right = rate.converted(y), let both = rate.converted(x + y)
      else { continue }
      // Three roundings of at most a half.
      try #require((both - left - right).magnitude <= 1, "seed \(seed)")
      try #require(rate.converted(-x) == -left, "seed \(seed)")
      try #require(x > y || left <= right, "seed \(seed)")
    }
  }

  /// Multiples of what the rate divides lose nothing.
  @Test func whatDividesIsExact() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed)
    for _ in 0..<5000 {
      let (a, b) = (Self.rate(&random), Self.rate(&random))
      let count = Int128.random(in: -1000...1000, using: &random)
      try #require(
        ExchangeRate(from: a, to: b, day: nil).converted(a * count) == (a == b ? a * count : b * count),
        "seed \(seed)")
    }
  }

  private static let script = """
    import json, sys
    from fractions import Fraction
    for line in sys.stdin:
      amount, a, b = map(int, line.split())
      print(round(Fraction(amount) * Fraction(b) / Fraction(a)))
    """

  /// Python's fractions round half to even, too.
  @Test(.enabled("needs python3") { Tools.isCI || Tools.anyPython != nil })
  func pythonComputesTheSame() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed)
    var questions: [(Int128, Int128, Int128)] = []
    for index in 0..<20_000 {
      var (a, b) = (Self.rate(&random), Self.rate(&random))
      // Small denominators, so that halves are met.
      if index % 4 == 0 {
        (a, b) = (Int128.random(in: 1...8, using: &random), Int128.random(in: 1...8, using: &random))
      }
      questions.append((Self.amount(&random), a, b))
    }
    let python = try #require(Tools.anyPython, "no python3")
    let input = Data(questions.map { "\($0) \($1) \($2)\n" }.joined().utf8)
    let text = String(decoding: try Tools.run(python, ["-c", Self.script], input: input), as: UTF8.self)
    let answers = text.split(separator: "\n")
    try #require(answers.count == questions.count)
    var tooLarge = 0
    for (question, answer) in zip(questions, answers) {
      let converted = ExchangeRate(from: question.1, to: question.2, day: nil).converted(question.0)
      if let converted {
        try #require("\(converted)" == answer, "seed \(seed): \(question)")
      } else {
        tooLarge += 1
        try #require(answer.drop { $0 == "-" }.count > 30, "seed \(seed): \(question)")
      }
    }
    #expect(tooLarge < questions.count / 4)
  }
}

extension Array {
  fileprivate func randomElement(using random: inout SeededGenerator, or fallback: Element) -> Element {
    randomElement(using: &random) ?? fallback
  }
}
