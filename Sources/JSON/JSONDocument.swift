//! JSON as it lies. Price lists and agents' logs are large, and most of what is in them is never asked for, so a
//! parse builds no values: it checks the whole text and leaves one small record a value, in the order of the text,
//! each knowing its bytes and where the next value after it begins. Texts and numbers are read when somebody wants
//! them, and numbers only ever as text: no price passes through binary floating point.

/// What a JSON value is.
package enum JSONKind: UInt8, Sendable {
  case object, array, text, number, boolean, null

  /// With an article, for messages.
  package var name: String {
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
package final class JSONDocument: Sendable {
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

  /// What messages call it.
  package let name: String
  package let bytes: [UInt8]
  let records: [Record]

  /// Parses `bytes`, which hold one value; `name` is for messages.
  package init(_ bytes: [UInt8], name: String = "") throws(JSONError) {
    self.name = name
    self.bytes = bytes
    records = try bytes.span.bytes.withUnsafeBytes { (bytes) throws(JSONError) in
      var parser = JSONParser(bytes)
      try parser.parse()
      return parser.records
    }
  }

  /// Where the value of a member stands among the records from `at` to `end`; nil when no key is `wanted`.
  ///
  /// Readers of logs ask for some thirty members a line: no node, text or list is made on the way.
  fileprivate func place(of wanted: UnsafeRawBufferPointer, at: Int, end: Int) -> Int? {
    bytes.withUnsafeBytes { bytes in
      var at = at
      while at < end {
        let key = records[at]
        if key.hasEscapes {
          if JSONNode(document: self, index: at).text.utf8.elementsEqual(wanted) { return at + 1 }
        } else if Int(key.end &- key.start) == wanted.count,
          bytes[Int(key.start)..<Int(key.end)].elementsEqual(wanted)
        {
          return at + 1
        }
        at = Int(records[at + 1].next)
      }
      return nil
    }
  }

  /// The outermost value.
  package var root: JSONNode { JSONNode(document: self, index: 0) }
}

/// A value in a document.
package struct JSONNode: Sendable {
  package let document: JSONDocument
  /// Where it stands among the values of its document.
  package let index: Int

  private var record: JSONDocument.Record { document.records[index] }
  package var kind: JSONKind { record.kind }

  /// The text of a text, or of a number as it is written.
  package var text: String {
    let record = record
    let slice = document.bytes[Int(record.start)..<Int(record.end)]
    return record.hasEscapes ? Self.unescaped(slice) : String(decoding: slice, as: UTF8.self)
  }

  /// The elements of a list; nothing of anything else.
  package var elements: Elements {
    Elements(document: document, at: index + 1, end: kind == .array ? end : 0)
  }

  /// The members of an object, in its order; nothing of anything else.
  package var members: Members { Members(document: document, at: index + 1, end: kind == .object ? end : 0) }

  /// The members of the object that is this one's member of the name; nothing when there is none.
  package func members(of key: String) -> Members {
    self[key]?.members ?? Members(document: document, at: 0, end: 0)
  }

  /// The elements of the list that is this one's member of the name; nothing when there is none.
  package func elements(of key: String) -> Elements {
    self[key]?.elements ?? Elements(document: document, at: 0, end: 0)
  }

  /// The index behind this value and all in it.
  private var end: Int { Int(record.next) }

  /// The values of a list: no array is made of them, because a catalog's reader asks for them some ten thousand times.
  package struct Elements: Sequence, IteratorProtocol {
    fileprivate let document: JSONDocument
    fileprivate var at: Int
    fileprivate let end: Int

    package mutating func next() -> JSONNode? {
      guard at < end else { return nil }
      defer { at = Int(document.records[at].next) }
      return JSONNode(document: document, index: at)
    }
  }

  /// The members of an object.
  package struct Members: Sequence, IteratorProtocol {
    fileprivate let document: JSONDocument
    fileprivate var at: Int
    fileprivate let end: Int

    package mutating func next() -> (key: JSONNode, value: JSONNode)? {
      guard at < end else { return nil }
      defer { at = Int(document.records[at + 1].next) }
      return (JSONNode(document: document, index: at), JSONNode(document: document, index: at + 1))
    }
  }

  /// The first member with this key.
  package subscript(key: String) -> JSONNode? {
    guard kind == .object else { return nil }
    var wanted = key
    return wanted.withUTF8 { wanted in
      document.place(of: UnsafeRawBufferPointer(wanted), at: index + 1, end: end)
    }.map { JSONNode(document: document, index: $0) }
  }

  /// Calls `body` with the bytes of a text without escapes, without its quotes, or of a number; nil when it is neither.
  package func withPlainBytes<R>(_ body: (RawSpan) -> R) -> R? {
    let record = record
    guard kind == .number || kind == .text, !record.hasEscapes else { return nil }
    return document.bytes.withUnsafeBytes { bytes in
      // In bounds: a record's place is inside the document.
      body(
        RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: bytes[Int(record.start)..<Int(record.end)])))
    }
  }

  /// Where it begins, in bytes from the start of the document.
  package var offset: Int { Int(record.start) }

  /// The line, from 1, on which it begins.
  package var line: Int { JSONError.line(of: offset, in: document.bytes) }

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
