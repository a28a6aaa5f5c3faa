//! The hot part of append: bytes in, canonical lines by day and rejects out. No file is touched here, and a good
//! line allocates nothing: it is parsed where it lies and written once, into the memory of its day.
//!
//! Everything is in one struct that is mutated in place, so that the compiler sees the whole loop.

import Bytes
import Events
import Files
import SegmentLog

/// Turns the bytes of inputs into lines that wait to be appended.
struct LineIntake: ~Copyable {
  /// Reasons shown on the terminal; all are in the rejects file.
  private static let shownReasonsMax = 10
  private static let droppedNamesMax = 1000

  private let isDryRun: Bool
  private var parser: EventParser
  private let canonical = CanonicalLine()
  private var identity: Identity
  private var idText = ByteWriter(capacity: 256)
  private var sourceText = ByteWriter(capacity: 64)
  private var carry = ByteWriter(capacity: 4096)
  /// Bytes of an overlong line that were thrown away.
  private var overlongSize = 0
  private var inputName = "stdin"
  private var isStream = true
  private var lineNumber: UInt64 = 0
  private var days: [Int: DayLines] = [:]
  private var lastDay: DayLines?

  /// The rejected lines.
  var rejects: RejectLog
  private(set) var rejectedCount: UInt64 = 0
  /// The first reasons, such as `stdin:12: …`.
  private(set) var shownReasons: [String] = []
  /// Unknown fields that were dropped, by name, with how often.
  private(set) var droppedFields: [String: UInt64] = [:]
  /// Events that could not be given their identity, and why.
  private(set) var lostCount: UInt64 = 0
  private(set) var failure: FileError?
  /// Lines seen, empty ones too: a sender counts what it sent.
  private(set) var handledLines: UInt64 = 0
  /// Canonical bytes and events that wait to be taken.
  private(set) var pendingSize = 0
  private(set) var pendingEvents: UInt64 = 0

  init(options: AppendOptions, writer: String, localFolder: String, rejects: consuming RejectLog) {
    isDryRun = options.isDryRun
    parser = EventParser(.input, keptFields: options.keptFields)
    identity = Identity(defaultSource: options.source, writer: writer, folder: localFolder)
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
      while let end = LineSplitter.lineFeed(bytes, from: start) {
        handle(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: bytes[start..<end])), now: now)
        start = end + 1
      }
      keepRest(UnsafeRawBufferPointer(rebasing: bytes[start...]))
    }
  }

  /// Ends the input; a last line without a line feed counts.
  mutating func endInput(now: Int64) {
    if !carry.isEmpty || overlongSize > 0 { finishCarry(now: now) }
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

  private mutating func handle(_ line: RawSpan, extraSize: Int = 0, now: Int64) {
    lineNumber += 1
    handledLines += 1
    var line = line
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
    do throws(EventFault) {
      try parser.parse(line, now: now)
    } catch {
      return reject(line, line.byteCount, error)
    }
    for name in parser.dropped { noteDropped(line.text(name)) }
    do throws(FileError) {
      try store(line, now: now)
    } catch {
      // Only the table of a huge input without ids can fail; the line cannot be given its stable id.
      failure = failure ?? error
      lostCount += 1
    }
  }

  private static func byteOrderMarkSize(_ line: RawSpan) -> Int {
    line.byteCount >= 3 && line.array(0..<3) == [0xEF, 0xBB, 0xBF] ? 3 : 0
  }

  private mutating func noteDropped(_ name: String) {
    if droppedFields.count >= Self.droppedNamesMax, droppedFields[name] == nil {
      droppedFields["(other names)", default: 0] += 1
    } else {
      droppedFields[name, default: 0] += 1
    }
  }

  private mutating func reject(_ line: RawSpan, _ size: Int, _ fault: EventFault) {
    rejectedCount += 1
    if shownReasons.count < Self.shownReasonsMax {
      shownReasons.append("\(inputName):\(lineNumber): \(fault.message)")
    }
    if isDryRun { return }
    rejects.add(input: inputName, number: lineNumber, line: line, sizeBytes: size, reason: fault.message)
  }

  /// Adds the canonical line of the parsed event to its day.
  private mutating func store(_ line: RawSpan, now: Int64) throws(FileError) {
    let time = parser.event.has(.time) ? parser.event.time : now
    copySource(line)
    try sourceText.withBytes { (source) throws(FileError) in
      try identity.write(parser, line: line, source: source, isStream: isStream, to: &idText)
    }
    let target = dayLines(Timestamp.utcDay(time))
    let before = target.lines.count
    sourceText.withBytes { source in
      idText.withBytes { id in
        canonical.append(parser, line: line, id: id, source: source, time: time, to: &target.lines)
      }
    }
    target.endLine(time: time)
    pendingSize += target.lines.count - before
    pendingEvents += 1
  }

  private mutating func copySource(_ line: RawSpan) {
    sourceText.removeAll()
    let given = parser.event.text(.source)
    if given.isEmpty {
      sourceText.append(identity.defaultSource)
    } else if given.isScratch {
      parser.scratch.withBytes { sourceText.append($0, given.range) }
    } else {
      sourceText.append(line, given.range)
    }
  }

  private mutating func dayLines(_ day: Int) -> DayLines {
    if let lastDay, lastDay.day == day { return lastDay }
    let lines = days[day] ?? DayLines(day: day)
    days[day] = lines
    lastDay = lines
    return lines
  }
}
