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

/// A file under a temporary name beside the one that it will replace; without `rename` it goes away again.
final class TemporaryFile {
  private static let mark = ".tally-"
  private static let suffix = ".tmp"
  private static let digitCount = 16

  private let file: File
  private let target: String
  private var isRenamed = false

  /// Makes an empty file for `path`, which nobody else has and no leftover.
  ///
  /// - Parameter name: makes names that nobody can know before.
  init(for path: String, name: (String) -> String = TemporaryFile.name) throws(FileError) {
    do throws(FileError) {
      file = try File(name(path), .create)
    } catch {
      throw Self.told(error, path)
    }
    target = path
    // Without locks nobody finds leftovers; and whoever had it as one before us takes it away, which publishing notices.
    try? file.lock(wait: false)
  }

  deinit { if !isRenamed { try? Folders.remove(file.path) } }

  /// Gives the file its content, and then its name, durably.
  func publish(_ bytes: RawSpan) throws(FileError) {
    try write(bytes)
    try sync()
    try rename()
    try Folders.sync(Folders.parent(of: target))
  }

  func write(_ bytes: RawSpan) throws(FileError) {
    do throws(FileError) { try file.write(bytes, at: 0) } catch { throw Self.told(error, target) }
  }

  func sync() throws(FileError) {
    do throws(FileError) { try file.sync() } catch { throw Self.told(error, target) }
  }

  /// Gives the file its name, which lasts when the folder is synced.
  func rename() throws(FileError) {
    try Publish.renameUnsynced(file.path, to: target)
    isRenamed = true
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
