import Bytes
import Events

/// Lines whose id occurs more than once, until all are there and the winner of each identity is known.
struct ContestedLines {
  /// What became of one identity.
  struct Outcome {
    /// Place of the winning line.
    var winner: Int
    /// How many lines lost.
    var repeats: Int
    /// Whether different lines stand at the winning revision.
    var isConflict: Bool
  }

  private var lines: [[UInt8]] = []

  mutating func add(_ line: RawSpan) { lines.append(line.array(0..<line.byteCount)) }

  mutating func take() -> [[UInt8]] {
    defer { lines = [] }
    return lines
  }

  /// The winner of each identity among `lines`: higher revision, then larger weight, then greater line.
  static func winners(_ lines: [[UInt8]]) throws(EventFault) -> [Outcome] {
    struct Candidate {
      var line: Int
      var revision: Int64
      var weight: Int128
    }
    var parser = EventParser(.stored)
    var groups: [[UInt8]: [Candidate]] = [:]
    for (index, line) in lines.enumerated() {
      let span = line.span.bytes
      try parser.parse(span)
      let event = parser.event
      let id = LineIdentity.range(span).map { Array(line[$0]) } ?? []
      groups[[event.kind.rawValue] + id, default: []].append(
        Candidate(line: index, revision: event.revision, weight: event.weight))
    }
    return groups.values.map { group in
      var best = group[0]
      for candidate in group.dropFirst() {
        let isBetter =
          candidate.revision != best.revision
          ? candidate.revision > best.revision
          : candidate.weight != best.weight
            ? candidate.weight > best.weight
            : lines[best.line].lexicographicallyPrecedes(lines[candidate.line])
        if isBetter { best = candidate }
      }
      let isConflict = group.contains {
        $0.revision == best.revision && lines[$0.line] != lines[best.line]
      }
      return Outcome(winner: best.line, repeats: group.count - 1, isConflict: isConflict)
    }
  }
}

/// The id of a canonical line, found without parsing the rest: it comes first.
enum LineIdentity {
  private static let prefix: [UInt8] = Array("{\"id\":\"".utf8)

  /// Where the inside of the id's string is; nil when the line does not begin with it.
  static func range(_ line: RawSpan) -> Range<Int>? {
    let start = prefix.count
    guard line.byteCount > start else { return nil }
    for index in 0..<start where line.unsafeLoad(fromByteOffset: index, as: UInt8.self) != prefix[index] {
      return nil
    }
    var at = start
    while at < line.byteCount {
      let byte = line.unsafeLoad(fromByteOffset: at, as: UInt8.self)
      if byte == UInt8(ascii: "\"") { return start..<at }
      at &+= byte == UInt8(ascii: "\\") ? 2 : 1
    }
    return nil
  }
}
