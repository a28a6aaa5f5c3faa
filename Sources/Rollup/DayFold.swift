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
  /// More different lines than a day can have.
  case tooManyEvents

  package var description: String {
    switch self {
    case .malformed(let line, let reason): "line \(line): \(reason)"
    case .overflow(let column): "the sum of \(column) is too large"
    case .tooManyEvents: "there are too many different lines: a day holds \(Int32.max)"
    }
  }
}

/// Folds one UTC day.
package struct DayFold: ~Copyable {
  private var scan: DayScan
  private let window: Range<Int64>?
  /// The events whose lines are needed, in ascending order, in runs that are looked at one after the other; the next one
  /// is the last.
  private var contests: [[Int]] = []
  /// How many events of the run that is looked at have been seen.
  private var seenCount = 0
  private var contested = ContestedLines()
  package private(set) var statistics = DayStatistics()

  /// A fold of scanned lines.
  ///
  /// - Parameters:
  ///   - scan: all lines of the day.
  ///   - window: only events of these instants are summed; identities are settled over the whole day all the same.
  ///   - contestBytes: about how many bytes of lines are held at a time.
  package init(_ scan: consuming DayScan, window: Range<Int64>? = nil, contestBytes: Int = 256 << 20) {
    self.window = window
    self.scan = scan
    statistics.lines = UInt64(self.scan.lineCount)
    statistics.repeats = UInt64(self.scan.lines.givenUpCount)
    var size = 0
    for events in self.scan.lines.repeats() {
      if let outcome = self.scan.outcome(of: events) {
        exclude(events)
        settle(outcome)
        continue
      }
      if contests.isEmpty || size > contestBytes {
        contests.append([])
        size = 0
      }
      contests[contests.count - 1] += events
      size += events.reduce(0) { max($0, Int(self.scan.lines.lines[$1].size)) }
    }
    for index in contests.indices { contests[index].sort() }
  }

  /// Whether lines must be shown again, from the first stretch on; then comes `endContest`, and perhaps another.
  package var hasContest: Bool { !contests.isEmpty }

  /// Whether lines of a stretch must be shown again; stretches come in ascending order.
  ///
  /// - Parameter numbers: places among the day's lines.
  package func needsLines(_ numbers: Range<Int>) -> Bool {
    guard let contest = contests.last, seenCount < contest.count else { return false }
    return scan.lines.number(contest[seenCount]) < numbers.upperBound
  }

  /// Sees a stretch of whole lines again.
  ///
  /// - Parameter numbers: their places among the day's lines.
  package mutating func addAgain(_ lines: RawSpan, _ numbers: Range<Int>) {
    lines.withUnsafeBytes { bytes in
      var (line, start) = (numbers.lowerBound, 0)
      func end() -> Int { LineSplitter.lineFeed(bytes, from: start) ?? bytes.count }
      while needsLines(numbers), let event = contests.last?[seenCount] {
        while line < scan.lines.number(event) {
          start = end() + 1
          line += 1
        }
        contested.add(lines.extracting(start..<end()), of: event, isRivalled: scan.isRivalled(event))
        seenCount += 1
      }
    }
  }

  /// Settles what was contested, once all its lines were shown.
  package mutating func endContest() throws(FoldError) {
    guard let events = contests.popLast() else { return }
    precondition(seenCount == events.count, "all lines that are needed are shown again")
    if let fault = contested.fault { throw .malformed(line: 0, reason: fault.message) }
    exclude(events)
    for outcome in contested.outcomes { settle(outcome) }
    contested = ContestedLines()
    seenCount = 0
  }

  /// Makes the day of it.
  ///
  /// - Parameter prices: what prices events; without it none has a computed cost.
  package consuming func finish(prices: (any PriceSource)? = nil) -> SettledDay {
    precondition(!hasContest, "what is contested is settled before")
    settleRivalled()
    excludeVoids()
    let queries = DayPricing(&scan, prices).apply(&scan)
    let statistics = statistics
    return SettledDay(scan, statistics: statistics, queries: queries)
  }

  private mutating func exclude(_ events: [Int]) {
    for event in events {
      scan.events.marks[event].insert(.excluded)
      // That it was rivalled is in the outcome.
      scan.events.marks[event].remove(.rivalled)
    }
  }

  /// Counts the conflicts of events whose rivals were all given up.
  private mutating func settleRivalled() {
    if scan.lines.givenUpCount == 0 { return }
    for event in 0..<scan.events.count where scan.isRivalled(event) {
      settle(ContestedLines.Outcome(winner: event, repeats: 0, isConflict: true))
    }
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
