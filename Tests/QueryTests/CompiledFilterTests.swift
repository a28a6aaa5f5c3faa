import Query
import Testing

@Suite struct CompiledFilterTests {
  static func passes(_ text: String, _ values: [String: FilterValue]) throws -> Bool {
    let filter = CompiledFilter(try Fields.parse(text), fields: Fields.all)
    return filter.matches(values: { values[Fields.all[$0].name] ?? .missing })
  }

  static let row: [String: FilterValue] = [
    "model": .text("gpt-5-mini"), "user": .text(""), "requests": .number(10),
    "cost": .number(1_500_000_000_000),
  ]

  @Test(
    arguments: [
      ("model = gpt-5-mini", true), ("model = GPT-5-mini", false), ("model != gpt-5", true),
      ("model in (x, gpt-5-mini)", true), ("model in (x, none)", false), ("model not in (x)", true),
      ("provider = none", true), ("provider = ''", true), ("user = none", true), ("provider != openai", true),
      ("provider in (openai, none)", true), ("provider = 'none'", false), ("provider ~ '*'", false),
      ("model ~ '*'", true), ("model ~ gpt-*", true), ("model ~ *mini", true), ("model ~ g*5*i", true),
      ("model ~ gpt", false), ("model ~ *mini*x", false), ("model ~ gpt-5-mini", true),
      ("model ~ *-*-m*n*", true),
      ("requests = 10", true), ("requests < 10", false), ("requests <= 10", true), ("requests > 9", true),
      ("requests >= 11", false), ("requests != 10", false), ("cost < 1.51", true), ("cost = 1.5", true),
      ("not requests < 10", true), ("model = x or requests = 10 and cost = 1.5", true),
    ])
  func aRowPassesOrNot(text: String, passes: Bool) throws {
    #expect(try Self.passes(text, Self.row) == passes)
  }

  /// Unknown is neither small nor large, and it is not zero.
  @Test(
    arguments: [
      ("cost < 1", false), ("cost >= 1", false), ("cost = 0", false), ("cost = none", true),
      ("cost != 0", true),
      ("not cost < 1", true),
    ])
  func anUnknownNumberComparesWithNothing(text: String, passes: Bool) throws {
    #expect(try Self.passes(text, [:]) == passes)
  }

  /// The same letters composed differently are different bytes, here as in every other engine.
  @Test func textsCompareByteForByte() throws {
    #expect(try !Self.passes("model = 'e\u{0301}'", ["model": .text("\u{E9}")]))
    let filter = try Fields.parse("model = 'e\u{0301}' or model = '\u{E9}'")
    #expect(CompiledFilter(filter, fields: Fields.all).leaves.count == 2)
  }

  @Test func aRepeatedTestIsOneLeafAndOnlyNeededLeavesAreAsked() throws {
    let filter = try Fields.parse("model = a and user = b or model = a and cost > 1")
    let compiled = CompiledFilter(filter, fields: Fields.all)
    #expect(compiled.leaves.count == 3)
    var asked: [String] = []
    let passes = compiled.matches { leaf in
      asked.append(compiled.leaves[leaf].test.description)
      return compiled.leaves[leaf].test.field == "user"
    }
    #expect(!passes)
    #expect(asked == ["model = a", "model = a"])
  }

  /// The branching program against the definition of the logic, on random trees and rows.
  @Test func theProgramMeansWhatTheTreeMeans() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = RandomFilters(seed: seed)
    var passed = 0
    for _ in 0..<2000 {
      let filter = random.filter(depth: 4)
      let row = random.row()
      let expected = Self.evaluate(filter, row)
      let actual = CompiledFilter(filter, fields: Fields.all).matches(values: { row[$0] })
      #expect(actual == expected, "seed \(seed): \(filter) on \(row)")
      if actual != expected { return }
      passed += actual ? 1 : 0
    }
    // Were all answers the same, the comparison above would prove little.
    #expect((200...1800).contains(passed), "seed \(seed)")
  }

  private static func evaluate(_ filter: Filter, _ row: [FilterValue]) -> Bool {
    switch filter {
    case .not(let filter): return !evaluate(filter, row)
    case .all(let filters): return filters.filter { !evaluate($0, row) }.isEmpty
    case .any(let filters): return !filters.filter { evaluate($0, row) }.isEmpty
    case .test(let test):
      let value = zip(Fields.all, row).first { $0.0.name == test.field }?.1 ?? .missing
      return evaluate(test.condition, value)
    }
  }

  private static func evaluate(_ condition: FilterTest.Condition, _ value: FilterValue) -> Bool {
    switch (condition, value) {
    case (.isMissing, .missing): true
    case (.equals(let text), .text(let value)): Array(text.utf8) == Array(value.utf8)
    case (.isOneOf(let texts), .text(let value)): texts.contains(value)
    case (.isOneOf(let texts), .missing): texts.contains(nil)
    case (.resembles(let pattern), .text(let value)): fits(Array(value)[...], Array(pattern)[...])
    case (.count(let order, let bound), .number(let value)),
      (.amount(let order, let bound), .number(let value)):
      [
        "=": value == bound, "<": value < bound, "<=": value <= bound, ">": value > bound,
        ">=": value >= bound,
      ][
        order.rawValue] ?? false
    default: false
    }
  }

  /// The definition: a star takes nothing, or one character and then again.
  private static func fits(_ text: ArraySlice<Character>, _ pattern: ArraySlice<Character>) -> Bool {
    guard let first = pattern.first else { return text.isEmpty }
    if first == "*" {
      return fits(text, pattern.dropFirst()) || (!text.isEmpty && fits(text.dropFirst(), pattern))
    }
    return text.first == first && fits(text.dropFirst(), pattern.dropFirst())
  }
}
