//! Merging a store into another: each segment is decided on its own, under its writer's lock, and copied under a
//! temporary name, checked, synced and renamed. Nothing is taken on trust: every frame is compared with its commit
//! on the way. One bad segment does not stop the others.

import Bytes
package import Files

extension SegmentMerge {
  /// Why two stores cannot be merged at all.
  package enum Refusal: Error, Equatable, CustomStringConvertible {
    case sameStore(String)
    case noStore(String)
    case file(FileError)

    package var description: String {
      switch self {
      case .sameStore(let path): "\(path): this is the store itself; name another one to merge from"
      case .noStore(let path): "\(path): no store here, it has no folder \"segments\"; check the path"
      case .file(let error): error.description
      }
    }
  }

  /// A segment's place in the store that was merged into.
  package struct Place: Equatable, Sendable {
    package let day: Int
    package let writer: String
  }

  /// A segment that was left as it is, because neither copy goes on from the other.
  package struct Conflict: Equatable, Sendable, CustomStringConvertible {
    package let ours: String
    package let theirs: String
    package let reason: String

    package var description: String {
      "\(theirs): does not fit \(ours): \(reason)\nNothing was changed; keep one of the two, and give each machine its "
        + "own writer name"
    }
  }

  /// What a merge did.
  package struct Outcome: Equatable, Sendable {
    package var copied: [Place] = []
    package var kept: [Place] = []
    package var conflicts: [Conflict] = []
    /// Segments that could not be read or written; the rest was merged.
    package var failures: [SegmentError] = []
  }

  /// Copies into `target` what `source` has more of.
  ///
  /// - Parameter ownWriter: this machine's writer: its segments are only taken back, never rewritten.
  package static func merge(
    from source: StoreLayout, into target: StoreLayout, ownWriter: String?
  ) throws(Refusal) -> Outcome {
    if source == target || Folders.isSame(source.root, target.root) { throw .sameStore(source.root) }
    guard Folders.status(source.segments)?.isFolder == true else { throw .noStore(source.root) }
    var outcome = Outcome()
    do throws(FileError) {
      try Folders.create(target.locks)
      for (day, segments) in try StoreListing.read(source).days {
        for segment in segments {
          let place = Place(day: day, writer: segment.writer)
          do throws(SegmentError) {
            let isOwn = segment.writer == ownWriter
            switch try mergeSegment(segment.path, place, into: target, isOwn: isOwn) {
            case .copy: outcome.copied.append(place)
            case .keep: outcome.kept.append(place)
            case .conflict(let reason):
              let ours = target.segment(day: day, writer: segment.writer)
              outcome.conflicts.append(Conflict(ours: ours, theirs: segment.path, reason: reason))
            }
          } catch {
            outcome.failures.append(error)
          }
        }
      }
    } catch {
      throw .file(error)
    }
    return outcome
  }

  private static func mergeSegment(
    _ source: String, _ place: Place, into target: StoreLayout, isOwn: Bool
  ) throws(SegmentError) -> Decision {
    let lock = try SegmentError.wrap { () throws(FileError) in
      let lock = try File(target.lock(writer: place.writer), .update)
      try lock.lock()
      return lock
    }
    let theirs = try SegmentFile.open(source)
    if let damage = theirs.damage { throw damage }
    let path = target.segment(day: place.day, writer: place.writer)
    let decision: Decision
    if Folders.status(path) == nil {
      decision = try decide(ours: nil, theirs: theirs, isOwn: isOwn)
    } else {
      decision = try decide(ours: try SegmentFile.openChecked(path), theirs: theirs, isOwn: isOwn)
    }
    if decision == .copy {
      try SegmentError.wrap { () throws(FileError) in
        try Folders.create(target.segments(day: place.day))
      }
      try copy(theirs, to: path)
    }
    _ = consume lock
    return decision
  }

  /// Copies the committed part, each frame checked, and publishes it.
  private static func copy(_ theirs: borrowing SegmentFile, to path: String) throws(SegmentError) {
    let temporary = "\(path).merge.tmp"
    do throws(SegmentError) {
      try write(theirs, to: temporary)
      try SegmentError.wrap { () throws(FileError) in try Publish.rename(temporary, to: path) }
    } catch {
      try? Folders.remove(temporary)
      throw error
    }
  }

  private static func write(_ theirs: borrowing SegmentFile, to temporary: String) throws(SegmentError) {
    let file = try SegmentError.wrap { () throws(FileError) in
      let file = try File(temporary, .update)
      try file.truncate(to: 0)
      return file
    }
    var bytes = ByteWriter(capacity: 1 << 16)
    for frame in theirs.frames {
      bytes.removeAll()
      let size = frame.end - frame.offset
      try SegmentError.wrap { () throws(FileError) in
        try theirs.file.read(size, at: frame.offset, into: &bytes)
      }
      let dataSize = Int(frame.commit.dataSizeBytes)
      let isWhole = bytes.withBytes { read in
        read.byteCount == size && XXH64.hash(read.extracting(0..<dataSize)) == frame.commit.dataHash
          && CommitFormat.parse(read.extracting(dataSize..<size)) == frame.commit
      }
      guard isWhole else {
        throw .damaged(
          path: theirs.file.path, offset: frame.offset, reason: "the data does not match its commit")
      }
      try SegmentError.wrap { () throws(FileError) in
        try bytes.withBytes { (span) throws(FileError) in try file.write(span, at: frame.offset) }
      }
    }
    try SegmentError.wrap { () throws(FileError) in try file.sync() }
  }
}
