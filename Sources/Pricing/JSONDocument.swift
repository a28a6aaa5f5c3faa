//! JSON as it lies. A price list is large (LiteLLM's has megabytes) and most of it is never asked for, so a parse
//! builds no values: it checks the whole text and leaves one small record a value, in the order of the text, each
//! knowing its bytes and where the next value after it begins. Texts and numbers are read when somebody wants them,
//! and numbers only ever as text: no price passes through binary floating point.

import Bytes

/// What a JSON value is.
enum JSONKind: UInt8, Sendable {
  case object, array, text, number, boolean, null

  /// With an article, for messages.
  var name: String {
    switch self {
    case .object: "an object"
    case .array: "a list"
    case .text: "a text"
    case .number: "a number"
    case .boolean: "true or false"
    case .null: "null"
    }
  }
}

/// A parsed text.
final class JSONDocument: Sendable {
  struct Record {
    var kind: JSONKind
    /// Whether a text has escapes.
    var hasEscapes = false
    /// The bytes of a text without its quotes, of a number as written; for others where they begin.
    var start: UInt32
    var end: UInt32
    /// The index behind this value and all in it.
    var next: UInt32 = 0
  }

  let file: String
  let bytes: [UInt8]
  let records: [Record]

  /// Parses `bytes`; `file` is for messages.
  init(_ bytes: [UInt8], file: String) throws(PricingError) {
    var parser = JSONParser(bytes: bytes, file: file)
    try parser.parse()
    self.file = file
    self.bytes = bytes
    records = parser.records
  }

  /// The outermost value.
  var root: JSONNode { JSONNode(document: self, index: 0) }
}

/// A value in a document.
struct JSONNode: Sendable {
  let document: JSONDocument
  let index: Int

  private var record: JSONDocument.Record { document.records[index] }
  var kind: JSONKind { record.kind }

  /// The text of a text, or of a number as it is written.
  var text: String {
    let record = record
    let slice = document.bytes[Int(record.start)..<Int(record.end)]
    return record.hasEscapes ? Self.unescaped(slice) : String(decoding: slice, as: UTF8.self)
  }

  /// The elements of a list; nothing of anything else.
  var elements: Elements { Elements(document: document, at: index + 1, end: kind == .array ? end : 0) }

  /// The members of an object, in its order; nothing of anything else.
  var members: Members { Members(document: document, at: index + 1, end: kind == .object ? end : 0) }

  /// The members of the object that is this one's member of the name; nothing when there is none.
  func members(of key: String) -> Members {
    self[key]?.members ?? Members(document: document, at: 0, end: 0)
  }

  /// The index behind this value and all in it.
  private var end: Int { Int(record.next) }

  /// The values of a list: no array is made of them, because a catalog's reader asks for them some ten thousand times.
  struct Elements: Sequence, IteratorProtocol {
    fileprivate let document: JSONDocument
    fileprivate var at: Int
    fileprivate let end: Int

    mutating func next() -> JSONNode? {
      guard at < end else { return nil }
      defer { at = Int(document.records[at].next) }
      return JSONNode(document: document, index: at)
    }
  }

  /// The members of an object.
  struct Members: Sequence, IteratorProtocol {
    fileprivate let document: JSONDocument
    fileprivate var at: Int
    fileprivate let end: Int

    mutating func next() -> (key: JSONNode, value: JSONNode)? {
      guard at < end else { return nil }
      defer { at = Int(document.records[at + 1].next) }
      return (JSONNode(document: document, index: at), JSONNode(document: document, index: at + 1))
    }
  }

  /// The first member with this key.
  subscript(key: String) -> JSONNode? {
    for member in members where member.key.says(key) { return member.value }
    return nil
  }

  /// Whether this is the text `wanted`.
  private func says(_ wanted: String) -> Bool {
    let record = record
    if record.hasEscapes { return text == wanted }
    return document.bytes[Int(record.start)..<Int(record.end)].elementsEqual(wanted.utf8)
  }

  /// What is wrong here, with the line it is on.
  func fault(_ what: String) -> PricingError {
    .content(file: document.file, line: JSONParser.line(of: Int(record.start), in: document.bytes), what)
  }

  private static func unescaped(_ bytes: ArraySlice<UInt8>) -> String {
    var units: [UInt8] = []
    var at = bytes.startIndex
    func unit(_ start: Int) -> UInt16 {
      bytes[start..<(start + 4)].reduce(0) {
        $0 << 4 | UInt16(Character(UnicodeScalar($1)).hexDigitValue ?? 0)
      }
    }
    while at < bytes.endIndex {
      guard bytes[at] == UInt8(ascii: "\\") else {
        units.append(bytes[at])
        at += 1
        continue
      }
      let escape = bytes[at + 1]
      at += 2
      switch escape {
      case UInt8(ascii: "b"): units.append(8)
      case UInt8(ascii: "f"): units.append(12)
      case UInt8(ascii: "n"): units.append(10)
      case UInt8(ascii: "r"): units.append(13)
      case UInt8(ascii: "t"): units.append(9)
      case UInt8(ascii: "u"):
        var halves = [unit(at)]
        at += 4
        if halves[0] & 0xFC00 == 0xD800, at + 6 <= bytes.endIndex, bytes[at] == UInt8(ascii: "\\"),
          bytes[at + 1] == UInt8(ascii: "u")
        {
          halves.append(unit(at + 2))
          at += 6
        }
        units += Array(String(decoding: halves, as: UTF16.self).utf8)
      default: units.append(escape)
      }
    }
    return String(decoding: units, as: UTF8.self)
  }
}
