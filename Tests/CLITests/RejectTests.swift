import Foundation
import Testing

/// What is kept of lines that are no events.
@Suite struct RejectTests {
  private static let input =
    line(
      "a", tokens: -1,
      #","prompt":"MARKER-prompt","user":"ann","metadata":{"key":"MARKER-meta"},"tags":{"t":"MARKER-tag"}"#)
    + #"{"prompt":"MARKER-cut"# + "\n"
    + "MARKER-text\n"
    + #"{"input_tokens":1,"time":"2026-11-20T10:11:12Z","input_token":5,"answer":"MARKER-answer"}"# + "\n"
    + #"{"input_tokens":1,"user":{"prompt":"MARKER-nested"}}"# + "\n"

  @Test func onlyKnownFieldsOfReadableLinesAreKept() throws {
    let box = try Sandbox()
    let outcome = try box.tally("append", input: Self.input)
    #expect(outcome.status == 65)
    for (name, data) in try box.files() {
      #expect(!String(decoding: data, as: UTF8.self).contains("MARKER"), "\(name)")
    }
    #expect(!outcome.errors.contains("MARKER"))
    let rejects = try rejected(box)
    #expect(rejects.map { $0["line"] as? Int } == [1, 2, 3, 4, 5])
    #expect(
      rejects.map { ($0["fields"] as? [String: Any])?.keys.sorted() } == [
        ["id", "input_tokens", "model", "time", "user"], nil, nil, ["input_tokens", "time"], ["input_tokens"],
      ])
    #expect(rejects[0]["reason"] as? String == "input_tokens is -1: a count is 0 or more")
    #expect(rejects[4]["reason"] as? String == "user is an object: write it as a text in quotes")
    #expect(rejects[2]["length_bytes"] as? Int == 11)
    #expect(rejects[2]["input"] as? String == "stdin")
    #expect((rejects[2]["hash"] as? String)?.count == 16)
  }

  @Test func wholeLinesAreKeptOnlyWhenAskedFor() throws {
    let box = try Sandbox()
    try box.tally("append", "--keep-rejects", input: Self.input)
    let texts = try rejected(box).map { $0["text"] as? String }
    #expect(texts == Self.input.split(separator: "\n").map(String.init))
  }

  private func rejected(_ box: Sandbox) throws -> [[String: Any]] {
    let file = try #require(try box.files("store/rejected").values.first)
    return try String(decoding: file, as: UTF8.self).split(separator: "\n").map { try object(String($0)) }
  }

  /// Every kind of bad line, with what a person is told.
  static let messages: [(line: String, reason: String)] = [
    ("oops", #"not a JSON object: a line is one event, such as {"model":"gpt-5","input_tokens":12}"#),
    (#"{"model":"gpt-5","#, "not JSON: the line ends too early at column 18"),
    (line("a", tokens: -5), "input_tokens is -5: a count is 0 or more"),
    (#"{"input_tokens":12.5}"#, "input_tokens is 12.5: a count is a whole number"),
    (#"{"input_tokens":"12"}"#, #"input_tokens is "12": write the number without quotes"#),
    (
      #"{"prompt_tokens":1}"#,
      #"unknown field "prompt_tokens": tally's name is input_tokens, without the cached part, which is cache_read_tokens"#
    ),
    (
      #"{"total_tokens":1}"#,
      #"unknown field "total_tokens": give input_tokens and output_tokens, or unsplit_tokens when only a total is known"#
    ),
    (#"{"input_token":1}"#, #"unknown field "input_token": did you mean input_tokens?"#),
    (#"{"requests":1,"cost":"1"}"#, #"cost without currency: add "currency":"USD" or whichever it is"#),
    (
      #"{"requests":1,"cost":"-1","currency":"USD"}"#,
      #"cost is negative: only a billed line, such as a refund, may be; add "kind":"billed""#
    ),
    (#"{"requests":1,"cost":"1","currency":"ZZZ"}"#, #"currency is "ZZZ": not an ISO 4217 code such as USD"#),
    // The first three are spelt as tally itself would.
    (
      #"{"time":"2009-01-03T18:15:05.000Z","requests":1}"#,
      "time is 2009-01-03T18:15:05.000Z: before 2015-01-01"
    ),
    (
      #"{"time":"2026-11-22T12:00:01.000Z","requests":1}"#,
      "time is 2026-11-22T12:00:01.000Z: more than a day ahead of this machine's clock"
    ),
    (
      #"{"time":"2026-11-20T12:00:01.000Z","model":"gpt-5"}"#,
      "no measure: give at least one of input_tokens, output_tokens, requests, images, cost …"
    ),
    (#"{"requests":1,"time":"2009-01-03T18:15:05Z"}"#, "time is 2009-01-03T18:15:05.000Z: before 2015-01-01"),
    (
      #"{"requests":1,"time":"2026-11-22T12:00:01Z"}"#,
      "time is 2026-11-22T12:00:01.000Z: more than a day ahead of this machine's clock"
    ),
    (
      #"{"requests":1,"time":"2026-11-20T10:11:12"}"#,
      #"time is "2026-11-20T10:11:12": no UTC offset; end it with Z or an offset such as +02:00"#
    ),
    (
      #"{"requests":1,"time":"yesterday"}"#,
      #"time is "yesterday": write RFC 3339 such as 2026-11-20T10:11:12Z, or epoch seconds or milliseconds"#
    ),
    (
      #"{"requests":1,"time":"2026-02-30T10:11:12Z"}"#,
      #"time is "2026-02-30T10:11:12Z": no such date or time of day"#
    ),
    (#"{"id":"a","requests":1}"#, #"id without time: a retry after midnight would count twice; add "time""#),
    (
      #"{"model":"gpt-5"}"#,
      "no measure: give at least one of input_tokens, output_tokens, requests, images, cost …"
    ),
    (
      #"{"usage":{"input_tokens":1}}"#,
      #""usage" is an object, as in a provider's response: write its counts as fields of the event, such as input_tokens and output_tokens, or append it with --as response"#
    ),
    (#"{"requests":1,"kind":"use"}"#, #"kind is "use": use usage, billed or quota"#),
    (#"{"requests":1,"status":"fine"}"#, #"status is "fine": use ok, error or void"#),
    (#"{"requests":1,"period":"2h"}"#, #"period is "2h": use 1m, 1h or 1d"#),
    (
      #"{"kind":"quota"}"#,
      "no measure: a quota event needs tokens_remaining, tokens_limit, requests_remaining, sessions_active or resets_at"
    ),
    (#"{"requests":1,"credits":-1}"#, "credits is -1: an amount of credits is 0 or more"),
    (
      #"{"requests":1,"cost":"a","currency":"USD"}"#, #"cost is "a": an amount is a decimal such as "0.0123""#
    ),
  ]

  @Test func everyKindOfBadLineIsToldApart() throws {
    let box = try Sandbox()
    let input = Self.messages.map { $0.line.hasSuffix("\n") ? $0.line : $0.line + "\n" }.joined()
    let outcome = try box.tally("append", input: input)
    #expect(outcome.last.contains(": 0 accepted, \(Self.messages.count) rejected"))
    let reasons = try rejected(box).map { $0["reason"] as? String ?? "" }
    for (message, reason) in zip(Self.messages, reasons) {
      #expect(reason == message.reason, "\(message.line)")
    }
  }
}
