//! Appending, so that what is acknowledged survives `kill -9` and power loss:
//!
//! 1. Take the writer's lock; several processes of one machine take turns.
//! 2. Open the day's file. Its last bytes must be a valid commit behind matching data; anything else is a torn
//!    write, whose bytes are copied to `rejected/` and cut.
//! 3. What is there may be the work of a process that was killed before it could sync: unless this appender synced
//!    it, it is synced first, so that what the next commit calls durable is.
//! 4. Write data frames and their commits, then sync; for a new file sync its folder too.
//! 5. Only now may the caller acknowledge.
//!
//! When a write or a sync fails the file is cut back to where it was. A failed sync is never repeated on the same
//! pages (the kernel may have dropped them and marked them clean): the bytes are written anew, once.

import Bytes
import Events
import Files
import Zstd

/// Appends to the segments of one writer.
package struct SegmentAppender: ~Copyable {
  /// What happened to torn bytes that were found.
  package struct Recovery: Equatable, Sendable {
    package let segment: String
    package let offset: Int
    package let sizeBytes: Int
    /// Where the bytes are now.
    package let keptIn: String
  }

  /// Content of one frame: readers hold a frame in memory, so it is bounded.
  package static let frameSizeBytesMax = 4 << 20

  private let layout: StoreLayout
  private let writer: String
  private let compressor: ZstdCompressor
  private var output = ByteWriter(capacity: 1 << 16)
  /// What this appender itself made durable, by path.
  private var synced: [String: SegmentDigest] = [:]
  /// Torn ends that were cut, in order.
  private var recoveries: [Recovery] = []

  package init(layout: StoreLayout, writer: String, level: Int32 = 1) {
    self.layout = layout
    self.writer = writer
    compressor = ZstdCompressor(level: level)
  }

  /// The torn ends that were cut since the last call.
  package mutating func takeRecoveries() -> [Recovery] {
    defer { recoveries = [] }
    return recoveries
  }

  /// Appends the lines of each day durably, in order.
  ///
  /// - Returns: for each day, why it failed; nil means that its lines are durable.
  package mutating func append(_ days: [DayLines], batch: String) -> [SegmentError?] {
    var results: [SegmentError?] = []
    do throws(FileError) {
      try Folders.create(layout.locks)
      let lock = try File(layout.lock(writer: writer), .update)
      try lock.lock()
      for day in days {
        do throws(SegmentError) {
          try append(day, batch: batch)
          results.append(nil)
        } catch {
          results.append(error)
        }
      }
    } catch {
      results = days.map { _ in .file(error) }
    }
    return results
  }

  private mutating func append(_ day: DayLines, batch: String) throws(SegmentError) {
    // An empty file would be no zstd file to other readers.
    if day.eventCount == 0 { return }
    let refusal = try SegmentError.wrap { () throws(FileError) in try appendLines(day, batch: batch) }
    if let refusal { throw refusal }
  }

  /// Appends; returns why this file must not be touched, if so.
  private mutating func appendLines(_ day: DayLines, batch: String) throws(FileError) -> SegmentError? {
    let path = layout.segment(day: day.day, writer: writer)
    let known = synced.removeValue(forKey: path)
    let folder = layout.segments(day: day.day)
    try Folders.create(folder)
    let file = try File(path, .update)
    let size = try file.size()
    let last = try SegmentIndex.lastIntact(file, size: size)
    let start = last?.end ?? 0
    if start < size {
      if let refusal = try SegmentIndex.otherVersion(file, size: size, above: start) { return refusal }
      try keep(file, from: start, to: size, day: day.day)
      try file.truncate(to: start)
    }
    if let last, known != last.commit.total { try makeDurable(file, last, in: folder) }
    let total = encode(day, batch: batch, after: last?.commit, durableSize: start)
    try write(file, at: start)
    if start == 0 { try Folders.sync(folder) }
    synced[path] = total
    return nil
  }

  /// Syncs what another process wrote: it may have been killed before it did.
  private func makeDurable(
    _ file: borrowing File, _ last: SegmentFrame, in folder: String
  ) throws(FileError) {
    try file.sync()
    // A commit that knows of durable bytes before it was written after the name was made durable.
    let durable = last.commit.durableSizeBytes
    if durable == 0 || durable == Commit.allDurable { try Folders.sync(folder) }
  }

  private mutating func keep(
    _ file: borrowing File, from: Int, to size: Int, day: Int
  ) throws(FileError) {
    try Folders.create(layout.rejected)
    var bytes = ByteWriter(capacity: size - from)
    try file.read(size - from, at: from, into: &bytes)
    let hash = bytes.withBytes { Hexadecimal.text(XXH64.hash($0)) }
    let path = "\(layout.rejected)/torn-\(Timestamp.dayText(day))-\(writer)-\(from)-\(hash).bin"
    try bytes.withBytes { (span) throws(FileError) in try Publish.replace(path, with: span) }
    recoveries.append(
      Recovery(segment: file.path, offset: from, sizeBytes: size - from, keptIn: path))
  }

  /// Fills `output` with data frames and their commits.
  ///
  /// - Returns: the segment's digest behind them.
  private mutating func encode(
    _ day: DayLines, batch: String, after last: Commit?, durableSize: Int
  ) -> SegmentDigest {
    output.removeAll()
    var total = last?.total ?? SegmentDigest()
    var sequence = last.map { $0.sequence + 1 } ?? 0
    for part in day.parts(sizeBytesMax: Self.frameSizeBytesMax) {
      let start = output.count
      day.lines.withBytes { lines in
        let lines = lines.extracting(part.range)
        total.add(lines)
        compressor.compress(lines, into: &output)
      }
      let hash = output.withBytes { XXH64.hash($0.extracting(start..<$0.byteCount)) }
      let commit = Commit(
        sequence: sequence, generation: last?.generation ?? 0, eventCount: part.eventCount,
        dataSizeBytes: UInt64(output.count - start), rawSizeBytes: UInt64(part.range.count), dataHash: hash,
        firstTime: part.firstTime, lastTime: part.lastTime, writtenAt: System.now(),
        durableSizeBytes: UInt64(durableSize), total: total, writer: writer,
        batches: [.init(batch: batch, lines: part.eventCount)])
      CommitFormat.append(commit, to: &output)
      sequence += 1
    }
    return total
  }

  private func write(_ file: borrowing File, at start: Int) throws(FileError) {
    do throws(FileError) {
      try output.withBytes { (bytes) throws(FileError) in try file.write(bytes, at: start) }
    } catch {
      Self.takeBack(file, to: start)
      throw error
    }
    do throws(FileError) {
      return try file.sync()
    } catch {
      try? file.truncate(to: start)
    }
    do throws(FileError) {
      try output.withBytes { (bytes) throws(FileError) in try file.write(bytes, at: start) }
      try file.sync()
    } catch {
      Self.takeBack(file, to: start)
      throw error
    }
  }

  /// Leaves the file as it was; one that was not there goes, because other engines stumble over empty files.
  private static func takeBack(_ file: borrowing File, to start: Int) {
    try? file.truncate(to: start)
    if start == 0 { try? Folders.remove(file.path) }
  }
}
