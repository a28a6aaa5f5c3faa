//! How far each file was read, so that an import reads only what is new. `Schemas/cursor.md` is the contract of the
//! file. It is a shortcut and never decides what counts: ids are stable, so an import without it, or with an old
//! one, changes no number.

import Adapters
import Bytes
import Events
package import Files
import JSON

/// What is known of the files that were imported.
package struct ImportCursor: Equatable, Sendable {
  /// What is known of one file.
  package struct Entry: Equatable, Sendable {
    /// The format as which it was read.
    package var format: String
    package var mark: FileMark
    package var position: ForeignPosition
    /// A hash of the bytes before `position.offset`, to see whether they were rewritten.
    package var digest: UInt64

    package init(format: String, mark: FileMark, position: ForeignPosition, digest: UInt64) {
      self.format = format
      self.mark = mark
      self.position = position
      self.digest = digest
    }
  }

  /// By absolute path.
  private var entries: [ByteText: Entry] = [:]
  private var pathsByInode: [UInt64: ByteText] = [:]

  package init() {}

  package subscript(path: String) -> Entry? {
    get { entries[ByteText(path)] }
    set {
      entries[ByteText(path)] = newValue
      if let newValue { pathsByInode[newValue.mark.inode] = ByteText(path) }
    }
  }

  /// What is known of a file that had another name when it was read: rotation and archiving rename.
  package func renamed(_ mark: FileMark) -> Entry? {
    guard let entry = pathsByInode[mark.inode].flatMap({ entries[$0] }), entry.mark.inode == mark.inode,
      mark.sizeBytes >= entry.mark.sizeBytes
    else { return nil }
    return entry
  }

  /// Forgets files that are gone; what they held is in the log.
  package mutating func keep(_ isThere: (String) -> Bool) {
    entries = entries.filter { isThere($0.key.text) }
  }
}

extension ImportCursor {
  /// The path of the file in a store.
  package static func path(localFolder: String) -> String { "\(localFolder)/cursors/import.jsonl" }

  /// Reads a cursor; what is unreadable in it is as if it were not there.
  package init(reading path: String) {
    guard let bytes = try? Publish.contents(path) else { return }
    bytes.span.bytes.withUnsafeBytes { bytes in
      var start = 0
      while let end = LineSplitter.lineFeed(bytes, from: start) {
        if let (path, entry) = Self.entry(UnsafeRawBufferPointer(rebasing: bytes[start..<end])) {
          self[path] = entry
        }
        start = end + 1
      }
    }
  }

  /// Publishes the cursor.
  package func write(_ path: String) throws(FileError) {
    try Folders.create(Folders.parent(of: path))
    var output = ByteWriter(capacity: 1 << 16)
    for (path, entry) in entries.sorted(by: { $0.key < $1.key }) {
      Self.append(path.text, entry, to: &output)
    }
    try output.withBytes { (bytes) throws(FileError) in try Publish.replace(path, with: bytes) }
  }

  static func entry(_ line: UnsafeRawBufferPointer) -> (String, Entry)? {
    guard let node = try? JSONDocument(Array(line)).root,
      let path = node.string("path"), let format = node.string("format"),
      let digest = node.string("digest").flatMap({ UInt64($0, radix: 16) }),
      let inode = integer(node, "inode"), let size = integer(node, "size_bytes"),
      let changed = integer(node, "changed_ns"),
      let offset = integer(node, "offset"), offset >= 0,
      let lineNumber = integer(node, "line"), lineNumber >= 1
    else { return nil }
    var position = ForeignPosition()
    position.offset = Int(offset)
    position.line = UInt64(clamping: lineNumber)
    position.state = node.string("state") ?? ""
    position.toldText = node.string("told") ?? ""
    let mark = FileMark(
      inode: UInt64(bitPattern: inode), sizeBytes: size, changedNanoseconds: changed)
    return (path, Entry(format: format, mark: mark, position: position, digest: digest))
  }

  private static func integer(_ node: JSONNode, _ key: String) -> Int64? {
    node[key].flatMap { Int64($0.text) }
  }

  private static func append(_ path: String, _ entry: Entry, to output: inout ByteWriter) {
    func text(_ key: String, _ text: String, _ output: inout ByteWriter) {
      output.append("\"\(key)\":\"")
      JSONText.append(text, to: &output)
      output.append("\"")
    }
    func number(_ key: String, _ number: Int64, _ output: inout ByteWriter) {
      output.append(",\"\(key)\":")
      output.append(decimal: number)
    }
    output.append("{")
    text("path", path, &output)
    output.append(",")
    text("format", entry.format, &output)
    number("inode", Int64(bitPattern: entry.mark.inode), &output)
    number("size_bytes", entry.mark.sizeBytes, &output)
    number("changed_ns", entry.mark.changedNanoseconds, &output)
    number("offset", Int64(entry.position.offset), &output)
    number("line", Int64(clamping: entry.position.line), &output)
    output.append(",")
    text("digest", Hexadecimal.text(entry.digest), &output)
    if !entry.position.state.isEmpty {
      output.append(",")
      text("state", entry.position.state, &output)
    }
    if !entry.position.toldText.isEmpty {
      output.append(",")
      text("told", entry.position.toldText, &output)
    }
    output.append("}\n")
  }
}

extension Recents.Told {
  /// `id.time.hash`, in base 36.
  var text: String {
    "\(String(id, radix: 36)).\(String(time, radix: 36)).\(String(hash, radix: 36))"
  }

  /// Several, with spaces between them.
  static func text(_ told: [Self]) -> String { told.map(\.text).joined(separator: " ") }

  static func list(_ text: String) -> [Self] { text.split(separator: " ").compactMap { Self($0) } }

  init?(_ text: some StringProtocol) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, let id = UInt64(parts[0], radix: 36),
      let time = Int64(parts[1], radix: 36), Timestamp.range.contains(time),
      let hash = UInt64(parts[2], radix: 36)
    else { return nil }
    self.init(id: id, time: time, hash: hash)
  }
}
