//! The events of a day grouped into the rows of one rollup, in the order of rows: sorted by key and then by minute or
//! session, neighbours with the same of both are one row.
//!
//! Rows come out of counting sorts in their order (`CountingSort`): hash tables of sums that are sorted afterwards
//! took five times as long. Sorts move 16 bytes an event, which hold all that sorting and grouping ask for
//! (`CountedEvent`).

import Bytes

struct RowGroups: ~Copyable {
  /// The row of each event; events that count in no row have `count`.
  private(set) var rowOfEvent: Column<Int32>
  /// The key of each row.
  private(set) var keys = Column<Int32>()
  /// The minute of the day or the place of the session of each row; 0 in a day's.
  private(set) var buckets = Column<Int32>()
  /// The times of each row's first and last event, in milliseconds since the day began; empty when nobody asks.
  private(set) var firstTimes = Column<Int32>()
  private(set) var lastTimes = Column<Int32>()

  var count: Int { keys.count }

  /// Groups events.
  ///
  /// - Parameters:
  ///   - events: those that count, sorted by bucket and key.
  ///   - order: the order of keys.
  ///   - eventCount: how many events the day has, those included that do not count.
  ///   - hasTimes: whether the times of rows are asked for.
  ///   - bucket: minute or session of an event.
  @inline(__always)
  init(
    _ events: borrowing Column<CountedEvent>, _ order: KeyOrder, eventCount: Int, hasTimes: Bool,
    bucket: (CountedEvent) -> Int32
  ) {
    rowOfEvent = Column(repeating: -1, count: eventCount)
    let rows = rowOfEvent.values
    var last: (key: Int32, bucket: Int32) = (-1, 0)
    var times: (first: Int32, last: Int32) = (0, 0)
    for event in events.values {
      let next = (key: event.key, bucket: bucket(event))
      if next != last {
        if hasTimes, last.key >= 0 { addTimes(times) }
        times = (event.time, event.time)
        keys.append(order.keys[Int(next.key)])
        buckets.append(next.bucket)
        last = next
      }
      times = (min(times.first, event.time), max(times.last, event.time))
      rows[Int(event.event)] = Int32(truncatingIfNeeded: keys.count &- 1)
    }
    if hasTimes, last.key >= 0 { addTimes(times) }
    if events.count == eventCount { return }
    for event in rows.indices where rows[event] < 0 { rows[event] = Int32(truncatingIfNeeded: keys.count) }
  }

  @inline(__always)
  private mutating func addTimes(_ times: (first: Int32, last: Int32)) {
    firstTimes.append(times.first)
    lastTimes.append(times.last)
  }

  /// The sum of a measure by row; nil when it does not fit.
  ///
  /// - Parameter canOverflow: whether it may be that it does not.
  func sums<Value: FixedWidthInteger>(_ values: UnsafeBufferPointer<Value>, canOverflow: Bool) -> [Value]? {
    // One more for the events that count in no row.
    var sums = [Value](repeating: 0, count: count + 1)
    let isOver = sums.withUnsafeMutableBufferPointer { sums in
      if canOverflow { return addChecked(values, to: sums) }
      let rows = rowOfEvent.values
      for event in 0..<values.count { sums[Int(rows[event])] &+= values[event] }
      return false
    }
    sums.removeLast()
    return isOver ? nil : sums
  }

  /// Adds up with a look at each sum; returns whether one that counts does not fit.
  private func addChecked<Value: FixedWidthInteger>(
    _ values: UnsafeBufferPointer<Value>, to sums: UnsafeMutableBufferPointer<Value>
  ) -> Bool {
    var isOver = false
    let (rows, count) = (rowOfEvent.values, count)
    for event in 0..<values.count {
      let row = Int(rows[event])
      let (sum, over) = sums[row].addingReportingOverflow(values[event])
      sums[row] = sum
      isOver = isOver || (over && row < count)
    }
    return isOver
  }
}
