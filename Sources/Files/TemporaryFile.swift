//! Files on their way to publication. Their names end in `.tmp`, because engines glob hidden files too, and nobody can
//! guess them, so that no link lies in wait. Whoever writes one holds its lock: a lock ends with its process, whatever
//! happens to that, and is seen where process ids mean nothing, in other containers and on other machines. So a
//! temporary file that can be locked is a leftover.

import Bytes

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// A file under a temporary name beside the one that it will replace.
struct TemporaryFile: ~Copyable {
  private static let mark = ".tally-"
  private static let suffix = ".tmp"
  private static let digitCount = 16

  private let file: File
  private let target: String

  /// Makes an empty file for `path`, which nobody else has and no leftover.
  init(for path: String) throws(FileError) {
    while true {
      do throws(FileError) {
        let file = try File(Self.name(for: path), .create)
        if try Self.take(file) {
          self.file = file
          target = path
          return
        }
      } catch {
        throw Self.told(error, path)
      }
    }
  }

  /// Takes the lock of a file that was just made; false when somebody took it for a leftover before.
  private static func take(_ file: borrowing File) throws(FileError) -> Bool {
    do throws(FileError) {
      try file.lock(wait: false)
    } catch {
      if error.isLocked { return false }
      // A file system without locks: then nobody finds leftovers there.
      return true
    }
    return try file.linkCount() > 0
  }

  /// Gives the file its content, and then its name, durably; after an error there is no file.
  consuming func publish(_ bytes: RawSpan) throws(FileError) {
    do throws(FileError) {
      try file.write(bytes, at: 0)
      try file.sync()
      try Publish.rename(file.path, to: target)
    } catch {
      try? Folders.remove(file.path)
      throw Self.told(error, target)
    }
  }

  /// Removes what killed processes left in a folder.
  ///
  /// Cost: the folder is listed. Where that cannot be done nothing is lost but room.
  static func removeLeftovers(in folder: String) {
    guard let names = try? Folders.names(folder.isEmpty ? "." : folder) else { return }
    for name in names where isTemporary(name) {
      let path = folder.isEmpty ? name : "\(folder)/\(name)"
      guard let file = try? File(path, .existing), (try? file.lock(wait: false)) != nil else { continue }
      try? Folders.remove(path)
    }
  }

  static func name(for path: String) -> String {
    "\(path)\(mark)\(Hexadecimal.text(UInt64.random(in: 0 ... .max)))\(suffix)"
  }

  private static func isTemporary(_ name: String) -> Bool {
    guard name.hasSuffix(suffix) else { return false }
    let digits = name.dropLast(suffix.count).suffix(digitCount)
    return digits.utf8.allSatisfy { 48...57 ~= $0 || 97...102 ~= $0 }
      && name.dropLast(suffix.count + digitCount).hasSuffix(mark)
  }

  /// The error as it is told: the temporary name means nothing to people.
  private static func told(_ error: FileError, _ path: String) -> FileError {
    error.path.hasPrefix("\(path)\(mark)") ? FileError(error.operation, path, code: error.code) : error
  }
}

extension File {
  /// How many names the file has; 0 when it was removed.
  fileprivate func linkCount() throws(FileError) -> Int {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError(.inspect, path, code: errno) }
    return Int(status.st_nlink)
  }
}
