import Bytes
import Events

/// Lines whose id occurs more than once and whose winner the tables do not tell (`DayScan.outcome`), until all are there
/// and the winner of each identity is known.
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

  var count: Int { lines.count }

  mutating func add(_ line: RawSpan) { lines.append(line.array(0..<line.byteCount)) }

  mutating func take() -> [[UInt8]] {
    defer { lines = [] }
    return lines
  }

  /// The winner of each identity among `lines`: higher revision, then larger weight, then greater line.
  static func winners(_ lines: [[UInt8]]) throws(EventFault) -> [Outcome] {
    var parser = EventParser(.stored)
    var outcomes: [Outcome] = []
    for group in groups(lines) {
      if group.dropFirst().allSatisfy({ lines[$0] == lines[group[0]] }) {
        // The usual repeat: the same line again, or a lone one.
        outcomes.append(Outcome(winner: group[0], repeats: group.count - 1, isConflict: false))
      } else {
        outcomes += try winners(group, lines, &parser)
      }
    }
    return outcomes
  }

  /// The places of the lines of each id.
  private static func groups(_ lines: [[UInt8]]) -> [[Int]] {
    var ids = ByteInterner(slots: 1 << 12)
    var groups: [[Int]] = []
    for (index, line) in lines.enumerated() {
      let bytes = line.span.bytes
      let (group, isNew) = ids.intern(bytes.extracting(LineIdentity.range(bytes) ?? 0..<0))
      if isNew { groups.append([index]) } else { groups[group].append(index) }
    }
    return groups
  }

  /// The winners among lines of one id, one for each kind.
  private static func winners(
    _ group: [Int], _ lines: [[UInt8]], _ parser: inout EventParser
  ) throws(EventFault) -> [Outcome] {
    struct Candidate {
      var line: Int
      var revision: Int64
      var weight: Int128
    }
    var kinds: [EventKind: [Candidate]] = [:]
    for line in group {
      let text = lines[line]
      try parser.parse(text.span.bytes)
      let event = parser.event
      kinds[event.kind, default: []].append(
        Candidate(line: line, revision: event.revision, weight: event.weight))
    }
    return kinds.values.map { candidates in
      var best = candidates[0]
      for candidate in candidates.dropFirst() {
        let isBetter =
          candidate.revision != best.revision
          ? candidate.revision > best.revision
          : candidate.weight != best.weight
            ? candidate.weight > best.weight
            : lines[best.line].lexicographicallyPrecedes(lines[candidate.line])
        if isBetter { best = candidate }
      }
      let isConflict = candidates.contains {
        $0.revision == best.revision && lines[$0.line] != lines[best.line]
      }
      return Outcome(winner: best.line, repeats: candidates.count - 1, isConflict: isConflict)
    }
  }
}

/// The id of a canonical line, found without parsing the rest: it comes first.
package enum LineIdentity {
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

  /// The id as a text; nil when the line does not begin with one.
  package static func id(_ line: RawSpan) -> String? {
    range(line).map { JSONText.plain(line.array($0)) }
  }
}
