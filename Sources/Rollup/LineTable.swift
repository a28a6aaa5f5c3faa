//! What tells lines of one id apart, as far as no rollup sums it. Together with the table of events it is all that
//! stands in a plain line, so that repeats can be settled without the lines, which are no longer in memory then.

import Bytes
import Events

/// The lines of a day's events, by number of the event.
struct LineTable: ~Copyable, Sendable {
  /// What is noted of one line.
  struct Line: BitwiseCopyable {
    /// A bit for every field when the line says nothing but what the tables keep; 0 otherwise.
    var fields: UInt64 = 0
    /// Half a hash of the id.
    var hash: UInt32
    /// Size in bytes, line feed included.
    var size: Int32
    /// Where the id ends among all; it begins where the one before ends.
    fileprivate var idEnd = 0

    init(fields: UInt64 = 0, hash: UInt32, size: Int) {
      self.fields = fields
      self.hash = hash
      self.size = Int32(truncatingIfNeeded: size)
    }
  }

  private(set) var lines: Column<Line>
  /// Most days have none, and then no memory.
  private var revisions: MeasureTable<Int64>
  /// The ids one after the other, as the lines spell them.
  private var ids: ByteWriter

  init(expected: Int) {
    lines = Column(capacity: expected)
    revisions = MeasureTable(measures: 1, capacity: expected)
    ids = ByteWriter(capacity: expected * 32)
  }

  @inline(__always)
  mutating func add(_ line: Line, id: RawSpan, revision: Int64 = 0) {
    var line = line
    ids.append(id)
    line.idEnd = ids.count
    lines.append(line)
    revisions.addRow()
    if revision != 0 { revisions.set(0, of: revisions.count &- 1, to: revision) }
  }

  /// Whether the tables keep all that the line of an event says.
  func isTold(_ event: Int) -> Bool { lines[event].fields != 0 }

  func revision(_ event: Int) -> Int64 { revisions.column(0)?[event] ?? 0 }

  /// Whether the lines of two events, both told, have the same fields, size and revision.
  func haveSameForm(_ a: Int, _ b: Int) -> Bool {
    lines[a].fields == lines[b].fields && lines[a].size == lines[b].size && revision(a) == revision(b)
  }

  /// The events of each id that occurs more than once, in ascending order.
  func repeats() -> [[Int]] {
    let groups = Repeats.groups(lines.values)
    var repeats: [[Int]] = []
    repeats.reserveCapacity(groups.count)
    for (index, group) in groups.enumerated() {
      if index + Prefetch.distance < groups.count { announce(groups[index + Prefetch.distance]) }
      var rest = group.map { Int($0) }
      while let first = rest.first {
        let same = rest.filter { haveSameID(first, $0) }
        if same.count > 1 { repeats.append(same) }
        // Hashes of different ids are rarely the same.
        rest = same.count == rest.count ? [] : rest.filter { !haveSameID(first, $0) }
      }
    }
    return repeats
  }

  private func announce(_ events: ArraySlice<Int32>) {
    ids.withBytes { ids in
      for event in events { Prefetch.announce(ids.extracting(idRange(Int(event)))) }
    }
  }

  private func haveSameID(_ a: Int, _ b: Int) -> Bool {
    a == b || ids.withBytes { ByteOrder.isEqual($0.extracting(idRange(a)), $0.extracting(idRange(b))) }
  }

  private func idRange(_ event: Int) -> Range<Int> {
    (event == 0 ? 0 : lines[event - 1].idEnd)..<lines[event].idEnd
  }

  /// Appends the lines of another table.
  mutating func append(_ other: borrowing LineTable) {
    let start = ids.count
    other.ids.withBytes { ids.append($0) }
    for var line in other.lines.values {
      line.idEnd += start
      lines.append(line)
    }
    revisions.append(other.revisions)
  }
}
