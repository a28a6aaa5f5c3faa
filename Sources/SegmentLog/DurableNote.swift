//! What saves most of the syncs of a small append: whoever synced a segment leaves a note in the writer's lock file,
//! and the next process that finds the segment exactly so need not sync it again before calling it durable.
//!
//! The note is written after the sync and itself never synced. What it says was true when it was written and stays
//! true, so an old one, a lost one and a torn one do no harm: they match nothing, and the segment is synced as if
//! there were none. It names the file by inode: a copied store has notes about files that it does not have.

import Bytes
import Files

enum DurableNote {
  private static let sizeBytes = 8

  /// The note for a segment that ends with `last`: one hash of all that makes it this segment.
  static func value(_ last: Commit, end: Int, inode: UInt64) -> UInt64 {
    var bytes = ByteWriter(capacity: 512)
    CommitFormat.append(last, to: &bytes)
    bytes.append(littleEndian: UInt64(end))
    bytes.append(littleEndian: inode)
    return bytes.withBytes { XXH64.hash($0) }
  }

  /// The note in a lock file; nil when there is none.
  static func read(_ lock: borrowing File) -> UInt64? {
    var bytes = ByteWriter(capacity: sizeBytes)
    try? lock.read(sizeBytes, at: 0, into: &bytes)
    guard bytes.count == sizeBytes else { return nil }
    return bytes.withBytes { CommitFormat.word64($0, 0) }
  }

  /// Leaves a note; without one the next append only takes longer.
  static func write(_ value: UInt64, _ lock: borrowing File) {
    var bytes = ByteWriter(capacity: sizeBytes)
    bytes.append(littleEndian: value)
    try? bytes.withBytes { (bytes) throws(FileError) in try lock.write(bytes, at: 0) }
  }
}
