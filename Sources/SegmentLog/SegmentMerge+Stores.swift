//! Merging a store into another: each segment is decided on its own, under its writer's lock, and copied under a
//! temporary name, checked, synced and renamed. Nothing is taken on trust: what is copied was checked as `tally verify`
//! checks it, and every frame is compared with its commit on the way. One bad segment does not stop the others.

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
      "\(theirs): does not fit \(ours): \(reason): nothing was changed; keep one of the two, and give each machine its "
        + "own writer name"
    }
  }

  /// A segment of ours that a later rewrite without some of its events replaced.
  package struct Replacement: Equatable, Sendable, CustomStringConvertible {
    package let ours: String
    package let writer: String
    /// How many events there were, and how many there are.
    package let before: UInt64
    package let after: UInt64

    package var description: String {
      "\(ours): a rewrite replaces \(before) events of writer \(writer) by \(after)"
    }
  }

  /// What a merge did.
  package struct Outcome: Equatable, Sendable {
    /// Those that were replaced too.
    package var copied: [Place] = []
    package var replaced: [Replacement] = []
    package var kept: [Place] = []
    package var conflicts: [Conflict] = []
    /// Segments that could not be read or written; the rest was merged.
    package var failures: [SegmentError] = []
  }

  /// Copies into `target` what `source` has more of.
  ///
  /// - Parameters:
  ///   - ownWriter: this machine's writer: its segments are only taken back, never rewritten.
  ///   - willReplace: called before a rewrite takes events from a day, so that what tells of them is not believed any
  ///     more.
  package static func merge(
    from source: StoreLayout, into target: StoreLayout, ownWriter: String?,
    willReplace: (_ day: Int) throws(FileError) -> Void = { _ in }
  ) throws(Refusal) -> Outcome {
    if source == target || Folders.isSame(source.root, target.root) { throw .sameStore(source.root) }
    guard try isFolder(source.segments) else { throw .noStore(source.root) }
    var merge = StoreMerge(target: target, ownWriter: ownWriter)
    do throws(FileError) {
      try Folders.create(target.locks)
      let listing = try StoreListing.read(source)
      merge.outcome.failures = listing.failures.map { .file($0) }
      for (day, segments) in listing.days {
        for segment in segments { merge.merge(segment, day: day, willReplace) }
      }
    } catch {
      throw .file(error)
    }
    return merge.outcome
  }

  private static func isFolder(_ path: String) throws(Refusal) -> Bool {
    do throws(FileError) {
      return try Folders.status(path)?.isFolder == true
    } catch {
      throw .file(error)
    }
  }
}

/// Merges segments into a store, one after the other.
private struct StoreMerge: ~Copyable {
  let target: StoreLayout
  let ownWriter: String?
  var outcome = SegmentMerge.Outcome()
  private var verifier = SegmentVerifier()

  init(target: StoreLayout, ownWriter: String?) {
    self.target = target
    self.ownWriter = ownWriter
  }

  /// Decides about one segment, and copies it if that is the decision.
  mutating func merge(
    _ segment: StoreListing.Segment, day: Int, _ willReplace: (Int) throws(FileError) -> Void
  ) {
    let place = SegmentMerge.Place(day: day, writer: segment.writer)
    do throws(SegmentError) {
      switch try decide(segment, place, willReplace) {
      case .copy: outcome.copied.append(place)
      case .keep: outcome.kept.append(place)
      case .conflict(let reason):
        let ours = target.segment(day: day, writer: segment.writer)
        outcome.conflicts.append(.init(ours: ours, theirs: segment.path, reason: reason))
      }
    } catch {
      outcome.failures.append(error)
    }
  }

  private mutating func decide(
    _ source: StoreListing.Segment, _ place: SegmentMerge.Place,
    _ willReplace: (Int) throws(FileError) -> Void
  ) throws(SegmentError) -> SegmentMerge.Decision {
    if let fault = source.fault { throw fault }
    let lock = try SegmentError.wrap { () throws(FileError) in
      let lock = try File(target.lock(writer: place.writer), .update)
      try lock.lock()
      return lock
    }
    let theirs = try SegmentFile.open(source.path)
    if let damage = theirs.damage { throw damage }
    let isOwn = place.writer == ownWriter
    let path = target.segment(day: place.day, writer: place.writer)
    let decision: SegmentMerge.Decision
    var replacement: SegmentMerge.Replacement?
    if try SegmentError.wrap({ () throws(FileError) in try Folders.status(path) }) == nil {
      decision = try SegmentMerge.decide(ours: nil, theirs: theirs, isOwn: isOwn)
    } else {
      let ours = try SegmentFile.openChecked(path)
      decision = try SegmentMerge.decide(ours, theirs, isOwn: isOwn)
      if decision == .copy, let last = try SegmentMerge.lastCommit(ours), try !theirs.begins(with: last.total)
      {
        replacement = .init(
          ours: path, writer: place.writer, before: last.total.events, after: theirs.digest.events)
      }
    }
    if decision == .copy {
      let verdict = verifier.verify(theirs, day: place.day)
      if let problem = verdict.problems.first { throw problem }
      let isReplaced = replacement != nil
      try SegmentError.wrap { () throws(FileError) in
        try Folders.create(target.segments(day: place.day))
        if isReplaced { try willReplace(place.day) }
      }
      try copy(theirs, to: path, day: place.day, lock)
      if let replacement { outcome.replaced.append(replacement) }
    }
    _ = consume lock
    return decision
  }

  /// Copies the committed part, each frame checked, and publishes it.
  private func copy(
    _ theirs: borrowing SegmentFile, to path: String, day: Int, _ lock: borrowing File
  ) throws(SegmentError) {
    let temporary = "\(path).merge.tmp"
    do throws(SegmentError) {
      let inode = try write(theirs, to: temporary)
      try SegmentError.wrap { () throws(FileError) in
        try Publish.rename(temporary, to: path)
        // Whoever made the day's folder may have been killed before this.
        try Folders.sync(target.segments)
      }
      if let last = theirs.frames.last {
        DurableNote(day: day, last.commit, end: last.end, inode: inode).write(lock)
      }
    } catch {
      try? Folders.remove(temporary)
      throw error
    }
  }

  /// Writes a copy; which file it is.
  private func write(
    _ theirs: borrowing SegmentFile, to temporary: String
  ) throws(SegmentError) -> UInt64 {
    let file = try SegmentError.wrap { () throws(FileError) in try File(temporary, .fresh) }
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
    return try SegmentError.wrap { () throws(FileError) in
      try file.sync()
      return try file.mark().inode
    }
  }
}
