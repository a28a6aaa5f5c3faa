//! What the next key will be: the one that stood at this place in the line before. Senders write their keys in one
//! order, and our own segments have one, so three loads and compares usually find key, quotes and colon at once;
//! a wrong guess costs those and is looked up the ordinary way.

import Bytes

struct KeyPlan {
  /// `"name":` of each field as words: its first eight bytes, the next eights, and its last eight.
  private struct Spelling {
    var first: UInt64 = 0
    var second: UInt64 = 0
    var third: UInt64 = 0
    var last: UInt64 = 0
    var mask: UInt64 = 0
    var count = 0
  }

  private static let membersMax = 64

  private let spellings: [Spelling]
  /// The field at each place of the line before.
  private var guesses: [EventField]
  private var place = 0

  init() {
    spellings = EventField.names.map { Self.spelling(Array("\"\($0)\":".utf8)) }
    guesses = [EventField](repeating: .id, count: Self.membersMax)
  }

  private static func spelling(_ bytes: [UInt8]) -> Spelling {
    var padded = bytes
    while padded.count < 8 { padded.append(0) }
    func word(_ at: Int) -> UInt64 {
      padded[at..<(at + 8)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    let count = bytes.count
    return Spelling(
      first: word(0), second: count > 16 ? word(8) : 0, third: count > 24 ? word(16) : 0,
      last: word(max(count, 8) - 8),
      mask: count >= 8 ? .max : (1 << UInt64(count * 8)) - 1, count: count)
  }

  /// Starts a line.
  @inline(__always)
  mutating func begin() { place = 0 }

  /// The field whose `"name":` stands at `at`, when it is the one expected there; with the place of its value.
  @inline(__always)
  func guess(_ line: RawSpan, _ at: Int) -> (field: EventField, value: Int)? {
    if place >= Self.membersMax { return nil }
    let field = guesses[place]
    let spelling = spellings[Int(field.rawValue)]
    let end = at &+ spelling.count
    // Room for the eight bytes of the first word and at least one of the value.
    if end >= line.byteCount || at &+ 8 > line.byteCount { return nil }
    if Self.word(line, at) & spelling.mask != spelling.first { return nil }
    if spelling.count > 8, Self.word(line, end &- 8) != spelling.last { return nil }
    if spelling.count > 16, Self.word(line, at &+ 8) != spelling.second { return nil }
    if spelling.count > 24, Self.word(line, at &+ 16) != spelling.third { return nil }
    return (field, end)
  }

  /// Notes which field it was.
  @inline(__always)
  mutating func note(_ field: EventField) {
    if place < Self.membersMax {
      if guesses[place] != field { guesses[place] = field }
      place &+= 1
    }
  }

  @inline(__always)
  private static func word(_ line: RawSpan, _ at: Int) -> UInt64 {
    UInt64(littleEndian: line.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self))
  }
}
