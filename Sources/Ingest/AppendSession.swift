//! One run of append: bytes in, durable events out.
//!
//! 1. `LineIntake` cuts chunks into lines; each becomes an event or a reject. An event's canonical line joins the
//!    other lines of its UTC day.
//! 2. When enough has gathered, the days go to the appender, which works while the next lines are parsed. At most
//!    one such flush is under way, so memory is bounded.
//! 3. When the caller says so (at least every second) and at the end, a flush is also waited for: then everything
//!    is durable, and may be acknowledged.
//! 4. When a day cannot be written the run goes on: the lines are spooled if wished, else counted as lost, and
//!    nothing of it is acknowledged.

import Bytes
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
  /// Whether nothing goes into the store: all lines are spooled, and rejected ones are counted and not kept.
  package var isSpoolOnly = false

  package init() {}
}

/// Takes in lines and makes them durable.
package final class AppendSession {
  /// Gathered lines are flushed from here on; twice as much is in memory, as one flush is under way.
  private static let pendingSizeBytesMax = 16 << 20

  private let options: AppendOptions
  private let clock: () -> Int64
  private let writer: String
  private let localFolder: String
  private var intake: LineIntake
  private let appender: BackgroundAppender
  private let spool: Spool?

  private var outcome = AppendSummary()
  /// Why something could not be written; nil when all is well.
  package private(set) var failure: SegmentError?
  /// Lines handled so far whose events or rejects are durable.
  package private(set) var durableLines: UInt64 = 0

  package init(
    layout: StoreLayout, writer: String, batch: String, options: AppendOptions,
    clock: @escaping () -> Int64 = System.now
  ) {
    self.options = options
    self.clock = clock
    self.writer = writer
    localFolder = (options.isSpoolOnly ? options.spoolFolder : nil) ?? layout.local
    intake = LineIntake(
      options: options, writer: writer, localFolder: localFolder,
      rejects: RejectLog(folder: layout.rejected, batch: batch, keepsLines: options.keepsRejects))
    appender = BackgroundAppender(SegmentAppender(layout: layout, writer: writer), batch: batch)
    spool = options.spoolFolder.map { Spool(folder: $0, batch: batch) }
    outcome.batch = batch
    outcome.isDryRun = options.isDryRun
  }

  /// What was done so far.
  package var summary: AppendSummary {
    var summary = outcome
    summary.rejected = intake.rejectedCount
    summary.droppedFields = intake.droppedFields
    summary.lost += intake.lostCount
    return summary
  }

  /// The first reasons, for the terminal: `stdin:12: …`.
  package var shownReasons: [String] { intake.shownReasons }

  /// Whether lines wait for a flush.
  package var hasPending: Bool { durableLines < intake.handledLines }

  /// Starts an input.
  package func begin(input name: String, isStream: Bool) { intake.begin(input: name, isStream: isStream) }

  /// Takes in the next bytes of the input.
  package func accept(_ chunk: RawSpan) {
    intake.accept(chunk, now: clock())
    flushIfFull()
  }

  private func flushIfFull() {
    if intake.pendingSize < Self.pendingSizeBytesMax { return }
    if options.isDryRun { return dropPending() }
    if options.isSpoolOnly { return spoolPending() }
    collect()
    appender.start(intake.takeDays())
  }

  /// Takes in the line of an event that was read from record `number` of an input in another format.
  func accept(event line: RawSpan, number: UInt64) {
    intake.accept(event: line, number: number, now: clock())
    flushIfFull()
  }

  /// Sets a record of another format aside that is no event.
  func reject(_ record: RawSpan, number: UInt64, sizeBytes: Int, reason: String) {
    intake.reject(record, number: number, sizeBytes: sizeBytes, reason: reason)
  }

  /// Counts an event that could not be given its identity.
  func lose(_ error: FileError) { intake.lose(error) }

  /// Who gives ids to records that have none.
  func foreignIdentity() -> Identity { Identity(writer: writer, folder: localFolder) }

  /// Ends the input; a last line without a line feed counts.
  package func endInput() { intake.endInput(now: clock()) }

  /// Stops before the end of the input: what was read of its last line is no line, and is said.
  package func cutInput() {
    guard let (place, size) = intake.cutInput() else { return }
    note("\(place): stopped inside this line: its first \(size) bytes are not taken in, send it again")
  }

  /// Makes everything taken in so far durable, or finds out that it cannot be.
  package func flush() {
    if options.isDryRun { return dropPending() }
    if options.isSpoolOnly { return spoolPending() }
    collect()
    if intake.pendingEvents > 0 { account(for: appender.append(intake.takeDays())) }
    do throws(FileError) {
      try intake.rejects.flush()
      if intake.rejectedCount > 0 { outcome.rejectsPath = intake.rejects.path }
    } catch {
      failure = failure ?? .file(error)
      return
    }
    failure = failure ?? intake.failure.map { .file($0) }
    // Once something is missing, a count would claim it: nothing more is acknowledged.
    if outcome.lost + intake.lostCount == 0, outcome.spooled == 0 { durableLines = intake.handledLines }
  }

  private func dropPending() {
    outcome.accepted += intake.pendingEvents
    for day in intake.takeDays() { intake.recycle(day) }
    durableLines = intake.handledLines
  }

  private func spoolPending() {
    for day in intake.takeDays() {
      keep(day)
      intake.recycle(day)
    }
    failure = failure ?? intake.failure.map { .file($0) }
  }

  /// Waits for the flush under way, if any, and accounts for its days.
  private func collect() { account(for: appender.wait()) }

  private func account(for results: [(day: DayLines, error: SegmentError?)]) {
    for (day, error) in results {
      if let error {
        divert(day, error)
      } else {
        outcome.accepted += UInt64(day.eventCount)
      }
      intake.recycle(day)
    }
    for recovery in appender.takeRecoveries() {
      let isAll = recovery.keptSizeBytes == recovery.sizeBytes
      outcome.notes.append(
        "\(recovery.segment): cut \(recovery.sizeBytes) bytes of a torn write at offset \(recovery.offset); "
          + (isAll ? "they are" : "the first \(recovery.keptSizeBytes) are") + " kept in \(recovery.keptIn)")
    }
    for damage in appender.takeDamages() {
      outcome.notes.append("\(damage); the new events are stored behind it")
    }
  }

  /// Spools the lines of a day that could not be written.
  private func divert(_ day: DayLines, _ error: SegmentError) {
    failure = failure ?? error
    keep(day)
  }

  /// Spools the lines of a day, or counts them as lost.
  private func keep(_ day: DayLines) {
    guard let spool else {
      outcome.lost += UInt64(day.eventCount)
      return
    }
    do throws(FileError) {
      try day.lines.withBytes { (lines) throws(FileError) in try spool.add(lines) }
      outcome.spooled += UInt64(day.eventCount)
    } catch {
      outcome.lost += UInt64(day.eventCount)
      outcome.notes.append("the spool cannot be written either: \(error)")
    }
  }

  /// Adds a remark to the summary.
  func note(_ text: String) { outcome.notes.append(text) }

  /// Notes events that came out of the spool.
  func noteDrained(_ count: UInt64) { outcome.drained += count }

  /// Ends the run.
  package func finish() -> AppendSummary {
    flush()
    return summary
  }
}
