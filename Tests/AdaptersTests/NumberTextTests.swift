import Events
import Money
import JSON
import Testing

@testable import Adapters

/// Numbers, instants and rows as people and spreadsheets write them.
@Suite struct NumberTextTests {
  @Test(
    arguments: [
      ("12", false, 12), ("1,234", false, 1234), ("1,234,567", false, 1_234_567), ("1.234", true, 1234),
      ("7.0", false, 7),
      ("0", false, 0), ("1,23", false, nil), ("0,123", false, nil), ("12,34,567", false, nil),
      ("-1", false, nil),
      ("1.5", false, nil), ("x", false, nil), ("", false, nil), ("1234,567", false, nil),
    ] as [(String, Bool, Int64?)])
  func counts(_ text: String, _ hasDecimalComma: Bool, _ count: Int64?) {
    #expect(NumberText.count(text, hasDecimalComma: hasDecimalComma) == count)
  }

  @Test(
    arguments: [
      ("1.23", false, "1.23"), ("$1.23", false, "1.23"), ("1.23 USD", false, "1.23"), ("€ 0,50", true, "0.5"),
      ("1,234.50", false, "1234.5"), ("1.234,50", true, "1234.5"), ("2e-05", false, "0.00002"),
      ("-3", false, "-3"),
      ("0,50", false, nil), ("1,234", false, nil), ("1.234", true, nil), ("free", false, nil),
      ("", false, nil),
    ] as [(String, Bool, String?)])
  func amounts(_ text: String, _ hasDecimalComma: Bool, _ amount: String?) {
    let found = NumberText.amount(text, hasDecimalComma: hasDecimalComma)
    #expect(found.map(Decimal.text) == amount)
  }

  @Test(
    arguments: [
      ("2026-11-19", 1_795_046_400_000, true), ("2026-11-19T10:00:00Z", 1_795_082_400_000, false),
      ("2026-11-19 12:00:00+02:00", 1_795_082_400_000, false), ("1795082400", 1_795_082_400_000, false),
      ("1795082400000", 1_795_082_400_000, false), ("1795082400000000", 1_795_082_400_000, false),
      ("1795082400000000000", 1_795_082_400_000, false), ("1795082400.5", 1_795_082_400_500, false),
      ("2026-11-19 10:00:00", nil, false), ("19.11.2026", nil, false), ("noon", nil, false),
    ] as [(String, Int64?, Bool)])
  func instants(_ text: String, _ time: Int64?, _ isDay: Bool) {
    #expect(NumberText.time(text)?.time == time)
    if time != nil { #expect(NumberText.time(text)?.isDay == isDay) }
  }

  @Test(arguments: [
    ("a,b,c", ["a", "b", "c"]), ("a;b,c;d", ["a", "b,c", "d"]), ("a\tb", ["a", "b"]),
    ("\u{FEFF}a,b", ["a", "b"]),
    (#""a,1","b ""quoted""",c"#, ["a,1", #"b "quoted""#, "c"]), ("a,,", ["a", "", ""]), ("", [""]),
    (" a , b ", ["a", "b"]),
    ("\"two\nlines\",x", ["two\nlines", "x"]),
  ])
  func rows(_ text: String, _ fields: [String]) throws {
    let bytes = Array(text.utf8)
    let delimiter = DelimitedText.delimiter(ofHeader: bytes.span.bytes)
    #expect(try DelimitedText.fields(of: bytes.span.bytes, delimiter: delimiter) == fields)
  }

  @Test(arguments: [(#""a"b,c"#, "text behind a quoted field"), (#"a,"b"#, "a quoted field has no end")])
  func brokenRowsAreSaid(_ text: String, _ message: String) {
    let bytes = Array(text.utf8)
    #expect(throws: Misread(message)) { try DelimitedText.fields(of: bytes.span.bytes, delimiter: 0x2C) }
  }

  @Test(
    arguments: [
      ("a.b", #"{"a":{"b":1}}"#, "1"), ("$.a[1].b", #"{"a":[0,{"b":"x"}]}"#, "x"),
      (#"a\.b"#, #"{"a.b":2}"#, "2"),
      ("a.c", #"{"a":{"b":1}}"#, nil), ("a[2]", #"{"a":[1]}"#, nil),
    ] as [(String, String, String?)])
  func paths(_ path: String, _ json: String, _ text: String?) throws {
    let bytes = Array(json.utf8)
    #expect(JSONPath(path).value(in: try JSONNode(record: bytes.span.bytes))?.text == text)
  }
}
