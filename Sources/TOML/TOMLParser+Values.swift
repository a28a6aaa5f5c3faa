extension TOMLParser {
  /// A value that lies at `depth`.
  mutating func value(_ depth: Int) throws(TOMLError) -> TOMLValue {
    try checkDepth(depth)
    let line = line
    let content: TOMLValue.Content =
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "'"): .text(try text())
      case UInt8(ascii: "["): .array(try list(depth))
      case UInt8(ascii: "{"): .table(try inlineTable(depth))
      default: try word()
      }
    return TOMLValue(content: content, line: line)
  }

  /// `[1, 2]`, on one line or more.
  private mutating func list(_ depth: Int) throws(TOMLError) -> [TOMLValue] {
    let (start, outer) = (at, openList)
    openList = start
    defer { openList = outer }
    at += 1
    var values: [TOMLValue] = []
    while true {
      try skipLines()
      if accept("]") { return values }
      if byte == nil { throw openListError(start) }
      values.append(try value(depth + 1))
      try skipLines()
      if accept(",") { continue }
      if accept("]") { return values }
      if byte == nil { throw openListError(start) }
      throw error(
        "\(next) in the list that line \(lineNumber(start)) begins",
        "write , between values and ] behind the last", from: at)
    }
  }

  private func openListError(_ start: Int) -> TOMLError {
    error("the list is not closed", "write ] behind its last value", from: start)
  }

  private func lineNumber(_ offset: Int) -> Int { error("", "", from: offset).line }

  /// `{ a = 1, b = 2 }`, on one line.
  private mutating func inlineTable(_ depth: Int) throws(TOMLError) -> TOMLTable {
    let start = at
    at += 1
    var tree = TOMLTree(line: line)
    skipBlanks()
    if accept("}") { return tree.whole }
    while true {
      try checkOpen(start)
      try pair(&tree, depth)
      skipBlanks()
      if accept("}") { return tree.whole }
      try checkOpen(start)
      guard accept(",") else {
        throw error("\(next) between { and }", "write , between pairs and } behind the last", from: at)
      }
      skipBlanks()
      if byte == UInt8(ascii: "}") { throw error("a comma before }", "remove it", from: at) }
    }
  }

  /// An inline table ends on its line.
  private func checkOpen(_ start: Int) throws(TOMLError) {
    guard byte == nil || byte == 0x0A || byte == 0x0D || byte == UInt8(ascii: "#") else { return }
    throw error("the inline table is not closed on its line", "write } behind its last pair", from: start)
  }

  /// `true`, a number or a moment.
  private mutating func word() throws(TOMLError) -> TOMLValue.Content {
    let start = at
    skipWord()
    // A blank may stand between a date and a time.
    if at - start == 10, byte == 0x20, at + 1 < bytes.count, bytes[at + 1] &- 48 < 10 {
      at += 1
      skipWord()
    }
    if at == start {
      throw error(
        "a value is missing before \(next)", "write a text in quotes, a number, true or false", from: at)
    }
    let word = String(decoding: bytes[start..<at], as: UTF8.self)
    do throws(TOMLFault) {
      return try TOMLWord.content(word)
    } catch {
      // The next key is no value of a list that somebody forgot to close.
      skipBlanks()
      if byte == UInt8(ascii: "="), let openList { throw openListError(openList) }
      throw self.error(error.what, error.mend, from: start)
    }
  }

  private mutating func skipWord() {
    while let byte, !Self.wordEnds.contains(byte) { at += 1 }
  }

  private static let wordEnds = Array(" \t\r\n,]}#=".utf8)
}
