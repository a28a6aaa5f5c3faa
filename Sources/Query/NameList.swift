import Bytes

/// Names with commas between, as people type them behind an option.
package enum NameList {
  /// Reads names that must be known, each once; spaces around them do not matter.
  ///
  /// - Parameter what: what the names name, such as `measure`.
  package static func parse(
    _ text: String, known: (String) -> Bool, names: [String], what: String
  ) throws(FilterError) -> [String] {
    var found: [String] = []
    var start = 0
    for part in text.unicodeScalars.split(separator: ",", omittingEmptySubsequences: false) {
      let word = String(part.drop { $0 == " " }).trimmedEnd
      let place = start + part.prefix { $0 == " " }.count
      start += part.count + 1
      if word.isEmpty {
        throw FilterError(text, at: place, "expected a \(what)", mend: "write for example \(names[0])")
      }
      guard known(word) else {
        let guess = nearest(to: word.first == "-" ? String(word.dropFirst()) : word, in: names).map {
          "did you mean \"\($0)\"?"
        }
        throw FilterError(
          text, at: place, "unknown \(what) \"\(PlainText.printable(word))\"",
          mend: guess ?? "use one of \(names.joined(separator: ", "))")
      }
      if found.holds(word) {
        throw FilterError(text, at: place, "\"\(word)\" is there twice", mend: "leave one out")
      }
      found.append(word)
    }
    return found
  }
}

extension String {
  /// Without spaces at the end.
  fileprivate var trimmedEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
