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
    let name = line.text(entry.key)
    if field == .tags, !entry.isText {
      throw EventFault("tags.\(name) is no text: write the value in quotes")
    }
    if field == .tags, entry.value.count - 2 > EventFault.textSizeBytesMax {
      throw EventFault(
        "tags.\(name) is \(entry.value.count - 2) bytes: the most is \(EventFault.textSizeBytesMax)")
    }
    if entries.contains(where: { line.text($0.key) == name }) {
      throw EventFault("\(field.name).\(name) is there twice")
    }
    entries.append(entry)
  }

  /// Writes `entries` as a canonical object into `scratch`.
  static func write(_ entries: inout [Entry], _ line: RawSpan, to scratch: inout ByteWriter) -> TextSlice {
    var pairs: [(key: [UInt8], value: [UInt8])] = []
    for entry in entries {
      pairs.append((canonical(line, entry.key), value(entry, line)))
    }
    pairs.sort { $0.key.lexicographicallyPrecedes($1.key) }
    let start = scratch.count
    for (index, pair) in pairs.enumerated() {
      scratch.append(UInt8(ascii: index == 0 ? "{" : ","))
      scratch.append(UInt8(ascii: "\""))
      scratch.append(pair.key)
      scratch.append("\":")
      scratch.append(pair.value)
    }
    scratch.append(UInt8(ascii: "}"))
    return TextSlice(start: start, count: scratch.count - start, isScratch: true)
  }

  private static func canonical(_ line: RawSpan, _ range: Range<Int>) -> [UInt8] {
    var output = ByteWriter(capacity: range.count)
    CanonicalText.append(line, range, to: &output)
    return output.array
  }

  private static func value(_ entry: Entry, _ line: RawSpan) -> [UInt8] {
    guard entry.isText else { return line.array(entry.value) }
    let inside = canonical(line, (entry.value.lowerBound + 1)..<(entry.value.upperBound - 1))
    return [UInt8(ascii: "\"")] + inside + [UInt8(ascii: "\"")]
  }
}
