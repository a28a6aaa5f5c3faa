//! What tells lines of one id apart, as far as no rollup sums it. Together with the table of events it is all that
//! stands in a plain line, so that repeats can be settled without the lines, which are no longer in memory then.
//!
//! Lines that lost are given up when there are many (`DayScan+Repeats`), so an event has a number of its own among those
//! that are left, and its line has another.

import Bytes
import Events

/// The lines of a day's events, by number of the event.
struct LineTable: ~Copyable, Sendable {
  /// What is noted of one line.
  struct Line: BitwiseCopyable {
    /// A bit for every field of a plain line; 0 of others.
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

  /// What few lines have.
  private enum Rare: Int, CaseIterable {
    case revision
    /// Number + 1 of its rest, 0 where that is not known.
    case rest
  }

  /// What no table keeps; `period` and `kind` no plain line has.
  static let untold = EventField.tags.bit | EventField.metadata.bit

  private(set) var lines: Column<Line>
  /// By `Rare`; most days have none, and then no memory.
  private var rare: MeasureTable<Int64>
  /// The ids one after the other, as the lines spell them.
  private var ids: ByteWriter
  /// Of each event the place of its line among all lines; empty while each line has an event.
  private var numbers = Column<Int>()
  /// How many lines were given up.
  private(set) var givenUpCount = 0
  /// Whether the rests of lines are kept, because there are repeats that tables do not settle without.
  var keepsRests = false
  /// What tables do not keep of lines: tags and metadata of plain ones, others whole.
  private var rests = ByteInterner()

  init(expected: Int) {
    lines = Column(capacity: expected)
    rare = MeasureTable(measures: Rare.allCases.count, capacity: expected)
    ids = ByteWriter(capacity: expected * 32)
  }

  /// How many lines there were.
  var lineCount: Int { lines.count + givenUpCount }
  /// About how many bytes it takes.
  var sizeBytes: Int { lines.count * 24 + ids.count + numbers.count * 8 + rests.sizeBytes }

  /// Adds the line of the next event.
  @inline(__always)
  mutating func add(_ line: Line, id: RawSpan, revision: Int64 = 0) {
    var line = line
    ids.append(id)
    line.idEnd = ids.count
    if numbers.count > 0 { numbers.append(lineCount) }
    lines.append(line)
    rare.addRow()
    if revision != 0 { rare.set(Rare.revision.rawValue, of: rare.count &- 1, to: revision) }
  }

  /// Keeps what tables do not keep of the line that was added last.
  mutating func addRest(_ rest: RawSpan) {
    rare.set(Rare.rest.rawValue, of: rare.count - 1, to: Int64(rests.intern(rest).number) + 1)
  }

  /// Whether tables keep all that the line of an event says.
  func isTold(_ event: Int) -> Bool {
    let fields = lines[event].fields
    return fields != 0 && (fields & Self.untold == 0 || hasRest(event))
  }

  /// The place of an event's line among all lines.
  func number(_ event: Int) -> Int { numbers.count == 0 ? event : numbers[event] }
  /// The same for all events; none while each line has an event.
  var allNumbers: [Int] { numbers.array }

  func revision(_ event: Int) -> Int64 { rare.column(Rare.revision.rawValue)?[event] ?? 0 }
  func hasRest(_ event: Int) -> Bool { rest(event) != 0 }
  private func rest(_ event: Int) -> Int64 { rare.column(Rare.rest.rawValue)?[event] ?? 0 }

  /// Whether the lines of two events have the same fields, size, revision and rest.
  func haveSameForm(_ a: Int, _ b: Int) -> Bool {
    lines[a].fields == lines[b].fields && lines[a].size == lines[b].size && rare.areEqual(a, b)
  }

  /// Adds the form of an event's line to a hash.
  func hash(_ event: Int, into hasher: inout Hasher) {
    hasher.combine(lines[event].fields)
    hasher.combine(lines[event].size)
    rare.hash(event, into: &hasher)
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

  /// Keeps the lines of some events, ascending, and gives up the others.
  mutating func keep(_ events: borrowing Column<Int32>) {
    if numbers.count == 0 {
      for event in 0..<lines.count { numbers.append(event) }
    }
    var ids = ByteWriter(capacity: self.ids.count / 2)
    var rests = ByteInterner()
    var ends = Column<Int>(capacity: events.count)
    for place in 0..<events.count {
      let event = Int(events[place])
      let (range, rest) = (idRange(event), rest(event))
      self.ids.withBytes { ids.append($0, range) }
      ends.append(ids.count)
      if rest == 0 { continue }
      let number = self.rests.withBytes(Int(rest) - 1) { rests.intern($0).number }
      rare.set(Rare.rest.rawValue, of: event, to: Int64(number) + 1)
    }
    givenUpCount += lines.count - events.count
    lines.keep(events)
    for place in 0..<events.count { lines[place].idEnd = ends[place] }
    numbers.keep(events)
    rare.keep(events)
    self.ids = ids
    self.rests = rests
  }

  /// Appends the lines of another table.
  mutating func append(_ other: borrowing LineTable) {
    let (start, known, before) = (ids.count, lineCount, lines.count)
    if numbers.count == 0, other.numbers.count > 0 || givenUpCount > 0 {
      for event in 0..<lines.count { numbers.append(event) }
    }
    let isNumbered = numbers.count > 0 || other.numbers.count > 0
    for event in 0..<other.lines.count where isNumbered { numbers.append(known + other.number(event)) }
    other.ids.withBytes { ids.append($0) }
    for var line in other.lines.values {
      line.idEnd += start
      lines.append(line)
    }
    givenUpCount += other.givenUpCount
    keepsRests = keepsRests || other.keepsRests
    let moved = rests.absorb(other.rests)
    rare.append(other.rare)
    for event in 0..<other.lines.count {
      let rest = other.rest(event)
      if rest > 0 { rare.set(Rare.rest.rawValue, of: before + event, to: Int64(moved[Int(rest) - 1]) + 1) }
    }
  }
}
