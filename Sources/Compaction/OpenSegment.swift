//! A day may have more segments than a process may have files open. As many as there is room for are kept open, so that
//! what happens to them meanwhile changes nothing; the others are opened again whenever something is read. A frame is
//! compared with its commit each time, so it is the frame that was found first, or there is none.

import Bytes
import Files
import SegmentLog
import Synchronization

/// The committed part of a segment as it was when it was found.
final class OpenSegment: Sendable {
  let writer: String
  let path: String
  /// The committed frames, in order.
  let frames: [SegmentFrame]
  /// What the committed lines are.
  let digest: SegmentDigest
  /// Set when it is not whole.
  let damage: SegmentError?
  /// Whether sealing it would change nothing.
  let isSealed: Bool
  private let kept: KeptFile?

  /// Opens a segment.
  ///
  /// - Parameter keptMax: how many segments the process keeps open.
  init(writer: String, path: String, keptMax: Int) throws(SegmentError) {
    self.writer = writer
    self.path = path
    let file = try SegmentFile.open(path)
    frames = file.frames
    digest = file.digest
    damage = file.damage
    isSealed = SegmentSealer.isSealed(file)
    kept = KeptFile.isRoom(below: keptMax) ? KeptFile(file) : nil
  }

  /// The same lines in another file.
  private init(_ known: OpenSegment, frames: [SegmentFrame]) {
    (writer, path, digest, damage, isSealed) = (known.writer, known.path, known.digest, nil, known.isSealed)
    self.frames = frames
    kept = nil
  }

  /// Appends the content of a frame to `output`; see `SegmentFile.read`.
  func read(
    _ frame: SegmentFrame, compressed: inout ByteWriter, decompressor: inout FrameDecompressor,
    into output: inout ByteWriter
  ) throws(SegmentError) {
    if let kept {
      return try kept.file.read(
        frame, compressed: &compressed, decompressor: &decompressor, into: &output)
    }
    let file: File
    do throws(FileError) {
      file = try File(path, .read)
    } catch {
      throw .file(error)
    }
    do throws(SegmentError) {
      try SegmentFile.read(
        frame, of: file, compressed: &compressed, decompressor: &decompressor, into: &output)
    } catch {
      // Either it rotted, or it is another file.
      if try SegmentFile.open(path).frames.contains(frame) { throw error }
      throw .replaced(path: path)
    }
  }

  /// Lets `body` look at the file: the one that is kept open, or the one that has its name now.
  func withFile<Value>(
    _ body: (borrowing SegmentFile) throws(SegmentError) -> Value
  ) throws(SegmentError) -> Value {
    if let kept { return try body(kept.file) }
    return try body(SegmentFile.open(path))
  }

  /// The segment as it is to be read now: itself, or the same lines in the file that took its place.
  func found() throws(SegmentError) -> OpenSegment {
    if kept != nil { return self }
    let now = try SegmentFile.open(path)
    if now.frames.starts(with: frames) { return self }
    guard let last = now.frames.lastIndex(where: { $0.commit.total == digest }) else {
      throw .replaced(path: path)
    }
    return OpenSegment(self, frames: Array(now.frames[...last]))
  }
}

/// A segment's file that stays open.
private final class KeptFile: Sendable {
  private static let count = Mutex(0)

  let file: SegmentFile

  /// Counts one more, if that is not too many.
  static func isRoom(below most: Int) -> Bool {
    count.withLock { count in
      if count >= most { return false }
      count += 1
      return true
    }
  }

  init(_ file: consuming SegmentFile) { self.file = file }

  deinit { Self.count.withLock { $0 -= 1 } }
}
