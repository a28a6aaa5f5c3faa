extension TOMLParser {
  /// A text in quotes of either sign, on one line or more.
  mutating func text() throws(TOMLError) -> String {
    if has("\"\"\"") || has("'''") { return try longText() }
    return try quoted()
  }

  /// `"…"` with escapes or `'…'` without, on one line.
  mutating func quoted() throws(TOMLError) -> String {
    let (start, quote) = (at, bytes[at])
    at += 1
    var text: [UInt8] = []
    while let byte, byte != quote {
      if byte == 0x0A || has("\r\n") { break }
      try take(byte, hasEscapes: quote == UInt8(ascii: "\""), &text)
    }
    guard byte == quote else {
      let sign = String(decoding: [quote], as: UTF8.self)
      throw error(
        "the text has no closing \(sign)", "write \(sign) at its end, on the same line", from: start)
    }
    at += 1
    return String(decoding: text, as: UTF8.self)
  }

  /// `"""…"""` with escapes or `'''…'''` without; line ends become line feeds.
  private mutating func longText() throws(TOMLError) -> String {
    let (start, quote) = (at, bytes[at])
    at += 3
    var text: [UInt8] = []
    // A line break behind the quotes is not part of it.
    _ = try lineBreak()
    while let byte {
      if byte == quote {
        let count = bytes[at...].prefix(while: { $0 == quote }).prefix(5).count
        at += count
        if count < 3 {
          text += Array(repeating: quote, count: count)
          continue
        }
        // Up to two quotes may stand before the three that close it.
        text += Array(repeating: quote, count: count - 3)
        return String(decoding: text, as: UTF8.self)
      }
      if try lineBreak() {
        text.append(0x0A)
        continue
      }
      let hasEscapes = quote == UInt8(ascii: "\"")
      if hasEscapes, try skipBrokenLine() { continue }
      try take(byte, hasEscapes: hasEscapes, &text)
    }
    let signs = String(decoding: [quote, quote, quote], as: UTF8.self)
    throw error("the text has no closing \(signs)", "write \(signs) at its end", from: start)
  }

  /// A backslash at the end of a line, with all blanks and line breaks behind it.
  private mutating func skipBrokenLine() throws(TOMLError) -> Bool {
    guard byte == UInt8(ascii: "\\") else { return false }
    let start = at
    at += 1
    skipBlanks()
    guard try lineBreak() else {
      at = start
      return false
    }
    repeat { skipBlanks() } while try lineBreak()
    return true
  }

  /// Takes one byte or one escape.
  private mutating func take(_ byte: UInt8, hasEscapes: Bool, _ text: inout [UInt8]) throws(TOMLError) {
    if hasEscapes, byte == UInt8(ascii: "\\") { return text += Array(try escape().utf8) }
    try checkControl(
      byte, "a text",
      mend: hasEscapes ? "write \(TOMLText.escape(byte))" : "use \"…\" with \(TOMLText.escape(byte))")
    text.append(byte)
    at += 1
  }

  /// What an escape stands for.
  private mutating func escape() throws(TOMLError) -> String {
    let start = at
    at += 1
    guard let sign = byte else { throw error("a backslash at the end of the file", "remove it", from: start) }
    at += 1
    switch sign {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): return String(decoding: [sign], as: UTF8.self)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "u"): return try scalar(4, start)
    case UInt8(ascii: "U"): return try scalar(8, start)
    default:
      let sign = String(decoding: bytes[(start + 1)...].prefix(4), as: UTF8.self).prefix(1)
      throw error("\\\(sign) is no escape", Self.backslash, from: start)
    }
  }

  private static let backslash = "write \\\\ for a backslash, or put the text in single quotes"

  /// The character whose number stands here in `count` hexadecimal digits.
  private mutating func scalar(_ count: Int, _ start: Int) throws(TOMLError) -> String {
    let digits = bytes[at...].prefix(count)
    let isNumber = digits.count == count && digits.allSatisfy { $0 &- 48 < 10 || $0 | 0x20 &- 97 < 6 }
    let number = isNumber ? UInt32(String(decoding: digits, as: UTF8.self), radix: 16) : nil
    guard let number else {
      throw error(
        "\\\(count == 4 ? "u" : "U") needs \(count) hexadecimal digits", Self.backslash, from: start)
    }
    guard let scalar = Unicode.Scalar(number) else {
      throw error(
        "no character has the number \(String(number, radix: 16, uppercase: true))",
        "write one up to D7FF or from E000 to 10FFFF", from: start)
    }
    at += count
    return String(Character(scalar))
  }
}
