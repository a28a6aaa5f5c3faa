//! From when to when each writer has lines on a day, as its commits say.

import Bytes
import Events
import SegmentLog

/// The first and last line of one writer on one day.
package struct WriterSpan: Hashable, Sendable {
  package var writer: String
  package var firstMs: Int64
  package var lastMs: Int64

  package init(writer: String, firstMs: Int64, lastMs: Int64) {
    self.writer = writer
    self.firstMs = firstMs
    self.lastMs = lastMs
  }
}

extension DaySnapshot {
  /// The writers with committed lines, by name.
  ///
  /// Only frames that hold lines of both sides of `end` are read; of those after damage nothing is known.
  ///
  /// - Parameter end: only lines before this instant count; nil counts all.
  package func writers(before end: Int64? = nil) -> [WriterSpan] {
    let end = end ?? .max
    return segments.compactMap { segment in
      var span = WriterSpan(writer: segment.writer, firstMs: .max, lastMs: .min)
      for frame in segment.frames where frame.commit.firstTime < end {
        span.firstMs = min(span.firstMs, frame.commit.firstTime)
        let last = frame.commit.lastTime < end ? frame.commit.lastTime : lastTime(segment, frame, before: end)
        span.lastMs = max(span.lastMs, last ?? .min)
      }
      return span.firstMs <= span.lastMs ? span : nil
    }
  }

  /// The time of the last line of a frame before an instant.
  private func lastTime(_ segment: OpenSegment, _ frame: SegmentFrame, before end: Int64) -> Int64? {
    var compressed = ByteWriter(capacity: 1 << 16)
    var lines = ByteWriter(capacity: 1 << 16)
    var decompressor = FrameDecompressor()
    do throws(SegmentError) {
      try segment.read(frame, compressed: &compressed, decompressor: &decompressor, into: &lines)
    } catch {
      found.note(error)
      return nil
    }
    var parser = EventParser(.stored)
    var last: Int64?
    lines.withBytes { bytes in
      bytes.withUnsafeBytes { bytes in
        LineSplitter.forEachLine(bytes) { line in
          guard (try? parser.parse(RawSpan(_unsafeBytes: line))) != nil, parser.event.time < end else {
            return
          }
          last = max(last ?? .min, parser.event.time)
        }
      }
    }
    return last
  }
}
