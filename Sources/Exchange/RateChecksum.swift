//! The checksum of a store's rates: a file beside them (`Schemas/fx.md`), because theirs is the ECB's form and has no room.

import Bytes
import Files

/// The file with the checksum of another file.
struct RateChecksum: Sendable {
  private static let suffix = ".xxh64"
  private static let sizeBytesMax = 1 << 16

  private let target: String
  private var path: String { target + Self.suffix }

  init(of target: String) { self.target = target }

  /// Whether a file of this hash is what was written; one without checksum may be anything.
  func allows(_ hash: UInt64) throws(FileError) -> Bool {
    let text: String
    do throws(FileError) {
      text = String(decoding: try Publish.contents(path, sizeBytesMax: Self.sizeBytesMax), as: UTF8.self)
    } catch {
      if error.isMissing { return true }
      throw error
    }
    return text.split(separator: "\n").contains { $0.hasPrefix("\(Hexadecimal.text(hash)) ") }
  }

  /// Allows files of these hashes and no others.
  func write(_ hashes: [UInt64]) throws(FileError) {
    // As xxh64sum writes it, and takes it with -c.
    let lines = hashes.map { "\(Hexadecimal.text($0))  \(Folders.name(of: target))\n" }
    try Publish.replace(path, with: Array(lines.joined().utf8).span.bytes)
  }

  var mismatch: RateFileError {
    let name = Folders.name(of: path)
    return RateFileError(
      path: target, line: nil,
      what: "it does not match its checksum in \(name): it was damaged, or changed by hand",
      mend: "restore it from a copy, or remove \(name) to take it as it is")
  }
}
