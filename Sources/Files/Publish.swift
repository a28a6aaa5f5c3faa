//! Atomic publication: write under a temporary name in the same folder, sync, rename, sync the folder. A reader
//! sees the old file or the new one, never a part; after a crash at most a temporary file is left, and the next
//! publication of that name replaces it. Temporary names end in `.tmp`, because engines glob hidden files too.

import Bytes

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Whole files, read and published.
package enum Publish {
  /// Replaces `path` by a file that holds `bytes`, atomically and durably.
  package static func replace(_ path: String, with bytes: RawSpan) throws(FileError) {
    let temporary = "\(path).\(getpid()).tmp"
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
    let size = try file.size()
    var buffer = ByteWriter(capacity: size)
    try file.read(size, at: 0, into: &buffer)
    return buffer.array
  }
}
