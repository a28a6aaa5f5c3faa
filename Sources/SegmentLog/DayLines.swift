package import Bytes

/// Canonical lines of one UTC day that wait to be appended.
///
/// Only one thread has it at a time, so the run-time checks of exclusive access, one for each line and property,
/// are left out.
package final class DayLines {
  /// Days since 1970.
  package let day: Int
  /// Whole lines, each ended by a line feed.
  @exclusivity(unchecked) package var lines: ByteWriter
  /// The time of each line, in order.
  @exclusivity(unchecked) private var times: [Int64] = []
  /// The end of each line in `lines`, line feed included.
  @exclusivity(unchecked) private var ends: [Int] = []

  package init(day: Int) {
    self.day = day
    lines = ByteWriter(capacity: 1 << 12)
  }

  package var eventCount: Int { times.count }

  /// Ends the line that was written to `lines`: an event of this time.
  package func endLine(time: Int64) {
    lines.append(UInt8(ascii: "\n"))
    times.append(time)
    ends.append(lines.count)
  }

  /// Forgets the lines; the memory is kept.
  package func removeAll() {
    lines.removeAll()
    times.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
  }

  /// A run of whole lines that becomes one frame.
  struct Part {
    var range: Range<Int>
    var eventCount: UInt32
    var firstTime: Int64
    var lastTime: Int64
  }

  /// The lines cut into runs of at most `sizeBytesMax` bytes (a single longer line is a run of its own).
  func parts(sizeBytesMax: Int) -> [Part] {
    var parts: [Part] = []
    var start = 0
    for (index, end) in ends.enumerated() {
      let time = times[index]
      if let last = parts.indices.last, end - parts[last].range.lowerBound <= sizeBytesMax {
        parts[last].range = parts[last].range.lowerBound..<end
        parts[last].eventCount += 1
        parts[last].firstTime = min(parts[last].firstTime, time)
        parts[last].lastTime = max(parts[last].lastTime, time)
      } else {
        parts.append(Part(range: start..<end, eventCount: 1, firstTime: time, lastTime: time))
      }
      start = end
    }
    return parts
  }
}
