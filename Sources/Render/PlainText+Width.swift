//! How much room a text takes on a terminal, in cells, as tables need it.

import Bytes

extension PlainText {
  /// How many terminal cells `text` takes.
  package static func width(_ text: String) -> Int {
    var width = 0
    for character in text { width += self.width(character) }
    return width
  }

  static func width(_ character: Character) -> Int {
    let scalars = character.unicodeScalars
    // One picture, however many scalars it is joined from.
    if scalars.contains(where: { $0.properties.isEmojiPresentation || $0.value == 0xFE0F }) { return 2 }
    return scalars.reduce(0) { $0 + width($1) }
  }

  private static func width(_ scalar: Unicode.Scalar) -> Int {
    if scalar.isASCII { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch scalar.value {
    // Vowels and final consonants of Korean join the syllable before them.
    case 0x1160...0x11FF, 0xD7B0...0xD7FF: return 0
    // East Asian wide and full width, by block.
    case 0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF,
      0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F,
      0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18CFF, 0x1AFF0...0x1B2FF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }

  /// `text` cut to at most `widthMax` cells, its end marked by `mark`.
  static func truncated(_ text: String, widthMax: Int, mark: String) -> String {
    guard width(text) > widthMax else { return text }
    var rest = widthMax - width(mark)
    var result = ""
    for character in text {
      rest -= width(character)
      if rest < 0 { break }
      result.append(character)
    }
    return result + mark
  }

  /// `text` broken at spaces into lines of at most `widthMax` cells; a longer word keeps its own line.
  static func wrapped(_ text: String, widthMax: Int?) -> [String] {
    guard let widthMax else { return [text] }
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if !line.isEmpty, width(line) + 1 + width(String(word)) > widthMax {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? String(word) : " \(word)"
    }
    return lines + [line]
  }
}
