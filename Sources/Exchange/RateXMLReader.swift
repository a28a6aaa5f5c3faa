//! Not an XML parser: a scanner for one document, the envelope in which the ECB sends its rates. Elements must be
//! those, nested like those; there are no entities, no document types and no character data where none belongs, so
//! a file cannot make us read another one or grow without bound.

import Money

/// Reads the XML files of the ECB.
struct RateXMLReader {
  private let bytes: [UInt8]
  private let path: String
  private var at = 0
  private var collector = RateCollector()
  private var tag = Tag()

  /// One tag.
  private struct Tag {
    enum Kind { case opening, closing, empty }
    var kind = Kind.opening
    var start = 0
    var name = 0..<0
    var attributes: [(name: Range<Int>, value: Range<Int>)] = []
  }

  init(_ bytes: [UInt8], path: String) {
    self.bytes = bytes
    self.path = path
    if bytes.starts(with: Byte.mark) { at = Byte.mark.count }
  }

  mutating func read() throws(RateFileError) -> RateFile {
    try skipDeclaration()
    try open("gesmes:Envelope")
    while try !closes("gesmes:Envelope") {
      if isNamed("gesmes:subject") {
        try skipText("gesmes:subject")
      } else if isNamed("gesmes:Sender"), tag.kind == .opening {
        try open("gesmes:name")
        try skipText("gesmes:name")
        guard try closes("gesmes:Sender") else { throw unexpected() }
      } else if isNamed("Cube"), tag.attributes.isEmpty, tag.kind == .opening {
        while try !closes("Cube") { try day() }
      } else {
        throw unexpected()
      }
    }
    try skipSpace()
    if at < bytes.count { throw error("something follows the end of the rates", Self.again, at) }
    return collector.finish()
  }

  /// `<Cube time='2026-11-20'>` and what is in it.
  private mutating func day() throws(RateFileError) {
    guard isNamed("Cube"), tag.kind == .opening, tag.attributes.count == 1, let text = attribute("time")
    else {
      throw unexpected()
    }
    guard let day = RateText.day(bytes, text), text.count == 10 else {
      throw error(
        "\(RateText.quoted(bytes, text)) is no day with rates", "days are written 2026-11-20, since 1999")
    }
    guard collector.begin(day) else { throw error("\(day) is there twice", Self.again) }
    while try !closes("Cube") {
      guard isNamed("Cube"), tag.kind == .empty, tag.attributes.count == 2,
        let currency = attribute("currency"), let value = attribute("rate")
      else { throw unexpected() }
      guard let code = RateText.code(bytes, currency), code != Rates.base.packed else {
        throw error(
          "\(RateText.quoted(bytes, currency)) is no currency with a rate",
          "codes are three capital letters, other than EUR")
      }
      guard let rate = RateText.rate(bytes, value) else {
        throw error(
          "\(RateText.quoted(bytes, value)) is no rate",
          "rates are decimals above 0 with at most 12 digits behind the point")
      }
      guard collector.add(collector.number(code), rate) else {
        throw error("\(RateText.quoted(bytes, currency)) is there twice on \(day)", Self.again)
      }
    }
  }

  // MARK: Structure

  private static let again = "fetch the file again"

  private mutating func open(_ name: StaticString) throws(RateFileError) {
    try nextTag()
    guard isNamed(name), tag.kind == .opening else { throw unexpected() }
  }

  /// Goes on to the next tag; whether it closes the element, the only one that it may close.
  private mutating func closes(_ name: StaticString) throws(RateFileError) -> Bool {
    try nextTag()
    guard tag.kind == .closing else { return false }
    guard isNamed(name) else { throw unexpected() }
    return true
  }

  private func isNamed(_ name: StaticString) -> Bool {
    tag.name.count == name.utf8CodeUnitCount && holds(name, at: tag.name.lowerBound)
  }

  private func attribute(_ name: StaticString) -> Range<Int>? {
    for attribute in tag.attributes where attribute.name.count == name.utf8CodeUnitCount {
      if holds(name, at: attribute.name.lowerBound) { return attribute.value }
    }
    return nil
  }

  private func unexpected() -> RateFileError {
    let end = bytes[tag.start...].firstIndex(of: UInt8(ascii: ">")) ?? bytes.count - 1
    return error(
      "\(RateText.quoted(bytes, tag.start..<(end + 1))) is not expected here",
      "name the eurofxref files of the ECB, .xml or .csv", tag.start)
  }

  /// An error with the line of `offset`, else of the tag.
  private func error(_ what: String, _ mend: String, _ offset: Int? = nil) -> RateFileError {
    let before = bytes.prefix(offset ?? tag.start)
    return RateFileError(path: path, line: 1 + before.count { $0 == 10 }, what: what, mend: mend)
  }

  // MARK: Bytes

