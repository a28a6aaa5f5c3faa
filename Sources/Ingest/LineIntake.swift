//! The hot part of append: bytes in, canonical lines by day and rejects out. No file is touched here, and a good
//! line allocates nothing: it is read where it lies and written once, into the memory of its day.
//!
//! A plain line (see `PlainLine`) is copied with its id completed, its source put in and unknown fields left out. Any
//! other is parsed into an event and spelled out; that way also finds the words for what is wrong with it.
//!
//! Everything is in one struct that is mutated in place, so that the compiler sees the whole loop.

import Adapters
import Bytes
import Events
import Files
import SegmentLog

/// Turns the bytes of inputs into lines that wait to be appended.
struct LineIntake: ~Copyable {
  /// Reasons shown on the terminal; all are in the rejects file.
  private static let shownReasonsMax = 10
  /// Enough for lines in order of time; those all over the calendar bring many small days.
  private static let spareDaysMax = 4

  private let keepsRejects: Bool
  private var plain: PlainLine
  private var parser: EventParser
  private let canonical = CanonicalLine()
  private var identity: Identity
  private var idText = ByteWriter(capacity: 256)
  /// The source of lines that name none, how their lines then begin, and the member that says so.
  private let defaultSource: [UInt8]
  private let defaultHead: ByteWriter
  private let defaultMember: ByteWriter
  private var carry = ByteWriter(capacity: 4096)
  /// Bytes of an overlong line that were thrown away.
  private var overlongSize = 0
  private var inputName = "stdin"
  private var isStream = true
  private var lineNumber: UInt64 = 0
  private var days: [Int: DayLines] = [:]
  private var lastDay: DayLines?
  /// Memory of days that were written, for the next ones.
  private var spare: [DayLines] = []

  /// The rejected lines.
  var rejects: RejectLog
  private(set) var rejectedCount: UInt64 = 0
  /// The first reasons, such as `stdin:12: …`.
  private(set) var shownReasons: [String] = []
  /// Unknown fields that were dropped, by name, with how often.
  var droppedFields: [ByteText: UInt64] { parser.names?.dropCounts ?? [:] }
  /// Events that could not be given their identity, and why.
  private(set) var lostCount: UInt64 = 0
  private(set) var failure: FileError?
  /// Lines seen, empty ones too: a sender counts what it sent.
  private(set) var handledLines: UInt64 = 0
  /// Canonical bytes and events that wait to be taken.
  private(set) var pendingSize = 0
  private(set) var pendingEvents: UInt64 = 0

  init(options: AppendOptions, writer: String, localFolder: String, rejects: consuming RejectLog) {
    keepsRejects = !options.isDryRun && !options.isSpoolOnly
    parser = EventParser(.input, keptFields: options.keptFields)
    plain = PlainLine(.input, names: parser.names)
    identity = Identity(writer: writer, folder: localFolder)
    defaultSource = Array(options.source.utf8)
    defaultHead = ByteWriter("{\"id\":\"\(options.source):")
    defaultMember = ByteWriter(",\"source\":\"\(options.source)\"")
    self.rejects = rejects
  }

  /// Starts an input.
  mutating func begin(input name: String, isStream: Bool) {
    inputName = name
    self.isStream = isStream
    lineNumber = 0
    identity.beginInput()
  }

