//! Who a line is. Given ids get their namespace in front; lines without one get an id from their bytes; lines
//! that say neither who nor when they are become new events.
//!
//! The id of a line without one hashes the raw line, not the canonical one: a later version that knows more fields
//! must not give an old file new ids. An id that already begins with the line's own `source` or `provider` and a
//! colon is kept, so a stored line that is appended again stays the same event.

import Bytes
import Events
import Files

/// Gives events their identity.
struct Identity: ~Copyable {
  /// In the derived ids of standard input, so that two machines' equal lines stay two events; empty for files.
  private let writer: String
  private let folder: String
  private var ordinals: OrdinalTable?
  private let runPrefix = Hexadecimal.text(UInt64.random(in: 0 ... .max))
  private var runCount: UInt64 = 0

  init(writer: String, folder: String) {
    self.writer = writer
    self.folder = folder
  }

  /// Starts a new input: occurrences are counted anew.
  mutating func beginInput() { ordinals = nil }

  /// Appends the id that a line gave itself, with its namespace.
  ///
  /// - Parameters:
  ///   - id: as given.
  ///   - names: the line's own source and provider, empty when it names no source. An id that begins with one of
  ///     them, as a stored line's does, keeps it as its namespace.
  ///   - source: the event's source, as stored.
  ///   - output: the inside of a canonical JSON string.
  @inline(__always)
  static func append(
    given id: RawSpan, names: (RawSpan, RawSpan), source: RawSpan, to output: inout ByteWriter
  ) {
    if !isNamespaced(id, names.0), !isNamespaced(id, names.1) { appendNamespace(source, &output) }
    output.append(id)
  }

  @inline(__always)
  private static func isNamespaced(_ id: RawSpan, _ name: RawSpan) -> Bool {
    let count = name.byteCount
    guard count > 0, id.byteCount > count,
      id.unsafeLoad(fromByteOffset: count, as: UInt8.self) == UInt8(ascii: ":")
    else { return false }
    return ByteOrder.isEqual(id.extracting(0..<count), name)
  }

  @inline(__always)
  private static func appendNamespace(_ source: RawSpan, _ output: inout ByteWriter) {
    output.append(source)
    output.append(UInt8(ascii: ":"))
  }

  /// Appends the id of a line that gave none.
  ///
  /// - Parameters:
  ///   - line: the bytes it was parsed from.
  ///   - hasTime: whether it says when it was; without, it is a new event each time.
  ///   - source: the event's source, as stored.
  ///   - isStream: whether the line came through standard input.
  ///   - output: the inside of a canonical JSON string.
  mutating func append(
    newFor line: RawSpan, hasTime: Bool, source: RawSpan, isStream: Bool, to output: inout ByteWriter
  ) throws(FileError) {
    Self.appendNamespace(source, &output)
    if hasTime {
      try appendDerived(line.extracting(Self.trimmed(line)), source: source, isStream: isStream, to: &output)
    } else {
      output.append(runPrefix)
      output.append(Hexadecimal.text(runCount))
      runCount += 1
    }
  }

  /// The id, without its namespace, of a record of another format that has no name of its own.
  mutating func derived(for record: RawSpan, source: RawSpan, isStream: Bool) throws(FileError) -> String {
    var output = ByteWriter(capacity: 64)
    try appendDerived(
      record.extracting(Self.trimmed(record)), source: source, isStream: isStream, to: &output)
    return output.withBytes { $0.text(0..<$0.byteCount) }
  }

  /// Two hashes of the line, seeded by its source, its ordinal among equal lines, and the writer for a stream.
  private mutating func appendDerived(
    _ line: RawSpan, source: RawSpan, isStream: Bool, to output: inout ByteWriter
  ) throws(FileError) {
    if ordinals == nil { ordinals = try OrdinalTable(folder: folder) }
    let sourceHash = XXH64.hash(source)
    let low = XXH64.hash(line, seed: sourceHash)
    let high = XXH64.hash(line, seed: ~sourceHash)
    let ordinal = try ordinals?.next(low: low, high: high) ?? 0
    var seed = ByteWriter(capacity: 128)
    seed.append(source)
    seed.append(UInt8(0))
    seed.append(littleEndian: ordinal)
    if isStream { seed.append(writer) }
    let seedHash = seed.withBytes { XXH64.hash($0) }
    output.append(Hexadecimal.text(XXH64.hash(line, seed: seedHash)))
    output.append(Hexadecimal.text(XXH64.hash(line, seed: ~seedHash)))
  }

  /// Where the line is without white space around it.
  private static func trimmed(_ line: RawSpan) -> Range<Int> {
    var start = 0
    var end = line.byteCount
    func isSpace(_ at: Int) -> Bool {
      let byte = line.unsafeLoad(fromByteOffset: at, as: UInt8.self)
      return byte == 0x20 || byte == 0x09 || byte == 0x0D
    }
    while start < end, isSpace(start) { start += 1 }
    while end > start, isSpace(end - 1) { end -= 1 }
    return start..<end
  }
}
