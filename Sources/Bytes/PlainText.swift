//! Text from outside is never trusted with a terminal: a model's name that holds an escape code could clear the screen, one with
//! a direction override could make a table lie, and one with tag characters could say what people do not see. Whatever acts
//! or hides instead of showing itself is replaced.

/// Text as people may see it.
package enum PlainText {
  /// `text` with everything that acts or hides replaced by one mark each.
  ///
  /// - Parameter isASCII: whether only ASCII may be left.
  package static func printable(_ text: String, isASCII: Bool = false) -> String {
    if isASCII {
      return String(text.map { $0.isASCII && $0.unicodeScalars.allSatisfy { !acts($0) } ? $0 : "?" })
    }
    if text.utf8.allSatisfy({ 0x20...0x7E ~= $0 }) { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { result.append(acts(scalar) ? "\u{FFFD}" : scalar) }
    return String(result)
  }

  /// `json`, a JSON value on one line, with everything that acts or hides escaped: the same value in other words.
  package static func escaped(json: String) -> String {
    if json.utf8.allSatisfy({ 0x20...0x7E ~= $0 }) { return json }
    var result = String.UnicodeScalarView()
    for scalar in json.unicodeScalars {
      if acts(scalar) {
        result.append(contentsOf: escape(scalar).unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  /// A scalar as the inside of a JSON string: `\u202e`, or a surrogate pair.
  package static func escape(_ scalar: Unicode.Scalar) -> String {
    scalar.utf16.map { unit in
      let digits = String(unit, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }.joined()
  }

  /// Whether a scalar acts on the terminal or on the text around it, or takes no room and shows nothing.
  ///
  /// These are Unicode's control and format characters, its line and paragraph separators, and what it lets a font ignore.
  /// Joiners and variation selectors stay, because they choose how their neighbours look, and so do marks of the format
  /// category that have a shape. The list is written out, so that every system's reports are the same.
  package static func acts(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    // C0, DEL, C1.
    case 0..<0x20, 0x7F...0x9F: true
    case 0..<0xAD: false
    // Soft hyphen, grapheme joiner, Arabic letter mark, fillers, inherent vowels, vowel separator.
    case 0xAD, 0x034F, 0x061C, 0x115F...0x1160, 0x17B4...0x17B5, 0x180E, 0x3164, 0xFFA0: true
    // Spaces without width, directions, line and paragraph separators, invisible operators, annotations.
    case 0x200B, 0x200E...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF, 0xFFF0...0xFFFB: true
    // Controls of hieroglyphs, shorthand and music.
    case 0x13430...0x1343F, 0x1BCA0...0x1BCA3, 0x1D173...0x1D17A: true
    // Tags, and selectors of which there are enough to write with.
    case 0xE0000...0xE0FFF: true
    default: false
    }
  }
}
