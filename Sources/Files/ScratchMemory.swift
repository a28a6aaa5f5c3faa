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
    if count < Self.fileFromBytes {
      start = try Self.map(count, MAP_PRIVATE | Int32(MAP_ANON), -1, folder)
    } else {
      try Folders.create(folder)
      let file = try File(TemporaryFile.name(for: "\(folder)/scratch"), .create)
      try Folders.remove(file.path)
      try file.truncate(to: count)
      start = try Self.map(count, MAP_SHARED, file.descriptor, folder)
    }
    self.count = count
  }

  private static func map(
    _ count: Int, _ flags: Int32, _ descriptor: Int32, _ folder: String
  ) throws(FileError) -> UnsafeMutableRawPointer {
    let mapped = mmap(nil, count, PROT_READ | PROT_WRITE, flags, descriptor, 0)
    guard let mapped, mapped != MAP_FAILED else { throw FileError(.read, folder, code: errno) }
    return mapped
  }

  deinit { _ = munmap(start, count) }

  /// The memory.
  package var bytes: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: start, count: count)
  }
}
