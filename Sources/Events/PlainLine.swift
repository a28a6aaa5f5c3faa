//! The fast path of both append and rollup. Nearly every line that tally meets is *plain*: an object in our own
//! spelling, with the keys in our order, texts without escapes, counts, perhaps a cost. All segments are written so,
//! and so do most programs that feed us. Such a line needs no event built from it: it is enough to know where its
//! texts stand and what its numbers are, and the line itself can be copied.
//!
//! 1. Keys come in the order of `EventField`, so behind a field only later ones can follow. The one that followed it
//!    last time is compared first, as three or four words with quotes and colon; then the others.
//! 2. Texts are crossed 32 or eight bytes at a time; a quote ends them, a backslash or control character ends the claim.
//! 3. Whatever is not exactly as expected (other order, spaces, escapes, words and objects that are rare) makes
//!    `read` say no, and `EventParser` reads the line and words the error. A plain line has no errors left: what
//!    `read` accepts, the parser accepts with the same meaning, which a test holds on random lines.
//!
//! No call leaves this file for an ordinary line, and nothing is allocated after `init`.

import Bytes
import CScan
package import Money

/// Where the texts of a plain line stand and what its numbers are; valid until the next `read`.
@usableFromInline
package struct PlainLine: ~Copyable {
  /// `"name":` of a field as words: the first eight bytes, the next eights, and the last eight.
  private struct Spelling {
    var first: UInt64
    var second: UInt64
    var third: UInt64
    var last: UInt64
    var mask: UInt64
    var count: Int
    var shape: Shape
  }

  /// What stands behind a key.
  private enum Shape: UInt8 {
    case text, time, count, amount, status, currency, object, other
  }

  /// Begin and end in the line.
  @usableFromInline
  struct Place {
    @usableFromInline var start: Int32
    @usableFromInline var end: Int32
  }

  private static let fieldCount = EventField.allCases.count

  /// What was read last.
  ///
  /// On the heap, not in the struct: the compiler copies a large struct that has no copies in order to read one of
  /// its properties, for each line and property.
  @usableFromInline
  struct Reading {
    @usableFromInline var present: UInt64 = 0
    @usableFromInline var time: Int64 = 0
    @usableFromInline var cost: Int128 = 0
    @usableFromInline var credits: Int128 = 0
    var currency: Currency?
    @usableFromInline var isError = false
    @usableFromInline var sourceAt = 0
    @usableFromInline var keyRange = 0..<0
    /// Not 0 when a text has bytes that are not ASCII.
    var seen: UInt64 = 0
    /// The date that was read last, `2026-10-` and `-01T`, and its midnight.
    var dateHead: UInt64 = 0
    var dateTail: UInt32 = 0
    var midnight: Int64 = 0
  }

  private let acceptsObjects: Bool
  private let spellings: UnsafeMutablePointer<Spelling>
  /// By what stood before (0: nothing, else field + 1): the field that followed it last time.
  private let successors: UnsafeMutablePointer<UInt8>
  @usableFromInline let places: UnsafeMutablePointer<Place>
  @usableFromInline let numbers: UnsafeMutablePointer<Int64>
  @usableFromInline let reading: UnsafeMutablePointer<Reading>

  /// A reader.
  ///
  /// - Parameter mode: tags and metadata are taken as they stand in stored lines only, where their own spelling is
  ///   known to be ours.
  package init(_ mode: EventParser.Mode) {
    acceptsObjects = mode == .stored
    spellings = .allocate(capacity: Self.fieldCount)
    successors = .allocate(capacity: Self.fieldCount + 1)
    places = .allocate(capacity: Self.fieldCount)
    numbers = .allocate(capacity: Self.fieldCount)
    reading = .allocate(capacity: 1)
    reading.initialize(to: Reading())
    for field in EventField.allCases {
      let index = field.index
      (spellings + index).initialize(to: Self.spelling(field))
      (successors + index).initialize(to: UInt8(index))
    }
    // Behind the last field nothing follows; a line that repeats it is not plain.
    (successors + Self.fieldCount).initialize(to: UInt8(Self.fieldCount - 1))
    places.initialize(repeating: Place(start: 0, end: 0), count: Self.fieldCount)
    numbers.initialize(repeating: 0, count: Self.fieldCount)
  }

  deinit {
    spellings.deallocate()
    successors.deallocate()
    places.deallocate()
    numbers.deallocate()
    reading.deallocate()
  }

  /// A bit for every field the line has.
  @inlinable @inline(__always)
  var present: UInt64 { reading.pointee.present }
  /// Milliseconds since 1970, UTC.
  @inlinable @inline(__always)
  package var time: Int64 { reading.pointee.time }
  /// Pico-units, only when it is there; `credits` likewise.
  @inlinable @inline(__always)
  package var cost: Int128 { reading.pointee.cost }
  @inlinable @inline(__always)
  package var credits: Int128 { reading.pointee.credits }
  package var currency: Currency? { reading.pointee.currency }
  @inlinable @inline(__always)
  package var isError: Bool { reading.pointee.isError }
  /// Where a source belongs: behind the last member that comes before it.
  @inlinable @inline(__always)
  package var sourceAt: Int { reading.pointee.sourceAt }
  /// The bytes from the first to the last of the fields that key a rollup row.
  @inlinable @inline(__always)
  package var keyRange: Range<Int> { reading.pointee.keyRange }

  /// Whether the line has a value for `field`.
  @inlinable @inline(__always)
  package func has(_ field: EventField) -> Bool { present & field.bit != 0 }

  /// Where the inside of a text, or an object with its braces, stands; empty when absent.
  @inlinable @inline(__always)
  package func text(_ field: EventField) -> Range<Int> {
    guard has(field) else { return 0..<0 }
    let place = places[field.index]
    return Int(place.start)..<Int(place.end)
  }

  /// A count, only of a field that is there.
  @inlinable @inline(__always)
  package func number(_ field: EventField) -> Int64 { numbers[field.index] }

  /// Calls `body` with the place in `EventField` and the value of each count that is there, among `fields`.
  @inlinable @inline(__always)
  package func forEachCount(among fields: UInt64, _ body: (Int, Int64) -> Void) {
    var rest = present & fields
    while rest != 0 {
      let index = rest.trailingZeroBitCount
      rest &= rest &- 1
      body(index, numbers[index])
    }
  }

  /// Requests: as given, else 1.
  @inlinable @inline(__always)
  package var requests: Int64 { has(.requests) ? number(.requests) : 1 }

  /// Whether the rules for events from outside hold (see `EventRules`); if not, the parser says which does not.
  package func isAcceptable(now: Int64) -> Bool {
    guard has(.time), time >= Timestamp.earliest, time - Timestamp.day <= now else { return false }
    return isError || present & EventField.measures != 0
  }

  /// Reads a line; false when it is not plain, and then nothing else of this value means anything.
  package mutating func read(_ line: RawSpan) -> Bool {
    line.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, read(base, bytes.count) == bytes.count else { return false }
      return isTextValid(line)
    }
  }

  /// Reads the line that begins at `start`, up to its line feed, which need not be looked for first.
  ///
  /// - Returns: the place of the line feed; nil when the line is not plain, or has no end yet.
  package mutating func read(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard let base = bytes.baseAddress else { return nil }
    let size = read(base + start, bytes.count &- start)
    let end = start &+ size
    guard size > 0, end < bytes.count, bytes[end] == UInt8(ascii: "\n"),
      isTextValid(RawSpan(_unsafeStart: base + start, byteCount: size))
    else { return nil }
    return end
  }

  private func isTextValid(_ line: RawSpan) -> Bool {
    if reading.pointee.seen == 0 { return true }
    do throws(EventFault) {
      try JSONScanner.checkUTF8(line)
      return true
    } catch {
      return false
    }
  }

  // In bounds, here and below: each load at `at` stands behind a comparison of `at` and its width with `count`.

  /// Reads an object; returns its size, or -1 when it is not plain.
  private func read(_ base: UnsafeRawPointer, _ count: Int) -> Int {
    guard count > 2, Self.byte(base, 0) == UInt8(ascii: "{") else { return -1 }
    var present: UInt64 = 0
    var seen: UInt64 = 0
    var previous = 0
    var keyStart = 0
    var keyEnd = 0
    var sourceAt = 0
    reading.pointee.isError = false
    reading.pointee.currency = nil
    // `at` is the opening brace or the comma before a member.
    var at = 0
    while true {
      let name = at &+ 1
      var field = Int(successors[previous])
      if field < previous || !isKey(field, base, name, count) {
        field = later(previous, base, name, count)
        if field < 0 { return -1 }
        successors[previous] = UInt8(truncatingIfNeeded: field)
      }
      let value = name &+ spellings[field].count
      let end: Int
      switch spellings[field].shape {
      case .text: end = readText(field, base, value, count, &seen)
      case .count: end = readCount(field, base, value, count)
      case .time: end = readTime(base, value, count)
      default: end = readRare(field, base, value, count)
      }
      // What follows must fit in too.
      if end < 0 || end >= count { return -1 }
      present |= 1 &<< UInt64(truncatingIfNeeded: field)
      previous = field &+ 1
      if field < EventField.source.index { sourceAt = end }
      if field >= EventField.period.index, field <= EventField.project.index {
        if keyEnd == 0 { keyStart = name }
        keyEnd = end
      }
      at = end
      let next = Self.byte(base, at)
      if next == UInt8(ascii: ",") { continue }
      guard next == UInt8(ascii: "}") else { return -1 }
      break
    }
    reading.pointee.present = present
    reading.pointee.seen = seen
    reading.pointee.sourceAt = sourceAt
    reading.pointee.keyRange = keyStart..<keyEnd
    let isPriced = present & EventField.cost.bit != 0
    return isPriced && present & EventField.currency.bit == 0 ? -1 : at &+ 1
  }

  /// Whether the key of `field` stands at `at`, and at least one byte behind it.
  @inline(__always)
  private func isKey(_ field: Int, _ base: UnsafeRawPointer, _ at: Int, _ count: Int) -> Bool {
    let spelling = spellings + field
    let size = spelling.pointee.count
    if at &+ size >= count || at &+ 8 > count { return false }
    if Self.word(base, at) & spelling.pointee.mask != spelling.pointee.first { return false }
    if size <= 8 { return true }
    if Self.word(base, at &+ size &- 8) != spelling.pointee.last { return false }
    if size <= 16 { return true }
    if Self.word(base, at &+ 8) != spelling.pointee.second { return false }
    return size <= 24 || Self.word(base, at &+ 16) == spelling.pointee.third
  }

  /// The field whose key stands at `at`, among those that may follow; -1 when none does.
  private func later(_ previous: Int, _ base: UnsafeRawPointer, _ at: Int, _ count: Int) -> Int {
    var field = previous
    while field < Self.fieldCount {
      if isKey(field, base, at, count) { return field }
      field &+= 1
    }
    return -1
  }

  /// Crosses a text; returns what is behind it, -1 when it is not plain.
  @inline(__always)
  private func readText(
    _ field: Int, _ base: UnsafeRawPointer, _ value: Int, _ count: Int, _ seen: inout UInt64
  ) -> Int {
    if Self.byte(base, value) != UInt8(ascii: "\"") { return -1 }
    let start = value &+ 1
    let end = Self.textEnd(base, start, count, &seen)
    // Empty ones, longer ones and those without a plain end are the parser's.
    if end <= start || end &- start > EventFault.textSizeBytesMax { return -1 }
    places[field] = Place(start: Int32(truncatingIfNeeded: start), end: Int32(truncatingIfNeeded: end))
    return end &+ 1
  }

  /// The place of the quote that ends a text without escapes; 0 when something else comes first.
  @inline(__always)
  private static func textEnd(
    _ base: UnsafeRawPointer, _ start: Int, _ count: Int, _ seen: inout UInt64
  ) -> Int {
    var at = start
    #if arch(x86_64)
      // Nearly every text ends within 32 bytes: one look, and nothing to guess about its length.
      while at &+ 32 <= count {
        let found = tally_scan32(base + at)
        let size = found.special.trailingZeroBitCount
        // Only the bytes before the end belong to the text.
        let high = size == 32 ? found.high : found.high & ((1 &<< UInt32(truncatingIfNeeded: size)) &- 1)
        seen |= UInt64(high) &<< 32 | UInt64(high)
        at &+= size
        if size < 32 { return byte(base, at) == 0x22 ? at : 0 }
      }
    #endif
    let ones: UInt64 = 0x0101_0101_0101_0101
    let high: UInt64 = 0x8080_8080_8080_8080
    while at &+ 8 <= count {
      let word = word(base, at)
      // As in `JSONScanner.stringEnd`: the lowest flag is right.
      let quote = word ^ (ones &* 0x22)
      let slash = word ^ (ones &* 0x5C)
      let special =
        ((quote &- ones) & ~quote) | ((slash &- ones) & ~slash) | ((word &- ones &* 0x20) & ~word)
      let flags = special & high
      if flags != 0 {
        let bits = flags.trailingZeroBitCount
        // Only the bytes before the flag belong to the text.
        seen |= word & high & ((flags & (0 &- flags)) &- 1)
        at &+= bits >> 3
        return byte(base, at) == 0x22 ? at : 0
      }
      seen |= word & high
      at &+= 8
    }
    while at < count {
      let byte = byte(base, at)
      if byte == 0x22 { return at }
      if byte == 0x5C || byte < 0x20 { return 0 }
      seen |= UInt64(byte) & 0x80
      at &+= 1
    }
    return 0
  }

  /// Reads a whole number without sign or leading zero.
  @inline(__always)
  private func readCount(_ field: Int, _ base: UnsafeRawPointer, _ start: Int, _ count: Int) -> Int {
    var at = start
    var value: Int64 = 0
    while at < count {
      let digit = Self.byte(base, at) &- 48
      if digit > 9 { break }
      value = value &* 10 &+ Int64(digit)
      at &+= 1
    }
    let size = at &- start
    if size == 0 || size > 13 || value > EventFault.countMax { return -1 }
    if size > 1, Self.byte(base, start) == 48 { return -1 }
    // A revision of 0 is left out by us.
    if field == EventField.revision.index, value == 0 { return -1 }
    numbers[field] = value
    return at
  }

  /// Reads `"2026-10-01T10:11:12.345Z"`, the one form that we write.
  @inline(__always)
  private func readTime(_ base: UnsafeRawPointer, _ value: Int, _ count: Int) -> Int {
    let end = value &+ 26
    guard end <= count, Self.byte(base, value) == UInt8(ascii: "\""),
      Self.byte(base, value &+ 25) == UInt8(ascii: "\""), Self.byte(base, value &+ 24) == UInt8(ascii: "Z")
    else { return -1 }
    let start = value &+ 1
    let head = Self.word(base, start)
    let tail = Self.half(base, start &+ 7)
    if head != reading.pointee.dateHead || tail != reading.pointee.dateTail {
      guard readDate(base, start) else { return -1 }
      reading.pointee.dateHead = head
      reading.pointee.dateTail = tail
    }
    // Digits become 0…9 and the colons 0; anything else has a bit too many somewhere.
    let clock = Self.word(base, start &+ 11) ^ 0x3030_3A30_303A_3030
    let fraction = Self.half(base, start &+ 19) ^ 0x3030_302E
    let bad =
      ((clock &+ 0x7676_7676_7676_7676) | clock) & 0x8080_8080_8080_8080 | clock & 0x0000_FF00_00FF_0000
    let badFraction = ((fraction &+ 0x7676_7676) | fraction) & 0x8080_8080 | fraction & 0x0000_00FF
    if bad != 0 || badFraction != 0 { return -1 }
    let hour = Self.digits(clock, 0)
    let minute = Self.digits(clock, 24)
    let second = Self.digits(clock, 48)
    // Second 60 is the parser's.
    if hour > 23 || minute > 59 || second > 59 { return -1 }
    let milliseconds =
      Int64(fraction >> 8 & 15) &* 100 &+ Int64(fraction >> 16 & 15) &* 10 &+ Int64(fraction >> 24 & 15)
    reading.pointee.time =
      reading.pointee.midnight &+ ((hour &* 60 &+ minute) &* 60 &+ second) &* 1000 &+ milliseconds
    return end
  }

  /// Two digits that begin at a bit.
  @inline(__always)
  private static func digits(_ clock: UInt64, _ bit: UInt64) -> Int64 {
    Int64(truncatingIfNeeded: (clock &>> bit & 15) &* 10 &+ (clock &>> (bit &+ 8) & 15))
  }

  /// Reads a date and the `T` behind it, for all the lines of that day.
  private func readDate(_ base: UnsafeRawPointer, _ start: Int) -> Bool {
    let bytes = RawSpan(_unsafeStart: base + start, byteCount: 24)
    guard Self.byte(base, start &+ 10) == UInt8(ascii: "T"),
      case .success(let time) = Timestamp.parse(bytes, 0..<24)
    else { return false }
    reading.pointee.midnight = Int64(Timestamp.utcDay(time)) * Timestamp.day
    return true
  }

  /// What one line in a hundred has.
  private func readRare(_ field: Int, _ base: UnsafeRawPointer, _ value: Int, _ count: Int) -> Int {
    let line = RawSpan(_unsafeStart: base, byteCount: count)
    switch spellings[field].shape {
    case .amount: return readAmount(field, line, value)
    case .status:
      reading.pointee.isError = true
      return Self.isWord("\"error\"", line, value) ? value &+ 7 : -1
    case .currency:
      guard value &+ 5 <= count else { return -1 }
      let currency = Currency(line.text((value &+ 1)..<(value &+ 4)))
      guard let currency, Self.isWord("\"\(currency)\"", line, value) else { return -1 }
      reading.pointee.currency = currency
      return value &+ 5
    case .object:
      guard acceptsObjects, let end = try? JSONScanner.valueEnd(line, value),
        (try? JSONScanner.checkUTF8(line.extracting(value..<end))) != nil
      else { return -1 }
      places[field] = Place(start: Int32(truncatingIfNeeded: value), end: Int32(truncatingIfNeeded: end))
      return end
    default: return -1
    }
  }

  private static func isWord(_ word: String, _ line: RawSpan, _ at: Int) -> Bool {
    let size = word.utf8.count
    return at + size <= line.byteCount && line.extracting(at..<(at + size)).isEqual(word)
  }

  private func readAmount(_ field: Int, _ line: RawSpan, _ value: Int) -> Int {
    guard JSONScanner.byte(line, value) == UInt8(ascii: "\"") else { return -1 }
    var end = value &+ 1
    while end < line.byteCount, JSONScanner.byte(line, end) != UInt8(ascii: "\"") { end &+= 1 }
    guard end < line.byteCount else { return -1 }
    let text = line.extracting((value &+ 1)..<end)
    guard let amount = try? Decimal.parse(text), amount >= 0, Decimal.isShortest(text) else { return -1 }
    if field == EventField.cost.index {
      reading.pointee.cost = amount
    } else {
      reading.pointee.credits = amount
    }
    return end &+ 1
  }

  @inline(__always)
  private static func byte(_ base: UnsafeRawPointer, _ at: Int) -> UInt8 {
    base.load(fromByteOffset: at, as: UInt8.self)
  }

  @inline(__always)
  private static func half(_ base: UnsafeRawPointer, _ at: Int) -> UInt32 {
    UInt32(littleEndian: base.loadUnaligned(fromByteOffset: at, as: UInt32.self))
  }

  @inline(__always)
  private static func word(_ base: UnsafeRawPointer, _ at: Int) -> UInt64 {
    UInt64(littleEndian: base.loadUnaligned(fromByteOffset: at, as: UInt64.self))
  }

  private static func spelling(_ field: EventField) -> Spelling {
    let bytes = Array("\"\(field.name)\":".utf8)
    func word(_ at: Int) -> UInt64 {
      (0..<8).reduce(0) { $0 | UInt64(at + $1 < bytes.count ? bytes[at + $1] : 0) << UInt64($1 * 8) }
    }
    let shape: Shape =
      switch field.shape {
      case .text: .text
      case .count: .count
      case .decimal: .amount
      case .currency: .currency
      case .object: .object
      case .time: field == .time ? .time : .other
      case .word: field == .status ? .status : .other
      }
    let isQuota = EventField.quotas.contains(field)
    return Spelling(
      first: word(0), second: word(8), third: word(16), last: word(max(bytes.count - 8, 0)),
      mask: bytes.count >= 8 ? .max : 1 << UInt64(bytes.count * 8) - 1, count: bytes.count,
      shape: isQuota ? .other : shape)
  }
}
