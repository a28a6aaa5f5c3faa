package import Money

/// A run of bytes in the line that was parsed, or in the parser's scratch memory when it had to be rewritten.
package struct TextSlice: Equatable, Sendable {
  /// Offset; the top bit says that it is in scratch memory.
  @usableFromInline var packedStart: UInt32
  /// Length; an absent or empty text has 0.
  @usableFromInline var length: UInt32

  @inlinable
  init(start: Int, count: Int, isScratch: Bool) {
    packedStart = UInt32(truncatingIfNeeded: start) | (isScratch ? 0x8000_0000 : 0)
    length = UInt32(truncatingIfNeeded: count)
  }

  /// The absent text.
  @inlinable
  package static var none: TextSlice { TextSlice(start: 0, count: 0, isScratch: false) }

  /// Whether there is nothing.
  @inlinable @inline(__always)
  package var isEmpty: Bool { length == 0 }
  /// Length in bytes.
  @inlinable @inline(__always)
  package var count: Int { Int(length) }
  @inlinable @inline(__always)
  package var isScratch: Bool { packedStart & 0x8000_0000 != 0 }
  @inlinable @inline(__always)
  package var start: Int { Int(packedStart & 0x7FFF_FFFF) }
  @inlinable @inline(__always)
  package var range: Range<Int> { start..<(start &+ count) }
}

/// One parsed event: numbers as numbers, texts as slices (the inside of a canonical JSON string, escapes kept).
///
/// Lives in the parser and is valid until its next line; nothing in it allocates.
package struct Event: Sendable {
  /// A bit for every field the line has a value for.
  package var present: UInt64 = 0
  /// Milliseconds since 1970, UTC.
  package var time: Int64 = 0
  package var period: EventPeriod = .instant
  package var kind: EventKind = .usage
  package var status: EventStatus = .ok
  package var revision: Int64 = 0
  /// The counters, indexed by `EventField.rawValue - EventField.requests.rawValue`.
  package var numbers: InlineArray<26, Int64> = InlineArray(repeating: 0)
  /// `id` and the dimensions, indexed by `Event.textIndex`.
  package var texts: InlineArray<12, TextSlice> = InlineArray(repeating: .none)
  /// Pico-units.
  package var cost: Int128 = 0
  package var credits: Int128 = 0
  package var currency: Currency?
  /// Milliseconds since 1970, UTC.
  package var resetsAt: Int64 = 0
  /// Canonical JSON objects, braces included.
  package var tags: TextSlice = .none
  package var metadata: TextSlice = .none

  package init() {}

  /// Whether the line has a value for `field`.
  @inlinable @inline(__always)
  package func has(_ field: EventField) -> Bool { present & field.bit != 0 }

  /// The place of a text field in `texts`.
  @inlinable @inline(__always)
  package static func textIndex(_ field: EventField) -> Int {
    field == .id ? 0 : Int(field.rawValue) &- Int(EventField.provider.rawValue) &+ 1
  }

  /// The text of a field.
  @inlinable @inline(__always)
  package func text(_ field: EventField) -> TextSlice { texts[Self.textIndex(field)] }

  /// The number of a field as given; 0 when absent.
  @inlinable @inline(__always)
  package func number(_ field: EventField) -> Int64 {
    numbers[Int(field.rawValue) &- Int(EventField.requests.rawValue)]
  }

  @inlinable @inline(__always)
  package mutating func setNumber(_ field: EventField, _ value: Int64) {
    numbers[Int(field.rawValue) &- Int(EventField.requests.rawValue)] = value
    present |= field.bit
  }

  /// Requests: as given, else 1 on usage and 0 otherwise.
  @inlinable @inline(__always)
  package var requests: Int64 {
    has(.requests) ? number(.requests) : kind == .usage ? 1 : 0
  }

  /// What decides between two lines of one identity at the same revision: requests and every counter, without
  /// subsets, duration and money.
  package var weight: Int128 {
    var sum = Int128(requests)
    for field in EventField.weighed { sum += Int128(number(field)) }
    return sum
  }
}
