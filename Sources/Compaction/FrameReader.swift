import Bytes
import Files
import SegmentLog

/// One frame of a day, and its segment.
struct DayFrame: Sendable {
  let segment: OpenSegment
  let frame: SegmentFrame

  /// Where it stands, for errors.
  var place: String { "\(segment.path): offset \(frame.offset)" }
}

/// A frame that was read whole, and which lines it holds.
struct ReadFrame: Sendable {
  let frame: DayFrame
  /// Places among the lines of the day, or of a part of it.
  var lines: Range<Int>
}

/// Brings the lines of frames into memory, one frame at a time.
///
/// Always the same memory: a day's text would be the largest part of what a rollup takes.
struct FrameReader: ~Copyable {
  private var compressed = ByteWriter(capacity: 1 << 16)
  private var text = ByteWriter(capacity: 1 << 20)
  private var decompressor = FrameDecompressor()

  mutating func read(_ frame: DayFrame) throws(SegmentError) {
    text.removeAll()
    try frame.segment.read(frame.frame, compressed: &compressed, decompressor: &decompressor, into: &text)
  }

  /// Lets `body` look at the lines of the frame that was read last.
  func withLines<E: Error>(_ body: (RawSpan) throws(E) -> Void) throws(E) { try text.withBytes(body) }
}
