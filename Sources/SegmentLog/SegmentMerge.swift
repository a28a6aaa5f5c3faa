//! Whether another store's copy of a segment replaces ours. A segment is replaced only by one that extends it or
//! is a later rewrite of it, never by an older one:
//!
//! 1. Same generation: one of the two must be the beginning of the other. If not, two machines write under one
//!    name, and a person has to look.
//! 2. A higher generation is a rewrite (sealed, or people erased), so it replaces lower ones even if it has fewer
//!    lines, unless the lower one was appended to after the rewrite was made and the rewrite lacks that.
//! 3. Our own writer's segments are ours to rewrite: a copy only gives back what we lost.

import Bytes
import Files

/// The replacement rule for merging, and merging itself.
package enum SegmentMerge {
  /// What to do with one segment.
  package enum Decision: Equatable, Sendable {
    /// Theirs replaces ours.
    case copy
    /// Ours has all of theirs, or is a later rewrite.
    case keep
    /// Neither goes on from the other.
    case conflict(String)
  }

  /// Decides by what the two files hold.
  ///
  /// - Parameters:
  ///   - ours: our copy; nil when there is none.
  ///   - theirs: the other store's copy, without damage.
  ///   - isOwn: whether this machine is the segment's writer.
  /// Cost: reads the indexes; decompresses one frame when no commit boundary falls where it is needed.
  package static func decide(
    ours: borrowing SegmentFile?, theirs: borrowing SegmentFile, isOwn: Bool = false
  ) throws(SegmentError) -> Decision {
    if theirs.frames.isEmpty { return .keep }
    switch ours {
    case .none: return .copy
    case .some(let ours): return try decide(ours, theirs, isOwn: isOwn)
    }
  }

  static func decide(
    _ ours: borrowing SegmentFile, _ theirs: borrowing SegmentFile, isOwn: Bool
  ) throws(SegmentError) -> Decision {
    // Commits behind damage still tell what our lines were, so a whole copy can heal it.
    let last = try lastCommit(ours)
    guard let last else { return .copy }
    if theirs.digest == last.total {
      if ours.damage != nil { return .copy }
      return !isOwn && theirs.generation > last.generation ? .copy : .keep
    }
    let extends = try theirs.digest(ofFirst: last.total.events) == last.total
    if theirs.generation >= last.generation, extends { return .copy }
    let isPart = try ours.digest(ofFirst: theirs.digest.events) == theirs.digest
    if theirs.generation <= last.generation, isPart { return .keep }
    if ours.damage != nil {
      return .conflict("our copy is damaged, and the other one lacks some of its lines")
    }
    if theirs.generation == last.generation {
      return .conflict("both have lines that the other lacks: do two machines use one writer name?")
    }
    if theirs.generation > last.generation {
      if isOwn {
        return isPart ? .keep : .conflict("another store rewrote this machine's own segment")
      }
      return last.writtenAt <= theirs.rewrittenAt
        ? .copy : .conflict("the other one was rewritten before ours was last appended to")
    }
    return theirs.lastWrittenAt <= ours.rewrittenAt
      ? .keep : .conflict("the other one was appended to after ours was rewritten")
  }

  static func lastCommit(_ segment: borrowing SegmentFile) throws(SegmentError) -> Commit? {
    if segment.damage == nil { return segment.frames.last?.commit }
    let (file, size) = (segment.file.path, segment.sizeBytes)
    return try SegmentError.wrap { () throws(FileError) in
      try SegmentIndex.lastCommit(try File(file, .read), size: size, above: 0)?.commit
    }
  }
}

extension SegmentFile {
  /// The digest of the first `count` lines; nil when there are fewer.
  package func digest(ofFirst count: UInt64) throws(SegmentError) -> SegmentDigest? {
    if count == 0 { return SegmentDigest() }
    guard let index = frames.firstIndex(where: { $0.commit.total.events >= count }) else { return nil }
    let frame = frames[index]
    if frame.commit.total.events == count { return frame.commit.total }
    var digest = index == 0 ? SegmentDigest() : frames[index - 1].commit.total
    var compressed = ByteWriter()
    var decompressor = FrameDecompressor()
    var lines = ByteWriter()
    try read(frame, compressed: &compressed, decompressor: &decompressor, into: &lines)
    let end = lines.withBytes { Self.end(ofLines: Int(count - digest.events), in: $0) }
    guard let end else { return nil }
    lines.withBytes { digest.add($0.extracting(0..<end)) }
    return digest
  }

  /// Where the first `count` lines end.
  private static func end(ofLines count: Int, in bytes: RawSpan) -> Int? {
    bytes.withUnsafeBytes { all in
      var end = 0
      for _ in 0..<count {
        guard let lineFeed = LineSplitter.lineFeed(all, from: end) else { return nil }
        end = lineFeed + 1
      }
      return end
    }
  }

  /// When the last commit was written, UTC milliseconds.
  var lastWrittenAt: Int64 { frames.last?.commit.writtenAt ?? 0 }

  /// When the file was rewritten as a whole: its first commit was written then.
  var rewrittenAt: Int64 { frames.first?.commit.writtenAt ?? 0 }
}
