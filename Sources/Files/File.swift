package import Bytes

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// An open file.
///
/// Closed when it goes away; closing never syncs, so whoever acknowledges calls `sync()` first.
package struct File: ~Copyable {
  /// How a file is opened.
  package enum Mode: Sendable {
    case read
    /// Reading and writing, created when missing.
    case update
    /// Like `update`, but whatever has the name already is an error.
    case create
    /// Like `create`, after a file of that name was removed.
    case fresh
    /// Reading and writing a file that is there, and no link to one.
    case existing
    /// Writing at the end, created when missing.
    case append
  }

  package let descriptor: Int32
  package let path: String

  /// Opens `path`, which holds a file or nothing: a folder, a pipe or a device is an error, and nobody waits for it.
  ///
  /// Files made are private to the user (0600), because usage tells about people.
  package init(_ path: String, _ mode: Mode) throws(FileError) {
    try Faults.check(.open, path)
    if mode == .fresh { try Folders.remove(path) }
    let descriptor = Self.open(path, mode.flags)
    if descriptor < 0 {
      let error = FileError(.open, path, code: errno)
      // What the system says of a folder or a socket that somebody wants to write to.
      if error.code == EISDIR { throw FileError(path, is: .folder) }
      if error.code == ENXIO, let kind = try Folders.status(path)?.kind { throw FileError(path, is: kind) }
      throw error
    }
    var status = stat()
    let code = fstat(descriptor, &status) == 0 ? 0 : errno
    let kind = FileKind(mode: status.st_mode)
    guard code == 0, kind == .file else {
      _ = close(descriptor)
      throw code == 0 ? FileError(path, is: kind) : FileError(.inspect, path, code: code)
    }
    self.descriptor = descriptor
    self.path = path
  }

  private static func open(_ path: String, _ flags: Int32) -> Int32 {
    // A file system may let a pipe or a device keep whoever opens it waiting; files are opened at once anyway.
    var flags = flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK
    while true {
      #if canImport(Darwin)
        let descriptor = Darwin.open(path, flags, 0o600)
      #else
        let descriptor = Glibc.open(path, flags, 0o600)
      #endif
      if descriptor >= 0 { return descriptor }
      switch errno {
      case EINTR: continue
      // A file server has lent the file to a client, and gets it back while we wait.
      case EWOULDBLOCK where flags & O_NONBLOCK != 0: flags &= ~O_NONBLOCK
      default: return -1
      }
    }
  }

  deinit { _ = close(descriptor) }

  /// The file's length in bytes.
  package func size() throws(FileError) -> Int {
    try Faults.check(.inspect, path)
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError(.inspect, path, code: errno) }
    return Int(status.st_size)
  }

  /// Appends `count` bytes from `offset` on to `buffer`; fewer only at the end of the file.
  package func read(_ count: Int, at offset: Int, into buffer: inout ByteWriter) throws(FileError) {
    try buffer.append(upTo: count) { (target) throws(FileError) -> Int in try read(into: target, at: offset) }
  }

  /// The `count` bytes from `offset` on; fewer only at the end of the file.
  package func read(_ count: Int, at offset: Int) throws(FileError) -> [UInt8] {
    var failure: FileError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { target, done in
      do throws(FileError) {
        done = try read(into: UnsafeMutableRawBufferPointer(target), at: offset)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Fills `target` from `offset` on; how many bytes there were.
  private func read(into target: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileError) -> Int {
    try Faults.check(.read, path)
    var done = 0
    while done < target.count {
      guard let start = target.baseAddress else { break }
      let got = pread(descriptor, start + done, target.count - done, off_t(offset + done))
      if got < 0 {
        if errno == EINTR { continue }
        throw FileError(.read, path, code: errno)
      }
      if got == 0 { break }
      done += got
    }
    return done
  }

  /// Writes all of `bytes` at `offset`.
  package func write(_ bytes: RawSpan, at offset: Int) throws(FileError) {
    let effect = Faults.due(.write, path)
    if case .fail(let code) = effect { throw FileError(.write, path, code: code) }
    let span = effect == nil ? bytes : bytes.extracting(first: bytes.byteCount / 2)
    try span.withUnsafeBytes { (source) throws(FileError) in
      var done = 0
      while done < source.count, let start = source.baseAddress {
        let put = pwrite(descriptor, start + done, source.count - done, off_t(offset + done))
        if put < 0 {
          if errno == EINTR { continue }
          throw FileError(.write, path, code: errno)
        }
        done += put
      }
    }
    switch effect {
    case .half(let code): throw FileError(.write, path, code: code)
    case .killHalf, .kill: _exit(137)
    default: return
    }
  }

  /// Cuts or extends the file to `size` bytes.
  package func truncate(to size: Int) throws(FileError) {
    try Faults.check(.truncate, path)
    guard ftruncate(descriptor, off_t(size)) == 0 else { throw FileError(.truncate, path, code: errno) }
  }

  /// Makes what was written survive power loss.
  ///
  /// After an error nothing is known of the data: cut and write again, never just sync again (Linux marks
  /// pages clean after a failed write-back, so a second sync would lie).
  package func sync() throws(FileError) {
    try Faults.check(.sync, path)
    #if canImport(Darwin)
      guard fcntl(descriptor, F_FULLFSYNC) == 0 else { throw FileError(.sync, path, code: errno) }
    #else
      guard fdatasync(descriptor) == 0 else { throw FileError(.sync, path, code: errno) }
    #endif
  }

  /// Takes the exclusive advisory lock; held until the file is closed.
  ///
  /// - Parameter wait: false makes a held lock an error (`isLocked`).
  package func lock(wait: Bool = true) throws(FileError) {
    try Faults.check(.lock, path)
    while flock(descriptor, wait ? LOCK_EX : LOCK_EX | LOCK_NB) != 0 {
      if errno == EINTR { continue }
      throw FileError(.lock, path, code: errno)
    }
  }
}

extension File.Mode {
  fileprivate var flags: Int32 {
    switch self {
    case .read: O_RDONLY
    case .update: O_RDWR | O_CREAT
    case .create, .fresh: O_RDWR | O_CREAT | O_EXCL
    case .existing: O_RDWR | O_NOFOLLOW
    case .append: O_WRONLY | O_CREAT | O_APPEND
    }
  }
}
