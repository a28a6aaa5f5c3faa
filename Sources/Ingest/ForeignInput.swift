//! One input in somebody else's words on its way in: bytes → records → what a reader finds in them → events of the
//! session. Nothing is silent: each record becomes events, a counted reason to skip it, or a reject.
//!
//! A use that is reported several times goes into the log once a run, at the time of its first report (`Recents`);
//! `revision`, the output so far, lets a later report win without being a conflict.

package import Adapters
import Bytes
import Events
import Files
import JSON

/// What came of the records of one or more inputs.
package struct ForeignTally: Equatable, Sendable {
  package var records: UInt64 = 0
  /// Handed to the log.
  package var events: UInt64 = 0
  /// Told before, here or in an earlier run.
  package var repeats: UInt64 = 0
  /// Records that should have been events and are not.
  package var faults: UInt64 = 0
  /// Records that are rightly none, by reason.
  package var skips: [String: UInt64] = [:]

  package init() {}

  package static func += (sum: inout Self, other: Self) {
    sum.records += other.records
    sum.events += other.events
    sum.repeats += other.repeats
    sum.faults += other.faults
    sum.skips.merge(other.skips) { $0 + $1 }
  }
}

/// What became of one record, for people who ask.
package struct Explanation: Sendable {
  package let line: UInt64
  package let sizeBytes: Int
  package let events: [EventDraft]
  /// Why it, or part of it, is no event although it should be.
  package let faults: [String]
  /// Why it is rightly none.
  package let skips: [String]
}

/// How far an input was read, and what must be known to read on.
package struct ForeignPosition: Equatable, Sendable {
  /// In bytes from its beginning; 0 when it can only be read whole.
  package var offset = 0
  /// The line at that place, from 1.
  package var line: UInt64 = 1
  /// The reader's own.
  package var state = ""
  /// The last uses, so that nothing is told twice, as the cursor spells them: of most files nobody asks.
  var toldText = ""

  package init() {}
}

