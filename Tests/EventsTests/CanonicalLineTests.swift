//! The specification of the stored form: what line comes in, what line is kept.

import Events
import Testing

@Suite struct CanonicalLineTests {
  /// Fields of an event, and what the canonical line says from `source` on.
  static let fields: [(String, String)] = [
    // Numbers: zeros are kept, `12.0` is 12.
    (#""input_tokens":12"#, #""input_tokens":12"#), (#""input_tokens":0"#, #""input_tokens":0"#),
    (#""input_tokens":12.0"#, #""input_tokens":12"#), (#""input_tokens":12.000"#, #""input_tokens":12"#),
    (#""input_tokens":0.0"#, #""input_tokens":0"#), (#""input_tokens":7e0"#, #""input_tokens":7"#),
    (#""characters":1000000000000"#, #""characters":1000000000000"#), (#""requests":1"#, #""requests":1"#),
    (#""requests":0"#, #""requests":0"#),
    // Absent: null, empty texts, empty objects.
    (#""requests":1,"model":null"#, #""requests":1"#), (#""requests":1,"model":"""#, #""requests":1"#),
    (#""requests":1,"images":null,"cost":null,"resets_at":null,"tags":null"#, #""requests":1"#),
    (#""requests":1,"tags":{}"#, #""requests":1"#), (#""requests":1,"metadata":{}"#, #""requests":1"#),
    (#""requests":1,"tags":{"a":"","b":null}"#, #""requests":1"#),
    // Defaults.
    (#""requests":1,"kind":"usage","status":"ok","revision":0"#, #""requests":1"#),
    (#""requests":1,"status":"error","revision":2"#, #""status":"error","requests":1,"revision":2"#),
    (#""status":"void""#, #""status":"void""#), (#""status":"error""#, #""status":"error""#),
    // Amounts: the shortest exact text.
    (#""cost":"0.50","currency":"usd""#, #""cost":"0.5","currency":"USD""#),
    (#""cost":0.1,"currency":"EUR""#, #""cost":"0.1","currency":"EUR""#),
    (#""cost":1.2e-05,"currency":"EUR""#, #""cost":"0.000012","currency":"EUR""#),
    (#""cost":"1E3","currency":"EUR""#, #""cost":"1000","currency":"EUR""#),
    (#""cost":-0,"currency":"EUR""#, #""cost":"0","currency":"EUR""#),
    (#""cost":"0.0000000000025","currency":"EUR""#, #""cost":"0.000000000002","currency":"EUR""#),
    (#""credits":2.50"#, #""credits":"2.5""#), (#""credits":"+3""#, #""credits":"3""#),
    (#""currency":"JPY","requests":2"#, #""requests":2,"currency":"JPY""#),
    // Objects: keys sorted by their bytes, escapes gone, no spaces.
    (
      #""requests":1,"tags":{ "team" : "b", "Team":"c", "\u0061":"\u00e9\/", "é":"x" }"#,
      #""requests":1,"tags":{"Team":"c","a":"é/","team":"b","é":"x"}"#
    ),
  ]

  @Test(arguments: fields)
  func keepsFields(input: String, output: String) {
    #expect(outcome(line(input)) == Outcome(line: canonical(output)))
  }

  /// The inside of a text that comes in, and how it is kept.
  static let texts: [(String, String)] = [
    ("gpt-5", "gpt-5"), (#"caf\u00e9"#, "café"), (#"caf\u00E9"#, "café"), ("café", "café"),
    (#"\ud83d\ude00"#, "😀"), (#"\uD83D\uDE00"#, "😀"), ("😀", "😀"), (#"a\/b"#, "a/b"), ("a/b", "a/b"),
    (#"\u0022\""#, #"\"\""#), (#"\u005c\\"#, #"\\\\"#), (#"\u0041"#, "A"), (#"\u002f"#, "/"),
    (#"\u0008\u000c\u000a\u000d\u0009"#, #"\b\f\n\r\t"#), (#"\b\f\n\r\t"#, #"\b\f\n\r\t"#),
    (#"\u0000\u0001\u001F"#, #"\u0000\u0001\u001f"#), (#"\u007f"#, "\u{7F}"), (#"\u2028"#, "\u{2028}"),
    (#"\uffff"#, "\u{FFFF}"), (#"\ud800\udc00\udbff\udfff"#, "\u{10000}\u{10FFFF}"), (" a  b ", " a  b "),
    // Not one text: composed and decomposed letters stay what they are.
    (#"e\u0301"#, "e\u{301}"),
    // Escapes at every place of the eight bytes that are read at once.
    (#"\n"#, #"\n"#), (#"1234567\n"#, #"1234567\n"#), (#"12345678\n"#, #"12345678\n"#),
    (#"123456789012345\u00e9x"#, "123456789012345éx"),
  ]

  @Test(arguments: texts)
  func spellsTextsInOneWay(input: String, output: String) {
    let result = outcome(line(#""model":"\#(input)","requests":1,"tags":{"\#(input)":"\#(input)"}"#))
    let expected = #"{"id":"t:1","time":"2026-11-20T00:00:00.000Z","source":"t","model":"\#(output)","#
    #expect(result.line == expected + #""requests":1,"tags":{"\#(output)":"\#(output)"}}"#)
  }

  /// Texts of 1024 bytes fit in whatever spelling: Python escapes every letter that is not English.
  @Test func countsTheBytesOfTheCanonicalSpelling() {
    let long = String(repeating: "é", count: 512)
    let escaped = String(repeating: #"\u00e9"#, count: 512)
    #expect(outcome(line(#""requests":1,"tags":{"a":"\#(escaped)"}"#)).line.contains(long))
    #expect(outcome(line(#""requests":1,"model":"\#(escaped)""#)).line.contains(long))
    #expect(
      outcome(line(#""requests":1,"model":"\#(escaped)x""#)).message
        == "model is 1025 bytes: the most is 1024")
  }

  static let times: [(String, String)] = [
    (#""2026-11-20T10:11:12Z""#, "2026-11-20T10:11:12.000Z"),
    (#""2026-11-20T10:11:12.3456789Z""#, "2026-11-20T10:11:12.345Z"),
    (#""2026-11-20T10:11:12.999999Z""#, "2026-11-20T10:11:12.999Z"),
    (#""2026-11-20T10:11:12+02:00""#, "2026-11-20T08:11:12.000Z"),
    (#""2026-11-20T22:11:12-05:30""#, "2026-11-21T03:41:12.000Z"),
    (#""2016-12-31T23:59:60.2Z""#, "2016-12-31T23:59:59.999Z"), ("1795169472", "2026-11-20T10:11:12.000Z"),
    ("1795169472345", "2026-11-20T10:11:12.345Z"), ("1795169472.3459", "2026-11-20T10:11:12.345Z"),
    ("1795169472345.9", "2026-11-20T10:11:12.345Z"), ("1795169472.5", "2026-11-20T10:11:12.500Z"),
  ]

  @Test(arguments: times)
  func turnsTimesToUTC(input: String, output: String) {
    #expect(
      outcome(#"{"id":"t:1","source":"t","requests":1,"time":\#(input)}"#).line
        == #"{"id":"t:1","time":"\#(output)","source":"t","requests":1}"#)
    #expect(
      outcome(#"{"id":"t:1","source":"t","kind":"quota","time":1795169472,"resets_at":\#(input)}"#).line
        == #"{"id":"t:1","time":"2026-11-20T10:11:12.000Z","kind":"quota","source":"t","resets_at":"\#(output)"}"#
    )
  }

  static let whole = """
    {"id":"t:1","time":"2026-11-20T00:00:00.000Z","period":"1h","kind":"billed","provider":"p","service":"s",\
    "account":"a","source":"t","model":"m","operation":"chat","request_type":"batch","service_tier":"flex",\
    "user":"u","project":"j","session":"n","status":"error","requests":1,"input_tokens":2,\
    "cache_read_tokens":3,"cache_write_tokens":4,"cache_write_1h_tokens":5,"cache_write_12h_tokens":6,\
    "output_tokens":7,"reasoning_tokens":8,"input_audio_tokens":9,"output_audio_tokens":10,\
    "input_image_tokens":11,"output_image_tokens":12,"unsplit_tokens":13,"images":14,"audio_seconds":15,\
    "searches":16,"characters":17,"credits":"1.5","duration_ms":18,"cost":"-2.5","currency":"USD",\
    "tokens_remaining":19,"tokens_limit":20,"requests_remaining":21,"sessions_active":22,\
    "resets_at":"2026-11-21T00:00:00.000Z","revision":23,"tags":{"team":"x"},"metadata":{"k":true}}
    """

  @Test func aLineWithEveryFieldIsItself() {
    #expect(outcome(Self.whole, keptFields: ["k"]) == Outcome(line: Self.whole))
    #expect(outcome(Self.whole, .stored) == Outcome(line: Self.whole))
    for field in EventField.allCases { #expect(Self.whole.contains("\"\(field.name)\":")) }
  }

  @Test func takesAnySpacesAndOrder() {
    let input = " {\t\"requests\" : 3 ,\r\n \"source\":\"t\",\"time\": 1795132800 , \"id\":\"t:1\" } \r"
    #expect(outcome(input).line == canonical(#""requests":3"#))
  }

  @Test func aKeyWithEscapesIsTheKeyItStandsFor() {
    #expect(
      outcome(line(#""\u0072equests":3,"p\u0072oject":"x""#)).line.contains(#""project":"x","requests":3"#))
  }

  @Test func keepsOnlyTheMetadataThatIsConfigured() {
    let input =
      #""requests":1,"z":1.50,"a":"\u00e9","b":true,"c":[1],"d":{},"e":null,"f":"","prompt":"secret","#
    let result = outcome(
      line(input + #""metadata":{"y":2,"x":false,"w":null,"v":{"u":1}}"#),
      keptFields: ["z", "a", "b", "c", "d", "e", "f", "x", "w", "v"])
    #expect(result.line == canonical(#""requests":1,"metadata":{"a":"é","b":true,"x":false,"z":1.50}"#))
    #expect(result.dropped == ["c", "d", "e", "prompt", "y", "v"])
  }

  @Test func dropsMetadataOfThePromptKind() {
    let long = String(repeating: "x", count: 1025)
    let result = outcome(
      line(#""requests":1,"note":"\#(long)","metadata":{"text":"\#(long)"}"#), keptFields: ["note", "text"])
    #expect(result == Outcome(line: canonical(#""requests":1"#), dropped: ["note", "text"]))
  }

  @Test func readsConfiguredNamesInAnySpelling() {
    let result = outcome(line(#""requests":1,"caf\u00e9":1,"a\"b":2"#), keptFields: ["café", "a\"b"])
    #expect(result.line == canonical(#""requests":1,"metadata":{"a\"b":2,"café":1}"#))
  }

  /// An id may be long, and longer by its namespace; both are accepted again as they were stored.
  @Test func whatIsStoredIsAcceptedAgain() {
    let long = String(repeating: "x", count: 1024)
    for (source, provider, id) in [
      (long, "p", long + ":" + long), ("s", long, long + ":" + long), ("s", "p", long),
    ] {
      let input =
        #"{"id":"\#(id)","time":"2026-11-20T00:00:00.000Z","provider":"\#(provider)","source":"\#(source)","requests":1}"#
      #expect(outcome(input) == Outcome(line: input))
      #expect(outcome(input, .stored) == Outcome(line: input))
    }
  }

  @Test func nothingIsWrittenForAnAbsentFieldEver() {
    #expect(
      outcome(#"{"requests":1}"#).line
        == #"{"id":"","time":"1970-01-01T00:00:00.000Z","source":"","requests":1}"#)
  }
}
