import Bytes
import Testing

@Suite struct PlainTextTests {
  private static func values(_ ranges: [ClosedRange<UInt32>]) -> Set<UInt32> { Set(ranges.flatMap(\.self)) }

  /// What Unicode says acts or may be ignored is replaced, and nothing else is.
  @Test func whatUnicodeCallsControlOrIgnorableIsReplaced() {
    let joiners = Self.values([0x200C...0x200D])
    // Signs in front of Arabic, Syriac and Kaithi numbers: format characters, but they have a shape.
    let signs = Self.values([
      0x0600...0x0605, 0x06DD...0x06DD, 0x070F...0x070F, 0x0890...0x0891, 0x08E2...0x08E2, 0x110BD...0x110BD,
      0x110CD...0x110CD,
    ])
    var wrong: [String] = []
    for scalar in (0...0x10FFFF as ClosedRange<UInt32>).lazy.compactMap(Unicode.Scalar.init) {
      let isHidden =
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: scalar.properties.isDefaultIgnorableCodePoint
        }
      let isSelector = scalar.properties.isVariationSelector && scalar.value < 0xE0000
      let stays = isSelector || joiners.contains(scalar.value) || signs.contains(scalar.value)
      if PlainText.acts(scalar) != (isHidden && !stays) { wrong.append(String(scalar.value, radix: 16)) }
    }
    #expect(wrong == [])
  }

  /// Texts of people in their own scripts, and emoji, come through.
  @Test(
    arguments: [
      "claude-opus-4-5", "", "naïve café", "日本語 モデル", "نص\u{200C}فارسی", "क्\u{200D}ष", "👩\u{200D}💻",
      "❤\u{FE0F}",
      "\u{E0B0} powerline", "a\u{301}", "a\u{A0}b\u{3000}c", "\u{FFFD}",
    ])
  func whatShowsItselfStays(text: String) {
    #expect(PlainText.printable(text) == text)
  }

  @Test(
    arguments: [
      ("a\u{1B}[2Jb", "a�[2Jb", "a?[2Jb"), ("a\u{9B}2Jb", "a�2Jb", "a?2Jb"), ("a\u{7F}", "a�", "a?"),
      ("line\nbreak\ttab", "line�break�tab", "line?break?tab"), ("\u{202E}txt.exe", "�txt.exe", "?txt.exe"),
      ("x\u{2028}y\u{2029}z", "x�y�z", "x?y?z"), ("hi\u{E0041}\u{E007F}", "hi��", "h?"),
      ("a\u{200B}b\u{2060}c\u{FEFF}", "a�b�c�", "a?b?c?"), ("\u{3164}\u{AD}", "��", "??"),
      ("a\u{E0100}", "a�", "?"),
    ])
  func whatActsOrHidesIsReplaced(text: String, shown: String, ascii: String) {
    #expect(PlainText.printable(text) == shown)
    #expect(PlainText.printable(text, isASCII: true) == ascii)
  }

  /// JSON is said in other words, never changed.
  @Test(arguments: [
    (#"{"a":"b"}"#, #"{"a":"b"}"#), ("{\"é\":\"\u{9B}\u{7F}\"}", #"{"é":"\u009b\u007f"}"#),
    ("[\"\u{202E}\u{E0041}\"]", #"["\u202e\udb40\udc41"]"#),
  ])
  func jsonIsEscaped(json: String, escaped: String) {
    #expect(PlainText.escaped(json: json) == escaped)
  }
}
