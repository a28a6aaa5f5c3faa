//! The spool: canonical lines that could not be written into the store, kept outside it (in the state folder, one
//! folder for each store) until the next append drains them. They already have their id and time, so draining twice
//! changes nothing. A spooled line is not acknowledged.

import Bytes
import Events
package import Files

/// Lines waiting outside the store.
package struct Spool: Sendable {
  private static let takenSuffix = ".jsonl.taken"

  private let folder: String
  private let path: String

  /// The spool file of one batch.
  package init(folder: String, batch: String) {
    self.folder = folder
    path = "\(folder)/\(batch).jsonl"
  }

  /// The spool folder of a store; two stores called `log` in different folders have two.
  package static func folder(state: String, store: String) -> String {
    "\(state)/spool/\(Hexadecimal.text(XXH64.hash(Array(Folders.absolute(store).utf8))))"
  }

  /// The spool folder of the stores that a configuration names, for when it cannot be read.
  package static func folder(state: String, configuration: String) -> String {
    folder(state: state, store: "\(Folders.absolute(configuration))\0")
  }

  /// Adds whole lines, durably: all of them or, with an error, none.
  package func add(_ lines: RawSpan) throws(FileError) {
    try Folders.create(folder)
    // A drain must not take the file away between opening and writing.
    let lock = try File("\(folder)/lock", .update)
    try lock.lock()
    let file = try File(path, .update)
    // Asked anew each time: a drain may have taken the file away since.
    let size = try file.size()
    do throws(FileError) {
      let end = try Self.closeLine(file, size)
      try file.write(lines, at: end)
      try file.sync()
    } catch {
      // Lines that are said to be lost must not come back, and the next ones begin a line of their own.
      try? file.truncate(to: size)
      throw error
    }
    if size == 0 { try Folders.sync(folder) }
  }

  /// Ends the line that a write left torn, so that the next one does not continue it; returns where that begins.
  private static func closeLine(_ file: borrowing File, _ size: Int) throws(FileError) -> Int {
    guard size > 0, try file.read(1, at: size - 1) != [10] else { return size }
    try file.write([10 as UInt8].span.bytes, at: size)
    return size + 1
  }

  /// Hands the lines of earlier batches to `store` and removes what it made durable.
  ///
  /// One process drains at a time; others pass.
  ///
  /// - Parameters:
  ///   - folder: the store's spool folder.
  ///   - store: stores whole lines of a batch; true when they are durable.
  package static func drain(
    _ folder: String, store: (_ batch: String, _ lines: [UInt8]) -> Bool
  ) throws(FileError) {
    // Files that an earlier drain took and could not store are waiting too.
    if try !Folders.list(folder).contains(where: { $0.hasSuffix(".jsonl") || $0.hasSuffix(takenSuffix) }) {
      return
    }
    let lock = try File("\(folder)/lock", .update)
    do throws(FileError) {
      try lock.lock(wait: false)
    } catch {
      if error.isLocked { return }
      throw error
    }
    try storeTaken(folder, store)
    for name in try Folders.list(folder) where name.hasSuffix(".jsonl") {
      let taken = "\(folder)/\(name.dropLast(".jsonl".count))\(takenSuffix)"
      // What was taken before and still cannot be stored must not be replaced.
      if try Folders.status(taken) != nil { continue }
      // Taken under another name first, so that a batch that still spools starts a new file.
      try Publish.rename("\(folder)/\(name)", to: taken)
    }
    try storeTaken(folder, store)
  }

  private static func storeTaken(
    _ folder: String, _ store: (_ batch: String, _ lines: [UInt8]) -> Bool
  ) throws(FileError) {
    for name in try Folders.list(folder) where name.hasSuffix(takenSuffix) {
      let path = "\(folder)/\(name)"
      let batch = String(name.dropLast(takenSuffix.count))
      if store(batch, try Publish.contents(path)) { try Folders.remove(path) }
    }
  }
}
