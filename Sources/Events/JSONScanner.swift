//! The lexical part of JSON (RFC 8259) on bytes: strict, without building values. Every function takes the line
//! and a place in it and returns the place after what it read; none allocates unless it throws.
//!
//! The scanner is our own because an event is one flat object with known keys: checking, canonicalising and finding
//! fields is one pass over its bytes, which leaves nothing for a general parser to do.

import Bytes

enum JSONScanner {
  /// Nesting deeper than this is refused, so that hostile input cannot exhaust the stack.
  static let depthMax = 64

  @inline(__always)
  static func byte(_ line: RawSpan, _ at: Int) -> UInt8 {
    // In bounds: every caller compares `at` with `byteCount` first.
    line.unsafeLoad(fromByteOffset: at, as: UInt8.self)
  }

  /// The first place at or after `at` that is not white space.
  @inline(__always)
  static func skipSpace(_ line: RawSpan, _ at: Int) -> Int {
    var at = at
    while at < line.byteCount {
      let byte = byte(line, at)
      if byte != 0x20 && byte != 0x09 && byte != 0x0D && byte != 0x0A { break }
      at &+= 1
    }
    return at
  }

  /// Reads `wanted` after white space.
  static func expect(
    _ wanted: Unicode.Scalar, _ line: RawSpan, _ at: Int
  ) throws(EventFault) -> Int {
    let at = skipSpace(line, at)
    guard at < line.byteCount, byte(line, at) == UInt8(ascii: wanted) else {
      throw unexpected("expected \"\(wanted)\"", line, at)
    }
    return at &+ 1
  }

  static func unexpected(_ detail: String, _ line: RawSpan, _ at: Int) -> EventFault {
    at >= line.byteCount ? .notJSON("the line ends too early", at: at) : .notJSON(detail, at: at)
  }

