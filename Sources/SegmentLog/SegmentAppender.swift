//! Appending, so that what is acknowledged survives `kill -9` and power loss:
//!
//! 1. Take the writer's lock; several processes of one machine take turns.
//! 2. Open the day's file. Its last bytes must be a valid commit behind matching data; anything else is a torn
//!    write, whose bytes are copied to `rejected/` and cut. But what a note says was durable (`DurableNote`) is never
//!    cut: if its data rotted the append goes on behind it, and if its commit is not there the append is refused.
//! 3. What is there may be the work of a process that was killed before it could sync: unless this appender synced
//!    it, or a note says so, it is synced first, so that what the next commit calls durable is.
//! 4. Write data frames and their commits, then sync; for a new file sync the folders above it too.
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
    /// How many of them were kept.
    package let keptSizeBytes: Int
    /// Where they are now.
    package let keptIn: String
  }

  private let layout: StoreLayout
  private let writer: String
  private var output = ByteWriter(capacity: 1 << 16)
  /// What this appender itself made durable, by path.
  private var synced: [String: DurableNote] = [:]
  /// Torn ends that were cut, in order.
  private var recoveries: [Recovery] = []
  /// Frames that rotted after they were durable, in order.
  private var damages: [SegmentError] = []

  package init(layout: StoreLayout, writer: String) {
    self.layout = layout
    self.writer = writer
  }

  /// The torn ends that were cut since the last call.
  package mutating func takeRecoveries() -> [Recovery] {
    defer { recoveries = [] }
    return recoveries
  }

  /// Frames that were durable and cannot be read any more, found since the last call; appends went on behind them.
  package mutating func takeDamages() -> [SegmentError] {
    defer { damages = [] }
    return damages
  }

  /// Appends the lines of each day durably, in order.
  ///
  /// - Returns: for each day, why it failed; nil means that its lines are durable.
  package mutating func append(_ days: [DayLines], batch: String) -> [SegmentError?] {
    let frames = FrameBatch(days)
    frames.compress(FrameCompressor())
    return append(frames, batch: batch)
  }

  /// The same for days whose frames are compressed already.
  package mutating func append(_ frames: FrameBatch, batch: String) -> [SegmentError?] {
    var results: [SegmentError?] = []
    do throws(FileError) {
      try Folders.create(layout.locks)
      let lock = try File(layout.lock(writer: writer), .update)
      try lock.lock()
      for (day, frames) in frames.framesByDay {
        do throws(SegmentError) {
          try append(day, frames, batch: batch, lock)
          results.append(nil)
        } catch {
          results.append(error)
        }
      }
    } catch {
      results = frames.days.map { _ in .file(error) }
    }
    return results
  }

  private mutating func append(
    _ day: DayLines, _ frames: [FrameBatch.Frame], batch: String, _ lock: borrowing File
  ) throws(SegmentError) {
    // An empty file would be no zstd file to other readers.
    if day.eventCount == 0 { return }
    let refusal = try SegmentError.wrap { () throws(FileError) in
      try appendLines(day, frames, batch: batch, lock)
    }
    if let refusal { throw refusal }
  }

  /// Appends; returns why this file must not be touched, if so.
  private mutating func appendLines(
    _ day: DayLines, _ frames: [FrameBatch.Frame], batch: String, _ lock: borrowing File
  ) throws(FileError) -> SegmentError? {
    let path = layout.segment(day: day.day, writer: writer)
    let known = synced.removeValue(forKey: path)
    try Folders.create(layout.segments(day: day.day))
    let file = try File(path, .update)
    let mark = try file.mark()
    let size = Int(mark.sizeBytes)
    // Where there is no file, or an empty one, it does not matter which file a note is about.
    let notes = [known, DurableNote.read(lock, day: day.day)].compactMap(\.self).filter {
      $0.inode == mark.inode || size == 0
    }
    let durable = notes.max { $0.end < $1.end }
    let last = try SegmentIndex.lastIntact(file, size: size, durable: durable?.end ?? 0)
    if let durable, let refusal = try refusal(file, durable, last) { return refusal }
    let start = last?.end ?? 0
    if start < size {
      if let refusal = try SegmentIndex.otherVersion(file, size: size, above: start) { return refusal }
      recoveries.append(
        try TornEnd.keep(file, start..<size, day: day.day, writer: writer, layout))
      try file.truncate(to: start)
    }
    if let last {
      let found = DurableNote(day: day.day, last.commit, end: start, inode: mark.inode)
      if !notes.contains(found) { try makeDurable(file, last, day: day.day) }
      if last.commit.sequence > .max - UInt32(frames.count) {
        return .damaged(
          path: path, offset: last.offset, reason: "no more commits can be counted in this file")
      }
    }
    let newest = encode(day, frames, batch: batch, after: last?.commit, durableSize: start)
    try write(file, at: start)
    if start == 0 { try syncNames(day: day.day) }
    if let newest {
      let note = DurableNote(day: day.day, newest, end: start + output.count, inode: mark.inode)
      note.write(lock)
      synced[path] = note
    }
    return nil
  }

  /// Why nothing may be appended behind `last`: what was durable is not there.
  ///
  /// When it is there, but its last frame rotted, `damages` says so.
  private mutating func refusal(
    _ file: borrowing File, _ durable: DurableNote, _ last: SegmentFrame?
  ) throws(FileError) -> SegmentError? {
    guard let last, try SegmentIndex.holds(file, durable, upTo: last) else {
      // Other engines stumble over an empty file, and one that was not there is ours.
      if try file.size() == 0 { try? Folders.remove(file.path) }
      return .lost(path: file.path, known: durable.total.events, found: last?.commit.total.events ?? 0)
    }
    if last.end == durable.end, try !SegmentIndex.dataMatches(file, last) {
      damages.append(
        .damaged(path: file.path, offset: last.offset, reason: "the data does not match its commit"))
    }
    return nil
  }

  /// Syncs what another process wrote: it may have been killed before it did.
  private func makeDurable(_ file: borrowing File, _ last: SegmentFrame, day: Int) throws(FileError) {
    try file.sync()
    // A commit that knows of durable bytes before it was written after the name was made durable.
    let durable = last.commit.durableSizeBytes
    if durable == 0 || durable == Commit.allDurable { try syncNames(day: day) }
  }

  /// Makes the name of a new file durable, and those of the folders above it: whoever made them may have been killed
  /// before it synced the folders that they are in.
  private func syncNames(day: Int) throws(FileError) {
    for folder in [layout.segments(day: day), layout.segments, layout.root] { try Folders.sync(folder) }
  }

  /// Fills `output` with data frames and their commits.
  ///
  /// - Returns: the last commit.
  private mutating func encode(
    _ day: DayLines, _ frames: [FrameBatch.Frame], batch: String, after last: Commit?, durableSize: Int
  ) -> Commit? {
    var newest: Commit?
    output.removeAll()
    var total = last?.total ?? SegmentDigest()
    var sequence = last.map { $0.sequence &+ 1 } ?? 0
    for frame in frames {
      let part = frame.part
      let start = output.count
      day.lines.withBytes { total.add($0.extracting(part.start..<part.end)) }
      let hash = frame.data.withBytes { data in
        output.append(data)
        return XXH64.hash(data)
      }
      let commit = Commit(
        sequence: sequence, generation: last?.generation ?? 0, eventCount: part.eventCount,
        dataSizeBytes: UInt64(output.count - start), rawSizeBytes: UInt64(part.end - part.start),
        dataHash: hash,
        firstTime: part.firstTime, lastTime: part.lastTime, writtenAt: System.now(),
        durableSizeBytes: UInt64(durableSize), total: total, writer: writer,
        batches: [.init(batch: batch, lines: part.eventCount)])
      CommitFormat.append(commit, to: &output)
      sequence &+= 1
      newest = commit
    }
    return newest
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
