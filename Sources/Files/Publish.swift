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

  /// Replaces files that belong together, each atomically and durably.
  ///
  /// All are written and synced before the first gets its name, and then they get their names one right after the other.
  /// An error or a kill before leaves all as they were.
  package static func replace(_ files: [(path: String, bytes: [UInt8])]) throws(FileError) {
    let folders = Set(files.map { Folders.parent(of: $0.path) })
    for folder in folders { TemporaryFile.removeLeftovers(in: folder) }
    var written: [TemporaryFile] = []
    for file in files {
      written.append(try TemporaryFile(for: file.path))
      try written.last?.write(file.bytes.span.bytes)
    }
    for file in written { try file.sync() }
    for (file, (path, bytes)) in zip(written, files) {
      do throws(FileError) {
        try file.rename()
      } catch {
        guard error.isMissing else { throw error }
        // Taken away from under us.
        try replace(path, with: bytes.span.bytes)
      }
    }
    for folder in folders { try Folders.sync(folder) }
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
    try renameUnsynced(from, to: path)
    try Folders.sync(Folders.parent(of: path))
  }

  /// Renames; only when the folder is synced will it last.
  static func renameUnsynced(_ from: String, to path: String) throws(FileError) {
    try Faults.check(.rename, path)
    #if canImport(Darwin)
      let code = Darwin.rename(from, path)
    #else
      let code = Glibc.rename(from, path)
    #endif
    guard code == 0 else { throw FileError(.rename, path, code: errno) }
  }

  /// The whole content of `path`; one of more than `sizeBytesMax` bytes is an error, `EFBIG`, before anything is read.
  package static func contents(_ path: String, sizeBytesMax: Int = .max) throws(FileError) -> [UInt8] {
    let file = try File(path, .read)
    let size = try file.size()
    guard size <= sizeBytesMax else { throw FileError(.read, path, code: EFBIG) }
    return try file.read(size, at: 0)
  }
}
