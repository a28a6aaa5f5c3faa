import Rollup
import SegmentLog

/// Some frames of a day, scanned by one thread.
///
/// Unchecked: one thread has it at a time.
final class DayPart: @unchecked Sendable {
  private let frames: [DayFrame]
  private let isStrict: Bool
  private let found: DamageList
  private var result: DayScan?
  private var failure: DayError?
  /// The frames that were scanned, and which lines of this part are theirs.
  private(set) var scanned: [ReadFrame] = []

  init(_ frames: [DayFrame], day: Int, tags: [String], isStrict: Bool, found: DamageList) {
    self.frames = frames
    self.isStrict = isStrict
    self.found = found
    let events = frames.reduce(0) { $0 + $1.frame.commit.expectedEvents }
    result = DayScan(day: day, tags: tags, expected: events)
  }

  /// Reads all lines; what comes of it is in `takeScan`.
  func scan() {
    guard var scan = result.take() else { return }
    var reader = FrameReader()
    var damaged: OpenSegment?
    do throws(DayError) {
      for frame in frames where frame.segment !== damaged {
        do throws(SegmentError) {
          try reader.read(frame)
        } catch {
          guard case .damaged = error, !isStrict else { throw .segment(error) }
          // What follows cannot be trusted; what came before can.
          found.note(error)
          damaged = frame.segment
          continue
        }
        let known = scan.lineCount
        try DayError.wrap(frame.place) { () throws(FoldError) in
          try reader.withLines { (lines) throws(FoldError) in try scan.add(lines) }
        }
        scanned.append(ReadFrame(frame: frame, lines: known..<scan.lineCount))
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
}
