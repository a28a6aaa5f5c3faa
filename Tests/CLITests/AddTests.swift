import Foundation
import Testing

/// `tally add`: one event by flags.
@Suite struct AddTests {
  private static let stamp = "2026-11-20T12:00:00.000Z"

  /// The event that these options make.
  private func event(_ arguments: [String], _ environment: [String: String] = [:]) throws -> String {
    let box = try Sandbox()
    let outcome = try box.start(["add", "--dry-run"] + arguments, environment: environment).finish()
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try box.files().isEmpty)
    return outcome.output
  }

  @Test func anEventIsAddedNow() throws {
    let box = try Sandbox()
    let outcome = try box.tally(
      "add", "--service", "perplexity", "--model", "sonar-pro", "--input-tokens", "1200", "--output-tokens",
      "300")
    #expect(outcome.status == 0)
    #expect(outcome.output == "")
    #expect(outcome.errors.hasPrefix("added 1 event (batch 20261120T120000Z-w1-"))
    let stored = try object(try #require(try box.storedLines().first))
    #expect(stored["time"] as? String == Self.stamp)
    #expect(stored["source"] as? String == "manual")
    #expect((stored["id"] as? String)?.hasPrefix("manual:") == true)
    #expect(stored["service"] as? String == "perplexity")
    #expect(stored["input_tokens"] as? Int == 1200)
  }

  @Test func addingTwiceIsTwoUsesUnlessTheyShareAnId() throws {
    let box = try Sandbox()
    for _ in 0..<2 { try box.tally("add", "--requests", "1") }
    for _ in 0..<2 { try box.tally("add", "--requests", "1", "--id", "invoice-7", "--time", "00:01") }
    #expect(try box.tally("rollup").last == "rolled up 1 of 1 day: 4 events, 1 repeat")
    let total = try box.report("daily", "today")["total"] as? [String: Any]
    #expect(total?["requests"] as? Int == 3)
  }

  /// Every option, with a value and its JSON.
  static let options: [(option: String, value: String, json: String)] = [
    ("kind", "usage", #""usage""#), ("id", "x", #""x""#), ("provider", "openai", #""openai""#),
    ("service", "Chat \"GPT\"", #""Chat \"GPT\"""#), ("account", "a", #""a""#), ("source", "s", #""s""#),
    ("model", "gpt-5", #""gpt-5""#), ("operation", "chat", #""chat""#), ("request-type", "r", #""r""#),
    ("service-tier", "batch", #""batch""#), ("user", "ann@example.com", #""ann@example.com""#),
    ("project", "p", #""p""#), ("session", "s", #""s""#), ("status", "error", #""error""#),
    ("period", "1d", #""1d""#),
    ("requests", "2", "2"), ("input-tokens", "1", "1"), ("cache-read-tokens", "2", "2"),
    ("cache-write-tokens", "3", "3"), ("cache-write-1h-tokens", "4", "4"),
    ("cache-write-12h-tokens", "5", "5"),
    ("output-tokens", "6", "6"), ("reasoning-tokens", "0", "0"), ("input-audio-tokens", "8", "8"),
    ("output-audio-tokens", "9", "9"), ("input-image-tokens", "10", "10"),
    ("output-image-tokens", "11", "11"),
    ("unsplit-tokens", "007", "7"), ("images", "1", "1"), ("audio-seconds", "2", "2"), ("searches", "3", "3"),
    ("characters", "4", "4"), ("credits", "1.5", #""1.5""#), ("duration-ms", "12", "12"),
    ("revision", "1", "1"),
  ]

  @Test(arguments: options)
  func everyFieldHasItsOption(_ option: String, _ value: String, _ json: String) throws {
    let rest = (option == "images" ? [] : ["--images", "1"]) + (option == "id" ? ["--time", "now"] : [])
    let line = try event(["--\(option)", value] + rest)
    #expect(line.contains("\"\(option.replacing("-", with: "_"))\":\(json)"))
    // Spelled so that ArgumentParser reads it, which is not asked about plain lines.
    #expect(try event(["--\(option)=\(value)"] + rest) == line)
  }

  @Test func whatIsNotPlainMeansTheSame() throws {
    let line = try event(["--requests", "2", "--time", "now", "--id", "b", "--tag", "a=b", "--tag", "c=d"])
    let spellings = [
      ["--requests", "1", "--requests", "2", "--time=now", "--id", "b", "--tag=a=b", "--tag", "c=d"],
      ["--tag", "a=b", "--quiet", "--id=b", "--tag", "c=d", "--time", "now", "--requests", "2"],
      ["-q", "--tag", "a=b", "--id", "b", "--tag", "c=d", "--time", "now", "--requests", "2"],
    ]
    for spelling in spellings { #expect(try event(spelling) == line, "\(spelling)") }
    let box = try Sandbox()
    for unknown in [["--input_tokens", "1"], ["--tags", "a=b"], ["--model"], ["--model", "-x"], ["more"]] {
      let outcome = try box.start(["add", "--requests", "1"] + unknown).finish()
      #expect(outcome.status == 64 && outcome.errors.contains("Usage: tally add"), "\(unknown)")
    }
    #expect(try box.files().isEmpty)
  }

  @Test func quietIsQuietAndTheStoreIsTheOneThatIsNamed() throws {
    let box = try Sandbox()
    for (number, spelling) in [["--quiet"], ["-q"], ["-q", "--model=x"]].enumerated() {
      let store = box.path("other-\(number)")
      let outcome = try box.start(["add", "--requests", "1", "--store", store] + spelling).finish()
      #expect(outcome.status == 0 && outcome.output + outcome.errors == "", "\(spelling)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: store).contains("segments"), "\(spelling)")
    }
  }

  @Test func tagsAreGivenOneByOne() throws {
    let line = try event(["--requests", "1", "--tag", "team=a=b", "--tag", "customer="])
    #expect(line == #"{"time":"\#(Self.stamp)","requests":1,"tags":{"team":"a=b","customer":""}}"# + "\n")
  }

  @Test func aQuotaIsWhatAWebPageShows() throws {
    let line = try event([
      "--kind", "quota", "--service", "claude", "--tokens-remaining", "40000", "--tokens-limit", "100000",
      "--requests-remaining", "5", "--sessions-active", "1", "--resets-at", "2026-11-21T00:00:00Z",
    ])
    let quota = #""tokens_remaining":40000,"tokens_limit":100000,"requests_remaining":5,"sessions_active":1"#
    #expect(line.contains(quota))
    #expect(line.contains(#""resets_at":"2026-11-21T00:00:00Z""#))
  }

  @Test func aRefundOnABillIsNegative() throws {
    let box = try Sandbox()
    #expect(try box.tally("add", "--kind", "billed", "--cost", "-4.20", "--currency", "EUR").status == 0)
    let report = try box.report("daily", "today", "--kind", "billed")
    #expect((report["total"] as? [String: Any])?["cost"] as? String == "-4.20")
  }

  @Test(arguments: [
    ("now", "2026-11-20T12:00:00.000Z"), ("today", "2026-11-20T12:00:00.000Z"),
    ("yesterday", "2026-11-19T12:00:00.000Z"), ("14:30", "2026-11-20T13:30:00.000Z"),
    ("yesterday 14:30", "2026-11-19T13:30:00.000Z"), ("2026-10-01", "2026-10-01T10:00:00.000Z"),
    ("2026-10-01 14:30", "2026-10-01T12:30:00.000Z"), ("2026-10-01 14:30:15", "2026-10-01T12:30:15.000Z"),
    ("2026-10-01T14:30", "2026-10-01T12:30:00.000Z"),
    ("2026-10-01T14:30:00+05:45", "2026-10-01T08:45:00.000Z"),
  ])
  func timesAreWrittenAsPeopleDo(_ text: String, _ instant: String) throws {
    let expected = #"{"time":"\#(instant)","requests":1}"# + "\n"
    #expect(try event(["--requests", "1", "--time", text, "--timezone", "Europe/Berlin"]) == expected)
    #expect(try event(["--requests", "1", "--time", text], ["TZ": "Europe/Berlin"]) == expected)
  }

  static let mistakes: [(arguments: [String], message: String)] = [
    ([], "no measure: give at least one of input_tokens, output_tokens, requests, images, cost …"),
    (["--tag", "x", "--requests", "1"], "--tag x: write key=value"),
    (
      ["--id", "x", "--requests", "1"],
      "--id without --time: the same id on another day would count twice; add --time"
    ),
    (["--input-tokens", "x"], "--input-tokens x: write a whole number, 0 or more"),
    (["--input-tokens=-5"], "--input-tokens -5: write a whole number, 0 or more"),
    (["--cache-write-1h-tokens", "1.5"], "--cache-write-1h-tokens 1.5: write a whole number, 0 or more"),
    (
      ["--input-tokens", "1000000000001"],
      "input_tokens is 1000000000001: a count is at most 1000000000000"
    ),
    (
      ["--time", "foo", "--requests", "1"],
      "--time: cannot read the time \"foo\"; use now, today, yesterday, 14:30, \"yesterday 14:30\", "
        + "\"2026-10-01 14:30\", 2026-10-01 or 2026-10-01T14:30:00+02:00"
    ),
    (
      ["--time", "2026-02-30", "--requests", "1"],
      "--time: the calendar has no 2026-02-30; 2026-02 has the days 01 to 28"
    ),
    (["--time", "2014-01-01", "--requests", "1"], "time is 2014-01-01T12:00:00.000Z: before 2015-01-01"),
    (
      ["--time", "2027-01-01", "--requests", "1"],
      "time is 2027-01-01T12:00:00.000Z: more than a day ahead of this machine's clock"
    ),
    (["--kind", "foo", "--requests", "1"], #"kind is "foo": use usage, billed or quota"#),
    (
      ["--kind", "quota", "--service", "claude"],
      "no measure: a quota event needs tokens_remaining, tokens_limit, requests_remaining, sessions_active or resets_at"
    ),
    (["--cost", "1"], "--cost 1: say in what, such as --currency USD"),
    (["--cost", "1", "--currency", "XYZ"], #"currency is "XYZ": not an ISO 4217 code such as USD"#),
    (["--cost", "abc", "--currency", "USD"], #"cost is "abc": an amount is a decimal such as "0.0123""#),
    (
      ["--cost", "-1", "--currency", "USD"],
      #"cost is negative: only a billed line, such as a refund, may be; add "kind":"billed""#
    ),
    (["--status", "foo"], #"status is "foo": use ok, error or void"#),
    (["--period", "2h", "--requests", "1"], #"period is "2h": use 1m, 1h or 1d"#),
    (
      ["--kind", "quota", "--resets-at", "tomorrow"],
      #"resets_at is "tomorrow": write RFC 3339 such as 2026-11-20T10:11:12Z, or epoch seconds or milliseconds"#
    ),
    (
      ["--timezone", "Europe/Berln", "--requests", "1"],
      #"time zone: unknown time zone "Europe/Berln"; did you mean Europe/Berlin?"#
    ),
  ]

  @Test(arguments: mistakes)
  func mistakesAreSaidAndLeaveNothingBehind(_ arguments: [String], _ message: String) throws {
    let box = try Sandbox()
    let outcome = try box.start(["add"] + arguments).finish()
    #expect(outcome.status == 64)
    #expect(outcome.errors == "tally: \(message)\n")
    #expect(try box.files().isEmpty)
  }
}
