//! The fold: all lines of one UTC day → its minute, day and session rollups. A pure function of the set of lines,
//! independent of their order and of how they were split over segments and frames.
//!
//! 1. `DayScan` reads every line once and makes a row of numbers of each event.
//! 2. `init` finds the events whose id occurs more than once and lets each identity's winner count (higher revision, then
//!    larger weight, then greater line). The tables tell it for nearly all (`DayScan.outcome`); the lines of the others
//!    are needed whole: `addAgain` sees the stretches of lines again that hold one (`needsLines`) and keeps those.
//! 3. `finish` settles the kept lines, prices what counts (`DayPricing`), and groups the events by key and minute or
//!    session.
//!
//! Memory: some 70 bytes an event and 8 for each measure that the day has; until ids are settled, their bytes too; the
//! contested lines; the rows.

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
    case .overflow(let column): "the sum of \(column) is too large"
    }
  }
}

/// Folds one UTC day.
package struct DayFold: ~Copyable {
  private var scan: DayScan
  private let window: Range<Int64>?
  /// The events whose lines are needed, in ascending order.
  private var contestedEvents: [Int] = []
  private var contested = ContestedLines()
  package private(set) var statistics = DayStatistics()

  /// A fold of scanned lines.
  ///
  /// - Parameters:
  ///   - scan: all lines of the day.
  ///   - window: only events of these instants are summed; identities are settled over the whole day all the same.
  package init(_ scan: consuming DayScan, window: Range<Int64>? = nil) {
    self.window = window
    self.scan = scan
    statistics.lines = UInt64(self.scan.lineCount)
    for events in self.scan.lines.repeats() {
      if let outcome = self.scan.outcome(of: events) {
        exclude(events)
        settle(outcome)
      } else {
        contestedEvents += events
      }
    }
    contestedEvents.sort()
  }

  /// Whether lines of a stretch must be shown again; stretches come in ascending order.
  ///
  /// - Parameter numbers: places among the day's lines.
  package func needsLines(_ numbers: Range<Int>) -> Bool {
    contested.count < contestedEvents.count && contestedEvents[contested.count] < numbers.upperBound
  }

  /// Sees a stretch of whole lines again.
  ///
  /// - Parameter numbers: their places among the day's lines.
  package mutating func addAgain(_ lines: RawSpan, _ numbers: Range<Int>) {
    let all = scan.lines.lines.values
    var (line, start) = (numbers.lowerBound, 0)
    while needsLines(numbers) {
      let event = contestedEvents[contested.count]
      while line < event {
        start += Int(all[line].size)
        line += 1
      }
      // The last line of a file may lack its line feed.
      contested.add(lines.extracting(start..<min(start + Int(all[event].size) - 1, lines.byteCount)))
    }
  }

  /// Settles the contested lines.
  ///
  /// - Parameter prices: what prices events; without it none has a computed cost.
  package consuming func finish(prices: (any PriceSource)? = nil) throws(FoldError) -> SettledDay {
    try settleLines()
    excludeVoids()
    let queries = DayPricing(&scan, prices).apply(&scan)
    let statistics = statistics
    return SettledDay(scan, statistics: statistics, queries: queries)
  }

  private mutating func settleLines() throws(FoldError) {
    let lines = contested.take()
    precondition(lines.count == contestedEvents.count, "all lines that are needed are shown again")
    let outcomes: [ContestedLines.Outcome]
    do throws(EventFault) {
      outcomes = try ContestedLines.winners(lines)
    } catch {
      throw .malformed(line: 0, reason: error.message)
    }
    exclude(contestedEvents)
    for var outcome in outcomes {
      outcome.winner = contestedEvents[outcome.winner]
      settle(outcome)
    }
  }

  private mutating func exclude(_ events: [Int]) {
    for event in events { scan.events.marks[event].insert(.excluded) }
  }

  /// Lets the winner among events that are left out count.
  private mutating func settle(_ outcome: ContestedLines.Outcome) {
    statistics.repeats += UInt64(outcome.repeats)
    let event = outcome.winner
    scan.events.marks[event].remove(.excluded)
    guard outcome.isConflict else { return }
    statistics.conflicts += 1
    let isCounted = scan.events.marks[event].isDisjoint(with: [.void, .quota])
    if isCounted { scan.events.counts.set(RollupCount.conflicts.rawValue, of: event, to: 1) }
  }

  /// Leaves out voids, and what is outside the window.
  private mutating func excludeVoids() {
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
