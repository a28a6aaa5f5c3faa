//! Noticing that stored events are gone. A segment that was emptied, overwritten, cut back or removed looks like one that
//! was never written, or like a write that was cut off, so nothing in it tells. These do:
//!
//! 1. The footer of the day rollup lists the lines of each writer that it was made of. Lines only come, so today's
//!    segment of that writer must begin with them.
//! 2. Rollups without that list, of an earlier tally, had at least a line for each of their rows; and the manifest
//!    says how many events the day had.
//! 3. The note in a writer's lock file says what was last made durable of a file (`DurableNote`).
//!
//! None of them is a false alarm: sealing keeps lines, merging adds some, a new writer is not in the list, and a torn
//! write is in none of them. Merging that takes events away on purpose forgets the day's rollups first (`forget`), as
//! whatever erases must. Rollups that were copied from a store with more events do tell that those are missing here.
//!
//! What tells is read before the segments that are compared with it, so that work under way is no loss.

package import Files
import Parquet
import Rollup
package import SegmentLog
import Synchronization

/// What a day lost.
package struct DayLoss: Equatable, Sendable {
  /// One for each writer whose lines are missing.
  package let errors: [SegmentError]
  /// The digest of the lines that the day's rollups were made of, when those were more than are left now.
  package let rollupDigest: String?
}

/// What tells of the events that days had.
package final class DayEvidence: Sendable {
  private let layout: StoreLayout
  private let notes = Mutex<DurableNotes?>(nil)
  private let manifest = Mutex<[Int: UInt64]?>(nil)

  package init(_ layout: StoreLayout) { self.layout = layout }

  /// What the day of a snapshot lost; nil when nothing tells of more than there is.
  ///
  /// Cost: opens a footer; where the day was not rolled up as it is, one small file for each writer of the store, once.
  ///
  /// - Parameter asksNotes: whether notes are asked too where the rollup is of the lines that are there.
  package func loss(of snapshot: DaySnapshot, asksNotes: Bool = false) -> DayLoss? {
    let rollups = RolledLines(layout, day: snapshot.day)
    if !asksNotes, rollups.lines == snapshot.lines { return nil }
    let known = KnownLines(
      rollups: rollups, notes: readNotes().notes(day: snapshot.day),
      // Where segments are and no rollups, somebody may have taken events away on purpose.
      manifest: rollups.isThere || snapshot.isEmpty ? events(inManifest: snapshot.day) : 0)
    if missing(known, in: snapshot).isEmpty { return nil }
    do throws(SegmentError) {
      // The snapshot may be older than what tells.
      let now = try DaySnapshot(layout, day: snapshot.day)
      let errors = missing(known, in: now)
      if errors.isEmpty { return nil }
      let lines = rollups.lines.flatMap { $0.events > now.events ? $0 : nil }
      return DayLoss(errors: errors, rollupDigest: lines?.digest)
    } catch {
      return DayLoss(errors: [error], rollupDigest: nil)
    }
  }

  /// Days that the manifest knows and of which nothing else is left.
  package func lostDays(besides days: [Int]) -> [Int] {
    let known = Set(days)
    return readManifest().filter { $0.value > 0 && !known.contains($0.key) }.keys.sorted()
  }

  /// Removes a day's rollups, so that they do not tell of lines that are taken away on purpose; what rewrites the
  /// segment leaves a note about the new one.
  package static func forget(_ layout: StoreLayout, day: Int) throws(FileError) {
    for kind in RollupKind.allCases {
      let path = layout.rollup(kind.rawValue, day: day)
      try Folders.remove(path)
      try Folders.removeEmpty(Folders.parent(of: path))
    }
  }

  private func missing(_ known: KnownLines, in snapshot: DaySnapshot) -> [SegmentError] {
    var errors: [SegmentError] = []
    // What cannot be opened is not lost, and is said anyway.
    let unreadable = snapshot.unreadablePaths
    for claim in known.claims {
      let path = layout.segment(day: snapshot.day, writer: claim.writer)
      if unreadable.contains(path) || errors.contains(where: { $0.path == path }) { continue }
      if let error = snapshot.lack(of: claim, path: path) { errors.append(error) }
    }
    if errors.isEmpty, unreadable.isEmpty, known.linesMin > snapshot.events {
      let folder = layout.segments(day: snapshot.day)
      errors.append(.lost(path: folder, known: known.linesMin, found: snapshot.events))
    }
    return errors
  }

  private func readNotes() -> DurableNotes {
    notes.withLock { notes in
      let read = notes ?? DurableNotes(layout)
      notes = read
      return read
    }
  }

  private func readManifest() -> [Int: UInt64] {
    manifest.withLock { manifest in
      let read = manifest ?? RollupManifest.events(layout.rollupManifest)
      manifest = read
      return read
    }
  }

  private func events(inManifest day: Int) -> UInt64 { readManifest()[day] ?? 0 }
}

/// Lines that a writer's segment had.
struct LineClaim {
  let writer: String
  let total: SegmentDigest
  /// The note that says so, when it is one: it is about one file.
  let note: DurableNote?
}

/// What is known of a day's lines besides the lines.
private struct KnownLines {
  /// The most lines of a writer first.
  let claims: [LineClaim]
  /// How many lines there were at least, whoever wrote them.
  let linesMin: UInt64

  init(rollups: RolledLines, notes: [DurableNotes.Entry], manifest: UInt64) {
    let rolled = rollups.lines?.writers ?? []
    let claims =
      rolled.map { LineClaim(writer: $0.writer, total: $0.total, note: nil) }
      + notes.map { LineClaim(writer: $0.writer, total: $0.note.total, note: $0.note) }
    self.claims = claims.sorted { a, b in
      a.writer != b.writer ? a.writer < b.writer : a.total.events > b.total.events
    }
    linesMin = rollups.lines == nil ? max(rollups.linesMin, manifest) : 0
  }
}

/// What the rollups of a day say of the lines that they were made of.
private struct RolledLines {
  let isThere: Bool
  /// Nil when no day rollup says.
  let lines: StoredLines?
  /// There was a line for each row at least.
  let linesMin: UInt64

  init(_ layout: StoreLayout, day: Int) {
    let dayRollup = RollupFile.stored(layout, .day, day: day)
    lines = dayRollup?.lines
    if lines != nil {
      (isThere, linesMin) = (true, 0)
      return
    }
    let files = [dayRollup] + [.minute, .session].map { RollupFile.stored(layout, $0, day: day) }
    let rowCounts = files.compactMap { $0?.parquet.rowCount }
    isThere = !rowCounts.isEmpty
    linesMin = UInt64(clamping: rowCounts.max() ?? 0)
  }
}
