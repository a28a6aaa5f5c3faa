import Query

/// Random trees and rows from a seed (SplitMix64).
struct RandomFilters: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  static let words = [
    "a", "ab", "b", "a*b", "*", "none", "and", "it's", "\"", "x y", "日本", "a,b", "(", "\n", "=", "-1",
  ]
  static let numbers: [Int128] = [0, 1, -1, 5, 1_000_000_000_000, -2_500_000_000_000, .max, .min]

  mutating func pick<T>(_ values: [T]) -> T { values[Int.random(in: 0..<values.count, using: &self)] }

  mutating func filter(depth: Int) -> Filter {
    switch depth > 0 ? Int.random(in: 0..<5, using: &self) : 0 {
    case 1: return .not(filter(depth: depth - 1))
    case 2: return .all(filters(depth: depth - 1))
    case 3: return .any(filters(depth: depth - 1))
    default: return .test(test())
    }
  }

  private mutating func filters(depth: Int) -> [Filter] {
    (0..<Int.random(in: 2...3, using: &self)).map { _ in filter(depth: depth) }
  }

  mutating func test() -> FilterTest {
    let text = pick(["provider", "model", "user", "tag.customer", "tag of two"])
    switch Int.random(in: 0..<6, using: &self) {
    case 0: return FilterTest(pick(Fields.all).name, .isMissing)
    case 1: return FilterTest(text, .equals(pick(Self.words)))
    case 2:
      let count = Int.random(in: 1...3, using: &self)
      return FilterTest(text, .isOneOf((0..<count).map { _ in pick(Self.words + [nil]) }))
    case 3: return FilterTest(text, .resembles(pick(Self.words)))
    case 4: return FilterTest("requests", .count(pick(FilterTest.Order.allCases), pick(Self.numbers)))
    default: return FilterTest("cost", .amount(pick(FilterTest.Order.allCases), pick(Self.numbers)))
    }
  }

  /// A value for each of `Fields.all`.
  mutating func row() -> [FilterValue] {
    Fields.all.map { field in
      if Int.random(in: 0..<4, using: &self) == 0 { return .missing }
      return field.kind == .text ? .text(pick(Self.words)) : .number(pick(Self.numbers))
    }
  }
}
