import Foundation
import Testing

/// `config.toml`, and what wins over what.
@Suite struct ConfigurationTests {
  private static func budget(_ more: String) -> String { "[[budget]]\nperiod = \"month\"\n\(more)" }

  static let mistakes: [(toml: String, message: String)] = [
    ("sotre = \"/x\"", "unknown key \"sotre\": did you mean store?"),
    (
      "qwertyuiop = 1",
      "unknown key \"qwertyuiop\": known keys are "
        + "store, timezone, billing_timezone, week_start, rollup_tags, keep_fields, seal_level, currency, "
        + "cost_mode, show_cost, prices, format, users, directory, limit, budget"
    ),
    ("timezone = 1", "timezone is no text: write timezone = \"…\""),
    ("store = \"\"", "store is no text: write store = \"…\""),
    ("rollup_tags = \"team\"", "rollup_tags is no list: write rollup_tags = [\"…\", \"…\"]"),
    ("rollup_tags = [1]", "rollup_tags holds what is no text, is empty or is there twice"),
    ("keep_fields = [\"a\", \"a\"]", "keep_fields holds what is no text, is empty or is there twice"),
    ("seal_level = 20", "seal_level is no whole number from 1 to 19"),
    ("show_cost = \"no\"", "show_cost is neither true nor false: write show_cost = true or false"),
    ("show_cost = 0", "show_cost is neither true nor false: write show_cost = true or false"),
    ("currency = 1", "currency is no text: write currency = \"…\""),
    ("prices = 1", "prices is no section: write [prices] on a line of its own"),
    ("[prices]\nulr = \"x\"", "unknown key \"prices.ulr\": did you mean prices.url?"),
    ("[prices]\nqwertyuiop = 1", "unknown key \"prices.qwertyuiop\": known keys are url"),
    ("[prices]\nurl = 1", "prices.url is no text: write url = \"…\""),
    ("format = 1", "format is no section: write [format] on a line of its own"),
    ("[format]\nx = 1", "format.x is no section: write [format.x] on a line of its own"),
    ("[format.x]\nmpa = {}", "unknown key \"format.x.mpa\": did you mean format.x.map?"),
    ("[format.x]\ntype = \"xml\"", "format.x.type is \"xml\": use \"json\" or \"csv\""),
    ("[format.x.map]\ntime = 1", "format.x.map.time is no text: write time = \"…\""),
    ("limit = 1", "limit is no list of sections: write [[limit]] on a line of its own"),
    ("[limit]\nrpm = 1", "limit is no list of sections: write [[limit]] on a line of its own"),
    ("[[limit]]\nrpm = 1\n[[limit]]\nrmp = 1", "unknown key \"limit[2].rmp\": did you mean limit[2].rpm?"),
    ("[[limit]]\nmatch = 1\nrpm = 1", "limit[1].match is no text: write match = \"…\""),
    ("[[limit]]\ntpm = 0", "limit[1].tpm is no whole number from 1 to 1000000000000"),
    ("[[limit]]\ntpm = 1.5", "limit[1].tpm is no whole number from 1 to 1000000000000"),
    (
      "[[limit]]\nmatch = \"model=x\"", "limit[1] limits nothing: give it one of rpm, rpd, tpm, tpd, ipm"
    ),
    ("budget = 1", "budget is no list of sections: write [[budget]] on a line of its own"),
    (
      "[[budget]]\nperiod = \"month\"\namuont = 1",
      "unknown key \"budget[1].amuont\": did you mean budget[1].amount?"
    ),
    (
      "[[budget]]\namount = 1",
      "budget[1].period is missing: use one of \"session\", \"day\", \"week\", \"month\""
    ),
    (
      "[[budget]]\namount = 1\nperiod = \"year\"",
      "budget[1].period is \"year\": use one of \"session\", \"day\", \"week\", \"month\""
    ),
    ("[[budget]]\namount = 1\nperiod = 7", "budget[1].period is no text: write period = \"…\""),
    (budget(""), "budget[1] says not how much: give it one of amount, tokens, requests"),
    (
      budget("amount = 1\ntokens = 2"),
      "budget[1] says amount and tokens: give it one of amount, tokens, requests"
    ),
    (budget("amount = 0"), "budget[1].amount is no amount above 0: write amount = \"12.50\""),
    (budget("amount = -1.5"), "budget[1].amount is no amount above 0: write amount = \"12.50\""),
    (budget("amount = \"12,50\""), "budget[1].amount is no amount above 0: write amount = \"12.50\""),
    (budget("amount = true"), "budget[1].amount is no amount above 0: write amount = \"12.50\""),
    (
      budget("amount = 1.234567890123456"),
      "budget[1].amount has more digits than a number keeps: put it in quotes"
    ),
    (budget("tokens = 1.5"), "budget[1].tokens is no whole number from 1 to 1000000000000000"),
    (budget("requests = 0"), "budget[1].requests is no whole number from 1 to 1000000000000000"),
    (budget("requests = 1\ncurrency = \"EUR\""), "budget[1].currency is of no amount: leave it out"),
    (
      budget("amount = 1\ncurrency = \"euro\""),
      "budget[1].currency \"euro\": use a code of ISO 4217, such as EUR or USD"
    ),
    (budget("amount = 1\nwarn = 101"), "budget[1].warn is no whole number from 1 to 100"),
    (budget("amount = 1\nname = 1"), "budget[1].name is no text: write name = \"…\""),
    (budget("amount = 1\nmatch = []"), "budget[1].match is no text: write match = \"…\""),
    ("seal_level = \"3\"", "seal_level is no whole number from 1 to 19"),
  ]

