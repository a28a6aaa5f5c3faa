//! Checks rollup files as they lie there, whatever they were made of: a stale one is as good as any, because nobody uses it.

package import Files
import Parquet
package import Rollup
package import SegmentLog

/// What a check of all rollups found.
package struct RollupCheck: Sendable {
  /// A rollup that cannot be relied on.
  package struct Problem: Equatable, Sendable, CustomStringConvertible {
    package let path: String
    package let reason: String

    package var description: String { "\(path): \(reason): remove it, and tally rollup makes it again" }
  }

  package private(set) var count = 0
  package private(set) var problems: [Problem] = []
  /// Folders that cannot be listed.
  package private(set) var failures: [FileError] = []

  /// Checks all rollups of a store.
  ///
  /// Cost: every byte is read and decoded; memory is that of one column.
  package init(_ layout: StoreLayout) {
    for kind in RollupKind.allCases { check(layout, kind) }
  }

  private mutating func check(_ layout: StoreLayout, _ kind: RollupKind) {
    do throws(FileError) {
      for folder in try Folders.list(layout.rollups(kind.rawValue)) {
        guard let day = StoreLayout.day(ofFolder: folder) else { continue }
        let path = layout.rollup(kind.rawValue, day: day)
        do throws(FileError) {
          // A day that was begun and not finished.
          guard try Folders.status(path) != nil else { continue }
          count += 1
          if let reason = try Self.reason(path, kind) { problems.append(Problem(path: path, reason: reason)) }
        } catch {
          failures.append(error)
        }
      }
    } catch {
      failures.append(error)
    }
  }

  /// Why a file cannot be relied on; nil when all of it is as it was written.
  package static func reason(_ path: String, _ kind: RollupKind) throws(FileError) -> String? {
    let handle = OpenFile(try File(path, .read))
    let size = try handle.file.size()
    do throws(ParquetError) {
      let file = try ParquetFile(size: size) { offset, length in try handle.file.read(length, at: offset) }
      guard file.hasChecksums, RollupStamp.kind(of: file) == kind.rawValue else {
        return "it is no \(kind.rawValue) rollup"
      }
      try file.check()
      return nil
    } catch {
      let place = error.offset.map { "\(error.place), byte \($0)" } ?? error.place
      return "\(place): \(error.what)"
    }
  }
}
