//! What becomes of bytes behind the last commit: they were never acknowledged, but a person may want to look at them.

import Bytes
import Events
import Files

/// Keeps the end of a segment aside.
enum TornEnd {
  /// No write of ours is as large, so what is larger is not a write that was cut off, and the rest of it is not kept.
  static let keptSizeBytesMax = 64 << 20
  private static let chunkSizeBytes = 1 << 20

  /// Copies the bytes of `range` into `rejected/`.
  ///
  /// Cost: one pass over the bytes, a mebibyte in memory.
  static func keep(
    _ file: borrowing File, _ range: Range<Int>, day: Int, writer: String, _ layout: StoreLayout
  ) throws(FileError) -> SegmentAppender.Recovery {
    try Folders.create(layout.rejected)
    let place = "\(layout.rejected)/torn-\(Timestamp.dayText(day))-\(writer)-\(range.lowerBound)"
    let temporary = "\(place).tmp"
    let end = min(range.upperBound, range.lowerBound + keptSizeBytesMax)
    do throws(FileError) {
      let hash = try copy(file, range.lowerBound..<end, to: temporary)
      let path = "\(place)-\(Hexadecimal.text(hash)).bin"
      try Publish.rename(temporary, to: path)
      return .init(
        segment: file.path, offset: range.lowerBound, sizeBytes: range.count,
        keptSizeBytes: end - range.lowerBound, keptIn: path)
    } catch {
      try? Folders.remove(temporary)
      throw error
    }
  }

  /// Copies, and makes what was copied durable; a hash of the bytes.
  private static func copy(
    _ file: borrowing File, _ range: Range<Int>, to path: String
  ) throws(FileError) -> UInt64 {
    let target = try File(path, .update)
    try target.truncate(to: 0)
    var chunk = ByteWriter(capacity: min(chunkSizeBytes, range.count))
    var hash: UInt64 = 0
    var at = range.lowerBound
    while at < range.upperBound {
      chunk.removeAll()
      try file.read(min(chunkSizeBytes, range.upperBound - at), at: at, into: &chunk)
      if chunk.isEmpty { break }
      hash = chunk.withBytes { XXH64.hash($0, seed: hash) }
      try chunk.withBytes { (bytes) throws(FileError) in
        try target.write(bytes, at: at - range.lowerBound)
      }
      at += chunk.count
    }
    try target.sync()
    return hash
  }
}