  /// The end of the string whose inside begins at `start`, and whether it has escapes.
  ///
  /// The end is the place of the closing quote. Escapes are checked, control characters refused; UTF-8 was
  /// checked for the whole line.
  @inline(__always)
  static func stringEnd(
    _ line: RawSpan, _ start: Int
  ) throws(EventFault) -> (end: Int, hasEscapes: Bool) {
    var at = start
    let count = line.byteCount
    let ones: UInt64 = 0x0101_0101_0101_0101
    let high: UInt64 = 0x8080_8080_8080_8080
    while at &+ 8 <= count {
      let word = UInt64(littleEndian: line.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self))
      // A byte is special when it is `"`, `\` or below 0x20; the borrow trick may also flag a byte above a
      // flagged one, never below it, so the lowest flag is right. Bytes from 0x80 on are never flagged.
      let quote = word ^ (ones &* 0x22)
      let slash = word ^ (ones &* 0x5C)
      let special =
        ((quote &- ones) & ~quote) | ((slash &- ones) & ~slash) | ((word &- ones &* 0x20) & ~word)
      let flags = special & high
      if flags != 0 {
        at &+= flags.trailingZeroBitCount >> 3
        if byte(line, at) == 0x22 { return (at, false) }
        return (try slowStringEnd(line, at), true)
      }
      at &+= 8
    }
    while at < count {
      let byte = byte(line, at)
      if byte == 0x22 { return (at, false) }
      if byte == 0x5C || byte < 0x20 { return (try slowStringEnd(line, at), true) }
      at &+= 1
    }
    throw .notJSON("a string has no end", at: start - 1)
  }

  private static func slowStringEnd(_ line: RawSpan, _ start: Int) throws(EventFault) -> Int {
    var at = start
    while at < line.byteCount {
      switch byte(line, at) {
      case 0x22: return at
      case 0x5C: at = try escapeEnd(line, at)
      case ..<0x20: throw .notJSON("a control character inside a string; write it as \\u00XX", at: at)
      default: at += 1
      }
    }
    throw .notJSON("a string has no end", at: start)
  }

  private static func escapeEnd(_ line: RawSpan, _ at: Int) throws(EventFault) -> Int {
    guard at + 1 < line.byteCount else { throw .notJSON("a string has no end", at: at) }
    switch byte(line, at + 1) {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return at + 2
    case UInt8(ascii: "u"):
      guard let unit = hexUnit(line, at + 2) else { throw .notJSON("\\u needs four hex digits", at: at) }
      if unit & 0xFC00 == 0xDC00 { throw .notJSON("half of a surrogate pair", at: at) }
      guard unit & 0xFC00 == 0xD800 else { return at + 6 }
      guard at + 12 <= line.byteCount, byte(line, at + 6) == 0x5C, byte(line, at + 7) == UInt8(ascii: "u"),
        let low = hexUnit(line, at + 8), low & 0xFC00 == 0xDC00
      else { throw .notJSON("half of a surrogate pair", at: at) }
      return at + 12
    default:
      throw .notJSON("no such escape", at: at)
    }
  }

  /// The UTF-16 unit of four hex digits.
  static func hexUnit(_ line: RawSpan, _ at: Int) -> UInt32? {
    guard at + 4 <= line.byteCount else { return nil }
    var value: UInt32 = 0
    for offset in at..<(at + 4) {
      guard let digit = Character(UnicodeScalar(byte(line, offset))).hexDigitValue else { return nil }
      value = value << 4 | UInt32(digit)
    }
    return value
  }

  /// The end of the number at `at` and whether it is written as a whole number.
  @inline(__always)
  static func numberEnd(_ line: RawSpan, _ start: Int) throws(EventFault) -> (end: Int, isWhole: Bool) {
    var at = start
    let count = line.byteCount
    if at < count, byte(line, at) == UInt8(ascii: "-") { at &+= 1 }
    let digits = at
    while at < count, byte(line, at) &- 48 < 10 { at &+= 1 }
    if at == digits { throw unexpected("expected a digit", line, at) }
    if byte(line, digits) == 48, at > digits &+ 1 { throw .notJSON("a number starts with 0", at: digits) }
    guard at < count else { return (at, true) }
    let next = byte(line, at)
    guard next == UInt8(ascii: ".") || next | 0x20 == UInt8(ascii: "e") else { return (at, true) }
    return (try fractionEnd(line, at), false)
  }

  private static func fractionEnd(_ line: RawSpan, _ start: Int) throws(EventFault) -> Int {
    var at = start
    let count = line.byteCount
    if byte(line, at) == UInt8(ascii: ".") {
      at += 1
      let digits = at
      while at < count, byte(line, at) &- 48 < 10 { at += 1 }
      if at == digits { throw unexpected("expected a digit", line, at) }
    }
    if at < count, byte(line, at) | 0x20 == UInt8(ascii: "e") {
      at += 1
      if at < count, byte(line, at) == UInt8(ascii: "+") || byte(line, at) == UInt8(ascii: "-") { at += 1 }
      let digits = at
      while at < count, byte(line, at) &- 48 < 10 { at += 1 }
      if at == digits { throw unexpected("expected a digit", line, at) }
    }
    return at
  }

  /// The end of any value at `at`, checked as JSON and otherwise ignored.
  static func valueEnd(_ line: RawSpan, _ at: Int, depth: Int = 0) throws(EventFault) -> Int {
    guard at < line.byteCount else { throw .notJSON("the line ends too early", at: at) }
    switch byte(line, at) {
    case UInt8(ascii: "\""): return try stringEnd(line, at + 1).end + 1
    case UInt8(ascii: "{"): return try objectEnd(line, at, depth: depth + 1)
    case UInt8(ascii: "["): return try arrayEnd(line, at, depth: depth + 1)
    case UInt8(ascii: "t"): return try wordEnd("true", line, at)
    case UInt8(ascii: "f"): return try wordEnd("false", line, at)
    case UInt8(ascii: "n"): return try wordEnd("null", line, at)
    case UInt8(ascii: "-"), 48...57: return try numberEnd(line, at).end
    default: throw .notJSON("expected a value", at: at)
    }
  }

  private static func objectEnd(_ line: RawSpan, _ start: Int, depth: Int) throws(EventFault) -> Int {
    if depth > depthMax { throw .notJSON("nested deeper than \(depthMax)", at: start) }
    var at = skipSpace(line, start + 1)
    if at < line.byteCount, byte(line, at) == UInt8(ascii: "}") { return at + 1 }
    while true {
      at = try expect("\"", line, at)
      at = try stringEnd(line, at).end + 1
      at = try expect(":", line, at)
      at = try valueEnd(line, skipSpace(line, at), depth: depth)
      at = skipSpace(line, at)
      if at < line.byteCount, byte(line, at) == UInt8(ascii: "}") { return at + 1 }
      at = try expect(",", line, at)
    }
  }

  private static func arrayEnd(_ line: RawSpan, _ start: Int, depth: Int) throws(EventFault) -> Int {
    if depth > depthMax { throw .notJSON("nested deeper than \(depthMax)", at: start) }
    var at = skipSpace(line, start + 1)
    if at < line.byteCount, byte(line, at) == UInt8(ascii: "]") { return at + 1 }
    while true {
      at = try valueEnd(line, skipSpace(line, at), depth: depth)
      at = skipSpace(line, at)
      if at < line.byteCount, byte(line, at) == UInt8(ascii: "]") { return at + 1 }
      at = try expect(",", line, at)
    }
  }

  static func wordEnd(_ word: StaticString, _ line: RawSpan, _ at: Int) throws(EventFault) -> Int {
    let count = word.utf8CodeUnitCount
    guard at + count <= line.byteCount else { throw .notJSON("the line ends too early", at: line.byteCount) }
    for index in 0..<count where byte(line, at + index) != word.utf8Start[index] {
      throw .notJSON("expected \(word)", at: at)
    }
    return at + count
  }

  /// Refuses a line that is not UTF-8.
  static func checkUTF8(_ line: RawSpan) throws(EventFault) {
    var at = 0
    let count = line.byteCount
    while at &+ 8 <= count {
      if line.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self) & 0x8080_8080_8080_8080 != 0 { break }
      at &+= 8
    }
    while at < count, byte(line, at) < 0x80 { at &+= 1 }
    if at == count { return }
    let bad = line.withUnsafeBytes { bytes -> Int? in
      do throws(UTF8.ValidationError) {
        // In bounds: the span covers exactly the bytes of the line.
        _ = try UTF8Span(validating: Span(_unsafeElements: bytes.assumingMemoryBound(to: UInt8.self)))
        return nil
      } catch {
        return error.byteOffsets.lowerBound
      }
    }
    if let bad { throw EventFault("not UTF-8 at column \(bad + 1): save the input as UTF-8") }
  }
}
