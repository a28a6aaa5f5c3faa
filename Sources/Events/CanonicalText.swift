//! The one spelling of a JSON string: escapes only where JSON demands them (`"`, `\`, control characters, the
//! short forms where they exist), everything else as UTF-8. So `caf\u00e9` and `café` are one user.

import Bytes

enum CanonicalText {
  /// Appends the canonical inside of the string `line[range]`, which is checked JSON.
  static func append(_ line: RawSpan, _ range: Range<Int>, to output: inout ByteWriter) {
    var at = range.lowerBound
    while at < range.upperBound {
      let byte = JSONScanner.byte(line, at)
      guard byte == 0x5C else {
        output.append(byte)
        at += 1
        continue
      }
      let kind = JSONScanner.byte(line, at + 1)
      switch kind {
      case UInt8(ascii: "/"):
        output.append(kind)
        at += 2
      case UInt8(ascii: "u"):
        var scalar = JSONScanner.hexUnit(line, at + 2) ?? 0xFFFD
        at += 6
        if scalar & 0xFC00 == 0xD800 {
          let low = JSONScanner.hexUnit(line, at + 2) ?? 0xDC00
          scalar = 0x10000 + (scalar & 0x3FF) << 10 + (low & 0x3FF)
          at += 6
        }
        append(scalar: scalar, to: &output)
      default:
        output.append(byte)
        output.append(kind)
        at += 2
      }
    }
  }

  /// The canonical inside of the string `line[range]`.
  static func array(_ line: RawSpan, _ range: Range<Int>) -> [UInt8] {
    let bytes = line.array(range)
    guard bytes.contains(0x5C) else { return bytes }
    var output = ByteWriter(capacity: range.count)
    append(line, range, to: &output)
    return output.array
  }

  /// Appends the canonical inside of a JSON string that holds `text`.
  static func append(plain text: String, to output: inout ByteWriter) {
    // Nearly every text needs no escape.
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }) { return output.append(text) }
    for scalar in text.unicodeScalars { append(scalar: scalar.value, to: &output) }
  }

  private static func append(scalar: UInt32, to output: inout ByteWriter) {
    switch scalar {
    case 0x22: output.append("\\\"")
    case 0x5C: output.append("\\\\")
    case 0x08: output.append("\\b")
    case 0x0C: output.append("\\f")
    case 0x0A: output.append("\\n")
    case 0x0D: output.append("\\r")
    case 0x09: output.append("\\t")
    case ..<0x20:
      output.append("\\u00")
      let digits = String(scalar, radix: 16)
      if digits.utf8.count == 1 { output.append("0") }
      output.append(digits)
    default:
      guard let scalar = Unicode.Scalar(scalar) else { return output.append("\u{FFFD}") }
      output.append(String(Character(scalar)))
    }
  }

  /// The text that the canonical inside of a JSON string stands for.
  static func plain(_ bytes: [UInt8]) -> String {
    guard bytes.contains(0x5C) else { return String(decoding: bytes, as: UTF8.self) }
    var output: [UInt8] = []
    var at = 0
    while at < bytes.count {
      guard bytes[at] == 0x5C, at + 1 < bytes.count else {
        output.append(bytes[at])
        at += 1
        continue
      }
      let short: [UInt8: UInt8] = [0x62: 0x08, 0x66: 0x0C, 0x6E: 0x0A, 0x72: 0x0D, 0x74: 0x09]
      if bytes[at + 1] == UInt8(ascii: "u") {
        let unit = JSONScanner.hexUnit(bytes.span.bytes, at + 2) ?? 0
        output.append(UInt8(truncatingIfNeeded: unit))  // Canonical text escapes only control characters so.
        at += 6
      } else {
        output.append(short[bytes[at + 1]] ?? bytes[at + 1])
        at += 2
      }
    }
    return String(decoding: output, as: UTF8.self)
  }
}
