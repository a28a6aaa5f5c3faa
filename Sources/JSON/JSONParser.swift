//! The check of a whole JSON text (RFC 8259), strict, in one pass, leaving a record a value.

/// Turns bytes into records.
struct JSONParser {
  /// Nesting deeper than this is refused, so that hostile input cannot exhaust the stack.
  private static let depthMax = 64
  /// Offsets are 32 bits wide.
  private static let sizeBytesMax = 1 << 30

  private let bytes: UnsafeRawBufferPointer
  private(set) var records: [JSONDocument.Record] = []
  private var at = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  mutating func parse() throws(JSONError) {
    guard bytes.count <= Self.sizeBytesMax else { throw fault("larger than 1 GiB") }
    try checkUTF8()
    records.reserveCapacity(bytes.count / 24)
    try value(depth: 0)
    skipSpace()
    if at < bytes.count { throw fault("more than one JSON value") }
  }

  private func fault(_ what: String) -> JSONError {
    JSONError(
      at >= bytes.count ? "the file ends too early" : what, offset: at,
      line: JSONError.line(of: at, in: bytes))
  }

  private func checkUTF8() throws(JSONError) {
    do throws(UTF8.ValidationError) {
      // In bounds: the span covers exactly the bytes.
      _ = try UTF8Span(validating: Span(_unsafeElements: bytes.assumingMemoryBound(to: UInt8.self)))
    } catch {
      throw JSONError(
        "not UTF-8: save it as UTF-8", offset: 0, line: 1)
    }
  }

  private mutating func skipSpace() {
    while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x0A || bytes[at] == 0x0D || bytes[at] == 0x09 {
      at += 1
    }
  }

  private mutating func expect(_ wanted: Unicode.Scalar) throws(JSONError) {
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

  private mutating func value(depth: Int) throws(JSONError) {
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
  ) throws(JSONError) {
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

  private mutating func text() throws(JSONError) {
    at += 1
    let start = at
    var hasEscapes = false
    while let next = special(), bytes[next] != UInt8(ascii: "\"") {
      at = next
      if bytes[at] < 0x20 { throw fault("not JSON: a control character in a text") }
      if bytes[at] == UInt8(ascii: "\\") {
        hasEscapes = true
        try escape()
      }
    }
    guard let end = special() else {
      at = bytes.count
      throw fault("")
    }
    at = end
    append(.text, from: start, hasEscapes: hasEscapes)
    at += 1
  }

  private mutating func escape() throws(JSONError) {
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

  private mutating func digits() throws(JSONError) {
    let start = at
    while at < bytes.count, bytes[at] &- 48 < 10 { at += 1 }
    if at == start { throw fault("not JSON: expected a digit") }
  }

  private mutating func number() throws(JSONError) {
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

  private mutating func word(_ word: StaticString, _ kind: JSONKind) throws(JSONError) {
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

extension JSONParser {
  /// The first quote, backslash or control character from here on, looked for eight bytes at a time.
  private func special() -> Int? {
    let ones: UInt64 = 0x0101_0101_0101_0101
    var at = at
    while at &+ 8 <= bytes.count {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
      // The borrow trick may also flag a byte above a flagged one, never below it, so the lowest flag is right.
      let quote = word ^ (ones &* 0x22)
      let slash = word ^ (ones &* 0x5C)
      let flags =
        (((quote &- ones) & ~quote) | ((slash &- ones) & ~slash) | ((word &- ones &* 0x20) & ~word))
        & 0x8080_8080_8080_8080
      if flags != 0 { return at &+ flags.trailingZeroBitCount >> 3 }
      at &+= 8
    }
    while at < bytes.count {
      let byte = bytes[at]
      if byte == 0x22 || byte == 0x5C || byte < 0x20 { return at }
      at &+= 1
    }
    return nil
  }
}
