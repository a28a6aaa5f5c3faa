#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What stands under a path, seen without opening it.
package struct FileStatus: Equatable, Sendable {
  package let kind: FileKind
  package let size: Int
  /// Nanoseconds since 1970.
  package let modifiedNanoseconds: Int64

  package var isFolder: Bool { kind == .folder }
}

/// Folders and names.
package enum Folders {
  /// Creates `path` and its missing parents, private to the user.
  package static func create(_ path: String) throws(FileError) {
    if try status(path)?.isFolder == true { return }
    try Faults.check(.createFolder, path)
    let parent = parent(of: path)
    if parent != path, !parent.isEmpty { try create(parent) }
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
      throw FileError(.createFolder, path, code: errno)
    }
    guard try status(path)?.isFolder == true else { throw FileError(.createFolder, path, code: ENOTDIR) }
    try sync(parent)
  }

  /// `path` from the root, whatever folder the process is in.
  package static func absolute(_ path: String) -> String {
    guard !path.hasPrefix("/"), let current = getcwd(nil, 0) else { return path }
    defer { free(current) }
    return "\(String(cString: current))/\(path)"
  }

  /// Makes the names inside `path` survive power loss.
  package static func sync(_ path: String) throws(FileError) {
    try Faults.check(.syncFolder, path)
    let descriptor = open(path.isEmpty ? "." : path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(.syncFolder, path, code: errno) }
    defer { _ = close(descriptor) }
    // Some network file systems do not sync folders at all and say so.
    guard fsync(descriptor) == 0 || errno == EINVAL else {
      throw FileError(.syncFolder, path, code: errno)
    }
  }

  /// The names inside `path`, sorted by bytes; a missing folder has none.
  package static func list(_ path: String) throws(FileError) -> [String] {
    // No name holds a zero byte.
    try names(path).sorted { strcmp($0, $1) < 0 }
  }

  /// The names inside `path` in no order; a missing folder has none.
  package static func names(_ path: String) throws(FileError) -> [String] {
    try Faults.check(.list, path)
    guard let stream = opendir(path) else {
      if errno == ENOENT { return [] }
      throw FileError(.list, path, code: errno)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = next(in: stream, path) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        // In bounds: `d_name` is always terminated.
        $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) {
          String(cString: $0)
        }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    // An error looks like the end but for this number.
    if errno != 0 { throw FileError(.list, path, code: errno) }
    return names
  }

  #if canImport(Darwin)
    private typealias FolderStream = UnsafeMutablePointer<DIR>
  #else
    private typealias FolderStream = OpaquePointer
  #endif

  /// The next entry of an open folder; nil at the end, and after an error, which then stands in `errno`.
  private static func next(in stream: FolderStream, _ path: String) -> UnsafeMutablePointer<dirent>? {
    errno = 0
    if case .fail(let code) = Faults.due(.list, path) {
      errno = code
      return nil
    }
    return readdir(stream)
  }

  /// What `path` is, links followed; nil when it is not there.
  package static func status(_ path: String) throws(FileError) -> FileStatus? {
    try Faults.check(.inspect, path)
    var status = stat()
    guard stat(path, &status) == 0 else {
      let error = FileError(.inspect, path, code: errno)
      if error.isMissing { return nil }
      throw error
    }
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    return FileStatus(
      kind: FileKind(mode: status.st_mode), size: Int(status.st_size),
      modifiedNanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }

  /// Whether two paths lead to one file or folder that is there.
  package static func isSame(_ first: String, _ second: String) -> Bool {
    var a = stat()
    var b = stat()
    guard stat(first, &a) == 0, stat(second, &b) == 0 else { return false }
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino
  }

  /// The folder that holds `path`: "" for a bare name.
  package static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// The path of `name` in the folder that holds `path`.
  package static func sibling(_ name: String, of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return name }
    return path[...slash] + name
  }

  /// The last part of `path`.
  package static func name(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return path }
    return String(path[path.index(after: slash)...])
  }

  /// Removes a folder that holds nothing; one that holds something stays.
  package static func removeEmpty(_ path: String) throws(FileError) {
    try Faults.check(.remove, path)
    guard rmdir(path) == 0 || [ENOENT, ENOTEMPTY, EEXIST].contains(errno) else {
      throw FileError(.remove, path, code: errno)
    }
  }

  /// Removes a file; a missing one is fine.
  package static func remove(_ path: String) throws(FileError) {
    try Faults.check(.remove, path)
    guard unlink(path) == 0 || errno == ENOENT else { throw FileError(.remove, path, code: errno) }
  }
}
