package import Bytes

/// Canonical lines of one UTC day that wait to be appended.
package final class DayLines {
  /// Days since 1970.
  package let day: Int
  /// Whole lines, each ended by a line feed.
  package var lines: ByteWriter
  package private(set) var eventCount: UInt32 = 0
  package private(set) var firstTime: Int64 = .max
  package private(set) var lastTime: Int64 = .min

  package init(day: Int) {
    self.day = day
    lines = ByteWriter(capacity: 1 << 12)
  }

  /// Notes that a line with this time was added to `lines`.
  package func note(time: Int64) {
    eventCount += 1
    firstTime = min(firstTime, time)
    lastTime = max(lastTime, time)
  }

  /// Forgets the lines; the memory is kept.
  package func removeAll() {
    lines.removeAll()
    eventCount = 0
    firstTime = .max
    lastTime = .min
  }
}
