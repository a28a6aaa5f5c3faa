//! The events of one day as columns: what a rollup needs of each, and nothing else. Measures that no event of the
//! day has take no memory, and most of the two dozen are absent from any one day.

import Bytes
import Events

/// What is true of an event besides its measures.
struct EventMark: OptionSet, BitwiseCopyable, Sendable {
  let rawValue: UInt8

  /// Says that an earlier event must not count.
  static let void = EventMark(rawValue: 1)
  /// Enters no sum.
  static let quota = EventMark(rawValue: 2)
  /// Counts nowhere: it lost to another line, is void, or is outside the window.
  static let excluded = EventMark(rawValue: 4)
  /// Another line of its id and revision lost to it, and is no longer here.
  static let rivalled = EventMark(rawValue: 8)
}

/// Values of several measures, one row an event; a measure is a number from 0.
///
/// Unchecked: the memory has one owner, and only the owner changes it.
struct MeasureTable<Value: FixedWidthInteger & BitwiseCopyable & Sendable>: ~Copyable, @unchecked Sendable {
  private let columns: UnsafeMutablePointer<UnsafeMutablePointer<Value>?>
  private let measureCount: Int
  /// The measures that have memory, and how many they are.
  private let active: UnsafeMutablePointer<Int>
  private var activeCount = 0
  private var capacity: Int
  private(set) var count = 0

  init(measures: Int, capacity: Int) {
    measureCount = measures
    columns = .allocate(capacity: measures)
    columns.initialize(repeating: nil, count: measures)
    active = .allocate(capacity: measures)
    self.capacity = max(capacity, 16)
  }

  deinit {
    for index in 0..<activeCount { columns[active[index]]?.deallocate() }
    columns.deallocate()
    active.deallocate()
  }

  /// Adds an event that measures nothing yet.
  @inline(__always)
  mutating func addRow() {
    if count == capacity { grow(to: capacity * 2) }
    count &+= 1
  }

  /// Sets a measure of an event.
  @inline(__always)
  mutating func set(_ measure: Int, of row: Int, to value: Value) {
    assert(measure < measureCount && row < count)
    if let column = columns[measure] {
      // In bounds: every column has room for `capacity` rows.
      column[row] = value
    } else if value != 0 {
      activate(measure)[row] = value
    }
  }

  /// The values of a measure; nil when all are 0.
  func column(_ measure: Int) -> UnsafeBufferPointer<Value>? {
    columns[measure].map { UnsafeBufferPointer(start: $0, count: count) }
  }

  /// Whether two events have the same values.
  func areEqual(_ a: Int, _ b: Int) -> Bool {
    for index in 0..<activeCount {
      if let column = columns[active[index]], column[a] != column[b] { return false }
    }
    return true
  }

  /// Whether as many values as large as the largest of any measure could be too much, which no ordinary day's are.
  ///
  /// - Parameter most: no value is larger; that often tells without a look at them.
  func canOverflow(valuesUpTo most: Value) -> Bool {
    if fits(most) { return false }
    var bits: Value = 0
    for measure in 0..<measureCount {
      guard let values = column(measure) else { continue }
      for value in values { bits |= value ^ (value &>> Value(Value.bitWidth - 1)) }
    }
    return !fits(bits)
  }

  /// Whether `count` values, none of which has more bits than `value`, have a sum that is not too much.
  private func fits(_ value: Value) -> Bool {
    let width = Value.bitWidth - value.leadingZeroBitCount
    return width + Int.bitWidth - count.leadingZeroBitCount < Value.bitWidth
  }

  /// For each measure an earlier one with the same values, as far as they have memory.
  var twins: [Int?] {
    (0..<measureCount).map { measure in
      guard let values = column(measure).map({ UnsafeRawBufferPointer($0) }) else { return nil }
      return (0..<measure).first { earlier in
        guard let others = column(earlier).map({ UnsafeRawBufferPointer($0) }) else { return false }
        return ByteOrder.isEqual(RawSpan(_unsafeBytes: others), RawSpan(_unsafeBytes: values))
      }
    }
  }

  /// How many bytes an event takes.
  var sizeBytes: Int { activeCount * MemoryLayout<Value>.size }

  /// Adds what an event measures to a hash.
  func hash(_ event: Int, into hasher: inout Hasher) {
    for index in 0..<activeCount {
      if let column = columns[active[index]] { hasher.combine(column[event]) }
    }
  }

  /// Keeps some events, ascending, and forgets the others.
  mutating func keep(_ events: borrowing Column<Int32>) {
    let events = events.values
    for index in 0..<activeCount {
      guard let column = columns[active[index]] else { continue }
      for place in events.indices { column[place] = column[Int(events[place])] }
      // A new event has nothing to write.
      (column + events.count).update(repeating: 0, count: count - events.count)
    }
    count = events.count
  }

