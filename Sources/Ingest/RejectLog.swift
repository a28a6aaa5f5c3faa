//! Lines that are no events, kept as reasons: input, line number, length, hash, the reason, and the values of
//! known fields. Of unknown fields and of lines that cannot be parsed nothing is kept unless asked for, because
//! such a line may hold a prompt or a key. `Schemas/rejects.md` is the format.

import Bytes
import Events
package import Files

/// The rejects of one batch: a file of JSON Lines, made when there is the first one.
package struct RejectLog: ~Copyable {
  /// Where the file is, or would be.
  package let path: String
  private let folder: String
  private let keepsLines: Bool
  private var pending = ByteWriter(capacity: 1024)
  /// The file's size in bytes; nil before it is opened.
  ///
  /// A drained spool goes on in the file of the run that spooled.
  private var size: Int?

  package init(folder: String, batch: String, keepsLines: Bool) {
    self.folder = folder
    path = "\(folder)/\(batch).jsonl"
    self.keepsLines = keepsLines
  }

  /// Whether bytes wait for `flush()`.
  package var hasPending: Bool { !pending.isEmpty }

  /// Adds one reject.
  ///
  /// - Parameters:
  ///   - line: the bytes; of a line over the limit, its first MiB.
  ///   - sizeBytes: the line's whole length.
  ///   - keepsFields: whether fields that have the names of ours are shown.
  package mutating func add(
    input: String, number: UInt64, line: RawSpan, sizeBytes: Int, reason: String, keepsFields: Bool = true
  ) {
    pending.append("{\"input\":\"")
    JSONText.append(input, to: &pending)
    pending.append("\",\"line\":")
    pending.append(decimal: Int64(clamping: number))
    pending.append(",\"length_bytes\":")
    pending.append(decimal: Int64(sizeBytes))
    pending.append(",\"hash\":\"")
    pending.append(Hexadecimal.text(XXH64.hash(line)))
    pending.append("\",\"reason\":\"")
    JSONText.append(reason, to: &pending)
    pending.append(UInt8(ascii: "\""))
    if keepsFields { KnownFields.append(line, to: &pending) }
    if keepsLines {
      pending.append(",\"text\":\"")
      JSONText.append(line.text(0..<line.byteCount), to: &pending)
      pending.append(UInt8(ascii: "\""))
    }
    pending.append("}\n")
  }

  /// Makes what was added durable.
  package mutating func flush() throws(FileError) {
    if pending.isEmpty { return }
    try Folders.create(folder)
    let file = try File(path, .update)
    let found = try file.size()
    let start = size ?? found
    try pending.withBytes { (bytes) throws(FileError) in try file.write(bytes, at: start) }
    try file.sync()
    if start == 0 { try Folders.sync(folder) }
    size = start + pending.count
    pending.removeAll()
  }
}
