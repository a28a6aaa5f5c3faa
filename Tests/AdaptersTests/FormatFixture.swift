//! Fixtures of foreign formats: `Fixtures/ingest/<format>/<file>` and beside it `<file>.events`, the events it holds,
//! each use once, without their namespace. `RECORD_SNAPSHOTS=1` writes the events anew.

import Adapters
import Bytes
import Events
import Foundation
import TestSupport

/// A file of somebody else's, and what is in it.
struct FormatFixture: CustomStringConvertible, Sendable {
  let format: LogFormat
  let input: URL

  var description: String { "\(format.name)/\(input.lastPathComponent)" }
  var expected: URL { input.appendingPathExtension("events") }

  /// Every fixture without a time of its own was read at the same one; `x.provider-openai.json` with `--provider openai`.
  var context: LogContext {
    let said = input.lastPathComponent.split(separator: ".").first { $0.hasPrefix("provider-") }
    return LogContext(path: "x", provider: said.map { String($0.dropFirst(9)) }, time: 1_795_082_400_000)
  }

  /// What is read of `bytes` as if they were the fixture's.
  func reading(_ bytes: [UInt8], pieceSize: Int = 1 << 20) -> FormatReading {
    FormatReading(format, bytes, context: context, pieceSize: pieceSize)
  }

  /// All fixtures of all formats.
  static let all: [FormatFixture] = LogFormats.all.flatMap { format in
    let folder = Tools.root.appending(path: "Fixtures/ingest/\(format.name)")
    let files =
      (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    return files.filter { $0.pathExtension != "events" }.sorted { $0.path < $1.path }
      .map { FormatFixture(format: format, input: $0) }
  }
}

/// What reading an input brought.
struct FormatReading {
  /// Each use once: the highest revision, then the larger counters, at the earliest time.
  var events: [EventDraft] = []
  var faults: [String] = []
  var skips: [String] = []
  /// What a reader of the bytes behind must know.
  var state = ""

  var lines: [String] { events.map { String(decoding: $0.line, as: UTF8.self) } }

  /// Reads `bytes` in pieces of `pieceSize`.
  init(
    _ format: LogFormat, _ bytes: [UInt8], context: LogContext,
    pieceSize: Int = 1 << 20
  ) {
    var reader = format.reader(context)
    var cutter = RecordCutter(format.shape)
    var findings = Findings()
    func read(_ record: RawSpan) {
      if record.byteCount == 0 { return }
      let isWanted =
        format.needles.isEmpty
        || record.withUnsafeBytes { bytes in format.needles.contains { ByteSearch.contains($0, in: bytes) } }
      if isWanted { reader.read(record, &findings) }
    }
    for start in stride(from: 0, to: bytes.count, by: pieceSize) {
      let piece = Array(bytes[start..<min(start + pieceSize, bytes.count)])
      cutter.accept(piece.span.bytes) { record, _ in read(record) }
    }
    cutter.finish { record, _ in read(record) }
    reader.finish(&findings)
    faults = findings.faults.map(\.message)
    skips = findings.skips
    state = reader.state
    merge(findings.events)
  }

  /// What several readings brought together.
  init(merging events: [EventDraft]) { merge(events) }

  private mutating func merge(_ told: [EventDraft]) {
    for event in told {
      guard let index = events.firstIndex(where: { $0.id == event.id && !event.id.isEmpty }) else {
        events.append(event)
        continue
      }
      let time = min(events[index].time ?? .max, event.time ?? .max)
      func rank(_ event: EventDraft) -> (Int64, Int64) { (event[.revision] ?? 0, event.weight) }
      if rank(event) >= rank(events[index]) { events[index] = event }
      events[index].time = time == .max ? nil : time
    }
  }
}
