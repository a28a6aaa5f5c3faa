//! Writing: texts and keys that every reader of TOML reads back as they were, and that act on no terminal.

import Bytes

/// Pieces of a document.
package enum TOMLText {
  /// A text in quotes.
  package static func string(_ text: String) -> String {
    var result = "\"".unicodeScalars
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result.append(contentsOf: "\\\"".unicodeScalars)
      case "\\": result.append(contentsOf: "\\\\".unicodeScalars)
      case _ where PlainText.acts(scalar): result.append(contentsOf: escape(scalar).unicodeScalars)
      default: result.append(scalar)
      }
    }
    result.append("\"")
    return String(result)
  }

  /// A key, in quotes if it needs them.
  package static func key(_ key: String) -> String {
    !key.isEmpty && key.utf8.allSatisfy(TOMLParser.isBare) ? key : string(key)
  }

  /// A key with its dots.
  static func path(_ keys: [String]) -> String { keys.map(key).joined(separator: ".") }

  private static func escape(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\u{8}": "\\b"
    case "\t": "\\t"
    case "\n": "\\n"
    case "\u{C}": "\\f"
    case "\r": "\\r"
    case _ where scalar.value > 0xFFFF: "\\U\(hexadecimal(scalar.value, 8))"
    default: "\\u\(hexadecimal(scalar.value, 4))"
    }
  }

  /// The escape of a control character.
  static func escape(_ byte: UInt8) -> String { escape(Unicode.Scalar(byte)) }

  /// `U+0007`.
  static func code(_ byte: UInt8) -> String { "U+\(hexadecimal(UInt32(byte), 4))" }

  private static func hexadecimal(_ value: UInt32, _ width: Int) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}
