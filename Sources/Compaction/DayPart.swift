import Bytes
import Files
import Rollup
import SegmentLog

/// Some frames of a day, read by one thread.
///
/// Unchecked: one thread has it at a time.
final class DayPart: @unchecked Sendable {
  struct Frame: Sendable {
    let segment: OpenSegment
    let frame: SegmentFrame

    /// Where it stands, for errors.
    var place: String { "\(segment.file.file.path): offset \(frame.offset)" }
  }

  private let frames: [Frame]
  private let keepsLines: Bool
  private let isStrict: Bool
  private let found: DamageList
  private var lines: ByteWriter
  private var result: DayScan?
  private var failure: DayError?
  /// The frames that were scanned, and which lines of this part are theirs.
  private(set) var places: [(frame: Frame, lines: Range<Int>)] = []

  init(
    _ frames: [Frame], day: Int, tags: [String], keepsLines: Bool, isStrict: Bool, found: DamageList
  ) {
    self.frames = frames
    self.keepsLines = keepsLines
    self.isStrict = isStrict
    self.found = found
    let size = frames.reduce(0) { $0 + $1.frame.commit.rawSizeBytes }
    let events = frames.reduce(0) { $0 + Int($1.frame.commit.eventCount) }
    lines = ByteWriter(capacity: keepsLines ? Int(size) : 1 << 20)
    result = DayScan(day: day, tags: tags, expected: events)
  }

  /// Reads all lines; what comes of it is in `takeScan`.
  func scan() {
    do throws(DayError) {
      guard var scan = result.take() else { return }
      try forEachFrame { (lines, frame) throws(DayError) in
        let known = scan.lineCount
        try DayError.wrap(frame.place) { () throws(FoldError) in try scan.add(lines) }
        places.append((frame, known..<scan.lineCount))
      }
      result = consume scan
    } catch {
      failure = error
    }
  }

  /// The scanned lines, once.
  func takeScan() throws(DayError) -> DayScan {
    if let failure { throw failure }
    guard let scan = result.take() else { preconditionFailure("a part is scanned once and taken once") }
    return scan
  }

  /// Brings all lines again, from memory or from the files.
  func forEachKept(_ body: (RawSpan) throws(DayError) -> Void) throws(DayError) {
    if keepsLines {
      try lines.withBytes { (lines) throws(DayError) in try body(lines) }
    } else {
      try forEachFrame { (lines, _) throws(DayError) in try body(lines) }
    }
  }

  private func forEachFrame(_ body: (RawSpan, Frame) throws(DayError) -> Void) throws(DayError) {
    var compressed = ByteWriter(capacity: 1 << 16)
    var decompressor = FrameDecompressor()
    var damaged: OpenSegment?
    for item in frames where item.segment !== damaged {
      if !keepsLines { lines.removeAll() }
      let start = lines.count
      let file = item.segment
      do throws(SegmentError) {
        try file.file.read(item.frame, compressed: &compressed, decompressor: &decompressor, into: &lines)
      } catch {
        guard case .damaged = error, !isStrict else { throw .segment(error) }
        // What follows cannot be trusted; what came before can.
        found.note(error)
        damaged = item.segment
        continue
      }
      try lines.withBytes { (bytes) throws(DayError) in
        try body(bytes.extracting(start..<bytes.byteCount), item)
      }
    }
  }
}
