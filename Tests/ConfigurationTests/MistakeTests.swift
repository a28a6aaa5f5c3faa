import Configuration
import Testing

/// Each mistake in `config.toml` is said with its line, what is wrong, and how to mend it.
@Suite struct MistakeTests {
  private static func budget(_ more: String) -> String { "[[budget]]\nperiod = \"month\"\n\(more)" }

  static let mistakes: [(toml: String, line: Int, message: String)] = [
    ("sotre = \"/x\"", 1, "unknown key \"sotre\": did you mean store?"),
    (
      "qwertyuiop = 1", 1,
      "unknown key \"qwertyuiop\": known keys are "
        + "store, timezone, billing_timezone, week_start, rollup_tags, keep_fields, seal_level, currency, "
        + "cost_mode, show_cost, prices, format, users, directory, limit, budget"
    ),
    ("timezone = 1", 1, "timezone is no text: write timezone = \"…\""),
    ("store = \"\"", 1, "store is no text: write store = \"…\""),
    ("rollup_tags = \"team\"", 1, "rollup_tags is no list: write rollup_tags = [\"…\", \"…\"]"),
    ("rollup_tags = [1]", 1, "rollup_tags holds what is no text, is empty or is there twice"),
    ("keep_fields = [\"a\", \"a\"]", 1, "keep_fields holds what is no text, is empty or is there twice"),
    ("seal_level = 20", 1, "seal_level is no whole number from 1 to 19"),
    ("show_cost = \"no\"", 1, "show_cost is neither true nor false: write show_cost = true or false"),
    ("show_cost = 0", 1, "show_cost is neither true nor false: write show_cost = true or false"),
    ("currency = 1", 1, "currency is no text: write currency = \"…\""),
    ("prices = 1", 1, "prices is no section: write [prices] on a line of its own"),
    ("[prices]\nulr = \"x\"", 2, "unknown key \"prices.ulr\": did you mean prices.url?"),
    ("[prices]\nqwertyuiop = 1", 2, "unknown key \"prices.qwertyuiop\": known keys are url"),
    ("[prices]\nurl = 1", 2, "prices.url is no text: write url = \"…\""),
    ("format = 1", 1, "format is no section: write [format] on a line of its own"),
    ("[format]\nx = 1", 2, "format.x is no section: write [format.x] on a line of its own"),
    ("[format.x]\nmpa = {}", 2, "unknown key \"format.x.mpa\": did you mean format.x.map?"),
    ("[format.x]\ntype = \"xml\"", 2, "format.x.type is \"xml\": use \"json\" or \"csv\""),
    ("[format.x.map]\ntime = 1", 2, "format.x.map.time is no text: write time = \"…\""),
    ("limit = 1", 1, "limit is no list of sections: write [[limit]] on a line of its own"),
    ("[limit]\nrpm = 1", 1, "limit is no list of sections: write [[limit]] on a line of its own"),
    ("[[limit]]\nrpm = 1\n[[limit]]\nrmp = 1", 4, "unknown key \"limit[2].rmp\": did you mean limit[2].rpm?"),
    ("[[limit]]\nmatch = 1\nrpm = 1", 2, "limit[1].match is no text: write match = \"…\""),
    ("[[limit]]\ntpm = 0", 2, "limit[1].tpm is no whole number from 1 to 1000000000000"),
    ("[[limit]]\ntpm = 1.5", 2, "limit[1].tpm is no whole number from 1 to 1000000000000"),
    ("[[limit]]\nmatch = \"model=x\"", 1, "limit[1] limits nothing: give it one of rpm, rpd, tpm, tpd, ipm"),
    ("budget = 1", 1, "budget is no list of sections: write [[budget]] on a line of its own"),
    (
      "[[budget]]\nperiod = \"month\"\namuont = 1", 3,
      "unknown key \"budget[1].amuont\": did you mean budget[1].amount?"
    ),
    (
      "[[budget]]\namount = 1", 1,
      "budget[1].period is missing: use one of \"session\", \"day\", \"week\", \"month\""
    ),
    (
      "[[budget]]\namount = 1\nperiod = \"year\"", 3,
      "budget[1].period is \"year\": use one of \"session\", \"day\", \"week\", \"month\""
    ),
    ("[[budget]]\namount = 1\nperiod = 7", 3, "budget[1].period is no text: write period = \"…\""),
    (budget(""), 1, "budget[1] says not how much: give it one of amount, tokens, requests"),
    (
      budget("amount = 1\ntokens = 2"), 1,
      "budget[1] says amount and tokens: give it one of amount, tokens, requests"
    ),
    (budget("amount = 0"), 3, "budget[1].amount is no amount above 0: write amount = \"12.50\""),
    (budget("amount = -1.5"), 3, "budget[1].amount is no amount above 0: write amount = \"12.50\""),
    (budget("amount = \"12,50\""), 3, "budget[1].amount is no amount above 0: write amount = \"12.50\""),
    (budget("amount = true"), 3, "budget[1].amount is no amount above 0: write amount = \"12.50\""),
    (budget("tokens = 1.5"), 3, "budget[1].tokens is no whole number from 1 to 1000000000000000"),
    (budget("requests = 0"), 3, "budget[1].requests is no whole number from 1 to 1000000000000000"),
    (budget("requests = 1\ncurrency = \"EUR\""), 4, "budget[1].currency is of no amount: leave it out"),
    (
      budget("amount = 1\ncurrency = \"euro\""), 4,
      "budget[1].currency \"euro\": use a code of ISO 4217, such as EUR or USD"
    ),
    (budget("amount = 1\nwarn = 101"), 4, "budget[1].warn is no whole number from 1 to 100"),
    (budget("amount = 1\nname = 1"), 4, "budget[1].name is no text: write name = \"…\""),
    (budget("amount = 1\nmatch = []"), 4, "budget[1].match is no text: write match = \"…\""),
    ("seal_level = \"3\"", 1, "seal_level is no whole number from 1 to 19"),
  ]

