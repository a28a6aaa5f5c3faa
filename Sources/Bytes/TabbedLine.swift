/// Words with tabs between them, for lists in the footers of files: `\t`, `\n` and `\\` in a word are written so, and an
/// absent word is `\0`.
package enum TabbedLine {
  /// The words as one line, without a line feed.
  package static func text(_ words: [String?]) -> String {
    words.map { word in
      guard let word else { return "\\0" }
      return word.unicodeScalars.reduce(into: "") { text, scalar in
        switch scalar {
        case "\t": text += "\\t"
        case "\n": text += "\\n"
        case "\\": text += "\\\\"
        default: text.unicodeScalars.append(scalar)
        }
      }
    }.joined(separator: "\t")
  }

  /// The words of a line.
  package static func words(_ line: some StringProtocol) -> [String?] {
    line.unicodeScalars.split(separator: "\t", omittingEmptySubsequences: false).map { part in
      if part.elementsEqual("\\0".unicodeScalars) { return nil }
      var word = String.UnicodeScalarView()
      var isEscaped = false
      for scalar in part {
        if isEscaped {
          word.append(scalar == "t" ? "\t" : scalar == "n" ? "\n" : scalar)
          isEscaped = false
        } else if scalar == "\\" {
          isEscaped = true
        } else {
          word.append(scalar)
        }
      }
      return String(word)
    }
  }
}
