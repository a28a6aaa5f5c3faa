//! The events of a day grouped into the rows of one rollup, in the order of rows: sorted by key and then by minute or
//! session, neighbours with the same of both are one row.

import Bytes

struct RowGroups: ~Copyable {
  /// The row of each event; events that count in no row have `count`.
  private(set) var rowOfEvent: Column<Int32>
  /// The key of each row.
  private(set) var keys = Column<Int32>()
  /// The minute of the day or the number of the session of each row; 0 in a day's.
  private(set) var buckets = Column<Int32>()

  var count: Int { keys.count }

  /// Groups events.
  ///
  /// - Parameters:
  ///   - events: the whole day.
  ///   - order: the events that count, sorted by bucket and key.
  ///   - keys: the order of keys.
  ///   - keyRanks: the place of each event's key in it.
  ///   - bucket: minute or session of an event.
  @inline(__always)
  init(
    _ events: borrowing EventTable, _ order: borrowing Column<Int32>, _ keys: KeyOrder,
    _ keyRanks: borrowing Column<Int32>, bucket: (Int) -> Int32
  ) {
    rowOfEvent = Column(repeating: -1, count: events.count)
    let rows = rowOfEvent.values
    let ranks = keyRanks.values
    var last: (rank: Int32, bucket: Int32) = (-1, 0)
    var row: Int32 = -1
    for event in order.values {
      let event = Int(event)
      let next = (rank: ranks[event], bucket: bucket(event))
      if next != last {
        self.keys.append(keys.keys[Int(next.rank)])
        buckets.append(next.bucket)
        row &+= 1
        last = next
      }
      rows[event] = row
    }
    if order.count == events.count { return }
    for event in rows.indices where rows[event] < 0 { rows[event] = row + 1 }
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

  /// The earliest and latest time of each row's events.
  func times(_ events: borrowing EventTable, midnight: Int64) -> (first: [Int64], last: [Int64]) {
    var first = [Int64](repeating: .max, count: count + 1)
    var last = [Int64](repeating: .min, count: count + 1)
    let (rows, times) = (rowOfEvent.values, events.times.values)
    for event in times.indices {
      let row = Int(rows[event])
      let time = midnight &+ Int64(times[event])
      if time < first[row] { first[row] = time }
      if time > last[row] { last[row] = time }
    }
    first.removeLast()
    last.removeLast()
    return (first, last)
  }
}
