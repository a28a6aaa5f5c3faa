//! Usage under another name is refused, because dropping it would lose it; what is no usage is dropped.

import Events
import Testing

@Suite struct ForeignFieldTests {
  static let input = "tally's name is input_tokens, without the cached part, which is cache_read_tokens"
  static let total = "give input_tokens and output_tokens, or unsplit_tokens when only a total is known"
  static let cost = #"write "cost":"0.0123","currency":"USD""#
  static let token =
    "the token fields are input_tokens, cache_read_tokens, cache_write_tokens, output_tokens and those of the "
    + "README"

  static let otherNames: [(String, String)] = [
    ("prompt_tokens", input), ("promptTokens", input), ("prompt-tokens", input), ("Prompt.Tokens", input),
    ("completion_tokens", "tally's name is output_tokens, reasoning included"),
    ("total_tokens", total), ("tokens", total), ("cached_tokens", "tally's name is cache_read_tokens"),
    ("cached_input_tokens", "tally's name is cache_read_tokens"),
    ("cache_read_input_tokens", "tally's name is cache_read_tokens"),
    ("cacheCreationInputTokens", "tally's name is cache_write_tokens"),
    ("cache_creation_tokens", "tally's name is cache_write_tokens"),
    ("uncached_input_tokens", "tally's name is input_tokens"),
    ("thinking_tokens", "tally's name is reasoning_tokens, a part of output_tokens"),
    ("thoughtsTokenCount", "tally's name is reasoning_tokens, a part of output_tokens"),
    ("cost_usd", cost), ("costUSD", cost), ("total_cost", cost), ("costs", cost), ("price", cost),
    ("amount", cost), ("spend", cost), ("num_requests", "tally's name is requests"),
    ("request_count", "tally's name is requests"), ("timestamp", "tally's name is time"),
    ("created", "tally's name is time"), ("created_at", "tally's name is time"),
    ("datetime", "tally's name is time"), ("ts", "tally's name is time"),
    ("date", "tally's name is time, and it needs an instant such as 2026-11-20T10:11:12Z"),
    // Misspelt, or spelt as another language would.
    ("input_token", "did you mean input_tokens?"), ("inputTokens", "did you mean input_tokens?"),
    ("output_tokns", "did you mean output_tokens?"), ("reqeusts", "did you mean requests?"),
    ("request", "did you mean requests?"), ("image", "did you mean images?"),
    ("credit", "did you mean credits?"), ("duration_s", "did you mean duration_ms?"),
    ("reset_at", "did you mean resets_at?"), ("revison", "did you mean revision?"),
    // Any other count of tokens.
    ("candidatesTokenCount", token), ("audio_prompt_tokens", token), ("tokens_in", token),
  ]

  @Test(arguments: otherNames)
  func refusesUsageInOtherWords(name: String, mend: String) {
    let message = "unknown field \"\(name)\": \(mend)"
    for fields in [
      #""requests":1,"\#(name)":5"#, #""requests":1,"\#(name)":"5""#, #""\#(name)":5,"requests":1"#,
    ] {
      #expect(outcome("{\(fields)}").message == message)
    }
  }

  /// `created_at` beside `time` is a field like any other: the event's time is known.
  @Test(arguments: [
    #""time":"2026-11-20T10:00:00Z","created_at":5"#, #""timestamp":5,"time":"2026-11-20T10:00:00Z""#,
    #""cost":"1","currency":"USD","price":5"#, #""amount":5,"cost":"1","currency":"USD""#,
  ])
  func acceptsAnotherWordBesideOurs(fields: String) {
    #expect(outcome("{\(fields),\"requests\":1}").message == nil)
  }

  @Test(arguments: ["usage", "usage_metadata", "usageMetadata"])
  func refusesAResponseAsItIs(name: String) {
    #expect(
      outcome(line(#""requests":1,"\#(name)":{"input_tokens":5}"#)).message
        == "\"\(name)\" is an object, as in a provider's response: write its counts as fields of the event, "
        + "such as input_tokens and output_tokens, or append it with --as response")
  }

  @Test func refusesDetailsOfTokens() {
    #expect(
      outcome(line(#""input_tokens":9,"input_tokens_details":{"cached_tokens":5}"#)).message
        == "unknown field \"input_tokens_details\": \(Self.token)")
    #expect(
      outcome(line(#""input_tokens":9,"promptTokensDetails":[{"tokenCount":5}]"#)).message
        == "unknown field \"promptTokensDetails\": \(Self.token)")
  }

  @Test func refusesAMisspeltCurrency() {
    #expect(
      outcome(#"{"cost":1,"currancy":"USD"}"#).message == #"unknown field "currancy": did you mean currency?"#
    )
  }

  @Test func readsTheNameBehindItsEscapes() {
    #expect(
      outcome(line(#""requests":1,"prompt\u005ftokens":5"#)).message
        == "unknown field \"prompt_tokens\": \(Self.input)")
  }

  @Test func showsNoMoreOfANameThanItNeeds() {
    let name = "token" + String(repeating: "x", count: 100)
    let shown = "token" + String(repeating: "x", count: 55) + "…"
    #expect(
      outcome(line(#""requests":1,"\#(name)":5"#)).message == "unknown field \"\(shown)\": \(Self.token)")
  }

  /// Parameters of requests, texts and objects that are no usage, an absent value, words far from ours.
  @Test(arguments: [
    #""max_tokens":4096"#, #""max_output_tokens":1"#, #""budget_tokens":9"#, #""tokenizer":"o200k""#,
    #""request_id":"req_011""#, #""request_id":17"#, #""request":{"model":"m"}"#, #""request":"GET /""#,
    #""session_token":"abc""#, #""stream_tokens":true"#, #""prompt_tokens":null"#, #""host":"laptop""#,
    #""title":"x""#, #""temperature":0.7"#, #""prompt":"tokens and costs""#, #""usage":5"#, #""n":[]"#,
    #""":1"#,
  ])
  func dropsWhatIsNoUsage(field: String) {
    let name = String(field.dropFirst().prefix { $0 != "\"" })
    let result = outcome(line(#""requests":1,"# + field))
    #expect(result == Outcome(line: canonical(#""requests":1"#), dropped: [name]))
  }

  @Test func aKeptFieldMayBeCalledAnything() {
    let result = outcome(line(#""requests":1,"total_tokens":5"#), keptFields: ["total_tokens"])
    #expect(result.line == canonical(#""requests":1,"metadata":{"total_tokens":5}"#))
  }
}
