//! A run of bytes is the key of a plain line: its dimensions as they stand there, from the provider to the project. New
//! runs are many, but they are made of three parts that are few: where the event comes from, what was asked, and for
//! whom. So a new run is cut in three, and only a part that is new is taken apart into texts.

import Bytes
import Events

/// Where the parts of a run end.
struct KeyRun: BitwiseCopyable {
  /// The dimensions of each part, as places in `RollupSchema.dimensions`.
  static let parts = [0..<4, 4..<8, 8..<10]

  /// What stands before the text of each dimension.
  private static let heads: [[UInt8]] = RollupSchema.dimensions.map { Array("\"\($0.name)\":\"".utf8) }

  /// Behind the last dimension of the first part, and of the first two; 0 when none is there.
  private let ends: (first: Int32, second: Int32)

  /// The run of a plain line, which begins at `start`.
  @inline(__always)
  init(_ plain: borrowing PlainLine, from start: Int) {
    func end(_ last: EventField) -> Int32 {
      let end = plain.end(from: .provider, through: last).map { $0 &- start }
      return Int32(truncatingIfNeeded: end ?? 0)
    }
    ends = (end(.source), end(.serviceTier))
  }

  init() { ends = (0, 0) }

  /// Where a part is in a run of `count` bytes, without the comma before it; empty when it has no dimension.
  func range(_ part: Int, count: Int) -> Range<Int> {
    let (first, second) = (Int(ends.first), Int(ends.second))
    let (before, end) = part == 0 ? (0, first) : part == 1 ? (first, second) : (second, count)
    if end <= before { return 0..<0 }
    return (before == 0 ? 0 : before + 1)..<end
  }

  /// Calls `body` with the place of each dimension that a part has and where its text is.
  ///
  /// In a plain line nothing is escaped, so a text ends at the next quote.
  static func forEachText(_ bytes: RawSpan, _ body: (_ dimension: Int, _ text: Range<Int>) -> Void) {
    var at = 0
    for (dimension, head) in heads.enumerated() {
      let start = at + head.count
      guard start <= bytes.byteCount,
        ByteOrder.isEqual(bytes.extracting(at..<start), head.span.bytes)
      else { continue }
      var end = start
      // The end of the part is as far as a line that is none can lead.
      while end < bytes.byteCount, bytes.unsafeLoad(fromByteOffset: end, as: UInt8.self) != UInt8(ascii: "\"")
      {
        end += 1
      }
      body(dimension, start..<end)
      // Behind the quote and the comma.
      at = min(end + 2, bytes.byteCount)
    }
  }
}
