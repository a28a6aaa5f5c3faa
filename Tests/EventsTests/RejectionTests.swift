//! The specification of bad input: every message that a line can be refused with, literally.

import Events
import Testing

/// Lines that share a reason, as input and message.
struct Refusal: CustomTestStringConvertible, Sendable {
  let line: String
  let message: String

  init(_ line: String, _ message: String) {
    self.line = line
    self.message = message
  }

  var testDescription: String { line.count > 100 ? "\(line.prefix(100))…" : line }
}

/// A complete event but for these fields.
private func with(_ fields: String) -> String { line(fields) }

@Suite struct RejectionTests {
  private func check(_ refusal: Refusal) {
    #expect(outcome(refusal.line).message == refusal.message)
  }

  static let notAnObject =
    #"not a JSON object: a line is one event, such as {"model":"gpt-5","input_tokens":12}"#

  @Test(arguments: [
    "", "   ", "hello", "12", "null", "[]", #"[{"requests":1}]"#, #""text""#, "model=gpt-5", "\u{FEFF}{}",
  ])
  func noObject(line: String) {
    check(Refusal(line, Self.notAnObject))
  }

  @Test(arguments: [
    Refusal(#"{"requests":1"#, "not JSON: the line ends too early at column 14"),
    Refusal(#"{"#, "not JSON: the line ends too early at column 2"),
    Refusal(#"{"requests""#, "not JSON: the line ends too early at column 12"),
    Refusal(#"{"requests":"#, "not JSON: the line ends too early at column 13"),
    Refusal(#"{"requests":1,"#, "not JSON: the line ends too early at column 15"),
    Refusal(#"{"x":tru"#, "not JSON: the line ends too early at column 9"),
    Refusal(#"{"x":1."#, "not JSON: the line ends too early at column 8"),
    Refusal(#"{"model":"gpt"#, "not JSON: a string has no end at column 10"),
    Refusal(#"{"model":"gpt\"#, "not JSON: a string has no end at column 14"),
    Refusal(#"{"model":"a\n"#, "not JSON: a string has no end at column 12"),
    Refusal(#"{"requests":1} {"requests":1}"#, "not JSON: something follows the object at column 16"),
    Refusal(#"{} x"#, "not JSON: something follows the object at column 4"),
    Refusal(#"{"requests":1,}"#, #"not JSON: expected """ at column 15"#),
    Refusal(#"{requests:1}"#, #"not JSON: expected """ at column 2"#),
    Refusal(#"{"requests" 1}"#, #"not JSON: expected ":" at column 13"#),
    Refusal(#"{"requests":1 "model":"m"}"#, #"not JSON: expected "," at column 15"#),
    Refusal(#"{"x":[1 2]}"#, #"not JSON: expected "," at column 9"#),
    Refusal(#"{"x":'a'}"#, "not JSON: expected a value at column 6"),
    Refusal(#"{"x":}"#, "not JSON: expected a value at column 6"),
    Refusal(#"{"x":[,]}"#, "not JSON: expected a value at column 7"),
    Refusal(#"{"x":trux}"#, "not JSON: expected true at column 6"),
    Refusal(#"{"x":falsy}"#, "not JSON: expected false at column 6"),
    Refusal(#"{"model":nil,"a":1}"#, "not JSON: expected null at column 10"),
    Refusal(#"{"requests":01}"#, "not JSON: a number starts with 0 at column 13"),
    Refusal(#"{"requests":-x}"#, "not JSON: expected a digit at column 14"),
    Refusal(#"{"requests":1.x}"#, "not JSON: expected a digit at column 15"),
    Refusal(#"{"x":1e}"#, "not JSON: expected a digit at column 8"),
    Refusal(#"{"model":"a\x"}"#, "not JSON: no such escape at column 12"),
    Refusal(#"{"model":"\u12g4"}"#, #"not JSON: \u needs four hex digits at column 11"#),
    Refusal(#"{"model":"\ud800"}"#, "not JSON: half of a surrogate pair at column 11"),
    Refusal(#"{"model":"\ud800\u0041"}"#, "not JSON: half of a surrogate pair at column 11"),
    Refusal(#"{"model":"\udc00"}"#, "not JSON: half of a surrogate pair at column 11"),
    Refusal(
      "{\"model\":\"a\tb\"}",
      #"not JSON: a control character inside a string; write it as \u00XX at column 12"#),
    Refusal(
      #"{"x":"# + String(repeating: "[", count: 65) + String(repeating: "]", count: 65) + "}",
      "not JSON: nested deeper than 64 at column 70"),
    Refusal(
      #"{"x":"# + String(repeating: #"{"x":"#, count: 65) + "1" + String(repeating: "}", count: 66),
      "not JSON: nested deeper than 64 at column 326"),
  ])
  func notJSON(refusal: Refusal) {
    check(refusal)
  }

  @Test func notUTF8() {
    let latin1 = Array(#"{"user":"Ren"#.utf8) + [0xE9] + Array(#"","requests":1}"#.utf8)
    #expect(outcome(latin1).message == "not UTF-8 at column 13: save the input as UTF-8")
    // Overlong, half of a surrogate pair, beyond U+10FFFF, cut at the end of the line.
    for bad: [UInt8] in [[0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80]] {
      let bytes = Array(#"{"x":""#.utf8) + bad + Array(#"","requests":1}"#.utf8)
      #expect(outcome(bytes).message == "not UTF-8 at column 7: save the input as UTF-8")
    }
    #expect(outcome([0x7B, 0xE2, 0x82]).message == "not UTF-8 at column 2: save the input as UTF-8")
  }

  @Test func tooLong() {
    let start = #"{"requests":1,"x":""#
    let most = start + String(repeating: "x", count: (1 << 20) - start.utf8.count - 2) + "\"}"
    #expect(outcome(most).message == nil)
    #expect(outcome(most + " ").message == "line is 1048577 bytes: the most is 1048576")
  }

  @Test(arguments: [
    Refusal(
      #"{"model":"m"}"#,
      "no measure: give at least one of input_tokens, output_tokens, requests, images, cost …"),
    Refusal("{}", "no measure: give at least one of input_tokens, output_tokens, requests, images, cost …"),
    Refusal(
      #"{"duration_ms":5,"tokens_limit":9}"#,
      "no measure: give at least one of input_tokens, output_tokens, requests, images, cost …"),
    Refusal(
      #"{"kind":"billed","input_tokens":null}"#,
      "no measure: give at least one of input_tokens, output_tokens, requests, images, cost …"),
    Refusal(
      #"{"kind":"quota","input_tokens":5}"#,
      "no measure: a quota event needs tokens_remaining, tokens_limit, requests_remaining, sessions_active "
        + "or resets_at"),
  ])
  func noMeasure(refusal: Refusal) {
    check(refusal)
  }

  @Test(arguments: [
    Refusal(#"{"input_tokens":-1}"#, "input_tokens is -1: a count is 0 or more"),
    Refusal(#"{"input_tokens":-0}"#, "input_tokens is -0: a count is 0 or more"),
    Refusal(#"{"requests":1.5}"#, "requests is 1.5: a count is a whole number"),
    Refusal(#"{"requests":12.05}"#, "requests is 12.05: a count is a whole number"),
    Refusal(#"{"requests":1e3}"#, "requests is 1e3: write the number without an exponent"),
    Refusal(#"{"requests":1.2E+06}"#, "requests is 1.2E+06: write the number without an exponent"),
    Refusal(#"{"images":true}"#, "images is true: a count is a whole number"),
    Refusal(#"{"images":[1]}"#, "images is a list: a count is a whole number"),
    Refusal(#"{"images":{"n":1}}"#, "images is an object: a count is a whole number"),
    Refusal(#"{"output_tokens":"12"}"#, #"output_tokens is "12": write the number without quotes"#),
    Refusal(#"{"output_tokens":""}"#, #"output_tokens is "": write the number without quotes"#),
    Refusal(#"{"revision":-1}"#, "revision is -1: a count is 0 or more"),
    Refusal(
      #"{"characters":1000000000001}"#, "characters is 1000000000001: a count is at most 1000000000000"),
    Refusal(
      #"{"characters":99999999999999999999}"#,
      "characters is 99999999999999999999: a count is at most 1000000000000"),
    Refusal(
      #"{"characters":1"# + String(repeating: "0", count: 80) + "}",
      "characters is 1" + String(repeating: "0", count: 59) + "…: a count is at most 1000000000000"),
  ])
  func badCount(refusal: Refusal) {
    check(refusal)
  }

  @Test(arguments: [
    Refusal(#"{"cost":"abc","currency":"USD"}"#, #"cost is "abc": an amount is a decimal such as "0.0123""#),
    Refusal(#"{"cost":"","currency":"USD"}"#, #"cost is "": an amount is a decimal such as "0.0123""#),
    Refusal(#"{"cost":"$5","currency":"USD"}"#, #"cost is "$5": an amount is a decimal such as "0.0123""#),
    Refusal(
      #"{"cost":"1,50","currency":"EUR"}"#, #"cost is "1,50": an amount is a decimal such as "0.0123""#),
    Refusal(#"{"cost":true}"#, #"cost is true: an amount is a decimal such as "0.0123""#),
    Refusal(#"{"cost":{"usd":1}}"#, #"cost is an object: an amount is a decimal such as "0.0123""#),
    Refusal(#"{"cost":1e16,"currency":"USD"}"#, "cost is 1e16: an amount is at most 10^15"),
    Refusal(#"{"cost":"0.5"}"#, #"cost without currency: add "currency":"USD" or whichever it is"#),
    Refusal(
      #"{"cost":-1,"currency":"USD"}"#,
      #"cost is negative: only a billed line, such as a refund, may be; add "kind":"billed""#),
    Refusal(#"{"credits":-0.5}"#, "credits is -0.5: an amount of credits is 0 or more"),
    Refusal(#"{"kind":"billed","credits":"-1"}"#, #"credits is "-1": an amount of credits is 0 or more"#),
    Refusal(#"{"credits":"many"}"#, #"credits is "many": an amount is a decimal such as "0.0123""#),
    Refusal(#"{"cost":1,"currency":"BTC"}"#, #"currency is "BTC": not an ISO 4217 code such as USD"#),
    Refusal(#"{"cost":1,"currency":"$"}"#, #"currency is "$": not an ISO 4217 code such as USD"#),
    Refusal(#"{"cost":1,"currency":""}"#, #"currency is "": not an ISO 4217 code such as USD"#),
    Refusal(#"{"cost":1,"currency":840}"#, "currency is 840: not an ISO 4217 code such as USD"),
  ])
  func badMoney(refusal: Refusal) {
    check(refusal)
  }

  static let howTo = "write RFC 3339 such as 2026-11-20T10:11:12Z, or epoch seconds or milliseconds"

  @Test(arguments: [
    Refusal(#"{"time":"yesterday"}"#, #"time is "yesterday": "# + howTo),
    Refusal(#"{"time":""}"#, #"time is "": "# + howTo),
    Refusal(#"{"time":"2026-11-20"}"#, #"time is "2026-11-20": "# + howTo),
    Refusal(#"{"time":"1795219200"}"#, #"time is "1795219200": "# + howTo),
    Refusal(#"{"time":"2026-11-20T10:11:12Zulu"}"#, #"time is "2026-11-20T10:11:12Zulu": "# + howTo),
    Refusal(#"{"time":-5}"#, "time is -5: " + howTo),
    Refusal(#"{"time":1.7e9}"#, "time is 1.7e9: " + howTo),
    Refusal(#"{"time":1795219200000000}"#, "time is 1795219200000000: " + howTo),
    Refusal(#"{"time":true}"#, "time is true: " + howTo),
    Refusal(#"{"time":{"s":1}}"#, "time is an object: " + howTo),
    Refusal(
      #"{"time":"2026-11-20T10:11:12"}"#,
      #"time is "2026-11-20T10:11:12": no UTC offset; end it with Z or an offset such as +02:00"#),
    Refusal(
      #"{"time":"2026-02-29T00:00:00Z"}"#, #"time is "2026-02-29T00:00:00Z": no such date or time of day"#),
    Refusal(
      #"{"time":"2026-11-20T24:00:00Z"}"#, #"time is "2026-11-20T24:00:00Z": no such date or time of day"#),
    Refusal(
      #"{"kind":"quota","resets_at":"9999-12-31T23:59:59-01:00"}"#,
      #"resets_at is "9999-12-31T23:59:59-01:00": no such date or time of day"#),
    Refusal(#"{"kind":"quota","resets_at":"soon"}"#, #"resets_at is "soon": "# + howTo),
    Refusal(#"{"time":1420070399.999,"requests":1}"#, "time is 2014-12-31T23:59:59.999Z: before 2015-01-01"),
    Refusal(#"{"time":0,"requests":1}"#, "time is 1970-01-01T00:00:00.000Z: before 2015-01-01"),
    Refusal(
      #"{"time":"2026-11-22T00:00:00.001Z","requests":1}"#,
      "time is 2026-11-22T00:00:00.001Z: more than a day ahead of this machine's clock"),
    Refusal(
      #"{"id":"a","requests":1}"#,
      #"id without time: a retry after midnight would count twice; add "time""#),
  ])
  func badTime(refusal: Refusal) {
    check(refusal)
  }

  @Test func theEdgesOfTimeAreFine() {
    #expect(outcome(#"{"time":1420070400,"requests":1}"#).message == nil)
    #expect(outcome(#"{"time":"2026-11-22T00:00:00Z","requests":1}"#).message == nil)
  }

  @Test(arguments: [
    Refusal(#"{"kind":"use"}"#, #"kind is "use": use usage, billed or quota"#),
    Refusal(#"{"kind":1}"#, "kind is 1: use usage, billed or quota"),
    Refusal(#"{"status":"OK"}"#, #"status is "OK": use ok, error or void"#),
    Refusal(#"{"status":200}"#, "status is 200: use ok, error or void"),
    Refusal(
      #"{"status":"void","model":"m"}"#, "void without id: give the id of the event that must not count"),
    Refusal(
      #"{"kind":"quota","resets_at":3600}"#,
      "resets_at is 1970-01-01T01:00:00.000Z: before 2015-01-01; give an instant, not a duration"),
    Refusal(#"{"period":"5m"}"#, #"period is "5m": use 1m, 1h or 1d"#),
    Refusal(#"{"period":""}"#, #"period is "": use 1m, 1h or 1d"#),
  ])
  func badWord(refusal: Refusal) {
    check(refusal)
  }

  static let long = String(repeating: "x", count: 1025)
  static let longName = String(repeating: "x", count: 60) + "…"

  @Test(arguments: [
    Refusal(#"{"model":5}"#, "model is 5: write it as a text in quotes"),
    Refusal(#"{"id":17}"#, "id is 17: write it as a text in quotes"),
    Refusal(#"{"user":["a"]}"#, "user is a list: write it as a text in quotes"),
    Refusal(#"{"session":false}"#, "session is false: write it as a text in quotes"),
    Refusal(#"{"project":"\#(long)"}"#, "project is 1025 bytes: the most is 1024"),
    Refusal(
      #"{"id":"\#(long)","time":1795219200,"requests":1}"#, "id is 1025 bytes: the most is 1024"),
    Refusal(
      #"{"id":"t:\#(long)","time":1795219200,"source":"t","requests":1}"#,
      "id is 1025 bytes: the most is 1024"),
    Refusal(#"{"tags":"a"}"#, #"tags is no object: write {"key":"value"}"#),
    Refusal(#"{"metadata":[]}"#, #"metadata is no object: write {"key":"value"}"#),
    Refusal(#"{"tags":{"team":5}}"#, "tags.team is no text: write the value in quotes"),
    Refusal(#"{"tags":{"\#(long)":{}}}"#, "tags.\(longName) is no text: write the value in quotes"),
    Refusal(#"{"tags":{"team":"\#(long)"}}"#, "tags.team is 1025 bytes: the most is 1024"),
    Refusal(#"{"tags":{"team":"a","team":"b"}}"#, "tags.team is there twice"),
    Refusal(#"{"tags":{"te\u0061m":"a","x":"y","team":"b"}}"#, "tags.team is there twice"),
    Refusal(#"{"model":"a","model":"b"}"#, "model is there twice"),
    Refusal(#"{"requests":1,"r\u0065quests":1}"#, "requests is there twice"),
    Refusal(#"{"time":1795219200,"time":1795219200}"#, "time is there twice"),
  ])
  func badText(refusal: Refusal) {
    check(refusal)
  }

  /// What is nested in a known field may be a prompt.
  @Test(arguments: EventField.allCases.filter { $0.shape != .object })
  func nothingNestedIsQuoted(field: EventField) {
    for value in [#"{"prompt":"MARKER"}"#, #"["MARKER"]"#, #"[{"x":["MARKER"]}]"#] {
      let message = outcome(#"{"time":1795219200,"requests":1,"\#(field.name)":\#(value)}"#).message
      #expect(message != nil)
      #expect(message?.contains("MARKER") != true)
    }
  }

  @Test func tagsTogetherAreBounded() {
    // 63 × 1040 + 2 - 1 = 65,521 bytes fit; one more does not.
    func tags(_ count: Int) -> String {
      let value = String(repeating: "v", count: 1024)
      return (0..<count).map { "\"k\(10_000_000 + $0)\":\"\(value)\"" }.joined(separator: ",")
    }
    #expect(outcome(#"{"requests":1,"tags":{\#(tags(63))}}"#).message == nil)
    #expect(
      outcome(#"{"requests":1,"tags":{\#(tags(64))}}"#).message == "tags is 66497 bytes: the most is 65536")
  }

  @Test(arguments: [
    #"{"requests":1,"a":1,"a":2}"#, #"{"requests":1,"a":1,"metadata":{"a":2}}"#,
    #"{"requests":1,"metadata":{"a":1},"metadata":{"a":2}}"#, #"{"requests":1,"a":1,"\u0061":1}"#,
  ])
  func aKeptFieldIsThereOnce(line: String) {
    #expect(outcome(line, keptFields: ["a"]).message == "metadata.a is there twice")
  }
}
