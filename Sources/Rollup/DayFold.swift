//! The fold: all lines of one UTC day → its minute, day and session rollups. A pure function of the set of lines,
//! independent of their order and of how they were split over segments and frames.
//!
//! 1. `note(ids:)` sees every line once and finds the ids that occur more than once.
//! 2. `fold(lines:)` sees every line again. A line whose id is unique is summed at once. The others are kept whole.
//! 3. `finish` groups the kept lines by identity (kind and id), lets each group's winner count (higher revision,
//!    then larger weight, then greater line), and sorts the rows.
//!
//! Memory: 8 to 16 bytes for each id, the contested lines, and the rows.

import Bytes
import Events

/// What was found besides the sums.
package struct DayStatistics: Equatable, Sendable {
  /// Lines read.
  package var lines: UInt64 = 0
  /// Lines that lost to another of the same identity.
  package var repeats: UInt64 = 0
  /// Identities whose winner is void.
  package var voids: UInt64 = 0
  /// Identities with different lines at the winning revision.
  package var conflicts: UInt64 = 0

  package init() {}
}

/// Why a day cannot be folded.
package enum FoldError: Error, Equatable, CustomStringConvertible {
  case malformed(line: UInt64, reason: String)
  case overflow(column: String)

  package var description: String {
    switch self {
    case .malformed(let line, let reason): "line \(line): \(reason)"
    case .overflow(let column): "the sum of \(column) does not fit 63 bits"
    }
  }
}

/// Folds one UTC day.
package struct DayFold: ~Copyable {
  private let day: Int
  private let window: Range<Int64>?
  private var parser = EventParser(.stored)
  private var identities: IdentityTable
  private var keys: KeyTable
  private var minutes = RowTable(slots: 1 << 14)
  private var sessions = RowTable(slots: 1 << 12)
  private var contested = ContestedLines()
  private var fault: FoldError?
  private var linesFolded: UInt64 = 0
  package private(set) var statistics = DayStatistics()

  /// An empty fold.
  ///
  /// - Parameters:
  ///   - day: days since 1970.
  ///   - tags: the tags that become columns.
  ///   - expected: about how many lines will come.
  ///   - window: only events of these instants are summed; identities are settled over the whole day all the same.
  package init(day: Int, tags: [String], expected: Int, window: Range<Int64>? = nil) {
    self.day = day
    self.window = window
    identities = IdentityTable(expected: expected)
    keys = KeyTable(tags: tags)
  }

  /// The first pass: notes the ids of whole lines.
  package mutating func note(ids lines: RawSpan) throws(FoldError) {
    lines.withUnsafeBytes { bytes in
      LineSplitter.forEachLine(bytes) { line in
        statistics.lines += 1
        let line = RawSpan(_unsafeBytes: line)
        if let id = LineIdentity.range(line) {
          identities.note(XXH64.hash(line.extracting(id)))
        } else {
          fault = fault ?? .malformed(line: statistics.lines, reason: "it does not begin with its id")
        }
      }
    }
    if let fault { throw fault }
  }

  /// The second pass, over the same lines.
  package mutating func fold(_ lines: RawSpan) throws(FoldError) {
    lines.withUnsafeBytes { bytes in
      LineSplitter.forEachLine(bytes) { line in
        linesFolded += 1
        let line = RawSpan(_unsafeBytes: line)
        if let id = LineIdentity.range(line), identities.isContested(XXH64.hash(line.extracting(id))) {
          contested.add(line)
        } else {
          fold(line: line, isConflict: false)
        }
      }
    }
    if let fault { throw fault }
  }

  /// Sums one event that counts.
  private mutating func fold(line: RawSpan, isConflict: Bool) {
    do throws(EventFault) {
      try parser.parse(line)
    } catch {
      fault = fault ?? .malformed(line: linesFolded, reason: error.message)
      return
    }
    let event = parser.event
    if event.status == .void {
      statistics.voids += 1
      return
    }
    // Division rounds towards zero, so the day is checked before the minute is cut.
    guard Timestamp.utcDay(event.time) == day else {
      fault = fault ?? .malformed(line: linesFolded, reason: "its time is not of this day")
      return
    }
    let minute = Int32(truncatingIfNeeded: (event.time - Int64(day) * Timestamp.day) / 60_000)
    if let window, !window.contains(event.time) { return }
    var key = RowTable.Key(
      bucket: minute, combination: keys.combination(parser, line), tags: keys.tagTuple(parser, line),
      currency: keys.currency(event))
    let row = minutes.row(key, first: event.time, last: event.time)
    if event.kind == .quota { return noteQuota(event, line, row) }
    minutes.sums.add(event, isConflict: isConflict, to: row)
    key.bucket = keys.session(parser, line)
    let sessionRow = sessions.row(key, first: event.time, last: event.time)
    sessions.sums.add(event, isConflict: isConflict, to: sessionRow)
  }

  private mutating func noteQuota(_ event: Event, _ line: RawSpan, _ row: Int) {
    let values = RollupSchema.quotas.map { field -> Int64? in
      guard event.has(field) else { return nil }
      return field == .resetsAt ? event.resetsAt : event.number(field)
    }
    let quota = QuotaValues(time: event.time, line: line.array(0..<line.byteCount), values: values)
    if let known = minutes.quotas[row], !quota.isAfter(known) { return }
    minutes.quotas[row] = quota
  }

  /// Settles the contested lines and makes the rollups.
  package consuming func finish() throws(FoldError) -> DayRollups {
    try settle()
    if let column = minutes.sums.overflow ?? sessions.sums.overflow { throw .overflow(column: column.name) }
    let days = DayRows.summed(minutes)
    if let column = days.sums.overflow { throw .overflow(column: column.name) }
    let order = KeyOrder(keys)
    return DayRollups(
      minute: TableBuilder.table(.minute, minutes, order, keys, day: day),
      day: TableBuilder.table(.day, days, order, keys, day: day),
      session: TableBuilder.table(.session, sessions, order, keys, day: day), statistics: statistics)
  }

  private mutating func settle() throws(FoldError) {
    let lines = contested.take()
    let outcomes: [ContestedLines.Outcome]
    do throws(EventFault) {
      outcomes = try ContestedLines.winners(lines)
    } catch {
      throw .malformed(line: 0, reason: error.message)
    }
    for outcome in outcomes {
      statistics.repeats += UInt64(outcome.repeats)
      if outcome.isConflict { statistics.conflicts += 1 }
      let line = lines[outcome.winner]
      fold(line: line.span.bytes, isConflict: outcome.isConflict)
    }
    if let fault { throw fault }
  }
}

/// The rollups of one day.
package struct DayRollups: Equatable, Sendable {
  package let minute: RollupTable
  package let day: RollupTable
  package let session: RollupTable
  package let statistics: DayStatistics

  /// The one of that kind.
  package subscript(kind: RollupKind) -> RollupTable {
    switch kind {
    case .minute: minute
    case .day: day
    case .session: session
    }
  }
}
