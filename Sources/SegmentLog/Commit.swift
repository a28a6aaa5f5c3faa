//! The commit frame: a zstd *skippable* frame behind every data frame. Other readers of zstd pass over it; ours
//! trust a data frame only when its commit matches. `Schemas/segment.md` is the byte-by-byte contract.
//!
//! It ends in a trailer of fixed size, so whoever appends reads the end of the file, not the whole of it.
//!
//! A commit records how much of the file was durable when it was written. One sync can cover many frames, and
//! recovery after a power loss still knows which frames it must check.

import Bytes
import Events

/// What one commit says of the data frame before it and of the segment so far.
package struct Commit: Equatable, Sendable {
  /// How many lines a batch put into the frame.
  package struct BatchCount: Equatable, Sendable {
    package var batch: String
    package var lines: UInt32
  }

  /// Number of this commit in its file, from 0.
  package var sequence: UInt32
  /// How often the whole file was rewritten (sealed, erased).
  package var generation: UInt32
  /// Lines in the frame.
  package var eventCount: UInt32
  /// Size of the compressed frame.
  package var dataSizeBytes: UInt64
  /// Size of its content.
  package var rawSizeBytes: UInt64
  /// XXH64 of the compressed frame.
  package var dataHash: UInt64
  /// Times of the earliest and latest event in the frame.
  package var firstTime: Int64
  package var lastTime: Int64
  /// When this was written, UTC milliseconds.
  package var writtenAt: Int64
  /// How much of the file was known to be durable when this was written: recovery checks what lies behind it,
  /// because after power loss the pages of one unsynced write may survive in any order.
  package var durableSizeBytes: UInt64
  /// Said by a rewrite: the whole file was synced before it got its name.
  package static let allDurable = UInt64.max
  /// The segment so far, this frame included.
  package var total: SegmentDigest
  package var writer: String
  package var batches: [BatchCount]

  /// Whether a commit behind a data frame that begins at `offset` can say this.
  ///
  /// A checksum guards against accidents, not against forgers, and numbers of commits size memory and are added up.
  /// So a commit whose numbers cannot be true is none.
  func isPossible(at offset: Int) -> Bool {
    let events = UInt64(eventCount)
    return rawSizeBytes <= CommitFormat.rawSizeBytesMax && dataSizeBytes <= CommitFormat.dataSizeBytesMax
      // Every line ends in a byte of its own.
      && events <= rawSizeBytes && total.events <= total.rawSizeBytes
      && events <= total.events && rawSizeBytes <= total.rawSizeBytes
      // Every commit before takes some place.
      && UInt64(sequence) <= UInt64(offset)
      && total.rawSizeBytes <= (UInt64(sequence) + 1) * CommitFormat.rawSizeBytesMax
      && firstTime <= lastTime && Timestamp.range.contains(firstTime) && Timestamp.range.contains(lastTime)
  }

  /// For how many lines to make room at first: no more than the frame has bytes, whatever the commit says.
  package var expectedEvents: Int { Int(min(UInt64(eventCount), dataSizeBytes)) }

  /// Whether the counts of the batches add up to the lines.
  var batchesAddUp: Bool { batches.reduce(0) { $0 + UInt64($1.lines) } == UInt64(eventCount) }
}

/// What identifies the lines of a segment: how many, how long, and the sum of their hashes keyed by position.
///
/// Independent of how lines were grouped into frames, and resumable: appending lines continues the sum.
package struct SegmentDigest: Equatable, Hashable, Sendable {
  package var events: UInt64 = 0
  package var rawSizeBytes: UInt64 = 0
  /// Sum over all lines of XXH64(line without its line end, seed = position from 0), modulo 2^64.
  package var sum: UInt64 = 0

  package init() {}

  package init(events: UInt64, rawSizeBytes: UInt64, sum: UInt64) {
    self.events = events
    self.rawSizeBytes = rawSizeBytes
    self.sum = sum
  }

  /// Takes in the next lines: whole lines, each ended by a line feed.
  package mutating func add(_ lines: RawSpan) {
    lines.withUnsafeBytes { bytes in
      LineSplitter.forEachLine(bytes) { line in
        sum &+= XXH64.hash(line, seed: events)
        events &+= 1
      }
    }
    rawSizeBytes &+= UInt64(lines.byteCount)
  }
}
