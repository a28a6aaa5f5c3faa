//! Telling whether a file changed without opening it.

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What tells one state of a file or folder from another, seen from outside.
package struct FileMark: Equatable, Sendable {
  package let inode: UInt64
  package let sizeBytes: Int64
  /// When content, names inside, owner or rights last changed, in nanoseconds since 1970.
  ///
  /// Not the time of modification: that one can be set back, as copying tools do.
  package let changedNanoseconds: Int64

  package init(inode: UInt64, sizeBytes: Int64, changedNanoseconds: Int64) {
    self.inode = inode
    self.sizeBytes = sizeBytes
    self.changedNanoseconds = changedNanoseconds
  }

  init(_ status: stat) {
    #if canImport(Darwin)
      let time = status.st_ctimespec
    #else
      let time = status.st_ctim
    #endif
    inode = UInt64(status.st_ino)
    sizeBytes = Int64(status.st_size)
    changedNanoseconds = Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}

/// What a folder holds under a name.
package struct FolderEntry: Equatable, Sendable {
  package let mark: FileMark
  package let kind: FileKind
  /// Whether the name is a link; the rest tells of what it leads to.
  package let isLink: Bool

  package var isFolder: Bool { kind == .folder }
}

/// An open folder: what is in it is found without walking its whole path each time.
package final class Folder: Sendable {
  private let descriptor: Int32
  private let path: String

  package init(_ path: String) throws(FileError) {
    try Faults.check(.open, path)
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(.open, path, code: errno) }
    self.descriptor = descriptor
    self.path = path
  }

  deinit { _ = close(descriptor) }

  /// The mark of the file or folder at a path from here; nil when it is not there or cannot be seen.
  package func mark(_ path: String) -> FileMark? {
    var status = stat()
    guard fstatat(descriptor, path, &status, 0) == 0 else { return nil }
    return FileMark(status)
  }

  /// What is there under a name; nil when nothing is, or a link leads nowhere.
  package func entry(_ name: String) throws(FileError) -> FolderEntry? {
    try Faults.check(.inspect, "\(path)/\(name)")
    var status = stat()
    var code = fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW)
    let isLink = code == 0 && status.st_mode & S_IFMT == S_IFLNK
    if isLink { code = fstatat(descriptor, name, &status, 0) }
    guard code == 0 else {
      let error = FileError(.inspect, "\(path)/\(name)", code: errno)
      if error.isMissing || (isLink && error.code == ELOOP) { return nil }
      throw error
    }
    return FolderEntry(mark: FileMark(status), kind: FileKind(mode: status.st_mode), isLink: isLink)
  }
}

extension File {
  /// The file's mark.
  package func mark() throws(FileError) -> FileMark {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError(.inspect, path, code: errno) }
    return FileMark(status)
  }

  /// Touches the file: what its file system's clock says now, in nanoseconds since 1970.
  package func touch() throws(FileError) -> Int64 {
    guard futimens(descriptor, nil) == 0 else { throw FileError(.inspect, path, code: errno) }
    return try mark().changedNanoseconds
  }
}