  private func isNext(_ text: StaticString) -> Bool {
    bytes.count - at >= text.utf8CodeUnitCount && holds(text, at: at)
  }

  /// Whether the bytes at `offset`, which must be there, are those of an ASCII text.
  @inline(__always)
  private func holds(_ text: StaticString, at offset: Int) -> Bool {
    for index in 0..<text.utf8CodeUnitCount where bytes[offset + index] != text.utf8Start[index] {
      return false
    }
    return true
  }

  /// Moves behind the next place where `text` stands.
  private mutating func skip(past text: StaticString) throws(RateFileError) {
    let start = at
    while !isNext(text) {
      at += 1
      if at >= bytes.count { throw endsEarly(start) }
    }
    at += text.utf8CodeUnitCount
  }

  private func endsEarly(_ offset: Int? = nil) -> RateFileError {
    error("the file ends too early", Self.again, offset ?? max(0, bytes.count - 1))
  }

  private mutating func skipDeclaration() throws(RateFileError) {
    while at < bytes.count, Byte.isSpace(bytes[at]) { at += 1 }
    if isNext("<?xml ") { try skip(past: "?>") }
  }

  /// Moves behind space and comments.
  private mutating func skipSpace() throws(RateFileError) {
    while true {
      while at < bytes.count, Byte.isSpace(bytes[at]) { at &+= 1 }
      guard at + 1 < bytes.count, bytes[at] == UInt8(ascii: "<"), bytes[at + 1] == UInt8(ascii: "!"),
        isNext("<!--")
      else { return }
      try skip(past: "-->")
    }
  }

  /// Moves behind the text of an element and the tag that closes it.
  private mutating func skipText(_ name: StaticString) throws(RateFileError) {
    guard tag.kind == .opening else { throw unexpected() }
    while at < bytes.count, bytes[at] != UInt8(ascii: "<") {
      if bytes[at] == UInt8(ascii: "&") { throw entity() }
      at += 1
    }
    guard try closes(name) else { throw unexpected() }
  }

  private func entity() -> RateFileError {
    error("an entity, a document type or an instruction", "the ECB's files have none: " + Self.again, at)
  }

  private mutating func nextTag() throws(RateFileError) {
    try skipSpace()
    guard at < bytes.count else { throw endsEarly() }
    tag.start = at
    guard bytes[at] == UInt8(ascii: "<") else {
      if bytes[at] == UInt8(ascii: "&") { throw entity() }
      throw error("text where only rates belong", Self.again, at)
    }
    at += 1
    tag.kind = .opening
    tag.attributes.removeAll(keepingCapacity: true)
    if at < bytes.count, bytes[at] == UInt8(ascii: "!") || bytes[at] == UInt8(ascii: "?") { throw entity() }
    if at < bytes.count, bytes[at] == UInt8(ascii: "/") {
      tag.kind = .closing
      at += 1
    }
    tag.name = name()
    while true {
      let hadSpace = at < bytes.count && Byte.isSpace(bytes[at])
      while at < bytes.count, Byte.isSpace(bytes[at]) { at &+= 1 }
      guard at < bytes.count else { throw endsEarly() }
      if bytes[at] == UInt8(ascii: ">") {
        at += 1
        return
      }
      if bytes[at] == UInt8(ascii: "/"), tag.kind == .opening, at + 1 < bytes.count,
        bytes[at + 1] == UInt8(ascii: ">")
      {
        tag.kind = .empty
        at += 2
        return
      }
      guard hadSpace, tag.kind == .opening else { throw unexpected() }
      try readAttribute()
    }
  }

  /// Letters, digits, colons and dashes; may be nothing.
  private mutating func name() -> Range<Int> {
    let start = at
    // A place of its own, here and below: the loop then stays in registers.
    var at = start
    defer { self.at = at }
    while at < bytes.count {
      let byte = bytes[at]
      let isName =
        (byte | 0x20) &- 97 < 26 || Byte.isDigit(byte) || byte == UInt8(ascii: ":")
        || byte == UInt8(ascii: "-")
      guard isName else { break }
      at &+= 1
    }
    return start..<at
  }

  private mutating func readAttribute() throws(RateFileError) {
    let name = name()
    guard !name.isEmpty, at + 1 < bytes.count, bytes[at] == UInt8(ascii: "="),
      bytes[at + 1] == UInt8(ascii: "'") || bytes[at + 1] == UInt8(ascii: "\"")
    else { throw unexpected() }
    let quote = bytes[at + 1]
    let start = at + 2
    var end = start
    while end < bytes.count, bytes[end] != quote {
      if bytes[end] == UInt8(ascii: "&") { throw entity() }
      if bytes[end] == UInt8(ascii: "<") { throw unexpected() }
      end &+= 1
    }
    guard end < bytes.count else { throw endsEarly() }
    tag.attributes.append((name, start..<end))
    at = end + 1
  }
}
