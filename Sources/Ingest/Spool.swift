//! The spool: canonical lines that could not be written into the store, kept outside it (in the state folder, one
//! folder for each store) until the next append drains them. They already have their id and time, so draining twice
//! changes nothing. A spooled line is not acknowledged.

import Bytes
import Events
package import Files

/// Lines waiting outside the store.
package struct Spool: ~Copyable {
  private let folder: String
  private let path: String

  /// The spool file of one batch.
  package init(folder: String, batch: String) {
    self.folder = folder
    path = "\(folder)/\(batch).jsonl"
  }

  /// The spool folder of a store.
  package static func folder(state: String, store: String) -> String {
    "\(state)/spool/\(Hexadecimal.text(XXH64.hash(Array(store.utf8))))"
  }

  /// Adds whole lines, durably.
  package func add(_ lines: RawSpan) throws(FileError) {
    try Folders.create(folder)
    // A drain must not take the file away between opening and writing.
    let lock = try File("\(folder)/lock", .update)
    try lock.lock()
    let file = try File(path, .update)
    // Asked anew each time: a drain may have taken the file away since.
    let size = try file.size()
    try file.write(lines, at: size)
    try file.sync()
    if size == 0 { try Folders.sync(folder) }
  }

  /// Hands the lines of earlier batches to `store` and removes what it made durable.
  ///
  /// One process drains at a time; others pass.
  ///
  /// - Parameters:
  ///   - folder: the store's spool folder.
  ///   - store: stores whole lines; true when they are durable.
  package static func drain(
    _ folder: String, store: (_ name: String, _ lines: [UInt8]) -> Bool
  ) throws(FileError) {
    let names = try Folders.list(folder).filter { $0.hasSuffix(".jsonl") }
    if names.isEmpty { return }
    let lock = try File("\(folder)/lock", .update)
    do throws(FileError) {
      try lock.lock(wait: false)
    } catch {
      if error.isLocked { return }
      throw error
    }
    for name in names {
      let path = "\(folder)/\(name)"
      guard Folders.status(path) != nil else { continue }
      // Taken under another name first, so that a batch that still spools starts a new file.
      let taken = "\(path).taken"
      try Publish.rename(path, to: taken)
    }
    for name in try Folders.list(folder) where name.hasSuffix(".taken") {
      let path = "\(folder)/\(name)"
      if store(name, try Publish.contents(path)) { try Folders.remove(path) }
    }
  }
}
