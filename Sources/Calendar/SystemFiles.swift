//! The few looks at the machine that time zones need: environment, small files, links and folder listings. All read
//! only; nothing here decides anything.

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The value of an environment variable, or nil.
func environmentVariable(_ name: String) -> String? {
  getenv(name).map { String(cString: $0) }
}

/// All bytes of a file, or nil when there is none, it cannot be read or has more than `sizeMax` bytes.
func smallFile(_ path: String, sizeMax: Int = 1 << 20) -> [UInt8]? {
  guard let file = fopen(path, "rb") else { return nil }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var block = [UInt8](repeating: 0, count: 8192)
  while true {
    let count = fread(&block, 1, block.count, file)
    if count == 0 { break }
    bytes.append(contentsOf: block[..<count])
    if bytes.count > sizeMax { return nil }
  }
  return ferror(file) == 0 ? bytes : nil
}

/// Where a symbolic link points, or nil when the path is none.
func linkTarget(_ path: String) -> String? {
  var buffer = [CChar](repeating: 0, count: 4096)
  let count = readlink(path, &buffer, buffer.count)
  return count > 0 ? String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self) : nil
}

/// The names in a folder in no order, or nil when the path is none.
func folderEntries(_ path: String) -> [String]? {
  guard let folder = opendir(path), let nameOffset = MemoryLayout<dirent>.offset(of: \.d_name) else {
    return nil
  }
  defer { closedir(folder) }
  var names: [String] = []
  while let entry = readdir(folder) {
    // In bounds: the kernel ends each name with a zero byte.
    let name = UnsafeRawPointer(entry).advanced(by: nameOffset).assumingMemoryBound(to: CChar.self)
    names.append(String(cString: name))
  }
  return names.filter { $0 != "." && $0 != ".." }
}
