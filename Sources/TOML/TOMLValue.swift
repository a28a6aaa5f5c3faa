//! What a TOML document says, as a tree of values. Numbers with a point and moments stay text, so that no amount passes through
//! binary floating point and no moment through somebody's idea of a calendar.

/// A value and where it begins.
package struct TOMLValue: Sendable {
  package enum Content: Sendable {
    case text(String)
    case integer(Int)
    /// As written, without underscores: `12.50`, `-1e9`, `inf`, `nan`.
    case float(String)
    case boolean(Bool)
    /// A date, a time or both, as written: `2026-11-20T10:11:12Z`.
    case moment(String)
    case array([TOMLValue])
    case table(TOMLTable)
  }

  package let content: Content
  /// From 1.
  package let line: Int

  package var text: String? { if case .text(let text) = content { text } else { nil } }
  package var integer: Int? { if case .integer(let number) = content { number } else { nil } }
  package var float: String? { if case .float(let text) = content { text } else { nil } }
  package var boolean: Bool? { if case .boolean(let flag) = content { flag } else { nil } }
  package var array: [TOMLValue]? { if case .array(let values) = content { values } else { nil } }
  package var table: TOMLTable? { if case .table(let table) = content { table } else { nil } }
}

/// Keys and their values, in the order of the document.
package struct TOMLTable: Sendable {
  /// A key, where it stands, and its value.
  package struct Entry: Sendable {
    package let key: String
    /// From 1.
    package let line: Int
    package let value: TOMLValue
  }

  /// Larger documents are refused.
  package static let sizeBytesMax = 4 << 20

  package let entries: [Entry]
  private let places: [TOMLName: Int]

  /// - Parameter places: the index in `entries` of each key.
  init(_ entries: [Entry], places: [TOMLName: Int]) {
    self.entries = entries
    self.places = places
  }

  /// Reads a document, which is a table.
  ///
  /// - Parameter bytes: TOML 1.0, as UTF-8; a byte order mark in front is skipped.
  package init(parsing bytes: [UInt8]) throws(TOMLError) {
    var parser = TOMLParser(bytes)
    self = try parser.parse()
  }

  /// The entry of a key.
  package func entry(_ key: String) -> Entry? { places[TOMLName(key)].map { entries[$0] } }

  /// The value of a key.
  package subscript(key: String) -> TOMLValue? { entry(key)?.value }
}

/// A key that equals only what has the same bytes; `String` holds two spellings of `é` for one.
struct TOMLName: Hashable {
  private let text: String

  init(_ text: String) { self.text = text }

  static func == (a: Self, b: Self) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

  func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
    hasher.combine(0xFF as UInt8)
  }
}
