//! What a writer last made durable of each day, in its lock file.
//!
//! It saves most of the syncs of a small append: the next process that finds the segment exactly as the note says need
//! not sync it again before calling it durable. And it tells damage from a write that was cut off: what the note says
//! was durable was acknowledged, so nobody may cut it, and whoever does not find it has lost it.
//!
//! A note is written after the sync and itself never synced. What it says was true when it was written, so an old one
//! and a lost one do no harm: less is known then. It names the file by inode: a copied store has notes about files that
//! it does not have. `Schemas/segment.md` is the contract.

import Bytes
import Files

/// What was durable of one writer's segment of one day.
package struct DurableNote: Equatable, Sendable {
  /// A note takes so much, and has its place by day: later days take the places of earlier ones.
  static let sizeBytes = 64
  static let placeCount = 64

  package let day: Int
  package let inode: UInt64
  /// Where the last commit ends in the file.
  let end: Int
  /// The lines up to there.
  package let total: SegmentDigest
  /// XXH64 of the last commit frame.
  private let commitHash: UInt64

  /// The note for a segment that ends with `last`.
  init(day: Int, _ last: Commit, end: Int, inode: UInt64) {
    self.day = day
    self.inode = inode
    self.end = end
    total = last.total
    var bytes = ByteWriter(capacity: 512)
    CommitFormat.append(last, to: &bytes)
    commitHash = bytes.withBytes { XXH64.hash($0) }
  }

  /// The note in `bytes`; nil when there is none, or a part of one.
  private init?(_ bytes: RawSpan) {
    guard bytes.byteCount == Self.sizeBytes,
      CommitFormat.word64(bytes, 56) == XXH64.hash(bytes.extracting(0..<56)),
      let end = Int(exactly: CommitFormat.word64(bytes, 16))
    else { return nil }
    day = Int(Int32(bitPattern: CommitFormat.word32(bytes, 0)))
    inode = CommitFormat.word64(bytes, 8)
    self.end = end
    total = SegmentDigest(
      events: CommitFormat.word64(bytes, 24), rawSizeBytes: CommitFormat.word64(bytes, 32),
      sum: CommitFormat.word64(bytes, 40))
    commitHash = CommitFormat.word64(bytes, 48)
  }

  private static func offset(day: Int) -> Int { (day % placeCount + placeCount) % placeCount * sizeBytes }

  /// The note about a day in a writer's lock file; nil when there is none.
  static func read(_ lock: borrowing File, day: Int) -> DurableNote? {
    var bytes = ByteWriter(capacity: sizeBytes)
    try? lock.read(sizeBytes, at: offset(day: day), into: &bytes)
    let note = bytes.withBytes { DurableNote($0) }
    return note?.day == day ? note : nil
  }

  /// All notes in a writer's lock file.
  static func readAll(_ lock: borrowing File) -> [DurableNote] {
    var bytes = ByteWriter(capacity: sizeBytes * placeCount)
    try? lock.read(sizeBytes * placeCount, at: 0, into: &bytes)
    return (0..<bytes.count / sizeBytes).compactMap { place in
      bytes.withBytes { DurableNote($0.extracting((place * sizeBytes)..<((place + 1) * sizeBytes))) }
    }
  }

  /// Leaves the note; without it the next append only takes longer, and less damage is noticed.
  func write(_ lock: borrowing File) {
    var bytes = ByteWriter(capacity: Self.sizeBytes)
    bytes.append(littleEndian: Int32(truncatingIfNeeded: day))
    bytes.append(littleEndian: UInt32(0))
    bytes.append(littleEndian: inode)
    bytes.append(littleEndian: UInt64(end))
    bytes.append(littleEndian: total.events)
    bytes.append(littleEndian: total.rawSizeBytes)
    bytes.append(littleEndian: total.sum)
    bytes.append(littleEndian: commitHash)
    bytes.append(littleEndian: bytes.withBytes { XXH64.hash($0) })
    try? bytes.withBytes { (bytes) throws(FileError) in try lock.write(bytes, at: Self.offset(day: day)) }
  }

  /// Takes the note about a day away.
  static func clear(_ lock: borrowing File, day: Int) throws(FileError) {
    guard read(lock, day: day) != nil else { return }
    var bytes = ByteWriter(capacity: sizeBytes)
    for _ in 0..<sizeBytes { bytes.append(UInt8(0)) }
    try bytes.withBytes { (bytes) throws(FileError) in try lock.write(bytes, at: offset(day: day)) }
  }
}
