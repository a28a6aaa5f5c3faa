import TOML
import TestSupport
import Testing

/// What is written is read back as it was.
@Suite struct TextTests {
  @Test func everyCharacterComesBack() throws {
    var document = ""
    var texts: [String] = []
    for scalar in (0...0x10FFFF as ClosedRange<UInt32>).lazy.compactMap(Unicode.Scalar.init)
    where scalar.value < 0x3000 || scalar.value % 97 == 0 || scalar.value >= 0xE0000 && scalar.value < 0xE0200
    {
      texts.append("\(scalar)\"\(scalar)")
    }
    for text in texts { document += "\(TOMLText.key(text)) = \(TOMLText.string(text))\n" }
    let table = try TOMLTable(parsing: Array(document.utf8))
    #expect(table.entries.map { Array($0.key.utf8) } == texts.map { Array($0.utf8) })
    #expect(table.entries.map { Array($0.value.text?.utf8 ?? "".utf8) } == texts.map { Array($0.utf8) })
    let bad = document.unicodeScalars.filter { $0 != "\n" && $0.properties.generalCategory == .control }
    #expect(bad.isEmpty)
  }

  @Test(
    arguments: [
      ("", "\"\""), ("plain", "\"plain\""), ("C:\\Users", "\"C:\\\\Users\""),
      ("say \"hi\"", "\"say \\\"hi\\\"\""),
      ("Cost\n(EUR)", "\"Cost\\n(EUR)\""), ("\u{8}\t\n\u{C}\r", "\"\\b\\t\\n\\f\\r\""),
      ("\u{1B}[2J", "\"\\u001B[2J\""),
      ("\u{7F}\u{202E}", "\"\\u007F\\u202E\""), ("\u{E0041}", "\"\\U000E0041\""), ("日本", "\"日本\""),
    ])
  func textsAreQuoted(text: String, written: String) {
    #expect(TOMLText.string(text) == written)
  }

  @Test(
    arguments: [
      ("input_tokens", "input_tokens"), ("a-1", "a-1"), ("", "\"\""), ("a b", "\"a b\""), ("a.b", "\"a.b\""),
      ("é", "\"é\""), ("a\nb", "\"a\\nb\""),
    ])
  func keysAreQuotedWhereTheyMustBe(key: String, written: String) {
    #expect(TOMLText.key(key) == written)
  }
}
