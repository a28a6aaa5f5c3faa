package import Bytes

/// Canonical lines of one UTC day that wait to be appended.
///
/// Only one thread has it at a time, so the run-time checks of exclusive access, one for each line and property,
/// are left out.
package final class DayLines {
  /// Days since 1970.
  @exclusivity(unchecked) package private(set) var day: Int
  /// Whole lines, each ended by a line feed.
  @exclusivity(unchecked) package private(set) var lines: ByteWriter
  /// What `lines` is cut into; the last one grows.
  @exclusivity(unchecked) private(set) var parts: [Part] = []
  @exclusivity(unchecked) private var growing = Part()
  @exclusivity(unchecked) package private(set) var eventCount = 0

  package init(day: Int) {
    self.day = day
    lines = ByteWriter(capacity: 1 << 12)
  }

  /// Adds the line, without a line feed, that `write` appends: an event of this time.
  ///
  /// When `write` throws nothing is added.
  ///
  /// - Returns: how many bytes were added.
  package func add<E: Error>(time: Int64, _ write: (inout ByteWriter) throws(E) -> Void) throws(E) -> Int {
    let start = lines.count
    do throws(E) {
      try write(&lines)
    } catch {
      lines.truncate(to: start)
      throw error
    }
    lines.append(UInt8(ascii: "\n"))
    let end = lines.count
    if end &- growing.start > Self.frameSizeBytesMax, growing.eventCount > 0 { startPart() }
    growing.end = end
    growing.eventCount &+= 1
    growing.firstTime = min(growing.firstTime, time)
    growing.lastTime = max(growing.lastTime, time)
    eventCount &+= 1
    return end &- start
  }

  private func startPart() {
    parts.append(growing)
    growing = Part(start: growing.end, end: growing.end)
  }

  /// The lines cut into runs of at most `frameSizeBytesMax` bytes; a single longer line is a run of its own.
  func takeParts() -> [Part] { growing.eventCount > 0 ? parts + [growing] : parts }

  /// Forgets the lines and takes those of another day; the memory is kept.
  package func reuse(day: Int) {
    self.day = day
    lines.removeAll()
    parts.removeAll(keepingCapacity: true)
    growing = Part()
    eventCount = 0
  }

  /// Content of one frame: readers hold a frame in memory, so it is bounded.
  package static let frameSizeBytesMax = 4 << 20

  /// A run of whole lines that becomes one frame.
  struct Part {
    var start = 0
    var end = 0
    var eventCount: UInt32 = 0
    var firstTime = Int64.max
    var lastTime = Int64.min
  }
}
