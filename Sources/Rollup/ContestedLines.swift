import Bytes
import Events

/// Lines whose id occurs more than once and whose winner the tables do not tell (`DayScan.outcome`).
///
/// They come in the order of their events. Of each identity only the line that wins so far is kept: higher revision, then larger weight, then
/// greater line.
struct ContestedLines: ~Copyable {
  /// What became of one identity.
  struct Outcome {
    /// Number of the winning event.
    var winner: Int
    /// How many lines lost.
    var repeats: Int
    /// Whether different lines stand at the winning revision.
    var isConflict: Bool
  }

  /// What is known of one identity.
  private struct Identity {
    let kind: EventKind
    var line: [UInt8]
    var revision: Int64
    var weight: Int128
    var outcome: Outcome

    /// Lets a line that is another one win or lose.
    mutating func meet(_ other: Self) {
      let isConflict =
        revision == other.revision || (revision > other.revision ? outcome : other.outcome).isConflict
      let isAhead =
        revision != other.revision
        ? other.revision > revision
        : weight != other.weight ? other.weight > weight : line.lexicographicallyPrecedes(other.line)
      let repeats = outcome.repeats + 1
      if isAhead { self = other }
      (outcome.repeats, outcome.isConflict) = (repeats, isConflict)
    }
  }

  private var parser = EventParser(.stored)
  private var ids = ByteInterner(slots: 1 << 12)
  /// By number of the id, one for each kind.
  private var identities: [[Identity]] = []
  /// Why a line is none.
  private(set) var fault: EventFault?

  /// Adds an event's line.
  ///
  /// - Parameter isRivalled: whether another line of its id and revision lost to it before.
  mutating func add(_ line: RawSpan, of event: Int, isRivalled: Bool = false) {
    let (id, isNew) = ids.intern(line.extracting(LineIdentity.range(line) ?? 0..<0))
    if isNew { identities.append([]) }
    if let place = identities[id].firstIndex(where: { ByteOrder.isEqual($0.line.span.bytes, line) }) {
      // The usual repeat: the same line again.
      identities[id][place].outcome.repeats += 1
      if isRivalled { identities[id][place].outcome.isConflict = true }
      return
    }
    do throws(EventFault) {
      try parser.parse(line)
    } catch {
      fault = fault ?? error
      return
    }
    let read = parser.event
    let next = Identity(
      kind: read.kind, line: line.array(0..<line.byteCount), revision: read.revision, weight: read.weight,
      outcome: Outcome(winner: event, repeats: 0, isConflict: isRivalled))
    if let place = identities[id].firstIndex(where: { $0.kind == next.kind }) {
      identities[id][place].meet(next)
    } else {
      identities[id].append(next)
    }
  }

  /// What became of all identities.
  var outcomes: [Outcome] { identities.flatMap { $0.map(\.outcome) } }
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
