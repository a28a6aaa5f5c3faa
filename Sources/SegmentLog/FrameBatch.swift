//! The data frames of one flush, compressed by whoever has time: the thread that appends begins, and the one that
//! parses joins in when it would only wait. Compressing is half of an append's work and frames know nothing of each
//! other, so this is where a second core helps most.

import Bytes
import Synchronization
import Zstd

/// A compressor that whoever makes frames keeps between them.
package struct FrameCompressor: ~Copyable {
  let zstd: ZstdCompressor

  package init(level: Int32 = 1) { zstd = ZstdCompressor(level: level) }
}

/// The frames of some days, compressed by one or more threads.
///
/// Unchecked: a frame's memory is touched only by the thread that took it, and by others when all have returned from
/// `compress`. The lines of the days may not change meanwhile.
package final class FrameBatch: @unchecked Sendable {
  /// One data frame: its lines and, in the end, its bytes.
  final class Frame {
    let day: DayLines
    let part: DayLines.Part
    var data = ByteWriter(capacity: 64)

    init(_ day: DayLines, _ part: DayLines.Part) {
      self.day = day
      self.part = part
    }
  }

  package let days: [DayLines]
  /// The frames of each day, and all of them in order.
  private let framesOfDays: [[Frame]]
  private let frames: [Frame]
  private let taken = Mutex(0)

  /// The frames of the lines of `days`, in that order.
  package init(_ days: [DayLines]) {
    self.days = days
    framesOfDays = days.map { day in day.takeParts().map { Frame(day, $0) } }
    frames = framesOfDays.flatMap(\.self)
  }

  package var count: Int { frames.count }

  /// Compresses frames until none is left to take.
  package func compress(_ compressor: borrowing FrameCompressor) {
    while let frame = take() {
      frame.day.lines.withBytes { lines in
        compressor.zstd.compress(lines.extracting(frame.part.start..<frame.part.end), into: &frame.data)
      }
    }
  }

  private func take() -> Frame? {
    taken.withLock { taken in
      guard taken < frames.count else { return nil }
      defer { taken += 1 }
      return frames[taken]
    }
  }

  /// Each day with its frames, in order.
  var framesByDay: Zip2Sequence<[DayLines], [[Frame]]> { zip(days, framesOfDays) }
}
