//! Bytes in, records out, whatever the pieces in which the bytes come. A record that is cut by the end of a piece is
//! carried to the next one; everything else is handed on where it lies. Memory is one record at most: a longer one
//! than `sizeBytesMax` is counted and thrown away.

import Bytes

/// Where a record stands in its input.
package struct RecordPlace: Equatable, Sendable {
  /// The line on which it begins, from 1.
  package var line: UInt64 = 1
  /// Where the input can be read on after it, in bytes from its beginning.
  package var endOffset: Int = 0
  /// The bytes it has; more than were kept when it was too long.
  package var sizeBytes: Int = 0

  package init(line: UInt64 = 1, endOffset: Int = 0, sizeBytes: Int = 0) {
    self.line = line
    self.endOffset = endOffset
    self.sizeBytes = sizeBytes
  }
}

/// Finds where records begin and end in a stream of bytes.
protocol RecordScanner {
  /// Looks at the bytes from `start` on, which continue those seen before.
  ///
  /// - Returns: what comes next, up to which place.
  mutating func scan(_ bytes: UnsafeRawBufferPointer, from start: Int) -> RecordCut

  /// Whether what stands behind the last cut, at the end of the input, is a record.
  func isRecord(atEnd bytes: RawSpan) -> Bool

  /// Whether reading can begin anew behind a record, knowing nothing of the bytes before.
  var isResumable: Bool { get }
}

/// A step of a scanner.
enum RecordCut: Equatable {
  /// The record so far goes on to `end`, and its last `trailer` bytes are not part of it.
  case record(end: Int, trailer: Int)
  /// No record up to here: spaces, separators.
  case gap(end: Int)
  /// All bytes belong to something whose end is not yet seen.
  case more
}

/// Cuts an input into records.
package struct RecordCutter: ~Copyable {
  /// A record longer than this is refused: nothing that tells of one use is.
  package static let sizeBytesMax = 8 << 20

  private var scanner: any RecordScanner
  private var carry = ByteWriter(capacity: 4096)
  private var carriedSize = 0
  private var place: RecordPlace
  private var lineNow: UInt64

  /// A cutter of an input that was read up to `offset`, which is on line `line`.
  package init(_ shape: RecordShape, offset: Int = 0, line: UInt64 = 1) {
    switch shape {
    case .lines: scanner = LineScanner()
    case .values: scanner = ValueScanner()
    case .rows: scanner = RowScanner()
    }
    place = RecordPlace(line: line, endOffset: offset)
    lineNow = line
  }

  /// Whether reading can begin anew behind the last record.
  package var isResumable: Bool { scanner.isResumable }

  /// The line on which the next record begins.
  package var nextLine: UInt64 { lineNow }

  /// Takes in the next bytes and hands on each whole record.
  ///
  /// - Parameter body: is called with a record and its place; one that was too long has fewer bytes than that says.
  package mutating func accept(_ chunk: RawSpan, _ body: (RawSpan, RecordPlace) -> Void) {
    chunk.withUnsafeBytes { bytes in
      var start = 0
      while start < bytes.count {
        let cut = scanner.scan(bytes, from: start)
        switch cut {
        case .gap(let end):
          place.endOffset += end - start
          lineNow += Self.lineFeeds(bytes, start..<end)
          start = end
        case .record(let end, let trailer):
          emit(bytes, start..<end, trailer, body)
          start = end
        case .more:
          keep(UnsafeRawBufferPointer(rebasing: bytes[start...]))
          start = bytes.count
        }
      }
    }
  }

  /// Ends the input: what stands behind its last record may be one as well.
  ///
  /// - Returns: whether it was.
  @discardableResult
  package mutating func finish(_ body: (RawSpan, RecordPlace) -> Void) -> Bool {
    defer { carry.removeAll() }
    let isRecord = carry.withBytes { scanner.isRecord(atEnd: $0) }
    guard carriedSize > 0, isRecord else { return false }
    emit(UnsafeRawBufferPointer(start: nil, count: 0), 0..<0, 0, body)
    return true
  }

  private mutating func emit(
    _ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ trailer: Int,
    _ body: (RawSpan, RecordPlace) -> Void
  ) {
    let size = carriedSize + range.count
    place.line = lineNow
    place.endOffset += size
    place.sizeBytes = size - trailer
    // A record in one piece is handed on where it lies.
    guard carriedSize > 0 || size > Self.sizeBytesMax else {
      lineNow += Self.lineFeeds(bytes, range)
      let record = UnsafeRawBufferPointer(rebasing: bytes[range.lowerBound..<(range.upperBound - trailer)])
      return body(RawSpan(_unsafeBytes: record), place)
    }
    keep(UnsafeRawBufferPointer(rebasing: bytes[range]))
    lineNow += carriedLineFeeds
    let kept = min(carry.count, max(0, size - trailer))
    carry.truncate(to: kept)
    carry.withBytes { body($0, place) }
    carry.removeAll()
    carriedSize = 0
    carriedLineFeeds = 0
  }

  private var carriedLineFeeds: UInt64 = 0

  private mutating func keep(_ bytes: UnsafeRawBufferPointer) {
    carriedSize += bytes.count
    carriedLineFeeds += Self.lineFeeds(bytes, 0..<bytes.count)
    let room = Self.sizeBytesMax - carry.count
    carry.append(UnsafeRawBufferPointer(rebasing: bytes[0..<min(room, bytes.count)]))
  }

  private static func lineFeeds(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> UInt64 {
    var count: UInt64 = 0
    var at = range.lowerBound
    while at < range.upperBound, let next = LineSplitter.lineFeed(bytes, from: at), next < range.upperBound {
      count += 1
      at = next + 1
    }
    return count
  }
}
