//! A settled day in the order of its keys, from which the three rollups are made: each on its own, so that they can be
//! made side by side, or one after the other in less memory.

import Bytes
import Events
package import Pricing

/// A day in which it is known what counts.
package struct SettledDay: ~Copyable, Sendable {
  package let statistics: DayStatistics
  /// Whose prices are in the sums, or would be if there were any; in order.
  package let priceQueries: [PriceQuery]
  /// Days since 1970.
  package let day: Int
  let events: EventTable
  /// By event the place of its line among all lines of the day; empty where each line is an event.
  let lineNumbers: [Int]
  let keys: KeyTable
  let order: KeyOrder
  /// What the keys say, by column.
  let keyTexts: [KeyTexts]
  /// Whether a sum of counts or amounts may be too much.
  let canOverflow: Bool
  /// For each count an earlier one that every event has as many of: then so has every row.
  let twins: [Int?]
  /// The events that count, by key.
  private let byKey: Column<CountedEvent>
  /// The rows of the day rollup, which tell of accounts too.
  let dayRows: RowGroups

  init(_ scan: consuming DayScan, statistics: DayStatistics, queries: [PriceQuery]) {
    self.statistics = statistics
    priceQueries = queries
    day = scan.day
    order = KeyOrder(scan.keys)
    keyTexts = KeyTexts.all(scan.keys, order)
    canOverflow =
      scan.events.counts.canOverflow(valuesUpTo: EventFault.countMax)
      || scan.events.amounts.canOverflow(valuesUpTo: .max)
    twins = scan.events.counts.twins
    byKey = CountingSort.sorted(CountedEvent.all(scan.events, order), rankCount: order.keys.count) {
      Int($0.key)
    }
    dayRows = RowGroups(byKey, order, eventCount: scan.events.count, hasTimes: true) { _ in 0 }
    lineNumbers = scan.lines.allNumbers
    events = scan.events
    keys = scan.keys
  }

  /// Makes one rollup.
  package func table(_ kind: RollupKind) throws(FoldError) -> RollupTable {
    try TableBuilder.table(kind, self)
  }

  /// Makes all three.
  package func rollups() throws(FoldError) -> DayRollups {
    DayRollups(
      minute: try table(.minute), day: try table(.day), session: try table(.session), accounts: accounts(),
      statistics: statistics)
  }

  /// The events that count, by time; those of one instant are in the order of their keys.
  func byTime() -> Column<CountedEvent> {
    // Two sorts by half the digits each: a place for every millisecond of a day would be too many.
    let half: Int32 = 9_296
    let byRest = CountingSort.sorted(byKey, rankCount: Int(half)) { Int($0.time % half) }
    return CountingSort.sorted(byRest, rankCount: Int(half)) { Int($0.time / half) }
  }

  /// The rows of the minute rollup.
  func minuteRows() -> RowGroups {
    let byMinute = CountingSort.sorted(byKey, rankCount: 24 * 60) { Int($0.time / 60_000) }
    return RowGroups(byMinute, order, eventCount: events.count, hasTimes: false) { $0.time / 60_000 }
  }

  /// The rows of the session rollup; events without a session come first.
  func sessionRows() -> RowGroups {
    let bySession = CountingSort.sorted(byKey, rankCount: order.sessions.ranks.count + 1) {
      Int($0.session) + 1
    }
    return RowGroups(bySession, order, eventCount: events.count, hasTimes: true) { $0.session }
  }
}
