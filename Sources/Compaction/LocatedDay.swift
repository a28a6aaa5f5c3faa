import Bytes
package import Rollup
import SegmentLog

/// The events of a day, and where in the segments each of them stands.
package struct LocatedDay: ~Copyable, Sendable {
  package let events: DayEvents
  /// The frames that were read, in order.
  private let frames: [ReadFrame]

  init(_ events: consuming DayEvents, _ frames: [ReadFrame]) {
    self.events = events
    self.frames = frames
  }

  /// Who wrote a line.
  package func writer(ofLine line: Int) -> String {
    var (low, high) = (0, frames.count)
    while low < high {
      let middle = (low + high) / 2
      if frames[middle].lines.upperBound <= line { low = middle + 1 } else { high = middle }
    }
    return frames[low].frame.segment.writer
  }

  /// The ids that lines begin with; only the frames that hold one of them are read again.
  ///
  /// - Parameter numbers: places among the day's lines.
  package func ids(ofLines numbers: [Int]) throws(DayError) -> [Int: String] {
    var ids: [Int: String] = [:]
    var wanted = numbers.sorted()[...]
    var reader = FrameReader()
    for frame in frames {
      let here = wanted.prefix { $0 < frame.lines.upperBound }
      if here.isEmpty { continue }
      wanted = wanted.dropFirst(here.count)
      try DayError.wrap { () throws(SegmentError) in try reader.read(frame.frame) }
      reader.withLines { text in
        text.withUnsafeBytes { Self.read($0, first: frame.lines.lowerBound, here, into: &ids) }
      }
    }
    return ids
  }

  private static func read(
    _ text: UnsafeRawBufferPointer, first: Int, _ numbers: ArraySlice<Int>, into ids: inout [Int: String]
  ) {
    var (line, start) = (first, 0)
    for number in numbers {
      while start < text.count {
        let end = LineSplitter.lineFeed(text, from: start) ?? text.count
        let bytes = RawSpan(_unsafeBytes: UnsafeRawBufferPointer(rebasing: text[start..<end]))
        if line == number { ids[line] = LineIdentity.id(bytes) }
        (line, start) = (line + 1, end + 1)
        if line > number { break }
      }
    }
  }
}
