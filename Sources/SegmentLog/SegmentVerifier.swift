//! Checks a segment as far as it can be checked: every commit against its data, every frame's content against
//! its counts, every line as a canonical event of its day, and the digest over all of them.

import Bytes
import Events
import Files

/// What a check of one segment found.
package struct SegmentVerdict: Equatable, Sendable {
  package var frames = 0
  package var events: UInt64 = 0
  /// What is wrong: each names file, offset and reason.
  package var problems: [SegmentError] = []
  /// Bytes behind the last commit: a write that was cut off, or one under way.
  ///
  /// Not a problem: the next append cuts them and keeps them in `rejected/`.
  package var uncommittedSizeBytes = 0

  package init() {}
}

/// Checks segments.
package struct SegmentVerifier: ~Copyable {
  private static let problemsMax = 100
  private var parser = EventParser(.input)
  private let canonical = CanonicalLine()
  private var decompressor = FrameDecompressor()
  private var compressed = ByteWriter(capacity: 1 << 16)
  private var lines = ByteWriter(capacity: 1 << 20)
  private var rewritten = ByteWriter(capacity: 4096)

  package init() {}

  /// Checks the segment at `path`, which holds events of `day`.
  package mutating func verify(_ path: String, day: Int) throws(SegmentError) -> SegmentVerdict {
    verify(try SegmentFile.open(path), day: day)
  }

  /// The same of an open segment.
  mutating func verify(_ segment: borrowing SegmentFile, day: Int) -> SegmentVerdict {
    let path = segment.file.path
    var verdict = SegmentVerdict()
    if let damage = segment.damage {
      verdict.problems.append(damage)
    } else {
      verdict.uncommittedSizeBytes = segment.sizeBytes - segment.committedSizeBytes
    }
    var digest = SegmentDigest()
    for frame in segment.frames {
      lines.removeAll()
      do throws(SegmentError) {
        try segment.read(frame, compressed: &compressed, decompressor: &decompressor, into: &lines)
      } catch {
        // Positions, and so the digest, cannot be known behind a frame that cannot be read.
        verdict.problems.append(error)
        verdict.events = digest.events
        return verdict
      }
      check(frame, path: path, day: day, digest: &digest, verdict: &verdict)
      verdict.frames += 1
    }
    verdict.events = digest.events
    return verdict
  }

  private mutating func check(
    _ frame: SegmentFrame, path: String, day: Int, digest: inout SegmentDigest, verdict: inout SegmentVerdict
  ) {
    func report(_ reason: String) {
      guard verdict.problems.count < Self.problemsMax else { return }
      verdict.problems.append(.damaged(path: path, offset: frame.offset, reason: reason))
    }
    let before = digest.events
    lines.withBytes { digest.add($0) }
    if digest.events - before != UInt64(frame.commit.eventCount) {
      report("holds \(digest.events - before) lines, its commit says \(frame.commit.eventCount)")
    }
    if digest != frame.commit.total { report("the lines do not match the digest of the commit") }
    if !frame.commit.batchesAddUp { report("the batches do not add up to the lines") }
    var first = Int64.max
    var last = Int64.min
    var number = before
    let bytes = lines.array
    bytes.withUnsafeBytes { all in
      LineSplitter.forEachLine(all) { line in
        number += 1
        if let reason = reason(RawSpan(_unsafeBytes: line), day: day, first: &first, last: &last) {
          report("line \(number): \(reason)")
        }
      }
    }
    if first != frame.commit.firstTime || last != frame.commit.lastTime {
      report("the times of its lines are not those of its commit")
    }
  }

  /// Why a line is not as tally writes it; nil when it is.
  private mutating func reason(
    _ line: RawSpan, day: Int, first: inout Int64, last: inout Int64
  ) -> String? {
    do throws(EventFault) {
      try parser.parse(line)
    } catch {
      return error.message
    }
    let event = parser.event
    guard event.has(.id), event.has(.time), event.has(.source) else { return "id, time or source is missing" }
    first = min(first, event.time)
    last = max(last, event.time)
    if Timestamp.utcDay(event.time) != day { return "its time is not of this day" }
    if parser.hasDropped { return nil }
    rewritten.removeAll()
    parser.scratch.withBytes { scratch in
      let id = event.text(.id)
      let source = event.text(.source)
      canonical.append(
        parser, line: line, id: (id.isScratch ? scratch : line).extracting(id.range),
        source: (source.isScratch ? scratch : line).extracting(source.range), time: event.time, to: &rewritten
      )
    }
    let isSame = rewritten.withBytes { bytes in
      bytes.byteCount == line.byteCount
        && bytes.withUnsafeBytes { a in line.withUnsafeBytes { b in a.elementsEqual(b) } }
    }
    return isSame ? nil : "it is not in canonical form"
  }
}
