//! The fold: all lines of one UTC day → its minute, day and session rollups. A pure function of the set of lines,
//! independent of their order and of how they were split over segments and frames.
//!
//! 1. `DayScan` reads every line once and makes a row of numbers of each event.
//! 2. `init` finds the events whose id occurs more than once. Their lines are needed whole: `addAgain` sees every line
//!    again and keeps those. When there are none this step is left out.
//! 3. `finish` groups the kept lines by identity (kind and id), lets each group's winner count (higher revision,
//!    then larger weight, then greater line), prices what counts (`DayPricing`), and groups the events by key and
//!    minute or session.
//!
//! Memory: some 30 bytes an event and 8 for each measure that the day has; the contested lines; the rows.

import Bytes
import Events
package import Pricing

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
  private var scan: DayScan
  private let window: Range<Int64>?
  private let contestedCount: Int
  private var contested = ContestedLines()
  /// The event of each contested line.
  private var contestedEvents: [Int] = []
  private var linesSeenAgain = 0
  package private(set) var statistics = DayStatistics()

  /// A fold of scanned lines.
  ///
  /// - Parameters:
  ///   - scan: all lines of the day.
  ///   - window: only events of these instants are summed; identities are settled over the whole day all the same.
  package init(_ scan: consuming DayScan, window: Range<Int64>? = nil) {
    self.window = window
    contestedCount = Repeats.mark(&scan.events)
    statistics.lines = UInt64(scan.events.count)
    self.scan = scan
  }

  /// Whether all lines must be shown again, in the same order.
  package var needsLinesAgain: Bool { contestedEvents.count < contestedCount }

  /// Sees whole lines again.
  package mutating func addAgain(_ lines: RawSpan) {
    let (marks, sizes) = (scan.events.marks.values, scan.events.sizes.values)
    var ranges: [Range<Int>] = []
    var start = 0
    while linesSeenAgain < marks.count, start < lines.byteCount {
      let end = start + Int(sizes[linesSeenAgain])
      if marks[linesSeenAgain].contains(.contested) {
        // The last line of a file may lack its line feed.
        ranges.append(start..<min(end - 1, lines.byteCount))
        contestedEvents.append(linesSeenAgain)
      }
      linesSeenAgain += 1
      start = end
    }
    for (index, range) in ranges.enumerated() {
      let next = index + Prefetch.distance
      if next < ranges.count { Prefetch.announce(lines.extracting(ranges[next])) }
      contested.add(lines.extracting(range))
    }
  }

  /// Settles the contested lines.
  ///
  /// - Parameter prices: what prices events; without it none has a computed cost.
  package consuming func finish(prices: (any PriceSource)? = nil) throws(FoldError) -> SettledDay {
    try settle()
    exclude()
    let queries = DayPricing(&scan, prices).apply(&scan)
    let statistics = statistics
    return SettledDay(scan, statistics: statistics, queries: queries)
  }

  private mutating func settle() throws(FoldError) {
    let lines = contested.take()
    let outcomes: [ContestedLines.Outcome]
    do throws(EventFault) {
      outcomes = try ContestedLines.winners(lines)
    } catch {
      throw .malformed(line: 0, reason: error.message)
    }
    for event in contestedEvents { scan.events.marks[event].insert(.excluded) }
    for outcome in outcomes {
      statistics.repeats += UInt64(outcome.repeats)
      let event = contestedEvents[outcome.winner]
      scan.events.marks[event].remove(.excluded)
      guard outcome.isConflict else { continue }
      statistics.conflicts += 1
      let isCounted = scan.events.marks[event].isDisjoint(with: [.void, .quota])
      if isCounted { scan.events.counts.set(RollupCount.conflicts.rawValue, of: event, to: 1) }
    }
  }

  /// Leaves out what counts nowhere.
  private mutating func exclude() {
    let midnight = Int64(scan.day) * Timestamp.day
    for event in 0..<scan.events.count {
      let mark = scan.events.marks[event]
      if mark.isDisjoint(with: [.void, .excluded]), window == nil { continue }
      if mark.contains(.excluded) { continue }
      let time = midnight + Int64(scan.events.times[event])
      if mark.contains(.void) { statistics.voids += 1 }
      if mark.contains(.void) || window.map({ !$0.contains(time) }) ?? false {
        scan.events.marks[event].insert(.excluded)
      }
    }
  }
}

/// The rollups of one day.
package struct DayRollups: Equatable, Sendable {
  package let minute: RollupTable
  package let day: RollupTable
  package let session: RollupTable
  package let accounts: [AccountSpan]
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
