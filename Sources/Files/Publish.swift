//! Atomic publication: write under a temporary name in the same folder, sync, rename, sync the folder. A reader
//! sees the old file or the new one, never a part; after a crash at most a temporary file is left, and the next
//! publication in that folder removes it.

import Bytes

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Whole files, read and published.
package enum Publish {
  /// How often a temporary file may be taken away from under us.
  private static let attemptsMax = 3

  /// Replaces `path` by a file that holds `bytes`, atomically and durably.
  package static func replace(_ path: String, with bytes: RawSpan) throws(FileError) {
    TemporaryFile.removeLeftovers(in: Folders.parent(of: path))
    for attempt in 1...attemptsMax {
      do throws(FileError) {
        return try TemporaryFile(for: path).publish(bytes)
      } catch {
        // Where locks do not reach other machines, one of them may take ours for a leftover.
        let isTakenAway = error.operation == .rename && error.isMissing
        guard isTakenAway, attempt < attemptsMax else { throw error }
      }
    }
  }

  /// Puts `bytes` where a person says: a file is replaced, a pipe or a device gets them.
  package static func deliver(_ bytes: RawSpan, to path: String) throws(FileError) {
    switch try Folders.status(path)?.kind {
    case .pipe, .device: try Stream.write(bytes, into: path)
    default: try replace(path, with: bytes)
    }
  }

  /// Renames durably.
  package static func rename(_ from: String, to path: String) throws(FileError) {
    try Faults.check(.rename, path)
    #if canImport(Darwin)
      let code = Darwin.rename(from, path)
    #else
      let code = Glibc.rename(from, path)
    #endif
    guard code == 0 else { throw FileError(.rename, path, code: errno) }
    try Folders.sync(Folders.parent(of: path))
  }

  /// The whole content of `path`; one of more than `sizeBytesMax` bytes is an error, `EFBIG`, before anything is read.
  package static func contents(_ path: String, sizeBytesMax: Int = .max) throws(FileError) -> [UInt8] {
    let file = try File(path, .read)
    let size = try file.size()
    guard size <= sizeBytesMax else { throw FileError(.read, path, code: EFBIG) }
    return try file.read(size, at: 0)
  }
}
