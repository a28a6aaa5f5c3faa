//! Where records begin and end in the three shapes of input.

import Bytes

/// A record a line; `\r` before the line feed belongs to the line end.
struct LineScanner: RecordScanner {
  var isResumable: Bool { true }

  mutating func scan(_ bytes: UnsafeRawBufferPointer, from start: Int) -> RecordCut {
    guard let end = LineSplitter.lineFeed(bytes, from: start) else { return .more }
    let isCarriageReturn = end > start && bytes[end - 1] == 13
    return .record(end: end + 1, trailer: isCarriageReturn ? 2 : 1)
  }

  /// An agent may be in the middle of writing it: a line is one only with its line feed.
  func isRecord(atEnd bytes: RawSpan) -> Bool { bytes.byteCount > 0 }
}

/// A row of delimited text: a line, unless its end is inside quotes.
struct RowScanner: RecordScanner {
  private var isQuoted = false
  var isResumable: Bool { true }

  mutating func scan(_ bytes: UnsafeRawBufferPointer, from start: Int) -> RecordCut {
    var at = start
    while at < bytes.count {
      let byte = bytes[at]
      if byte == 0x22 {
        isQuoted.toggle()
      } else if byte == 10, !isQuoted {
        let isCarriageReturn = at > start && bytes[at - 1] == 13
        return .record(end: at + 1, trailer: isCarriageReturn ? 2 : 1)
      }
      at += 1
    }
    return .more
  }

  func isRecord(atEnd bytes: RawSpan) -> Bool { bytes.byteCount > 0 }
}

/// JSON values one after the other; of a list its elements; of an event stream what stands behind `data:`.
struct ValueScanner: RecordScanner {
  /// Whether a list of values is open: then there is no way in but from its beginning.
  private var isInList = false
  private var depth = 0
  private var isInText = false
  private var isEscaped = false
  /// Inside a line that is no JSON, such as `event: message_start`.
  private var isInLine = false
  /// Bytes of `data:` that were just seen.
  private var dataCount = 0

  var isResumable: Bool { !isInList }

  mutating func scan(_ bytes: UnsafeRawBufferPointer, from start: Int) -> RecordCut {
    if isInLine { return line(bytes, from: start) }
    if depth > 0 { return value(bytes, from: start) }
    var at = start
    while at < bytes.count {
      switch bytes[at] {
      case UInt8(ascii: "{"):
        return at > start ? .gap(end: at) : value(bytes, from: at)
      case UInt8(ascii: "["):
        if isInList { return at > start ? .gap(end: at) : value(bytes, from: at) }
        isInList = true
        at += 1
      case UInt8(ascii: "]"):
        isInList = false
        at += 1
      case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ","), 0xEF, 0xBB, 0xBF: at += 1
      case _ where isData(bytes[at]): at += 1
      default:
        isInLine = true
        // `[DONE]` ends a stream of events.
        if bytes[at] == UInt8(ascii: "D") { isInList = false }
        return at > start ? .gap(end: at) : line(bytes, from: at)
      }
    }
    return .gap(end: at)
  }

  func isRecord(atEnd bytes: RawSpan) -> Bool { depth > 0 || isInLine }

  /// Whether a byte is the next of `data:`.
  private mutating func isData(_ byte: UInt8) -> Bool {
    let wanted: StaticString = "data:"
    guard byte == wanted.utf8Start[dataCount] else {
      dataCount = 0
      return false
    }
    dataCount = dataCount == 4 ? 0 : dataCount + 1
    return true
  }

  private mutating func value(_ bytes: UnsafeRawBufferPointer, from start: Int) -> RecordCut {
    var at = start
    while at < bytes.count {
      let byte = bytes[at]
      at += 1
      if isInText {
        if isEscaped {
          isEscaped = false
        } else if byte == 0x5C {
          isEscaped = true
        } else if byte == 0x22 {
          isInText = false
        }
        continue
      }
      switch byte {
      case 0x22: isInText = true
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if depth == 0 { return .record(end: at, trailer: 0) }
      default: break
      }
    }
    return .more
  }

  /// A line that is no value is a record too: whoever reads it says what is wrong with it.
  private mutating func line(_ bytes: UnsafeRawBufferPointer, from start: Int) -> RecordCut {
    guard let end = LineSplitter.lineFeed(bytes, from: start) else { return .more }
    isInLine = false
    let isCarriageReturn = end > start && bytes[end - 1] == 13
    return .record(end: end + 1, trailer: isCarriageReturn ? 2 : 1)
  }
}
