//! Who a line is. Given ids get their namespace in front; lines without one get an id from their bytes; lines
//! that say neither who nor when they are become new events.

import Bytes
import Events
import Files

/// Gives events their identity.
struct Identity: ~Copyable {
  /// The source of lines that name none.
  let defaultSource: [UInt8]
  /// In the derived ids of standard input, so that two machines' equal lines stay two events; empty for files.
  private let writer: String
  private let folder: String
  private var ordinals: OrdinalTable?
  private let runPrefix = Hexadecimal.text(UInt64.random(in: 0 ... .max))
  private var runCount: UInt64 = 0

  init(defaultSource: String, writer: String, folder: String) {
    self.defaultSource = Array(defaultSource.utf8)
    self.writer = writer
    self.folder = folder
  }

  /// Starts a new input: occurrences are counted anew.
  mutating func beginInput() { ordinals = nil }

  /// Replaces `output` by the id of the parser's event.
  ///
  /// - Parameters:
  ///   - parser: holds the event.
  ///   - line: the bytes it was parsed from.
  ///   - source: the event's source, as stored.
  ///   - isStream: whether the line came through standard input.
  ///   - output: the inside of a canonical JSON string.
  mutating func write(
    _ parser: borrowing EventParser, line: RawSpan, source: RawSpan, isStream: Bool,
    to output: inout ByteWriter
  ) throws(FileError) {
    output.removeAll()
    let event = parser.event
    let id = event.text(.id)
    if !id.isEmpty {
      parser.scratch.withBytes { scratch in
        let raw = (id.isScratch ? scratch : line).extracting(id.range)
        if !Self.isNamespaced(event, raw, line, scratch) { Self.appendNamespace(source, &output) }
        output.append(raw)
      }
      return
    }
    Self.appendNamespace(source, &output)
    if event.has(.time) {
      try appendDerived(line.extracting(Self.trimmed(line)), source: source, isStream: isStream, to: &output)
    } else {
      output.append(runPrefix)
      output.append(Hexadecimal.text(runCount))
      runCount += 1
    }
  }

  private static func appendNamespace(_ source: RawSpan, _ output: inout ByteWriter) {
    output.append(source)
    output.append(UInt8(ascii: ":"))
  }

  /// Whether the id already begins with the line's own source or provider, as a stored line's does.
  private static func isNamespaced(
    _ event: Event, _ id: RawSpan, _ line: RawSpan, _ scratch: RawSpan
  ) -> Bool {
    guard event.has(.source) else { return false }
    for field in [EventField.source, .provider] {
      let slice = event.text(field)
      if slice.isEmpty || id.byteCount <= slice.count { continue }
      let name = (slice.isScratch ? scratch : line).extracting(slice.range)
      if id.unsafeLoad(fromByteOffset: slice.count, as: UInt8.self) != UInt8(ascii: ":") { continue }
      let isPrefix = id.withUnsafeBytes { a in
        name.withUnsafeBytes { b in a.prefix(b.count).elementsEqual(b) }
      }
      if isPrefix { return true }
    }
    return false
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