  /// Takes in the next bytes of the input, which came in at `now`.
  mutating func accept(_ chunk: RawSpan, now: Int64) {
    chunk.withUnsafeBytes { bytes in
      var start = 0
      if !carry.isEmpty || overlongSize > 0 {
        guard let end = LineSplitter.lineFeed(bytes, from: 0) else { return keepRest(bytes) }
        keepRest(UnsafeRawBufferPointer(rebasing: bytes[0..<end]))
        finishCarry(now: now)
        start = end + 1
      }
      while start < bytes.count {
        if let end = plain.read(bytes, from: start), isPlainEnough(end &- start, now: now) {
          lineNumber &+= 1
          handledLines &+= 1
          storePlain(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: bytes[start..<end])))
          start = end &+ 1
          continue
        }
        guard let end = LineSplitter.lineFeed(bytes, from: start) else { break }
        let line = RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
        handle(line, isKnownNotPlain: true, now: now)
        start = end + 1
      }
      keepRest(UnsafeRawBufferPointer(rebasing: bytes[start...]))
    }
  }

  /// Takes in the line of an event that was read from record `number` of the input.
  mutating func accept(event line: RawSpan, number: UInt64, now: Int64) {
    lineNumber = number &- 1
    handle(line, now: now)
  }

  /// Sets a record aside that is no event.
  mutating func reject(_ record: RawSpan, number: UInt64, sizeBytes: Int, reason: String) {
    lineNumber = number
    reject(record, sizeBytes, EventFault(reason), isForeign: true)
  }

  /// Ends the input; a last line without a line feed counts.
  mutating func endInput(now: Int64) {
    if !carry.isEmpty || overlongSize > 0 { finishCarry(now: now) }
  }

  /// Leaves out the line in which reading stopped; where it stands and how much of it was read.
  mutating func cutInput() -> (place: String, sizeBytes: Int)? {
    let size = carry.count + overlongSize
    carry.removeAll()
    overlongSize = 0
    return size > 0 ? ("\(inputName):\(lineNumber + 1)", size) : nil
  }

  /// The lines gathered so far, by day; they are the caller's from now on.
  mutating func takeDays() -> [DayLines] {
    defer {
      days.removeAll()
      lastDay = nil
      pendingSize = 0
      pendingEvents = 0
    }
    return days.values.filter { $0.eventCount > 0 }.sorted { $0.day < $1.day }
  }

  /// Takes back the memory of lines that were taken and are written.
  mutating func recycle(_ lines: DayLines) {
    if spare.count < Self.spareDaysMax { spare.append(lines) }
  }

  private mutating func keepRest(_ bytes: UnsafeRawBufferPointer) {
    let room = EventFault.lineSizeBytesMax + 1 - carry.count
    if bytes.count <= room {
      carry.append(bytes)
    } else {
      carry.append(UnsafeRawBufferPointer(rebasing: bytes[0..<room]))
      overlongSize += bytes.count - room
    }
  }

  private mutating func finishCarry(now: Int64) {
    let line = carry.array
    let extra = overlongSize
    carry.removeAll()
    overlongSize = 0
    handle(line.span.bytes, extraSize: extra, now: now)
  }

  /// Takes in one line without its line feed.
  ///
  /// - Parameter isKnownNotPlain: whether these very bytes were tried; without a mark in front or a carriage return
  ///   behind they may still be.
  private mutating func handle(
    _ whole: RawSpan, extraSize: Int = 0, isKnownNotPlain: Bool = false, now: Int64
  ) {
    lineNumber += 1
    handledLines += 1
    var line = whole
    if lineNumber == 1 { line = line.extracting(droppingFirst: Self.byteOrderMarkSize(line)) }
    if line.byteCount > 0, line.unsafeLoad(fromByteOffset: line.byteCount - 1, as: UInt8.self) == 13 {
      line = line.extracting(0..<(line.byteCount - 1))
    }
    if line.byteCount == 0 { return }
    if line.byteCount > EventFault.lineSizeBytesMax {
      let size = line.byteCount + extraSize
      return reject(
        line.extracting(0..<EventFault.lineSizeBytesMax), size,
        EventFault("line is \(size) bytes: the most is \(EventFault.lineSizeBytesMax)"))
    }
    let isTried = isKnownNotPlain && line.byteCount == whole.byteCount
    if !isTried, plain.read(line), isPlainEnough(line.byteCount, now: now) { return storePlain(line) }
    do throws(EventFault) {
      try parser.parse(line, now: now)
    } catch {
      if acceptResponse(line, now: now) { return }
      return reject(line, line.byteCount, error)
    }
    parser.countDropped(line)
    store(line, now: now)
  }

  /// Takes in a line that is no event but unmistakably the response of one provider; whether it was.
  private mutating func acceptResponse(_ line: RawSpan, now: Int64) -> Bool {
    let hasUsage = line.withUnsafeBytes { ByteSearch.contains("\"usage", in: $0) }
    guard hasUsage, let found = ResponseShape.events(ofUnmistakable: line, time: isStream ? now : nil) else {
      return false
    }
    let source = defaultSource
    for fault in found.faults { reject(line, line.byteCount, EventFault(fault.message), isForeign: true) }
    for event in found.events {
      var event = event
      // The provider's own name for it is the namespace; a response without one is known by its bytes.
      if event.id.isEmpty {
        do throws(FileError) {
          event.id = try identity.derived(for: line, source: source.span.bytes, isStream: isStream)
        } catch {
          lose(error)
          continue
        }
      }
      event[text: .source] = String(decoding: source, as: UTF8.self)
      let text = event.line
      do throws(EventFault) {
        try parser.parse(text.span.bytes, now: now)
        store(text.span.bytes, now: now)
      } catch {
        reject(line, line.byteCount, error, isForeign: true)
      }
    }
    return true
  }

  /// Only the table of a huge input without ids can fail; the line cannot be given its stable id.
  mutating func lose(_ error: FileError) {
    failure = failure ?? error
    lostCount += 1
  }

  @inline(__always)
  private func isPlainEnough(_ size: Int, now: Int64) -> Bool {
    size <= EventFault.lineSizeBytesMax && plain.isAcceptable(now: now)
  }

  private static func byteOrderMarkSize(_ line: RawSpan) -> Int {
    line.byteCount >= 3 && line.array(0..<3) == [0xEF, 0xBB, 0xBF] ? 3 : 0
  }

  /// - Parameter isForeign: whether the line is in somebody else's words, in which nothing is known to be harmless.
  private mutating func reject(
    _ line: RawSpan, _ size: Int, _ fault: EventFault, isForeign: Bool = false
  ) {
    rejectedCount += 1
    if shownReasons.count < Self.shownReasonsMax {
      shownReasons.append("\(inputName):\(lineNumber): \(fault.message)")
    }
    if !keepsRejects { return }
    rejects.add(
      input: inputName, number: lineNumber, line: line, sizeBytes: size, reason: fault.message,
      keepsFields: !isForeign)
  }

  /// Adds a plain line to its day: the id completed, the source put in, the rest as it stands.
  private mutating func storePlain(_ line: RawSpan) {
    let target = dayLines(Timestamp.utcDay(plain.time))
    do throws(FileError) {
      let size = try target.add(time: plain.time) { (output: inout ByteWriter) throws(FileError) in
        output.reserve(line.byteCount &+ defaultHead.count &+ defaultMember.count &+ 96)
        let rest = try writePlainHead(line, &output)
        guard plain.text(.source).isEmpty else { return appendPlain(line, rest..<line.byteCount, &output) }
        appendPlain(line, rest..<plain.sourceAt, &output)
        defaultMember.withBytes { output.append($0) }
        appendPlain(line, plain.sourceAt..<line.byteCount, &output)
      }
      notePending(size)
      if plain.foreignCount > 0 { plain.countDropped() }
    } catch {
      lose(error)
    }
  }

  @inline(__always)
  private func appendPlain(_ line: RawSpan, _ range: Range<Int>, _ output: inout ByteWriter) {
    if plain.foreignCount == 0 { return output.append(line, range) }
    plain.appendKept(line, range, to: &output)
  }

  /// Writes brace and identity of a plain line; returns where the rest of it begins.
  @inline(__always)
  private mutating func writePlainHead(
    _ line: RawSpan, _ output: inout ByteWriter
  ) throws(FileError) -> Int {
    let id = plain.text(.id)
    let source = plain.text(.source)
    if !id.isEmpty, source.isEmpty {
      defaultHead.withBytes { output.append($0) }
      return id.lowerBound
    }
    output.append("{\"id\":\"")
    if id.isEmpty {
      let source = source.isEmpty ? defaultSource : line.array(source)
      try identity.append(
        newFor: line, hasTime: true, source: source.span.bytes, isStream: isStream, to: &output)
      output.append("\",")
      // The line begins with another member, behind its brace.
      return 1
    }
    let names = (line.extracting(source), line.extracting(plain.text(.provider)))
    Identity.append(given: line.extracting(id), names: names, source: names.0, to: &output)
    return id.upperBound
  }

  /// Adds the canonical line of the parsed event to its day.
  private mutating func store(_ line: RawSpan, now: Int64) {
    let event = parser.event
    let time = event.has(.time) ? event.time : now
    let source = event.has(.source) ? parser.bytes(.source, line) : defaultSource
    idText.removeAll()
    if event.has(.id) {
      let names = event.has(.source) ? (source, parser.bytes(.provider, line)) : ([], [])
      Identity.append(
        given: parser.bytes(.id, line).span.bytes, names: (names.0.span.bytes, names.1.span.bytes),
        source: source.span.bytes, to: &idText)
    } else {
      do throws(FileError) {
        try identity.append(
          newFor: line, hasTime: event.has(.time), source: source.span.bytes, isStream: isStream, to: &idText)
      } catch {
        return lose(error)
      }
    }
    let size = dayLines(Timestamp.utcDay(time)).add(time: time) { output in
      idText.withBytes { id in
        canonical.append(parser, line: line, id: id, source: source.span.bytes, time: time, to: &output)
      }
    }
    notePending(size)
  }

  @inline(__always)
  private mutating func notePending(_ size: Int) {
    pendingSize &+= size
    pendingEvents &+= 1
  }

  private mutating func dayLines(_ day: Int) -> DayLines {
    if let lastDay, lastDay.day == day { return lastDay }
    let lines = days[day] ?? emptyDay(day)
    days[day] = lines
    lastDay = lines
    return lines
  }

  private mutating func emptyDay(_ day: Int) -> DayLines {
    guard let lines = spare.popLast() else { return DayLines(day: day) }
    lines.reuse(day: day)
    return lines
  }
}
