import Bytes

/// One word or sign of a filter, and where it begins: positions count scalars from 1.
struct FilterToken: Equatable {
  enum Kind: Equatable {
    case bare(String)
    case quoted(String)
    /// A run of `=!<>~`.
    case operation(String)
    case open, close, comma
    case end
  }

  let kind: Kind
  let position: Int

  /// The token as a message names it.
  var shown: String {
    switch kind {
    case .bare(let text), .operation(let text): "\"\(PlainText.printable(text))\""
    case .quoted(let text): "'\(PlainText.printable(text))'"
    case .open: "\"(\""
    case .close: "\")\""
    case .comma: "\",\""
    case .end: "the end"
    }
  }

  /// Whether the token is this word, in any case and without quotes.
  func isKeyword(_ keyword: String) -> Bool {
    guard case .bare(let text) = kind else { return false }
    return text.lowercased() == keyword
  }

  static func tokens(of text: String) throws(FilterError) -> [FilterToken] {
    let scalars = Array(text.unicodeScalars)
    var tokens: [FilterToken] = []
    var at = 0
    while at < scalars.count {
      let start = at
      let scalar = scalars[at]
      if scalar.properties.isWhitespace {
        at += 1
        continue
      }
      let kind: Kind
      switch scalar {
      case "(", ")", ",":
        kind = scalar == "(" ? .open : scalar == ")" ? .close : .comma
        at += 1
      case "'", "\"":
        kind = .quoted(try quoted(scalars, &at, in: text))
      case _ where FilterWord.isOperation(scalar):
        kind = .operation(run(scalars, &at, FilterWord.isOperation))
      case _ where FilterWord.isBare(scalar):
        kind = .bare(run(scalars, &at, FilterWord.isBare))
      default:
        throw FilterError(
          text, at: start, "unexpected \"\(PlainText.printable(String(Character(scalar))))\"",
          mend: "put the value in quotes")
      }
      tokens.append(FilterToken(kind: kind, position: start + 1))
    }
    return tokens + [FilterToken(kind: .end, position: scalars.count + 1)]
  }

  private static func run(
    _ scalars: [Unicode.Scalar], _ at: inout Int, _ belongs: (Unicode.Scalar) -> Bool
  ) -> String {
    var word = String.UnicodeScalarView()
    while at < scalars.count, belongs(scalars[at]) {
      word.append(scalars[at])
      at += 1
    }
    return String(word)
  }

  private static func quoted(
    _ scalars: [Unicode.Scalar], _ at: inout Int, in text: String
  ) throws(FilterError) -> String {
    let start = at
    let quote = scalars[at]
    var word = String.UnicodeScalarView()
    at += 1
    while at < scalars.count {
      if scalars[at] == quote {
        at += 1
        // A doubled quote is one quote; a single one ends the word.
        guard at < scalars.count, scalars[at] == quote else { return String(word) }
      }
      word.append(scalars[at])
      at += 1
    }
    throw FilterError(text, at: start, "a quote is not closed", mend: "add \(quote) where the value ends")
  }
}

/// What a word of a filter may look like.
enum FilterWord {
  static let keywords = ["and", "or", "not", "in", "none"]

  static func isOperation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "=", "!", "<", ">", "~": true
    default: false
    }
  }

  static func isBare(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".", "/", ":", "@", "+", "*": true
    default:
      !scalar.isASCII
        && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || isMark(scalar))
    }
  }

  /// Whether it stands on the letter before it, as the accent of a letter that is spelled in two code points.
  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    [.nonspacingMark, .spacingMark].contains(scalar.properties.generalCategory)
  }

  /// `text` as one word of a filter, in quotes if it needs them.
  static func written(_ text: String, isField: Bool = false, isPattern: Bool = false) -> String {
    let isPlain =
      !text.isEmpty && text.unicodeScalars.allSatisfy(isBare) && !keywords.contains(text.lowercased())
      && (isPattern || isField || !text.unicodeScalars.contains("*"))
    if isPlain { return text }
    var quoted = "'".unicodeScalars
    for scalar in text.unicodeScalars {
      if scalar == "'" { quoted.append(scalar) }
      quoted.append(scalar)
    }
    quoted.append("'")
    return String(quoted)
  }
}

/// Why a filter cannot be read.
package struct FilterError: Error, Equatable, CustomStringConvertible {
  /// The whole filter as given.
  package let text: String
  /// Where it went wrong, in scalars counted from 1.
  package let position: Int
  package let what: String
  package let mend: String

  init(_ text: String, at offset: Int, _ what: String, mend: String) {
    self.text = text
    position = offset + 1
    self.what = what
    self.mend = mend
  }

  /// The single line: where, what, how to mend it.
  package var description: String { message(from: "--where") }

  /// The single line when the filter came from somewhere else, such as a budget.
  package func message(from origin: String) -> String { "\(origin): \(what) at \(position): \(mend)" }

  /// The filter and, on a second line, a caret under the place.
  package var excerpt: [String] {
    // One mark for each scalar, so that the caret stands right.
    [PlainText.printable(text), "\(String(repeating: " ", count: position - 1))^"]
  }
}
