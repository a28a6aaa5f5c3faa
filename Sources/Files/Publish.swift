//! Atomic publication: write under a temporary name in the same folder, sync, rename, sync the folder. A reader
//! sees the old file or the new one, never a part; after a crash at most a temporary file is left. Temporary names
//! end in `.tmp`, because engines glob hidden files too, and hold the process and a count, so that no two writers
//! share one.

import Bytes
import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Whole files, read and published.
package enum Publish {
  private static let published = Atomic<Int>(0)

  /// Replaces `path` by a file that holds `bytes`, atomically and durably.
  package static func replace(_ path: String, with bytes: RawSpan) throws(FileError) {
    let count = published.wrappingAdd(1, ordering: .relaxed).newValue
    let temporary = "\(path).\(getpid())-\(count).tmp"
    do throws(FileError) {
      do {
        let file = try File(temporary, .update)
        try file.truncate(to: 0)
        try file.write(bytes, at: 0)
        try file.sync()
      }
      try rename(temporary, to: path)
    } catch {
      try? Folders.remove(temporary)
      // Nobody knows the temporary name.
      throw error.path == temporary ? FileError(error.operation, path, code: error.code) : error
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

  /// The whole content of `path`.
  package static func contents(_ path: String) throws(FileError) -> [UInt8] {
    let file = try File(path, .read)
    return try file.read(try file.size(), at: 0)
  }
}
