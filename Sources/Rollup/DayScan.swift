//! Lines in, a table of events out: the only part of a rollup that looks at text, and the one that takes longest. It
//! needs nothing but its lines, so the parts of a day can be scanned on several cores and joined.

import Bytes
import Events

/// The lines of one day, or of a part of it, as a table.
package struct DayScan: ~Copyable {
  private static let counters: UInt64 =
    EventField.counters.reduce(0) { $0 | $1.bit } & ~EventField.requests.bit
  private static let weighed: UInt64 = EventField.weighed.reduce(0) { $0 | $1.bit }
  private static let dayMilliseconds = Timestamp.day
  /// How many lines are given room before the first comes: what a segment says of itself sizes nothing more.
  private static let expectedMax = 1 << 20

  let day: Int
  private let midnight: Int64
  private var plain = PlainLine(.stored)
  private var parser = EventParser(.stored)
  var keys: KeyTable
  var events: EventTable
  var lines: LineTable
  private var fault: FoldError?
  /// How many bytes the tables may take before lines that lost are given up.
  private let roomBytesMin: Int
  private var roomBytes: Int
  // Of plain lines, until there are enough to look up; their rows have no key or session yet.
  private var waitingKeys = InternBatch()
  private var waitingSessions = InternBatch()

  /// An empty table.
  ///
  /// - Parameters:
  ///   - day: days since 1970.
  ///   - tags: the tags that become columns.
  ///   - expected: about how many lines will come.
  ///   - roomBytes: from how many bytes on memory is what different events take, not what all lines do.
  package init(day: Int, tags: [String], expected: Int, roomBytes: Int = 128 << 20) {
    let expected = min(expected, Self.expectedMax)
    self.day = day
    roomBytesMin = roomBytes
    self.roomBytes = roomBytes
    midnight = Int64(day) * Timestamp.day
    keys = KeyTable(tags: tags)
    events = EventTable(expected: expected)
    lines = LineTable(expected: expected)
  }

  /// How many lines it took in.
  package var lineCount: Int { lines.lineCount }
  /// How many events it holds: those of lines that were not given up.
  package var eventCount: Int { events.count }

  /// Takes in whole lines; an error counts from the first of them.
  package mutating func add(_ lines: RawSpan) throws(FoldError) {
    let known = UInt64(lineCount)
    // Events have numbers of 32 bits, and a line has more than two bytes.
    guard events.count < Int(Int32.max) - lines.byteCount / 2 else { throw .tooManyEvents }
    // Asked for once: a global is a call.
    let counters = Self.counters
    lines.withUnsafeBytes { bytes in
      var start = 0
      while start < bytes.count {
        if let end = plain.read(bytes, from: start), plain.has(.id) {
          addPlain(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: bytes[start..<end])), counters)
          start = end &+ 1
        } else {
          let end = LineSplitter.lineFeed(bytes, from: start) ?? bytes.count
          addParsed(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: bytes[start..<end])))
          start = end &+ 1
        }
      }
      resolveKeys()
      resolveSessions()
    }
    if case .malformed(let line, let reason)? = fault {
      throw .malformed(line: line - known, reason: reason)
    }
    keepWithinRoom()
  }

  /// Gives up lines that lost when the tables take too much room.
  private mutating func keepWithinRoom() {
    guard events.sizeBytes + lines.sizeBytes > roomBytes else { return }
    giveUpLosers()
    roomBytes = max(roomBytesMin, 2 * (events.sizeBytes + lines.sizeBytes))
  }

  /// Appends what another scan, of later lines of the same day, found.
  package mutating func absorb(_ other: consuming DayScan) {
    let (moved, sessions) = keys.absorb(other.keys)
    events.append(other.events, keys: moved, sessions: sessions)
    lines.append(other.lines)
    keepWithinRoom()
  }

  @inline(__always)
  private static func hash(_ id: RawSpan) -> UInt32 { UInt32(truncatingIfNeeded: TableHash.hash(id) &>> 32) }

  private mutating func fail(_ reason: String) {
    fault = fault ?? .malformed(line: UInt64(lineCount + 1), reason: reason)
  }

  private mutating func resolveKeys() {
    keys.resolve(&waitingKeys) { events.keys[$0] = $1 }
  }

  private mutating func resolveSessions() {
    keys.resolveSessions(&waitingSessions) { events.sessions[$0] = $1 }
  }

  @inline(__always)
  private mutating func addPlain(_ line: RawSpan, _ counters: UInt64) {
    let time = plain.time &- midnight
    guard time >= 0, time < Self.dayMilliseconds else { return fail("its time is not of this day") }
    let row = events.count
    let isRun = keys.isRun(plain)
    events.add(
      time: Int32(truncatingIfNeeded: time), key: isRun ? -1 : keys.key(plain, line), session: -1, mark: [])
    let id = line.extracting(plain.text(.id))
    lines.add(
      .init(fields: plain.present, hash: Self.hash(id), size: line.byteCount &+ 1), id: id,
      revision: plain.has(.revision) ? plain.number(.revision) : 0)
    if lines.keepsRests, plain.present & LineTable.untold != 0 {
      // Tags and metadata come last.
      let start = plain.text(plain.has(.tags) ? .tags : .metadata).lowerBound
      lines.addRest(line.extracting(start..<line.byteCount))
    }
    let requests = plain.requests
    plain.forEachCount(among: counters) { field, value in
      events.counts.set(RollupCount.measure(ofField: field), of: row, to: value)
    }
    events.set(.requests, of: row, to: requests)
    if plain.has(.credits) { events.set(.credits, of: row, to: plain.credits) }
    var isFree = false
    if plain.isError {
      events.set(.errors, of: row, to: max(requests, 1))
      isFree = true
      plain.forEachCount(among: Self.weighed) { _, value in if value != 0 { isFree = false } }
    }
    if plain.has(.cost) {
      events.set(.costReported, of: row, to: plain.cost)
    } else if !isFree {
      events.set(.unreportedRequests, of: row, to: max(requests, 1))
    }
    if plain.has(.session) { waitingSessions.add(plain.text(.session), of: line, row: row) }
    if waitingSessions.isFull { resolveSessions() }
    if isRun {
      let range = plain.keyRange
      waitingKeys.add(range, of: line, row: row, run: KeyRun(plain, from: range.lowerBound))
    }
    if waitingKeys.isFull { resolveKeys() }
  }

  /// The same by way of the parser, for lines of any kind.
  private mutating func addParsed(_ line: RawSpan) {
    guard let id = LineIdentity.range(line) else { return fail("it does not begin with its id") }
    do throws(EventFault) {
      try parser.parse(line)
    } catch {
      return fail(error.message)
    }
    let event = parser.event
    let time = event.time - midnight
    guard (0..<Self.dayMilliseconds).contains(time) else { return fail("its time is not of this day") }
    let mark: EventMark = event.status == .void ? .void : event.kind == .quota ? .quota : []
    let row = events.count
    events.add(
      time: Int32(time), key: keys.key(parser, line),
      session: keys.session(parser.bytes(.session, line).span.bytes), mark: mark)
    let text = line.extracting(id)
    lines.add(.init(hash: Self.hash(text), size: line.byteCount + 1), id: text)
    if lines.keepsRests { lines.addRest(line) }
    if mark == .quota {
      events.quotas[row] = QuotaValues(event, id: line.array(id.lowerBound..<(id.upperBound + 1)), line)
    }
    if mark == [] { addMeasures(event, row) }
  }

  private mutating func addMeasures(_ event: Event, _ row: Int) {
    let requests = event.requests
    for count in RollupCount.allCases {
      guard let field = count.field, event.has(field) else { continue }
      events.counts.set(count.rawValue, of: row, to: event.number(field))
    }
    events.set(.requests, of: row, to: requests)
    events.set(.credits, of: row, to: event.credits)
    let isError = event.status == .error
    if isError { events.set(.errors, of: row, to: max(requests, 1)) }
    if event.has(.cost) {
      events.set(.costReported, of: row, to: event.cost)
    } else if !isError || event.weight != Int128(requests) {
      // A failed request that used nothing costs nothing; anything else lacks a cost.
      events.set(.unreportedRequests, of: row, to: max(requests, 1))
    }
  }
}

extension QuotaValues {
  fileprivate init(_ event: Event, id: [UInt8], _ line: RawSpan) {
    time = event.time
    self.id = id
    values = RollupSchema.quotas.map { field in
      guard event.has(field) else { return nil }
      return field == .resetsAt ? event.resetsAt : event.number(field)
    }
  }
}
