//! The check of a whole JSON text (RFC 8259), strict, in one pass, leaving a record a value.

/// Turns bytes into records.
struct JSONParser {
  /// Nesting deeper than this is refused, so that hostile input cannot exhaust the stack.
  private static let depthMax = 64
  /// Offsets are 32 bits wide.
  private static let sizeBytesMax = 1 << 30

  let bytes: [UInt8]
  let file: String
  private(set) var records: [JSONDocument.Record] = []
  private var at = 0

  init(bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
  }

  /// The line, from 1, on which an offset lies.
  static func line(of offset: Int, in bytes: [UInt8]) -> Int {
    bytes[..<min(offset, bytes.count)].reduce(1) { $1 == 10 ? $0 + 1 : $0 }
  }

  mutating func parse() throws(PricingError) {
    guard bytes.count <= Self.sizeBytesMax else { throw fault("too large for a price list") }
    guard String(validating: bytes, as: UTF8.self) != nil else { throw fault("not UTF-8: save it as UTF-8") }
    records.reserveCapacity(bytes.count / 12)
    try value(depth: 0)
    skipSpace()
    if at < bytes.count { throw fault("more than one JSON value") }
  }

  private func fault(_ what: String) -> PricingError {
    .content(
      file: file, line: Self.line(of: at, in: bytes), at >= bytes.count ? "the file ends too early" : what)
  }

  private mutating func skipSpace() {
    while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x0A || bytes[at] == 0x0D || bytes[at] == 0x09 {
      at += 1
    }
  }

  private mutating func expect(_ wanted: Unicode.Scalar) throws(PricingError) {
    skipSpace()
    guard at < bytes.count, bytes[at] == UInt8(ascii: wanted) else {
      throw fault("not JSON: expected \"\(wanted)\"")
    }
    at += 1
  }

  private mutating func accept(_ wanted: Unicode.Scalar) -> Bool {
    skipSpace()
    guard at < bytes.count, bytes[at] == UInt8(ascii: wanted) else { return false }
    at += 1
    return true
  }

  private mutating func value(depth: Int) throws(PricingError) {
    if depth > Self.depthMax { throw fault("nested deeper than \(Self.depthMax)") }
    skipSpace()
    guard at < bytes.count else { throw fault("") }
    switch bytes[at] {
    case UInt8(ascii: "{"): try container(.object, end: "}", depth: depth)
    case UInt8(ascii: "["): try container(.array, end: "]", depth: depth)
    case UInt8(ascii: "\""): try text()
    case UInt8(ascii: "t"): try word("true", .boolean)
    case UInt8(ascii: "f"): try word("false", .boolean)
    case UInt8(ascii: "n"): try word("null", .null)
    case UInt8(ascii: "-"), 48...57: try number()
    default: throw fault("not JSON: expected a value")
    }
  }

  private mutating func container(
    _ kind: JSONKind, end: Unicode.Scalar, depth: Int
  ) throws(PricingError) {
    let place = records.count
    records.append(.init(kind: kind, start: UInt32(at), end: UInt32(at)))
    at += 1
    if !accept(end) {
      repeat {
        if kind == .object {
          skipSpace()
          guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else {
            throw fault("not JSON: expected a key")
          }
          try text()
          try expect(":")
        }
        try value(depth: depth + 1)
      } while accept(",")
      try expect(end)
    }
    records[place].next = UInt32(records.count)
  }

  private mutating func text() throws(PricingError) {
    at += 1
    let start = at
    var hasEscapes = false
    while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
      if bytes[at] < 0x20 { throw fault("not JSON: a control character in a text") }
      if bytes[at] == UInt8(ascii: "\\") {
        hasEscapes = true
        try escape()
      } else {
        at += 1
      }
    }
    guard at < bytes.count else { throw fault("") }
    append(.text, from: start, hasEscapes: hasEscapes)
    at += 1
  }

  private mutating func escape() throws(PricingError) {
    guard at + 1 < bytes.count else { throw fault("not JSON: a text has no end") }
    switch bytes[at + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      at += 2
    case UInt8(ascii: "u"):
      let isHexadecimal = at + 6 <= bytes.count && bytes[(at + 2)..<(at + 6)].allSatisfy(Self.isHexadecimal)
      guard isHexadecimal else { throw fault("not JSON: \\u needs four hex digits") }
      at += 6
    default: throw fault("not JSON: no such escape")
    }
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    byte &- 48 < 10 || (byte | 0x20) &- 97 < 6
  }

  private mutating func digits() throws(PricingError) {
    let start = at
    while at < bytes.count, bytes[at] &- 48 < 10 { at += 1 }
    if at == start { throw fault("not JSON: expected a digit") }
  }

  private mutating func number() throws(PricingError) {
    let start = at
    if bytes[at] == UInt8(ascii: "-") { at += 1 }
    let first = at
    try digits()
    if bytes[first] == 48, at > first + 1 { throw fault("not JSON: a number starts with 0") }
    if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
      at += 1
      try digits()
    }
    if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") {
      at += 1
      if at < bytes.count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
      try digits()
    }
    append(.number, from: start)
  }

  private mutating func word(_ word: StaticString, _ kind: JSONKind) throws(PricingError) {
    let start = at
    for index in 0..<word.utf8CodeUnitCount {
      guard at < bytes.count, bytes[at] == word.utf8Start[index] else {
        throw fault("not JSON: expected \(word)")
      }
      at += 1
    }
    append(kind, from: start)
  }

  private mutating func append(_ kind: JSONKind, from start: Int, hasEscapes: Bool = false) {
    records.append(
      .init(
        kind: kind, hasEscapes: hasEscapes, start: UInt32(start), end: UInt32(at),
        next: UInt32(records.count + 1)))
  }
}
