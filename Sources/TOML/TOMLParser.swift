//! The check of a whole TOML 1.0 document, strict, in one pass. Every index is checked against the end, and depth and size are
//! bounded, so that no input ends the process.

/// Turns bytes into a table.
struct TOMLParser {
  /// Nesting deeper than this is refused, so that hostile input cannot exhaust the stack.
  static let depthMax = 64

  let bytes: [UInt8]
  var at = 0
  /// The line of `at`, from 1.
  var line = 1
  /// Where the innermost list that is not closed yet begins.
  var openList: Int?

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// Whether a byte order mark stands in front.
  static func hasMark(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0xEF, 0xBB, 0xBF]) }

  mutating func parse() throws(TOMLError) -> TOMLTable {
    guard bytes.count <= TOMLTable.sizeBytesMax else {
      throw error("larger than \(TOMLTable.sizeBytesMax >> 20) MiB", "split it", from: 0)
    }
    try checkUTF8()
    if Self.hasMark(bytes) { at = 3 }
    var tree = TOMLTree()
    // How deep the table of the last heading lies.
    var depth = 0
    while at < bytes.count {
      skipBlanks()
      switch byte {
      case UInt8(ascii: "["): depth = try heading(&tree)
      case UInt8(ascii: "#"), 0x0A, 0x0D, nil: break
      default: try pair(&tree, depth)
      }
      try endLine()
    }
    return tree.whole
  }

  private func checkUTF8() throws(TOMLError) {
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: bytes.span)
    } catch {
      throw self.error("not UTF-8", "save the file as UTF-8", from: error.byteOffsets.lowerBound)
    }
  }

  /// `[a]` or `[[a]]`: how deep its table lies.
  private mutating func heading(_ tree: inout TOMLTree) throws(TOMLError) -> Int {
    let start = at
    at += 1
    let isList = accept("[")
    skipBlanks()
    let path = try path(depth: 0)
    let written = TOMLText.path(path.map(\.text))
    let form = isList ? "[[\(written)]]" : "[\(written)]"
    guard accept("]"), !isList || accept("]") else {
      throw error("the heading is not closed", "write \(form)", from: at)
    }
    do throws(TOMLFault) {
      if isList { try tree.append(path) } else { try tree.open(path) }
    } catch {
      throw self.error(error.what, error.mend, from: start)
    }
    return path.count
  }

  /// `a.b = 1`, which lies in a table at `depth`.
  mutating func pair(_ tree: inout TOMLTree, _ depth: Int) throws(TOMLError) {
    let start = at
    let path = try path(depth: depth)
    let written = TOMLText.path(path.map(\.text))
    guard accept("=") else {
      let mend =
        byte == UInt8(ascii: ":")
        ? "write = instead of :" : "write \(written) = …; put a key with other signs in quotes"
      throw error("no = behind the key \(written)", mend, from: at)
    }
    skipBlanks()
    let value = try value(depth + path.count)
    do throws(TOMLFault) {
      try tree.set(path, value)
    } catch {
      throw self.error(error.what, error.mend, from: start)
    }
  }

  /// A key with its dots, and the blanks behind it.
  private mutating func path(depth: Int) throws(TOMLError) -> [TOMLKey] {
    var path: [TOMLKey] = []
    repeat {
      skipBlanks()
      path.append(try key())
      skipBlanks()
      try checkDepth(depth + path.count)
    } while accept(".")
    return path
  }

  /// One part of a key.
  private mutating func key() throws(TOMLError) -> TOMLKey {
    let (start, line) = (at, line)
    let text: String
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "'"):
      if has("\"\"\"") || has("'''") {
        throw error("a key stands on one line", "put it in quotes of one sign", from: at)
      }
      text = try quoted()
    case let first? where Self.isBare(first):
      while let byte, Self.isBare(byte) { at += 1 }
      text = String(decoding: bytes[start..<at], as: UTF8.self)
    default:
      throw error(
        "a key is missing before \(next)", "write key = value; put a key with other signs in quotes", from: at
      )
    }
    return TOMLKey(text: text, line: line, offset: start)
  }

  /// Letters, digits, `-` and `_`.
  static func isBare(_ byte: UInt8) -> Bool {
    byte | 0x20 &- 97 < 26 || byte &- 48 < 10 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
  }

  /// A comment, if there is one, and the end of the line.
  private mutating func endLine() throws(TOMLError) {
    skipBlanks()
    try comment()
    if byte == nil { return }
    if try lineBreak() { return }
    let isQuoted = at > 0 && bytes[at - 1] == UInt8(ascii: "\"")
    throw error(
      "\(next) where the line ends",
      isQuoted
        ? "write \\\" for a quote inside a text" : "begin a new line, or put # in front of a comment",
      from: at)
  }
}

// Reading on.
extension TOMLParser {
  /// The next byte; nil at the end.
  var byte: UInt8? { at < bytes.count ? bytes[at] : nil }

  /// What comes next, for messages.
  var next: String {
    guard at < bytes.count else { return "the end of the file" }
    let wordMax = 20
    let rest = bytes[at...].prefix(while: { $0 != 0x0A && $0 != 0x0D }).prefix(wordMax * 4)
    if rest.isEmpty { return "the end of the line" }
    let scalars = String(decoding: rest, as: UTF8.self).unicodeScalars
    let word = scalars.prefix(while: { $0 != " " && $0 != "\t" }).prefix(wordMax)
    return "\"\(String(String.UnicodeScalarView(word)))\""
  }

  func error(_ what: String, _ mend: String, from offset: Int) -> TOMLError {
    TOMLError(what, mend, at: offset, in: bytes)
  }

  func checkDepth(_ depth: Int) throws(TOMLError) {
    if depth > Self.depthMax {
      throw error("nested deeper than \(Self.depthMax)", "use fewer brackets and dots", from: at)
    }
  }

  func has(_ text: StaticString) -> Bool {
    guard at + text.utf8CodeUnitCount <= bytes.count else { return false }
    return (0..<text.utf8CodeUnitCount).allSatisfy { bytes[at + $0] == text.utf8Start[$0] }
  }

  mutating func accept(_ wanted: Unicode.Scalar) -> Bool {
    guard byte == UInt8(ascii: wanted) else { return false }
    at += 1
    return true
  }

  mutating func skipBlanks() {
    while let byte, byte == 0x20 || byte == 0x09 { at += 1 }
  }

  /// Whether there was a line break.
  mutating func lineBreak() throws(TOMLError) -> Bool {
    guard let byte, byte == 0x0A || byte == 0x0D else { return false }
    if byte == 0x0D {
      guard has("\r\n") else {
        throw error(
          "a carriage return without a line feed", "save the file with the line ends of Unix or Windows",
          from: at)
      }
      at += 1
    }
    at += 1
    line += 1
    return true
  }

  /// Everything behind `#`.
  mutating func comment() throws(TOMLError) {
    guard accept("#") else { return }
    while let byte, byte != 0x0A, !has("\r\n") {
      try checkControl(byte, "a comment", mend: "remove it")
      at += 1
    }
  }

  /// Blanks, line breaks and comments.
  mutating func skipLines() throws(TOMLError) {
    repeat {
      skipBlanks()
      try comment()
    } while try lineBreak()
  }

  /// No control character but the tab stands in a comment or text.
  func checkControl(_ byte: UInt8, _ place: String, mend: String) throws(TOMLError) {
    guard byte < 0x20 && byte != 0x09 || byte == 0x7F else { return }
    throw error("the control character \(TOMLText.code(byte)) in \(place)", mend, from: at)
  }
}
