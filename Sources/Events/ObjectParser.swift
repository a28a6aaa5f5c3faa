//! The two small objects inside an event, `tags` and `metadata`: read into entries, checked, and written back
//! canonically: keys sorted by their bytes, no spaces.

import Bytes

struct ObjectParser {
  struct Entry {
    /// The inside of the key's string.
    let key: Range<Int>
    /// The value, quotes included.
    let value: Range<Int>
    let first: UInt8

    var isText: Bool { first == UInt8(ascii: "\"") }
    var isScalar: Bool {
      first != UInt8(ascii: "{") && first != UInt8(ascii: "[") && first != UInt8(ascii: "n")
    }
  }

  /// An entry in canonical spelling.
  struct Pair {
    /// The inside of the key's string.
    let key: [UInt8]
    /// The value, quotes included.
    let value: [UInt8]

    init(_ entry: Entry, _ line: RawSpan) {
      key = CanonicalText.array(line, entry.key)
      value =
        entry.isText
        ? [0x22] + CanonicalText.array(line, entry.value.dropFirst().dropLast()) + [0x22]
        : line.array(entry.value)
    }

    var shownKey: String { EventFault.shown(String(decoding: key, as: UTF8.self)) }

    /// The size of the value without its quotes.
    var valueSizeBytes: Int { value.first == 0x22 ? value.count - 2 : value.count }
  }

  var entries: [Entry] = []

  /// Reads the object at `at`; null values and empty texts are absent.
  mutating func read(_ field: EventField, _ line: RawSpan, _ at: Int) throws(EventFault) -> Int {
    entries.removeAll(keepingCapacity: true)
    guard JSONScanner.byte(line, at) == UInt8(ascii: "{") else {
      throw EventFault("\(field.name) is no object: write {\"key\":\"value\"}")
    }
    var at = JSONScanner.skipSpace(line, at + 1)
    if at < line.byteCount, JSONScanner.byte(line, at) == UInt8(ascii: "}") { return at + 1 }
    while true {
      let key = try JSONScanner.expect("\"", line, at)
      let keyEnd = try JSONScanner.stringEnd(line, key).end
      let start = JSONScanner.skipSpace(line, try JSONScanner.expect(":", line, keyEnd + 1))
      let end = try JSONScanner.valueEnd(line, start)
      try add(Entry(key: key..<keyEnd, value: start..<end, first: JSONScanner.byte(line, start)), field, line)
      at = JSONScanner.skipSpace(line, end)
      if at < line.byteCount, JSONScanner.byte(line, at) == UInt8(ascii: "}") { return at + 1 }
      at = JSONScanner.skipSpace(line, try JSONScanner.expect(",", line, at))
    }
  }

  private mutating func add(_ entry: Entry, _ field: EventField, _ line: RawSpan) throws(EventFault) {
    if entry.first == UInt8(ascii: "n") || (entry.isText && entry.value.count == 2) { return }
    if field == .tags, !entry.isText {
      throw EventFault("tags.\(EventFault.shown(line.text(entry.key))) is no text: write the value in quotes")
    }
    entries.append(entry)
  }

  /// Writes `pairs` as a canonical object into `scratch`.
  ///
  /// Sorting also finds a key that is there twice, in whatever spelling, without comparing each with each.
  static func write(
    _ pairs: inout [Pair], _ field: EventField, to scratch: inout ByteWriter
  ) throws(EventFault) -> TextSlice {
    pairs.sort { $0.key.lexicographicallyPrecedes($1.key) }
    let start = scratch.count
    for (index, pair) in pairs.enumerated() {
      if index > 0, pairs[index - 1].key == pair.key {
        throw EventFault("\(field.name).\(pair.shownKey) is there twice")
      }
      let size = pair.valueSizeBytes
      if size > EventFault.textSizeBytesMax {
        throw EventFault(
          "\(field.name).\(pair.shownKey) is \(size) bytes: the most is \(EventFault.textSizeBytesMax)")
      }
      scratch.append(UInt8(ascii: index == 0 ? "{" : ","))
      scratch.append(UInt8(ascii: "\""))
      scratch.append(pair.key)
      scratch.append("\":")
      scratch.append(pair.value)
    }
    scratch.append(UInt8(ascii: "}"))
    return TextSlice(start: start, count: scratch.count - start, isScratch: true)
  }
}