/// Reads an input in a foreign format into a session.
package final class ForeignInput {
  private static let notTold = "no usage in it"

  private let format: LogFormat
  private let session: AppendSession
  private let isStream: Bool
  private let name: String
  private let source: String
  /// Records before this place were read earlier; they are read again only to count their ordinals.
  private let startOffset: Int
  private var reader: any LogReader
  private var cutter: RecordCutter
  private var recents: Recents
  private var identity: Identity
  private var findings = Findings()
  private var consumedOffset: Int
  private var skipCount: UInt64 = 0

  package private(set) var tally = ForeignTally()
  /// Whether the input ended inside a record, which is left for the next time.
  package private(set) var isUnfinished = false
  /// Told what became of each record.
  package var explain: ((Explanation) -> Void)?

  /// Begins an input.
  ///
  /// - Parameters:
  ///   - isStream: whether it comes once, through a pipe: then what is unfinished at its end is wrong.
  ///   - position: where an earlier reading ended.
  package init(
    _ format: LogFormat, _ context: LogContext, session: AppendSession, source: String? = nil, isStream: Bool,
    position: ForeignPosition = ForeignPosition()
  ) {
    self.format = format
    self.session = session
    self.isStream = isStream
    name = context.path
    self.source = source ?? format.name
    var context = context
    context.state = position.state
    reader = format.reader(context)
    // Ordinals among equal records are known only from the beginning on.
    startOffset = position.offset
    let offset = format.hasIds ? position.offset : 0
    consumedOffset = offset
    cutter = RecordCutter(format.shape, offset: offset, line: format.hasIds ? position.line : 1)
    recents = Recents(remembersAll: format.isRewritten, told: Recents.Told.list(position.toldText))
    identity = session.foreignIdentity()
    session.begin(input: context.path, isStream: isStream)
  }

  /// Where the bytes must begin that `accept` is given.
  package var readOffset: Int { consumedOffset }

  /// Takes in the next bytes.
  package func accept(_ chunk: RawSpan) {
    cutter.accept(chunk) { read($0, $1) }
  }

  /// Ends the input.
  ///
  /// - Parameter isCut: whether reading stopped before its end: then what it ends with is no record.
  package func finish(isCut: Bool = false) {
    var isWhole = true
    cutter.finish { record, place in
      if !isCut, isStream || isComplete(record) { read(record, place) } else { isWhole = false }
    }
    isUnfinished = !isWhole
    findings.removeAll()
    reader.finish(&findings)
    if isCut, isUnfinished || !findings.faults.isEmpty {
      findings.removeFaults()
      let place = "\(name):\(cutter.nextLine)"
      session.note("\(place): stopped inside this record: it is not taken in, send it again")
    }
    take(findings, RawSpan(), RecordPlace(line: cutter.nextLine, endOffset: consumedOffset, sizeBytes: 0))
    release()
    tally.repeats += recents.repeatCount
    if skipCount > 0 { tally.skips[Self.notTold, default: 0] += skipCount }
    skipCount = 0
  }

  /// Whether uses wait for more to be told of them.
  package var hasHeld: Bool { recents.hasHeld }

  /// Hands on what waits for more to be told: a pipe may be silent for long.
  package func release() {
    for held in recents.drain() { emit(held) }
  }

  /// How far the input was read.
  package var position: ForeignPosition {
    var position = ForeignPosition()
    if cutter.isResumable, !format.isRewritten {
      position.offset = consumedOffset
      position.line = cutter.nextLine
      position.state = reader.state
    }
    position.toldText = Recents.Told.text(recents.told)
    return position
  }

  /// A last line without a line feed is whole if it is JSON, or text that only its owner ends.
  private func isComplete(_ record: RawSpan) -> Bool {
    if format.shape == .rows { return true }
    return (try? JSONDocument(record.array(0..<record.byteCount))) != nil
  }

  private func read(_ record: RawSpan, _ place: RecordPlace) {
    consumedOffset = place.endOffset
    if record.byteCount == 0 { return }
    tally.records += 1
    if place.sizeBytes > record.byteCount {
      let fault = "record is \(place.sizeBytes) bytes: the most is \(RecordCutter.sizeBytesMax)"
      return refuse([fault], record, place)
    }
    guard format.needles.isEmpty || hasNeedle(record) else {
      skipCount += 1
      explain?(note(place, skips: [Self.notTold]))
      return
    }
    findings.removeAll()
    reader.read(record, &findings)
    take(findings, record, place)
  }

  /// Most of an agent's log is conversation: only records with a word in them that none of interest lacks are parsed.
  private func hasNeedle(_ record: RawSpan) -> Bool {
    record.withUnsafeBytes { bytes in format.needles.contains { ByteSearch.contains($0, in: bytes) } }
  }

  private func take(_ findings: Findings, _ record: RawSpan, _ place: RecordPlace) {
    for reason in findings.skips { tally.skips[reason, default: 0] += 1 }
    for remark in findings.remarks { session.note("\(name): \(remark)") }
    if let explain, !(findings.events.isEmpty && findings.skips.isEmpty) {
      explain(note(place, events: findings.events, skips: findings.skips))
    }
    if !findings.faults.isEmpty { refuse(findings.faults.map(\.message), record, place) }
    for event in findings.events {
      var event = event
      if event[text: .source] == nil { event[text: .source] = source }
      if event.id.isEmpty {
        guard let id = derivedId(record) else { continue }
        event.id = id
        if place.endOffset <= startOffset { continue }
      }
      if let held = recents.add(event, line: place.line) { emit(held) }
    }
  }

  /// The id of a record whose source has none for it.
  private func derivedId(_ record: RawSpan) -> String? {
    do throws(FileError) {
      return try identity.derived(for: record, source: Array(source.utf8).span.bytes, isStream: isStream)
    } catch {
      session.lose(error)
      return nil
    }
  }

  private func note(
    _ place: RecordPlace, events: [EventDraft] = [], faults: [String] = [], skips: [String] = []
  ) -> Explanation {
    Explanation(line: place.line, sizeBytes: place.sizeBytes, events: events, faults: faults, skips: skips)
  }

  private func refuse(_ faults: [String], _ record: RawSpan, _ place: RecordPlace) {
    explain?(note(place, faults: faults))
    for fault in faults {
      tally.faults += 1
      session.reject(record, number: place.line, sizeBytes: place.sizeBytes, reason: fault)
    }
  }

  private func emit(_ held: Recents.Held) {
    guard let line = recents.settled(held.event) else { return }
    tally.events += 1
    session.accept(event: line.span.bytes, number: held.line)
  }
}