  private mutating func activate(_ measure: Int) -> UnsafeMutablePointer<Value> {
    let column = UnsafeMutablePointer<Value>.allocate(capacity: capacity)
    // To the end, so that a new event has nothing to write.
    column.initialize(repeating: 0, count: capacity)
    columns[measure] = column
    active[activeCount] = measure
    activeCount += 1
    return column
  }

  private mutating func grow(to size: Int) {
    for index in 0..<activeCount {
      let measure = active[index]
      guard let old = columns[measure] else { continue }
      let column = UnsafeMutablePointer<Value>.allocate(capacity: size)
      column.initialize(from: old, count: count)
      (column + count).initialize(repeating: 0, count: size - count)
      old.deallocate()
      columns[measure] = column
    }
    capacity = size
  }

  /// Appends the events of another table.
  mutating func append(_ other: borrowing MeasureTable) {
    if count + other.count > capacity { grow(to: max(capacity * 2, count + other.count)) }
    for measure in 0..<measureCount where columns[measure] == nil && other.columns[measure] != nil {
      _ = activate(measure)
    }
    for measure in 0..<measureCount {
      guard let column = columns[measure], let values = other.columns[measure] else { continue }
      (column + count).update(from: values, count: other.count)
    }
    count += other.count
  }
}

/// The events of one day.
struct EventTable: ~Copyable, Sendable {
  /// Milliseconds since the day began.
  var times: Column<Int32>
  /// Numbers of keys.
  var keys: Column<Int32>
  /// Numbers of sessions, -1 without.
  var sessions: Column<Int32>
  var marks: Column<EventMark>
  var counts: MeasureTable<Int64>
  /// Pico-units.
  var amounts: MeasureTable<Int128>
  /// What quota events say, by number of the event.
  var quotas: [Int: QuotaValues] = [:]

  init(expected: Int) {
    times = Column(capacity: expected)
    keys = Column(capacity: expected)
    sessions = Column(capacity: expected)
    marks = Column(capacity: expected)
    counts = MeasureTable(measures: RollupCount.allCases.count, capacity: expected)
    amounts = MeasureTable(measures: RollupAmount.allCases.count, capacity: expected)
  }

  var count: Int { times.count }

  /// Adds an event without measures.
  @inline(__always)
  mutating func add(time: Int32, key: Int32, session: Int32, mark: EventMark) {
    times.append(time)
    keys.append(key)
    sessions.append(session)
    marks.append(mark)
    counts.addRow()
    amounts.addRow()
  }

  /// Sets a count or an amount of an event.
  @inline(__always)
  mutating func set(_ count: RollupCount, of event: Int, to value: Int64) {
    counts.set(count.rawValue, of: event, to: value)
  }

  @inline(__always)
  mutating func set(_ amount: RollupAmount, of event: Int, to pico: Int128) {
    amounts.set(amount.rawValue, of: event, to: pico)
  }

  /// About how many bytes it takes.
  var sizeBytes: Int { count * (13 + counts.sizeBytes + amounts.sizeBytes) + quotas.count * 300 }

  /// Keeps some events, ascending, and forgets the others.
  mutating func keep(_ kept: borrowing Column<Int32>) {
    if !quotas.isEmpty {
      var quotas: [Int: QuotaValues] = [:]
      for place in 0..<kept.count { quotas[place] = self.quotas[Int(kept[place])] }
      self.quotas = quotas
    }
    times.keep(kept)
    keys.keep(kept)
    sessions.keep(kept)
    marks.keep(kept)
    counts.keep(kept)
    amounts.keep(kept)
  }

  /// Appends the events of another table, whose keys and sessions have other numbers here.
  mutating func append(_ other: borrowing EventTable, keys moved: [Int32], sessions movedSessions: [Int32]) {
    for index in 0..<other.count {
      keys.append(moved[Int(other.keys[index])])
      let session = other.sessions[index]
      sessions.append(session < 0 ? -1 : movedSessions[Int(session)])
    }
    for (index, values) in other.quotas { quotas[count + index] = values }
    times.append(other.times)
    marks.append(other.marks)
    counts.append(other.counts)
    amounts.append(other.amounts)
  }
}

/// What one `quota` event said.
struct QuotaValues: Sendable {
  var time: Int64
  /// As its line spells it, with the quote behind it: two lines that count have different ids, so it decides which of
  /// them is the greater one.
  var id: [UInt8]
  /// In the order of `RollupSchema.quotas`; nil where absent.
  var values: [Int64?]

  /// Whether `self` is later than `other`, or the greater line of the same instant.
  func isAfter(_ other: QuotaValues) -> Bool {
    time != other.time ? time > other.time : other.id.lexicographicallyPrecedes(id)
  }
}
