//! Sealing a closed day: many small frames become few large ones at a higher level. Same lines, same order, same
//! digest, so no rollup changes. The new file is written beside the old one and checked against its digest; that
//! takes seconds, and nobody waits for them. Only then the writer's lock is taken, and if the old file is still what
//! was read, the new one is renamed over it.

import Bytes
import Events
import Files
import Zstd

/// Rewrites segments of one writer.
///
/// One sealer a segment at a time: its caller sees to that (`local/rollup.lock`).
package struct SegmentSealer: ~Copyable {
  /// What sealing did to one segment.
  package struct Outcome: Equatable, Sendable {
    package let sizeBytesBefore: Int
    package let sizeBytesAfter: Int
    package let frameCountBefore: Int
    package let frameCountAfter: Int
  }

  /// Content of a sealed frame: whole commits are joined until it is at least this large.
  package static let frameSizeBytes: UInt64 = 8 << 20

  /// A match of so many bytes ends the search for a better one.
  ///
  /// A line repeats the line before but for some numbers and ids. The levels' own target of 48 to 64 bytes is
  /// reached in the middle of it, and what is found there is seldom the best: 256 makes the file a
  /// fourteenth smaller, for a fifth more time.
  private static let targetLength: Int32 = 256

  private let layout: StoreLayout
  private let writer: String
  private let level: Int32

  package init(layout: StoreLayout, writer: String, level: Int32) {
    self.layout = layout
    self.writer = writer
    self.level = level
  }

  /// A sealed frame names at most about this many batches, because a commit is bounded too.
  static let batchCountMax = 4096
  /// Nor do their names take much more than this.
  static let batchNamesSizeBytes = 128 << 10

  /// How the frames of a segment are joined: a range of commits for each new frame.
  static func plan(_ commits: [Commit]) -> [Range<Int>] {
    var groups: [Range<Int>] = []
    var start = 0
    var size: UInt64 = 0
    var batchCount = 0
    var namesSize = 0
    var lastBatch: String?
    for (index, commit) in commits.enumerated() {
      // A single commit may name as much as a commit holds: nothing is joined with it.
      let ownNamesSize = commit.batches.reduce(0) { $0 + $1.batch.utf8.count }
      if index > start, commit.batches.count > batchCountMax || ownNamesSize > batchNamesSizeBytes {
        groups.append(start..<index)
        (start, size, batchCount, namesSize, lastBatch) = (index, 0, 0, 0, nil)
      }
      size += commit.rawSizeBytes
      for batch in commit.batches where batch.batch != lastBatch {
        batchCount += 1
        namesSize += batch.batch.utf8.count
        lastBatch = batch.batch
      }
      if size >= frameSizeBytes || batchCount >= batchCountMax || namesSize >= batchNamesSizeBytes
        || index == commits.count - 1
      {
        groups.append(start..<(index + 1))
        (start, size, batchCount, namesSize, lastBatch) = (index + 1, 0, 0, 0, nil)
      }
    }
    return groups
  }

  /// Whether sealing the segment would change nothing.
  package static func isSealed(_ segment: borrowing SegmentFile) -> Bool {
    segment.generation > 0 && plan(segment.frames.map(\.commit)).count == segment.frames.count
  }

  /// Seals the segment of `day`; nil when there is nothing to gain, or when it changed meanwhile.
  package func seal(day: Int) throws(SegmentError) -> Outcome? {
    guard let sealed = try prepare(day: day) else { return nil }
    return try publish(sealed)
  }

  /// A new file that waits for its name.
  struct Prepared {
    let path: String
    let temporary: String
    /// What the old file was when it was read.
    let sizeBytes: Int
    let generation: UInt32
    let digest: SegmentDigest
    /// What is durable of the new one.
    let note: DurableNote?
    let outcome: Outcome
  }

  /// Writes the new file beside the old one.
  func prepare(day: Int) throws(SegmentError) -> Prepared? {
    let path = layout.segment(day: day, writer: writer)
    guard try isThere(path) else { return nil }
    let segment = try SegmentFile.open(path)
    if let damage = segment.damage { throw damage }
    // A torn end is left to the next append, which keeps it aside.
    guard segment.committedSizeBytes == segment.sizeBytes, !segment.frames.isEmpty else { return nil }
    if Self.isSealed(segment) { return nil }
    try checkCounts(segment)
    let groups = Self.plan(segment.frames.map(\.commit))
    let temporary = "\(path).seal.tmp"
    do throws(SegmentError) {
      let size = try write(segment, groups, to: temporary)
      let note = try check(temporary, against: segment, day: day)
      return Prepared(
        path: path, temporary: temporary, sizeBytes: segment.sizeBytes, generation: segment.generation,
        digest: segment.digest, note: note,
        outcome: Outcome(
          sizeBytesBefore: segment.sizeBytes, sizeBytesAfter: size, frameCountBefore: segment.frames.count,
          frameCountAfter: groups.count))
    } catch {
      try? Folders.remove(temporary)
      throw error
    }
  }

  /// Counts of commits are added up, and a file can be rewritten so often only as its commits can count.
  private func checkCounts(_ segment: borrowing SegmentFile) throws(SegmentError) {
    let path = segment.file.path
    for frame in segment.frames where !frame.commit.batchesAddUp {
      throw .damaged(path: path, offset: frame.offset, reason: "the batches do not add up to the lines")
    }
    if segment.generation == .max {
      throw .damaged(
        path: path, offset: 0, reason: "it cannot be rewritten any more: its generation is the last")
    }
  }

  /// Gives the new file its name, if the old one is still what was read.
  func publish(_ sealed: Prepared) throws(SegmentError) -> Outcome? {
    do throws(SegmentError) {
      let lock = try SegmentError.wrap { () throws(FileError) in
        try Folders.create(layout.locks)
        let lock = try File(layout.lock(writer: writer), .update)
        try lock.lock()
        return lock
      }
      let isSame = try isUnchanged(sealed)
      try SegmentError.wrap { () throws(FileError) in
        if isSame {
          try Publish.rename(sealed.temporary, to: sealed.path)
          sealed.note?.write(lock)
        } else {
          try Folders.remove(sealed.temporary)
        }
      }
      _ = consume lock
      return isSame ? sealed.outcome : nil
    } catch {
      try? Folders.remove(sealed.temporary)
      throw error
    }
  }

  private func isThere(_ path: String) throws(SegmentError) -> Bool {
    try SegmentError.wrap { () throws(FileError) in try Folders.status(path) != nil }
  }

  private func isUnchanged(_ sealed: Prepared) throws(SegmentError) -> Bool {
    guard try isThere(sealed.path) else { return false }
    let segment = try SegmentFile.open(sealed.path)
    return segment.damage == nil && segment.sizeBytes == sealed.sizeBytes
      && segment.committedSizeBytes == sealed.sizeBytes && segment.generation == sealed.generation
      && segment.digest == sealed.digest
  }

  /// Writes the joined frames to `temporary`; returns its size.
  private func write(
    _ segment: borrowing SegmentFile, _ groups: [Range<Int>], to temporary: String
  ) throws(SegmentError) -> Int {
    let compressor = ZstdCompressor(level: level, targetLength: level >= 16 ? Self.targetLength : nil)
    var decompressor = FrameDecompressor()
    var compressed = ByteWriter(capacity: 1 << 16)
    var total = SegmentDigest()
    var offset = 0
    var lines = ByteWriter(capacity: Int(Self.frameSizeBytes))
    var output = ByteWriter(capacity: 1 << 20)
    let file = try SegmentError.wrap { () throws(FileError) in
      try File(temporary, .fresh)
    }
    for (sequence, group) in groups.enumerated() {
      lines.removeAll()
      output.removeAll()
      for frame in segment.frames[group] {
        try segment.read(frame, compressed: &compressed, decompressor: &decompressor, into: &lines)
      }
      lines.withBytes { total.add($0) }
      lines.withBytes { compressor.compress($0, into: &output) }
      let commit = joined(
        Array(segment.frames[group].map(\.commit)), sequence: UInt32(sequence),
        generation: segment.generation + 1, lines: lines.count, data: output, total: total)
      CommitFormat.append(commit, to: &output)
      try SegmentError.wrap { () throws(FileError) in
        try output.withBytes { (bytes) throws(FileError) in try file.write(bytes, at: offset) }
      }
      offset += output.count
    }
    if total != segment.digest {
      throw SegmentError.damaged(
        path: segment.file.path, offset: 0, reason: "the lines do not match the digest")
    }
    try SegmentError.wrap { () throws(FileError) in try file.sync() }
    return offset
  }

  /// Reads the new file's index as any reader would: nothing is replaced by what cannot be read.
  private func check(
    _ temporary: String, against segment: borrowing SegmentFile, day: Int
  ) throws(SegmentError) -> DurableNote? {
    let new = try SegmentFile.open(temporary)
    guard new.damage == nil, new.committedSizeBytes == new.sizeBytes, new.digest == segment.digest else {
      throw .damaged(
        path: temporary, offset: new.committedSizeBytes, reason: "the sealed file is not readable")
    }
    return try new.note(day: day)
  }

  private func joined(
    _ commits: [Commit], sequence: UInt32, generation: UInt32, lines: Int, data: borrowing ByteWriter,
    total: SegmentDigest
  ) -> Commit {
    var batches: [Commit.BatchCount] = []
    for batch in commits.flatMap(\.batches) {
      if let last = batches.indices.last, batches[last].batch == batch.batch {
        batches[last].lines += batch.lines
      } else {
        batches.append(batch)
      }
    }
    return Commit(
      sequence: sequence, generation: generation, eventCount: commits.reduce(0) { $0 + $1.eventCount },
      dataSizeBytes: UInt64(data.count), rawSizeBytes: UInt64(lines),
      dataHash: data.withBytes { XXH64.hash($0) }, firstTime: commits.map(\.firstTime).min() ?? 0,
      lastTime: commits.map(\.lastTime).max() ?? 0, writtenAt: System.now(),
      durableSizeBytes: Commit.allDurable,
      total: total, writer: writer,
      batches: batches)
  }
}