  @Test(arguments: mistakes) func aMistakeIsSaid(_ toml: String, _ line: Int, _ message: String) {
    let error = #expect(throws: ConfigurationError.self) {
      try Configuration(toml: Array(toml.utf8), path: "config.toml")
    }
    #expect(error?.description == "config.toml: line \(line): \(message)")
  }

  /// A mistake in the language is the reader's to word.
  @Test func aMistakeInTheLanguageHasItsColumn() {
    let error = #expect(throws: ConfigurationError.self) {
      try Configuration(toml: Array("store = \"/x\"\ntimezone = UTC\n".utf8), path: "config.toml")
    }
    #expect(
      error?.description == "config.toml: line 2, column 12: \"UTC\" is no value: put text in quotes")
  }

  /// Numbers do not pass through binary floating point.
  @Test(
    arguments: [
      ("12.5", 12_500_000_000_000), ("0.1", 100_000_000_000), ("1_200.50", 1_200_500_000_000_000),
      ("1e2", 100_000_000_000_000), ("35", 35_000_000_000_000), ("\"35.00\"", 35_000_000_000_000),
      ("123456789012345.123456789012", 123_456_789_012_345_123_456_789_012), ("+0.000000000001", 1),
    ] as [(String, Int128)])
  func amountsAreExact(text: String, pico: Int128) throws {
    let toml = "[[budget]]\nperiod = \"day\"\namount = \(text)"
    let budgets = try Configuration(toml: Array(toml.utf8), path: "config.toml").budgets
    #expect(budgets.map(\.measure) == [.amount(pico, nil)])
  }

  /// Names are bytes: two spellings of é are two tags.
  @Test func namesAreBytes() throws {
    let toml = "rollup_tags = [\"\u{E9}\", \"e\u{301}\"]"
    #expect(try Configuration(toml: Array(toml.utf8), path: "config.toml").rollupTags.count == 2)
  }
}
