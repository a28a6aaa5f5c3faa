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
  let keys: KeyTable
  let order: KeyOrder
  /// Whether a sum of counts or amounts may be too much.
  let canOverflow: Bool
  /// The rank of each event's key.
  let keyRanks: Column<Int32>
  /// The events that count, as they came and by key.
  private let counted: Column<Int32>
  let byKey: Column<Int32>

  init(_ scan: consuming DayScan, statistics: DayStatistics, queries: [PriceQuery]) {
    self.statistics = statistics
    priceQueries = queries
    day = scan.day
    order = KeyOrder(scan.keys)
    canOverflow = scan.events.counts.canOverflow || scan.events.amounts.canOverflow
    keyRanks = Self.keyRanks(scan.events, order)
    counted = Self.counted(scan.events)
    let ranks = keyRanks.values
    byKey = CountingSort.sorted(counted, counting: counted, rankCount: order.keys.count) { Int(ranks[$0]) }
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

  private static func keyRanks(_ events: borrowing EventTable, _ order: KeyOrder) -> Column<Int32> {
    var ranks = Column<Int32>(capacity: events.count)
    for key in events.keys.values { ranks.append(order.keyRanks[Int(key)]) }
    return ranks
  }

  private static func counted(_ events: borrowing EventTable) -> Column<Int32> {
    var counted = Column<Int32>(capacity: events.count)
    let marks = events.marks.values
    for event in marks.indices where !marks[event].contains(.excluded) {
      counted.append(Int32(truncatingIfNeeded: event))
    }
    return counted
  }

  /// The events that count, by time; those of one instant are in the order of their keys.
  func byTime() -> Column<Int32> {
    let times = events.times.values
    // Two sorts by half the digits each: a place for every millisecond of a day would be too many.
    let half: Int32 = 9_296
    let byRest = CountingSort.sorted(byKey, counting: counted, rankCount: Int(half)) { Int(times[$0] % half) }
    return CountingSort.sorted(byRest, counting: counted, rankCount: Int(half)) { Int(times[$0] / half) }
  }

  /// The rows of one rollup.
  func rows(_ kind: RollupKind) -> RowGroups {
    switch kind {
    case .day: return RowGroups(events, byKey, order, keyRanks) { _ in 0 }
    case .minute:
      let times = events.times.values
      let byMinute = CountingSort.sorted(byKey, counting: counted, rankCount: 24 * 60) {
        Int(times[$0] / 60_000)
      }
      return RowGroups(events, byMinute, order, keyRanks) { times[$0] / 60_000 }
    case .session:
      let ranks = order.sessions.ranks
      let (marks, sessions) = (events.marks.values, events.sessions.values)
      let bySession = CountingSort.sorted(byKey, counting: counted, rankCount: ranks.count + 1) { event in
        // Quotas belong to no session; events without one come first.
        if marks[event].contains(.quota) { return -1 }
        let session = sessions[event]
        return session < 0 ? 0 : Int(ranks[Int(session)]) + 1
      }
      return RowGroups(events, bySession, order, keyRanks) { sessions[$0] }
    }
  }
}
