//! Reading a segment: which bytes of the file are committed, and what the frames hold.
//!
//! 1. The last 24 bytes are the trailer of the last commit; each commit says where its data frame begins, and the
//!    bytes before that are the trailer of the commit before. So the index is read backwards, a few hundred bytes
//!    a commit, without touching data.
//! 2. When the end is torn, or a commit in the middle does not match, the file is walked forwards instead: the
//!    committed part is the longest prefix in which every commit matches its data.
//! 3. Data is checked against its commit whenever a frame is read.
//! 4. A file that ends before its last frame or commit does has a torn end: nobody acknowledged it, the next append
//!    cuts it. Anything else that does not match is damage and said loudly. After power loss a commit may stand
//!    behind data that never reached the disk; a reader cannot tell that from rot and calls it damage too, until
//!    the next append has put it aside.

package import Bytes
package import Files
import Zstd

/// A frame and the commit behind it.
package struct SegmentFrame: Equatable, Sendable {
  /// Where the data frame begins.
  package let offset: Int
  package let commit: Commit

  /// Where the commit frame ends.
  package let end: Int
}

/// An open segment, for reading.
package struct SegmentFile: ~Copyable {
  package let file: File
  /// The committed frames, in order.
  package let frames: [SegmentFrame]
  /// Size of the file when it was opened.
  package let sizeBytes: Int
  /// Set when commits follow a place that does not match: not a torn end but damage.
  package let damage: SegmentError?

  /// What the committed lines are.
  package var digest: SegmentDigest { frames.last?.commit.total ?? SegmentDigest() }
  package var generation: UInt32 { frames.last?.commit.generation ?? 0 }
  /// Size of the committed part.
  package var committedSizeBytes: Int { frames.last?.end ?? 0 }

  /// Opens the segment at `path` and reads its index.
  package static func open(_ path: String) throws(SegmentError) -> SegmentFile {
    do throws(FileError) {
      let file = try File(path, .read)
      let size = try file.size()
      if let frames = try SegmentIndex.backwards(file, size: size) {
        return SegmentFile(file: file, frames: frames, sizeBytes: size, damage: nil)
      }
      let (frames, stop) = try SegmentIndex.forwards(file, size: size)
      let start = frames.last?.end ?? 0
      var damage = try SegmentIndex.otherVersion(file, size: size, above: start)
      if damage == nil, let stop {
        let later = try SegmentIndex.lastCommit(file, size: size, above: start)
        if stop != .torn || later != nil { damage = .damaged(path: path, offset: start, reason: stop.reason) }
      }
      return SegmentFile(file: file, frames: frames, sizeBytes: size, damage: damage)
    } catch {
      throw .file(error)
    }
  }

  /// The note about this file as it is, once it is durable; nil when nothing in it is committed.
  func note(day: Int) throws(SegmentError) -> DurableNote? {
    guard let last = frames.last else { return nil }
    let mark = try SegmentError.wrap { () throws(FileError) in try file.mark() }
    return DurableNote(day: day, last.commit, end: last.end, inode: mark.inode)
  }

  /// Whether its first lines are those of `digest`.
  ///
  /// Cost: decompresses one frame when no commit ends where they do.
  package func begins(with digest: SegmentDigest) throws(SegmentError) -> Bool {
    try self.digest(ofFirst: digest.events) == digest
  }

  /// Opens the segment and checks all data too: for decisions that a rotten byte must not mislead.
  static func openChecked(_ path: String) throws(SegmentError) -> SegmentFile {
    let segment = try open(path)
    for (index, frame) in segment.frames.enumerated() {
      let matches = try SegmentError.wrap { () throws(FileError) in
        try SegmentIndex.dataMatches(segment.file, frame)
      }
      if matches { continue }
      let file = try SegmentError.wrap { () throws(FileError) in try File(path, .read) }
      return SegmentFile(
        file: file, frames: Array(segment.frames[..<index]), sizeBytes: segment.sizeBytes,
        damage: .damaged(path: path, offset: frame.offset, reason: "the data does not match its commit"))
    }
    return segment
  }

  private init(file: consuming File, frames: [SegmentFrame], sizeBytes: Int, damage: SegmentError?) {
    self.file = file
    self.frames = frames
    self.sizeBytes = sizeBytes
    self.damage = damage
  }

  /// Appends the content of a frame to `output`, checked against its commit.
  ///
  /// - Parameters:
  ///   - frame: one of `frames`.
  ///   - compressed: memory for the compressed bytes, reused between calls.
  ///   - decompressor: likewise.
  ///   - output: where the lines go.
  package func read(
    _ frame: SegmentFrame, compressed: inout ByteWriter, decompressor: inout FrameDecompressor,
    into output: inout ByteWriter
  ) throws(SegmentError) {
    try Self.read(frame, of: file, compressed: &compressed, decompressor: &decompressor, into: &output)
  }

  /// The same from a file that was opened again: a frame that matches its commit is the one that was found before.
  package static func read(
    _ frame: SegmentFrame, of file: borrowing File, compressed: inout ByteWriter,
    decompressor: inout FrameDecompressor, into output: inout ByteWriter
  ) throws(SegmentError) {
    compressed.removeAll()
    do throws(FileError) {
      try file.read(Int(frame.commit.dataSizeBytes), at: frame.offset, into: &compressed)
    } catch {
      throw .file(error)
    }
    let reason = compressed.withBytes { data -> String? in
      guard data.byteCount == Int(frame.commit.dataSizeBytes), XXH64.hash(data) == frame.commit.dataHash
      else {
        return "the data does not match its commit"
      }
      do throws(ZstdError) {
        try decompressor.zstd.decompress(data, size: Int(frame.commit.rawSizeBytes), into: &output)
        return nil
      } catch {
        return "the frame cannot be decompressed: \(error.reason)"
      }
    }
    if let reason { throw .damaged(path: file.path, offset: frame.offset, reason: reason) }
  }
}

/// A decompressor that readers keep between frames.
package struct FrameDecompressor: ~Copyable {
  // `read` compares the compressed bytes with their commit.
  var zstd = ZstdDecompressor(checksContent: false)

  package init() {}
}
