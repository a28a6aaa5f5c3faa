import Bytes

/// The last line of a prompt as it lies in the store: a checksum, what it was made of, when, and the line.
///
/// Whatever lies there, nothing comes out but what was put in: a file that was damaged, cut or written by somebody else is none.
struct RememberedLine: Equatable {
  /// What it was made of.
  let key: String
  let madeMs: Int64
  /// Without its line feed.
  let line: String

  init(key: String, madeMs: Int64, line: String) {
    self.key = key
    self.madeMs = madeMs
    self.line = line
  }

  /// Reads a file; nil when it is not as it was written.
  init?(_ bytes: [UInt8]) {
    let words = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    guard words.count == 5, let madeMs = Int64(words[2]) else { return nil }
    self.init(key: words[1], madeMs: madeMs, line: words[3])
    // A checksum can be forged; a line that acts on the terminal is not ours.
    guard self.bytes == bytes, PlainText.printable(line) == line else { return nil }
  }

  /// The file.
  var bytes: [UInt8] {
    let text = "\(key)\n\(madeMs)\n\(line)\n"
    return Array("\(Hexadecimal.text(XXH64.hash(Array(text.utf8))))\n\(text)".utf8)
  }
}
