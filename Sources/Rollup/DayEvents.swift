//! The events of a settled day that count, one by one, under the names of a rollup's columns: what asks rollups can ask
//! these too, and the sums are the same. Columns are made when they are asked for, a stretch of rows at a time.

import Bytes
import Events
package import Parquet

/// The events of one UTC day, in order of time.
package struct DayEvents: ~Copyable, Sendable {
  private let settled: SettledDay
  /// The events that count, by time.
  private let byTime: Column<CountedEvent>

  /// When an event happened, in milliseconds.
  package static let time = "time"
  /// The place of its line among all lines of the day.
  package static let line = "line"

  package init(_ settled: consuming SettledDay) {
    byTime = settled.byTime()
    self.settled = settled
  }

  package var count: Int { byTime.count }
  /// What was found besides.
  package var statistics: DayStatistics { settled.statistics }

  /// One column of a stretch of events; nil when there is none of that name.
  package func values(_ column: String, _ rows: Range<Int>) -> ParquetValues? {
    switch column {
    case Self.time:
      let (times, start) = (settled.events.times.values, Int64(settled.day) * Timestamp.day)
      return .integers(each(rows) { start + Int64(times[$0]) })
    case Self.line:
      let numbers = settled.lineNumbers
      return .integers(each(rows) { Int64(numbers.isEmpty ? $0 : numbers[$0]) })
    case EventField.session.name: return sessions(rows)
    default: break
    }
    if let texts = settled.keyTexts.first(where: { $0.name.hasBytes(of: column) }) {
      return self.texts(texts, rows)
    }
    if let count = RollupCount.allCases.first(where: { $0.name == column }) {
      guard let values = settled.events.counts.column(count.rawValue) else {
        return .constant(.integer(0), count: rows.count)
      }
      return .integers(each(rows) { values[$0] })
    }
    return RollupAmount.allCases.first { $0.name == column }.map { amounts($0, rows) }
  }

  private func texts(_ texts: KeyTexts, _ rows: Range<Int>) -> ParquetValues {
    let keys = settled.events.keys.values
    var items = each(rows) { keys[$0] }
    return items.withUnsafeMutableBufferPointer {
      TableBuilder.strings(.init($0, settled.keys.keys.count), texts.texts, texts.ranks)
    }
  }

  private func sessions(_ rows: Range<Int>) -> ParquetValues {
    let (sessions, names) = (settled.events.sessions.values, settled.order.sessions)
    var items = each(rows) { sessions[$0] }
    return items.withUnsafeMutableBufferPointer {
      TableBuilder.strings(.init($0, names.ranks.count), names.texts, names.ranks)
    }
  }

  private func amounts(_ amount: RollupAmount, _ rows: Range<Int>) -> ParquetValues {
    // The computed cost of what reports none is no column of its own.
    let isUnreported = amount == .costComputedUnreported
    let place = isUnreported ? RollupAmount.costComputed : amount
    guard let values = settled.events.amounts.column(place.rawValue) else {
      return .constant(.decimal(0), count: rows.count)
    }
    if !isUnreported { return .decimals(each(rows) { values[$0] }) }
    let (keys, eventKeys) = (settled.keys.keys, settled.events.keys.values)
    return .decimals(each(rows) { keys[Int(eventKeys[$0])].currency == 0 ? values[$0] : 0 })
  }

  /// A value of each event in a stretch.
  private func each<Value>(_ rows: Range<Int>, _ value: (Int) -> Value) -> [Value] {
    let order = byTime.values
    return rows.map { value(Int(order[$0].event)) }
  }
}
