/// Words with tabs between them, for lists in the footers of files: `\t`, `\n` and `\\` in a word are written so, and an
/// absent word is `\0`.
package enum TabbedLine {
  /// The words as one line, without a line feed.
  package static func text(_ words: [String?]) -> String {
    var bytes: [UInt8] = []
    append(words, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends the line of the words.
  package static func append(_ words: [String?], to bytes: inout [UInt8]) {
    for (place, word) in words.enumerated() {
      if place > 0 { bytes.append(UInt8(ascii: "\t")) }
      guard let word else {
        bytes += "\\0".utf8
        continue
      }
      for byte in word.utf8 {
        switch byte {
        case UInt8(ascii: "\t"): bytes += "\\t".utf8
        case UInt8(ascii: "\n"): bytes += "\\n".utf8
        case UInt8(ascii: "\\"): bytes += "\\\\".utf8
        default: bytes.append(byte)
        }
      }
    }
  }

  /// The words of a line.
  package static func words(_ line: ArraySlice<UInt8>) -> [String?] {
    var words: [String?] = []
    var start = line.startIndex
    while true {
      let end = line[start...].firstIndex(of: UInt8(ascii: "\t")) ?? line.endIndex
      words.append(word(line[start..<end]))
      if end == line.endIndex { return words }
      start = end + 1
    }
  }

  private static func word(_ part: ArraySlice<UInt8>) -> String? {
    guard part.contains(UInt8(ascii: "\\")) else { return String(decoding: part, as: UTF8.self) }
    if part.elementsEqual("\\0".utf8) { return nil }
    var word: [UInt8] = []
    var isEscaped = false
    for byte in part {
      if isEscaped {
        word.append(
          byte == UInt8(ascii: "t")
            ? UInt8(ascii: "\t") : byte == UInt8(ascii: "n") ? UInt8(ascii: "\n") : byte)
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else {
        word.append(byte)
      }
    }
    return String(decoding: word, as: UTF8.self)
  }
}
