//! Reads a compiled time zone file, "TZif", RFC 9636. The file is one or two blocks, each a header of counts and the
//! arrays it announces:
//!
//! 1. Version 1 has one block with 32-bit times. Version 2 and later repeat everything with 64-bit times, so the
//!    first block is skipped, and end with a footer: a POSIX string between two newlines.
//! 2. Every change of the clock is a time and an index into the offsets ("local time types").
//! 3. The first offset holds before the first change, the footer's rule after the last.
//!
//! Nothing in a file is trusted: each announced size is checked before it is used and each value before it is kept.

struct TimeZoneFile {
  private let bytes: [UInt8]
  private let path: String
  private var offset = 0

  /// The rules that a file's bytes hold; `path` is for messages.
  static func parse(_ bytes: [UInt8], name: String, path: String) throws(CalendarError) -> TimeZoneRules {
    var file = TimeZoneFile(bytes: bytes, path: path)
    return try file.rules(name: name)
  }

  private init(bytes: [UInt8], path: String) {
    self.bytes = bytes
    self.path = path
  }

  private struct Header {
    var version: UInt8
    var utcIndicators: Int
    var standardIndicators: Int
    var leapSeconds: Int
    var changes: Int
    var types: Int
    var nameBytes: Int
  }

  private mutating func rules(name: String) throws(CalendarError) -> TimeZoneRules {
    var header = try header()
    var timeSize = 4
    if header.version != 0 {
      _ = try take(bodySize(header, timeSize: 4), "the first block")
      header = try self.header()
      timeSize = 8
    }
    guard header.leapSeconds == 0 else { throw corrupt("it counts leap seconds, which our times do not") }
    guard header.types > 0 else { throw corrupt("it has no offset") }
    let times = try take(header.changes * timeSize, "the times of change")
    let indexes = try take(header.changes, "the kinds of change")
    let types = try types(count: header.types)
    _ = try take(header.nameBytes + header.standardIndicators + header.utcIndicators, "the names")
    let rule = timeSize == 8 ? try footer() : nil

    var initial = types[0]
    var changesMs: [Int64] = []
    var offsets: [Int32] = []
    changesMs.reserveCapacity(header.changes)
    offsets.reserveCapacity(header.changes)
    var previous: Int64?
    for change in 0..<header.changes {
      let seconds = integer(at: times.lowerBound + change * timeSize, size: timeSize)
      if let previous, seconds <= previous {
        throw corrupt("its times of change are not ascending", at: times)
      }
      previous = seconds
      let type = Int(bytes[indexes.lowerBound + change])
      guard type < types.count else { throw corrupt("a change names an offset that it lacks", at: indexes) }
      // "Since the big bang" and the like: beyond 35 million years the product with 1000 might not fit.
      guard seconds > -(1 << 50) else {
        initial = types[type]
        continue
      }
      guard seconds < 1 << 50 else { break }
      changesMs.append(seconds * 1000)
      offsets.append(types[type])
    }
    return TimeZoneRules(
      name: name, initialOffsetSeconds: Int(initial), changesMs: changesMs, offsetsSeconds: offsets,
      rule: rule)
  }

  private mutating func header() throws(CalendarError) -> Header {
    let at = try take(44, "the header").lowerBound
    guard bytes[at..<at + 4].elementsEqual("TZif".utf8) else {
      throw corrupt("it does not begin with TZif", at: at..<at)
    }
    func count(_ index: Int) -> Int { Int(integer(at: at + 20 + index * 4, size: 4) & 0xffff_ffff) }
    return Header(
      version: bytes[at + 4], utcIndicators: count(0), standardIndicators: count(1), leapSeconds: count(2),
      changes: count(3), types: count(4), nameBytes: count(5))
  }

  private func bodySize(_ header: Header, timeSize: Int) -> Int {
    header.changes * (timeSize + 1) + header.types * 6 + header.nameBytes
      + header.leapSeconds * (timeSize + 4) + header.standardIndicators + header.utcIndicators
  }

  /// The offsets in seconds.
  private mutating func types(count: Int) throws(CalendarError) -> [Int32] {
    let range = try take(count * 6, "the offsets")
    var offsets: [Int32] = []
    for at in stride(from: range.lowerBound, to: range.upperBound, by: 6) {
      let seconds = integer(at: at, size: 4)
      guard seconds.magnitude <= UInt64(TimeZoneRules.offsetHoursMax) * 3600 else {
        throw corrupt("an offset of \(seconds) s", at: at..<at)
      }
      offsets.append(Int32(seconds))
    }
    return offsets
  }

  private mutating func footer() throws(CalendarError) -> PosixTimeZone? {
    let newline = UInt8(ascii: "\n")
    let start = try take(1, "the footer").lowerBound
    guard bytes[start] == newline, let end = bytes[(start + 1)...].firstIndex(of: newline) else {
      throw corrupt("the footer is no line", at: start..<start)
    }
    let text = bytes[start + 1..<end]
    if text.isEmpty { return nil }
    guard let rule = PosixTimeZone(text) else {
      throw corrupt("the footer is no POSIX time zone", at: start..<start)
    }
    return rule
  }

  /// Moves past `count` bytes.
  private mutating func take(_ count: Int, _ what: String) throws(CalendarError) -> Range<Int> {
    guard count <= bytes.count - offset else { throw corrupt("it ends within \(what)") }
    defer { offset += count }
    return offset..<offset + count
  }

  /// A big-endian signed integer of 4 or 8 bytes; the caller has taken them.
  private func integer(at start: Int, size: Int) -> Int64 {
    var value: Int64 = size == 4 && bytes[start] >= 0x80 ? -1 : 0
    for at in start..<start + size { value = value << 8 | Int64(bytes[at]) }
    return value
  }

  private func corrupt(_ reason: String, at range: Range<Int>? = nil) -> CalendarError {
    .corruptTimeZone(path: path, offsetBytes: range?.lowerBound ?? offset, reason: reason)
  }
}
