//! One run of append: bytes in, durable events out.
//!
//! 1. Chunks of any size come in; whole lines are cut out of them, a rest waits for the next chunk.
//! 2. Each line becomes an event or a reject. An event's canonical line joins the other lines of its UTC day.
//! 3. A flush hands the days to the appender, which returns when they are durable. It happens when enough has
//!    gathered, when the caller says so (at least every second), and at the end. Memory is bounded by it.
//! 4. When a day cannot be written the run goes on: the lines are spooled if wished, else counted as lost, and
//!    nothing of it is acknowledged.

import Bytes
import Events
import Files
package import SegmentLog

/// How a run of append behaves.
package struct AppendOptions: Sendable {
  /// The source of lines that name none; also their namespace.
  package var source = "stdin"
  /// Unknown fields whose scalar values are kept as metadata.
  package var keptFields: [String] = []
  /// Whether rejected lines are kept whole.
  package var keepsRejects = false
  /// Validates only.
  package var isDryRun = false
  /// Where lines that cannot be written go; nil to count them as lost.
  package var spoolFolder: String?

  package init() {}
}

/// Takes in lines and makes them durable.
package final class AppendSession {
  /// Gathered lines are flushed from here on.
  private static let pendingSizeBytesMax = 32 << 20
  /// Reasons shown on the terminal; all are in the rejects file.
  private static let shownReasonsMax = 10
  private static let droppedNamesMax = 1000

  private let options: AppendOptions
  private let layout: StoreLayout
  private let clock: () -> Int64
  private var parser: EventParser
  private let canonical = CanonicalLine()
  private var identity: Identity
  private var appender: SegmentAppender
  private var rejects: RejectLog
  private var spool: Spool?
  private var days: [Int: DayLines] = [:]
  private var pendingSize = 0
  private var pendingEvents: UInt64 = 0
  private var lastDay: DayLines?
  private var idText = ByteWriter(capacity: 256)
  private var sourceText = ByteWriter(capacity: 64)
  private var carry = ByteWriter(capacity: 4096)
  /// Bytes of an overlong line that were thrown away.
  private var overlongSize = 0
  private var inputName = "stdin"
  private var isStream = true
  private var lineNumber: UInt64 = 0

  package private(set) var summary = AppendSummary()
  /// Why something could not be written; nil when all is well.
  package private(set) var failure: SegmentError?
  /// The first reasons, for the terminal: `stdin:12: …`.
  package private(set) var shownReasons: [String] = []
  /// Lines handled so far whose events or rejects are durable.
  package private(set) var durableLines: UInt64 = 0
  private var handledLines: UInt64 = 0

  package init(
    layout: StoreLayout, writer: String, batch: String, options: AppendOptions,
    clock: @escaping () -> Int64 = System.now
  ) {
    self.layout = layout
    self.options = options
    self.clock = clock
    parser = EventParser(.input, keptFields: options.keptFields)
    identity = Identity(defaultSource: options.source, writer: writer, folder: layout.local)
    appender = SegmentAppender(layout: layout, writer: writer)
    rejects = RejectLog(folder: layout.rejected, batch: batch, keepsLines: options.keepsRejects)
    spool = options.spoolFolder.map { Spool(folder: $0, batch: batch) }
    summary.batch = batch
    summary.isDryRun = options.isDryRun
  }

  /// Whether lines wait for a flush.
  package var hasPending: Bool { pendingEvents > 0 || rejects.hasPending }

  /// Starts an input.
  package func begin(input name: String, isStream: Bool) {
    inputName = name
    self.isStream = isStream
    lineNumber = 0
    identity.beginInput()
  }

  /// Takes in the next bytes of the input.
  package func accept(_ chunk: RawSpan) {
    chunk.withUnsafeBytes { bytes in
      var start = 0
      if !carry.isEmpty || overlongSize > 0 {
        guard let end = LineSplitter.lineFeed(bytes, from: 0) else { return keepRest(bytes) }
        keepRest(UnsafeRawBufferPointer(rebasing: bytes[0..<end]))
        finishCarry()
        start = end + 1
      }
      while let end = LineSplitter.lineFeed(bytes, from: start) {
        handle(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: bytes[start..<end])))
        start = end + 1
      }
      keepRest(UnsafeRawBufferPointer(rebasing: bytes[start...]))
    }
    if pendingSize >= Self.pendingSizeBytesMax { flush() }
  }

  /// Ends the input; a last line without a line feed counts.
  package func endInput() {
    if !carry.isEmpty || overlongSize > 0 { finishCarry() }
  }

  private func keepRest(_ bytes: UnsafeRawBufferPointer) {
    let room = EventFault.lineSizeBytesMax + 1 - carry.count
    if bytes.count <= room {
      carry.append(bytes)
    } else {
      carry.append(UnsafeRawBufferPointer(rebasing: bytes[0..<room]))
      overlongSize += bytes.count - room
    }
  }

  private func finishCarry() {
    let line = carry.array
    let extra = overlongSize
    carry.removeAll()
    overlongSize = 0
    handle(line.span.bytes, extraSize: extra)
  }

  private func handle(_ line: RawSpan, extraSize: Int = 0) {
    lineNumber += 1
    var line = line
    if lineNumber == 1 { line = line.extracting(droppingFirst: Self.byteOrderMarkSize(line)) }
    if line.byteCount > 0, line.unsafeLoad(fromByteOffset: line.byteCount - 1, as: UInt8.self) == 13 {
      line = line.extracting(0..<(line.byteCount - 1))
    }
    // An empty line is one too for a sender that counts what it sent.
    handledLines += 1
    if line.byteCount == 0 { return }
    if line.byteCount > EventFault.lineSizeBytesMax {
      let size = line.byteCount + extraSize
      return reject(
        line.extracting(0..<EventFault.lineSizeBytesMax), size,
        EventFault("line is \(size) bytes: the most is \(EventFault.lineSizeBytesMax)"))
    }
    do throws(EventFault) {
      try parser.parse(line, now: clock())
    } catch {
      return reject(line, line.byteCount, error)
    }
    for name in parser.dropped { noteDropped(line.text(name)) }
    store(line)
  }

  private static func byteOrderMarkSize(_ line: RawSpan) -> Int {
    line.byteCount >= 3 && line.array(0..<3) == [0xEF, 0xBB, 0xBF] ? 3 : 0
  }

  private func noteDropped(_ name: String) {
    if summary.droppedFields.count >= Self.droppedNamesMax, summary.droppedFields[name] == nil {
      summary.droppedFields["(other names)", default: 0] += 1
    } else {
      summary.droppedFields[name, default: 0] += 1
    }
  }

  private func reject(_ line: RawSpan, _ size: Int, _ fault: EventFault) {
    summary.rejected += 1
    if shownReasons.count < Self.shownReasonsMax {
      shownReasons.append("\(inputName):\(lineNumber): \(fault.message)")
    }
    if options.isDryRun { return }
    rejects.add(input: inputName, number: lineNumber, line: line, sizeBytes: size, reason: fault.message)
  }

  /// Adds the canonical line of the parsed event to its day.
  private func store(_ line: RawSpan) {
    let event = parser.event
    let time = event.has(.time) ? event.time : clock()
    let target = dayLines(Timestamp.utcDay(time))
    let before = target.lines.count
    do throws(FileError) {
      copySource(line)
      try sourceText.withBytes { (source) throws(FileError) in
        try identity.write(parser, line: line, source: source, isStream: isStream, to: &idText)
        idText.withBytes { id in
          canonical.append(parser, line: line, id: id, source: source, time: time, to: &target.lines)
        }
      }
    } catch {
      // Only the table of a huge input without ids can fail; the line cannot be given its stable id.
      failure = failure ?? .file(error)
      summary.lost += 1
      return
    }
    target.lines.append(UInt8(ascii: "\n"))
    target.note(time: time)
    pendingSize += target.lines.count - before
    pendingEvents += 1
  }

  private func copySource(_ line: RawSpan) {
    sourceText.removeAll()
    let given = parser.event.text(.source)
    if given.isEmpty {
      sourceText.append(identity.defaultSource)
    } else if given.isScratch {
      parser.scratch.withBytes { sourceText.append($0, given.range) }
    } else {
      sourceText.append(line, given.range)
    }
  }

  private func dayLines(_ day: Int) -> DayLines {
    if let lastDay, lastDay.day == day { return lastDay }
    let lines = days[day] ?? DayLines(day: day)
    days[day] = lines
    lastDay = lines
    return lines
  }

  /// Makes everything taken in so far durable, or finds out that it cannot be.
  package func flush() {
    defer {
      days.removeAll()
      lastDay = nil
      pendingSize = 0
      pendingEvents = 0
    }
    if options.isDryRun {
      summary.accepted += pendingEvents
      return
    }
    let waiting = days.values.filter { $0.eventCount > 0 }.sorted { $0.day < $1.day }
    var isWhole = true
    if !waiting.isEmpty {
      let results = appender.append(waiting, batch: summary.batch)
      for (day, error) in zip(waiting, results) {
        if let error {
          isWhole = false
          divert(day, error)
        } else {
          summary.accepted += UInt64(day.eventCount)
        }
      }
      noteRecoveries()
    }
    do throws(FileError) {
      try rejects.flush()
      if summary.rejected > 0 { summary.rejectsPath = rejects.path }
    } catch {
      failure = failure ?? .file(error)
      isWhole = false
    }
    // Once something is missing, a count would claim it: nothing more is acknowledged.
    if isWhole, summary.lost == 0, summary.spooled == 0 { durableLines = handledLines }
  }

  /// Spools the lines of a day that could not be written.
  private func divert(_ day: DayLines, _ error: SegmentError) {
    failure = failure ?? error
    guard spool != nil else {
      summary.lost += UInt64(day.eventCount)
      return
    }
    do throws(FileError) {
      try day.lines.withBytes { (lines) throws(FileError) in try spool?.add(lines) }
      summary.spooled += UInt64(day.eventCount)
    } catch {
      summary.lost += UInt64(day.eventCount)
      summary.notes.append("the spool cannot be written either: \(error)")
    }
  }

  private func noteRecoveries() {
    for recovery in appender.takeRecoveries() {
      summary.notes.append(
        "\(recovery.segment): cut \(recovery.sizeBytes) bytes of a torn write at offset \(recovery.offset); "
          + "they are kept in \(recovery.keptIn)")
    }
  }

  /// Adds a remark to the summary.
  func note(_ text: String) { summary.notes.append(text) }

  /// Notes events that came out of the spool.
  func noteDrained(_ count: UInt64) { summary.drained += count }

  /// Ends the run.
  package func finish() -> AppendSummary {
    flush()
    return summary
  }
}