  @Test(arguments: mistakes)
  func aMistakeIsSaidWithItsFile(_ toml: String, _ message: String) throws {
    let box = try Sandbox()
    let path = try box.write("config/tally/config.toml", toml)
    for command in [["append"], ["rollup"], ["report", "daily"], ["verify"], ["add", "--requests", "1"]] {
      let outcome = try box.start(command).finish()
      #expect(outcome.status == 78)
      #expect(outcome.errors == "tally: \(path): \(message)\n")
    }
  }

  @Test func aSyntaxErrorHasItsLine() throws {
    let box = try Sandbox()
    let path = try box.write("config/tally/config.toml", "store = \"/x\"\ntimezone = \n")
    let outcome = try box.tally("append")
    #expect(outcome.status == 78)
    #expect(outcome.errors.hasPrefix("tally: \(path): line 2, column 12: "))
    #expect(outcome.errors.split(separator: "\n").count == 1)
  }

  @Test func aFileThatWasNamedMustBeThere() throws {
    let box = try Sandbox()
    let outcome = try box.tally("append", "--config", "gone.toml")
    #expect(outcome.status == 78)
    #expect(outcome.errors == "tally: gone.toml: cannot open: No such file or directory\n")
    #expect(try box.tally("append", environment: ["TALLY_CONFIG": "gone.toml"]).status == 78)
    #expect(try box.tally("append").status == 0)
  }

  /// No shell expands what stands in a file.
  @Test func aTildeInTheFileIsTheHome() throws {
    let box = try Sandbox()
    try box.write("config/tally/config.toml", "store = \"~/usage\"")
    box.environment["TALLY_STORE"] = nil
    box.environment["HOME"] = box.path("home")
    try box.tally("append", input: line("a"))
    #expect(try box.files("home/usage/segments").count == 1)
  }

  @Test func flagsWinOverTheEnvironmentAndThatOverTheFile() throws {
    let box = try Sandbox()
    try box.write("config/tally/config.toml", "store = \"\(box.path("file"))\"")
    try box.tally("append", "--store", box.path("flag"), input: line("a"))
    #expect(try box.files("flag").count == 2)
    try box.tally("append", input: line("a"))
    #expect(try box.files().count == 2)
    box.environment["TALLY_STORE"] = nil
    try box.tally("append", input: line("a"))
    #expect(try box.files("file").count == 2)
    try box.write("config/tally/config.toml", "")
    try box.tally("append", input: line("a"))
    #expect(try box.files("data/tally").count == 2)
  }

  @Test func theZoneAndTheWeekOfReportsAreConfigured() throws {
    let box = try Sandbox()
    try box.tally("append", input: line("a", time: "2026-11-14T23:30:00Z"))
    try box.write("config/tally/config.toml", "timezone = \"Europe/Berlin\"\nweek_start = \"sunday\"")
    #expect(try box.tally("report", "weekly", "2026-11", "--format", "csv").lines[1].hasPrefix("2026-11-15,"))
    let flags = try box.tally("report", "weekly", "2026-11", "--format", "csv", "-z", "UTC", "-w", "monday")
    #expect(flags.lines[1].hasPrefix("2026-11-09,"))
    // The month's files have a zone of their own.
    try box.tally("report", "month", "2026-11", "--output", "out")
    #expect(try box.read("out/2026-11/days.csv").contains("\n2026-11-14,"))
    try box.write("config/tally/config.toml", "billing_timezone = \"Asia/Kathmandu\"")
    try box.tally("report", "month", "2026-11", "--output", "out")
    #expect(try box.read("out/2026-11/days.csv").contains("\n2026-11-15,"))
  }

  @Test func theWriterIsThisMachinesUnlessNamed() throws {
    let box = try Sandbox()
    box.environment["TALLY_WRITER"] = nil
    try box.tally("append", input: line("a"))
    try box.tally("append", input: line("b"))
    let name = try box.read("state/tally/writer").trimmingCharacters(in: .newlines)
    let segments = try box.files("store/segments").keys.sorted()
    #expect(segments == ["date=2026-11-20/\(name).jsonl.zst"])
    try box.tally("append", "--writer", "ci-7", input: line("c"))
    #expect(try box.files("store/segments").count == 2)
  }
}
