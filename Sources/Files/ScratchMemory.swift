#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Zeroed memory for tables that may outgrow what a process should hold: small ones are plain memory, large ones
/// are a file without a name, which the system can page out.
package struct ScratchMemory: ~Copyable {
  /// From this size on the memory is a file.
  package static let fileFromBytes = 64 << 20

  private let start: UnsafeMutableRawPointer
  package let count: Int

  /// `count` zeroed bytes.
  ///
  /// - Parameters:
  ///   - count: size in bytes.
  ///   - folder: where the nameless file goes when it is large.
  package init(count: Int, folder: String) throws(FileError) {
    var descriptor: Int32 = -1
    var flags = MAP_PRIVATE | Int32(MAP_ANON)
    if count >= Self.fileFromBytes {
      try Folders.create(folder)
      let path = "\(folder)/scratch.\(getpid()).\(UInt32.random(in: 0 ... .max)).tmp"
      descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else { throw FileError(.open, path, code: errno) }
      _ = unlink(path)
      guard ftruncate(descriptor, off_t(count)) == 0 else {
        let code = errno
        _ = close(descriptor)
        throw FileError(.truncate, path, code: code)
      }
      flags = MAP_SHARED
    }
    let mapped = mmap(nil, count, PROT_READ | PROT_WRITE, flags, descriptor, 0)
    let code = errno
    if descriptor >= 0 { _ = close(descriptor) }
    guard let mapped, mapped != MAP_FAILED else { throw FileError(.read, folder, code: code) }
    start = mapped
    self.count = count
  }

  deinit { _ = munmap(start, count) }

  /// The memory.
  package var bytes: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: start, count: count)
  }
}
