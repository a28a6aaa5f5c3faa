import Bytes
package import SegmentLog

/// The committed lines of a day, by writer: what its rollups are made of.
package struct StoredLines: Equatable, Sendable {
  /// One writer's lines.
  package struct Writer: Equatable, Sendable {
    package let writer: String
    package let total: SegmentDigest

    package init(writer: String, total: SegmentDigest) {
      self.writer = writer
      self.total = total
    }
  }

  /// Those with lines, in the order of names.
  package let writers: [Writer]

  package init(_ writers: [Writer]) { self.writers = writers.filter { $0.total.events > 0 } }

  /// Reads what `text` says; nil when it is nothing of ours.
  package init?(text: String) {
    var writers: [Writer] = []
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ", omittingEmptySubsequences: false)
      guard words.count > 3, let events = UInt64(words[words.count - 3]),
        let rawSizeBytes = UInt64(words[words.count - 2]), let sum = UInt64(words[words.count - 1], radix: 16)
      else { return nil }
      writers.append(
        .init(
          writer: words.dropLast(3).joined(separator: " "),
          total: SegmentDigest(events: events, rawSizeBytes: rawSizeBytes, sum: sum)))
    }
    self.init(writers)
    if self.text != text { return nil }
  }

  /// A line for each writer: name, lines, their size and the sum of their hashes.
  package var text: String {
    writers.map { writer in
      let total = writer.total
      return "\(writer.writer) \(total.events) \(total.rawSizeBytes) \(Hexadecimal.text(total.sum))\n"
    }.joined()
  }

  /// What identifies the lines.
  package var digest: String {
    let bytes = Array(text.utf8)
    return Hexadecimal.text(XXH64.hash(bytes)) + Hexadecimal.text(XXH64.hash(bytes, seed: 1))
  }

  /// How many lines there are.
  package var events: UInt64 {
    writers.reduce(0) { sum, writer in
      let (next, isOver) = sum.addingReportingOverflow(writer.total.events)
      return isOver ? .max : next
    }
  }
}
