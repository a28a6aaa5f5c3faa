import Query
import Testing

@Suite struct FilterParserTests {
  static let precedence: [(String, Filter)] = [
    ("model = a", a),
    ("model = a or model = b and model = c", .any([a, .all([b, c])])),
    ("model = a and model = b or model = c", .any([.all([a, b]), c])),
    ("(model = a or model = b) and model = c", .all([.any([a, b]), c])),
    ("not model = a and model = b", .all([.not(a), b])),
    ("not (model = a and model = b)", .not(.all([a, b]))),
    ("not not model = a", .not(.not(a))),
    ("not model != a", .not(.not(a))),
    ("model = a and model = b and model = c", .all([a, b, c])),
    ("model = a and (model = b and model = c)", .all([a, .all([b, c])])),
    ("model = a or model = b or model = c", .any([a, b, c])),
    ("((model = a))", a),
    ("NOT model = a AND model = b Or model = c", .any([.all([.not(a), b]), c])),
    ("(model=a)and(model=b)", .all([a, b])),
  ]

  @Test(arguments: precedence) func notBindsMoreThanAndThanOr(text: String, filter: Filter) throws {
    #expect(try Fields.parse(text) == filter)
  }

  static let comparisons: [(String, Filter)] = [
    ("model=gpt-5.2/x:y@z+1_0", model("gpt-5.2/x:y@z+1_0")),
    ("model = 'it''s \"it\"'", model("it's \"it\"")),
    ("model = \"a \"\"b\"\" 'c'\"", model("a \"b\" 'c'")),
    ("model = 日本", model("日本")),
    ("model != a", .not(a)),
    ("model = none", .test(FilterTest("model", .isMissing))),
    ("model = NONE", .test(FilterTest("model", .isMissing))),
    ("model = ''", .test(FilterTest("model", .isMissing))),
    ("model = 'none'", model("none")),
    ("model = 'a*'", model("a*")),
    ("model in (a, 'b c', none)", .test(FilterTest("model", .isOneOf(["a", "b c", nil])))),
    ("model not in (a)", .not(.test(FilterTest("model", .isOneOf(["a"]))))),
    ("model ~ gpt-*", .test(FilterTest("model", .resembles("gpt-*")))),
    ("model ~ '* mini'", .test(FilterTest("model", .resembles("* mini")))),
    ("tag.customer = x", .test(FilterTest("tag.customer", .equals("x")))),
    ("'tag of two' = x", .test(FilterTest("tag of two", .equals("x")))),
    ("requests>=-5", .test(FilterTest("requests", .count(.greaterOrEqual, -5)))),
    ("requests = 5", .test(FilterTest("requests", .count(.equal, 5)))),
    ("requests != 5", .not(.test(FilterTest("requests", .count(.equal, 5))))),
    ("cost < 12.5", .test(FilterTest("cost", .amount(.less, 12_500_000_000_000)))),
    ("cost <= 0.000000000001", .test(FilterTest("cost", .amount(.lessOrEqual, 1)))),
    ("cost > 1", .test(FilterTest("cost", .amount(.greater, 1_000_000_000_000)))),
    ("cost != none", .not(.test(FilterTest("cost", .isMissing)))),
  ]

  @Test(arguments: comparisons) func everyComparisonIsRead(text: String, filter: Filter) throws {
    #expect(try Fields.parse(text) == filter)
  }

  @Test(arguments: precedence + comparisons) func whatIsPrintedIsReadAsTheSame(
    text: String, filter: Filter
  ) throws {
    #expect(try Fields.parse(filter.description) == filter)
  }

  @Test(
    arguments: [
      ("not model = a", "model != a"), ("not model in (a,b)", "model not in (a, b)"),
      ("not model ~ 'a*'", "not model ~ a*"), ("model = \"a*\"", "model = 'a*'"),
      ("not cost = 1.50", "cost != 1.5"),
      (
        "(model=a or model=b) and user=none",
        "(model = a or model = b) and user = none"
      ),
    ])
  func filtersPrintInTheirShortestForm(text: String, printed: String) throws {
    #expect(try Fields.parse(text).description == printed)
  }

  @Test func treesOfAnyShapeSurvivePrintingAndParsing() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = RandomFilters(seed: seed)
    for _ in 0..<3000 {
      let filter = random.filter(depth: 5)
      let printed = filter.description
      let parsed = try? Fields.parse(printed)
      #expect(parsed == filter, "seed \(seed): \(printed)")
      if parsed != filter { return }
    }
  }

  /// Parentheses cannot exhaust the stack, and long filters are no deep ones.
  @Test func deepNestingIsRefusedAndLengthIsNot() throws {
    let deep = { (levels: Int) in
      String(repeating: "(", count: levels) + "model = a" + String(repeating: ")", count: levels)
    }
    #expect(try Fields.parse(deep(63)) == a)
    #expect(throws: FilterError.self) { try Fields.parse(deep(64)) }
    #expect(throws: FilterError.self) { try Fields.parse(deep(100_000)) }
    let long = Array(repeating: "model = a", count: 10_000).joined(separator: " or ")
    #expect(try Fields.parse(long) == .any(Array(repeating: a, count: 10_000)))
  }
}
