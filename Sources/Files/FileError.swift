#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What the operating system refused, where.
package struct FileError: Error, Equatable, CustomStringConvertible {
  /// Which operation, in a user's words: such as "write".
  package let operation: FileOperation
  package let path: String
  /// The system's error number.
  package let code: Int32
  /// What stands there instead of a file, if that is why.
  package let obstacle: FileKind?

  package init(_ operation: FileOperation, _ path: String, code: Int32) {
    self.operation = operation
    self.path = path
    self.code = code
    obstacle = nil
  }

  /// There is something else than a file where one should be.
  package init(_ path: String, is obstacle: FileKind) {
    operation = .open
    self.path = path
    code = EINVAL
    self.obstacle = obstacle
  }

  /// `path: cannot write: No space left on device`.
  package var description: String {
    if let obstacle {
      return "\(path): this is \(obstacle.rawValue), not a file: move it away or name a file"
    }
    return "\(path): cannot \(operation.rawValue): \(String(cString: strerror(code)))"
  }

  /// The file or folder is not there.
  package var isMissing: Bool { code == ENOENT || code == ENOTDIR }
  /// Rights are lacking, or the file system is mounted read-only.
  package var isPermission: Bool { code == EACCES || code == EPERM || code == EROFS }
  /// There is more than may be read, or than the system lets be written.
  package var isTooLarge: Bool { code == EFBIG }
  /// Another process holds the lock.
  package var isLocked: Bool { code == EWOULDBLOCK }
  /// The reader of our pipe has gone.
  package var isBrokenPipe: Bool { code == EPIPE }
}

/// Every kind of call this module makes; the names are the failpoints of the fault seam.
package enum FileOperation: String, Sendable, CaseIterable {
  case open
  case read
  case write
  case truncate
  case sync
  case syncFolder = "sync the folder of"
  case rename
  case remove
  case lock
  case list
  case createFolder = "create the folder"
  case inspect
}
