//! The fast path of both append and rollup. Nearly every line that tally meets is *plain*: an object in our own
//! spelling, with the keys in our order, texts without escapes, counts, perhaps a cost. All segments are written so,
//! and so do most programs that feed us. Such a line needs no event built from it: it is enough to know where its
//! texts stand and what its numbers are, and the line itself can be copied.
//!
//! 1. The quotes of a line are marked first, a bit each, up to the first backslash or control character, which as a
//!    rule is the line feed. So where a text ends is asked of the marks, and no answer waits for the one before.
//! 2. Keys come in the order of `EventField`, so behind a field only later ones can follow. The one that followed it
//!    last time is compared first, as two or four words with quotes and colon; then the others.
//! 3. Loads are wide and ask once a member whether there is room for them, so a line near the end of the bytes is
//!    read from a copy with room behind it.
//! 4. Whatever is not exactly as expected (other order, spaces, escapes, words and objects that are rare) makes
//!    `read` say no, and `EventParser` reads the line and words the error. A plain line has no errors left: what
//!    `read` accepts, the parser accepts with the same meaning, which a test holds on random lines.
//!
//! 5. Members under names that are not ours are passed over when the parser has found them harmless
//!    (`PlainLine+Foreign.swift`).
//!
//! No call leaves this file for an ordinary line, and nothing is allocated after `init`.

import Bytes
import CScan
package import Money

/// Where the texts of a plain line stand and what its numbers are; valid until the next `read`.
@usableFromInline
package struct PlainLine: ~Copyable {
  /// `"name":` of a field, with the quote of its text, as words, and which of their bits it has.
  struct Spelling {
    var first: UInt64
    var firstMask: UInt64
    var second: UInt64
    var secondMask: UInt64
    var third: UInt64
    var thirdMask: UInt64
    var fourth: UInt64
    var fourthMask: UInt64
    /// The field that followed this one last time, or may follow.
    var next: UnsafeMutablePointer<Spelling>
    var field: Int
    var count: Int
    var isText: Bool
    var shape: Shape
  }

  /// What stands behind a key.
  enum Shape: UInt8 {
    case text, time, count, amount, status, currency, object, other
  }

  /// Where the inside of a text, or an object, begins, and what is behind a value of any kind.
  @usableFromInline
  struct Place {
    @usableFromInline var start: Int32
    @usableFromInline var end: Int32
  }

  private static let fieldCount = EventField.allCases.count
  /// So much can be read from where a key begins, whatever is there: the longest key, and a number or time.
  static let room = 64
  /// Longer lines are the parser's, and fewer bytes than `room` more are copied to where there is room behind them.
  private static let sizeMax = 4096
  /// So many marks can be read behind those of the longest line.
  private static let markRoom = 256
  /// How many bytes behind the end of a text the next text can begin; nil when fields between them have no limit.
  static let textReachMax: Int? = {
    var (reach, most) = (0, 0)
    for field in EventField.allCases.prefix(while: { $0 != .status }) {
      // The comma, the key and its quotes, the colon.
      let key = field.name.utf8.count + 4
      switch shape(of: field) {
      case .text:
        most = max(most, reach + key + 1)
        reach = 0
      case .time: reach += key + 26
      case .count: reach += key + 13
      case .other: break
      case .amount, .status, .currency, .object: return nil
      }
    }
    let isLastText = EventField.allCases.allSatisfy {
      $0.shape != .text || $0.rawValue < EventField.status.rawValue
    }
    return isLastText ? most : nil
  }()

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
    /// Whether all texts are ASCII.
    var isASCII = true
    /// The date that was read last, `2026-10-` and `-01T`, and its midnight.
    var dateHead: UInt64 = 0
    var dateTail: UInt32 = 0
    var midnight: Int64 = 0
    /// Members with names that are not ours, and the gaps that they leave.
    @usableFromInline var foreignCount = 0
    var gapCount = 0
  }

  /// So many members may have names that are not ours.
  static let foreignMax = 64

  private let acceptsObjects: Bool
  /// What is known of names that are not ours; nil where no line has any.
  let names: ForeignNames?
  /// The numbers of the names that are not ours, and the bytes that are to be left out.
  let foreign: UnsafeMutablePointer<Int>
  let gaps: UnsafeMutablePointer<Place>
  /// What stands before the first field, the fields, and what no line has.
  let spellings: UnsafeMutablePointer<Spelling>
  @usableFromInline let places: UnsafeMutablePointer<Place>
  @usableFromInline let numbers: UnsafeMutablePointer<Int64>
  @usableFromInline let reading: UnsafeMutablePointer<Reading>
  /// A bit for each byte of a line, and some that may be read behind them.
  private let quotes: UnsafeMutablePointer<UInt64>
  private let copy: UnsafeMutableRawPointer

  /// A reader.
  ///
  /// - Parameters:
  ///   - mode: tags and metadata are taken as they stand in stored lines only, where their own spelling is known to
  ///     be ours.
  ///   - names: what the parser knows of names that are not ours; without it a line with one is not plain.
  package init(_ mode: EventParser.Mode, names: ForeignNames? = nil) {
    acceptsObjects = mode == .stored
    self.names = names
    foreign = .allocate(capacity: Self.foreignMax)
    gaps = .allocate(capacity: Self.foreignMax)
    spellings = .allocate(capacity: Self.fieldCount + 2)
    places = .allocate(capacity: Self.fieldCount)
    numbers = .allocate(capacity: Self.fieldCount)
    reading = .allocate(capacity: 1)
    reading.initialize(to: Reading())
    let words = (Self.sizeMax + Self.markRoom) / 64
    // A text begins among the marks or so few bytes behind them that a word of them can be read there.
    precondition(Self.textReachMax.map { $0 + 64 <= Self.markRoom } ?? false, "texts begin among the marks")
    quotes = .allocate(capacity: words)
    quotes.initialize(repeating: 0, count: words)
    copy = .allocate(byteCount: Self.sizeMax + 2 * Self.room, alignment: 16)
    (spellings + 0).initialize(to: Self.spelling(nil, next: spellings + 1))
    for field in EventField.allCases {
      let entry = spellings + field.index + 1
      entry.initialize(to: Self.spelling(field, next: entry + 1))
    }
    // Behind the last field nothing follows.
    let end = spellings + Self.fieldCount + 1
    end.initialize(to: Self.spelling(nil, next: end))
    places.initialize(repeating: Place(start: 0, end: 0), count: Self.fieldCount)
    numbers.initialize(repeating: 0, count: Self.fieldCount)
  }

  deinit {
    spellings.deallocate()
    foreign.deallocate()
    gaps.deallocate()
    quotes.deallocate()
    places.deallocate()
    numbers.deallocate()
    reading.deallocate()
    copy.deallocate()
  }

  /// A bit for every field the line has.
  @inlinable @inline(__always)
  package var present: UInt64 { reading.pointee.present }
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
  /// How many members with names that are not ours were passed over.
  @inlinable @inline(__always)
  package var foreignCount: Int { reading.pointee.foreignCount }
  /// Where a source belongs: behind the last member that comes before it.
  @inlinable
  package var sourceAt: Int { end(ofLast: present & (EventField.source.bit &- 1)) ?? 0 }
  /// The bytes from the first to the last of the fields that key a rollup row.
  @inlinable @inline(__always)
  package var keyRange: Range<Int> {
    let before = EventField.period.bit &- 1
    let upTo = (EventField.project.bit &<< 1) &- 1
    guard let end = end(ofLast: present & upTo & ~before) else { return 0..<0 }
    // Behind the comma after the member before, or the brace.
    return ((self.end(ofLast: present & before) ?? 0) &+ 1)..<end
  }

  /// What is behind the last field that is there among those from `first` to `last`; nil for none.
  @inlinable @inline(__always)
  package func end(from first: EventField, through last: EventField) -> Int? {
    end(ofLast: present & ((last.bit &<< 1) &- first.bit))
  }

  /// What is behind the last of some fields that are there; nil for none.
  @inlinable @inline(__always)
  func end(ofLast fields: UInt64) -> Int? {
    fields == 0 ? nil : Int(places[63 &- fields.leadingZeroBitCount].end)
  }

  /// Whether the line has a value for `field`.
  @inlinable @inline(__always)
  package func has(_ field: EventField) -> Bool { present & field.bit != 0 }

  /// Where the inside of a text, or an object with its braces, stands; empty when absent.
  @inlinable @inline(__always)
  package func text(_ field: EventField) -> Range<Int> {
    guard has(field) else { return 0..<0 }
    let place = places[field.index]
    // A text ends before its quote.
    return Int(place.start)..<Int(place.end) &- (field.index < EventField.tags.index ? 1 : 0)
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
    if reading.pointee.isASCII { return true }
    do throws(EventFault) {
      try JSONScanner.checkUTF8(line)
      return true
    } catch {
      return false
    }
  }

  /// Reads an object; returns its size, or -1 when it is not plain.
  private func read(_ base: UnsafeRawPointer, _ count: Int) -> Int {
    if count >= Self.sizeMax + Self.room { return read(base, readable: count) }
    guard count > 2 else { return -1 }
    copy.copyMemory(from: base, byteCount: count)
    (copy + count).initializeMemory(as: UInt8.self, repeating: 0, count: Self.room)
    return read(copy, readable: count &+ Self.room)
  }

  // In bounds, here and below: `room` bytes from the beginning of each key on are readable, and no look at a value
  // goes further; what is longer is compared with `readable` or the size that was marked.

  private func read(_ base: UnsafeRawPointer, readable: Int) -> Int {
    guard Self.byte(base, 0) == UInt8(ascii: "{") else { return -1 }
    let text = tally_mark_quotes(base, min(readable, Self.sizeMax) / 64, quotes)
    let (places, size) = (places, text.size)
    var present: UInt64 = 0
    reading.pointee.isError = false
    reading.pointee.currency = nil
    reading.pointee.foreignCount = 0
    var before = spellings
    // `at` is the opening brace or the comma before a member.
    var at = 0
    while true {
      let name = at &+ 1
      if name &+ Self.room > readable { return -1 }
      var spelling = before.pointee.next
      if !Self.isKey(spelling, base, name) {
        if let names {
          let end = passForeign(names, before, base, at, size, readable)
          if end > 0 {
            at = end
            if Self.byte(base, at) == UInt8(ascii: ",") { continue }
            guard Self.byte(base, at) == UInt8(ascii: "}") else { return -1 }
            break
          }
        }
        guard let found = later(before, base, name) else { return -1 }
        before.pointee.next = found
        spelling = found
      }
      let field = spelling.pointee.field
      let value = name &+ spelling.pointee.count
      if spelling.pointee.isText {
        let end = textEnd(value, size)
        // Empty ones are the parser's.
        if end <= value { return -1 }
        places[field].start = Int32(truncatingIfNeeded: value)
        at = end &+ 1
      } else {
        at = readOther(spelling.pointee.shape, field, base, value, readable)
        if at < 0 { return -1 }
      }
      places[field].end = Int32(truncatingIfNeeded: at)
      present |= 1 &<< UInt64(truncatingIfNeeded: field)
      before = spelling
      let next = Self.byte(base, at)
      if next == UInt8(ascii: ",") { continue }
      guard next == UInt8(ascii: "}") else { return -1 }
      break
    }
    reading.pointee.present = present
    reading.pointee.isASCII = text.high == 0
    let isPriced = present & EventField.cost.bit != 0
    return isPriced && present & EventField.currency.bit == 0 ? -1 : at &+ 1
  }

  /// Whether the key of a field stands at `at`.
  @inline(__always)
  static func isKey(
    _ spelling: UnsafeMutablePointer<Spelling>, _ base: UnsafeRawPointer, _ at: Int
  ) -> Bool {
    let first = (word(base, at) ^ spelling.pointee.first) & spelling.pointee.firstMask
    let second = (word(base, at &+ 8) ^ spelling.pointee.second) & spelling.pointee.secondMask
    // No text has a longer one.
    if first | second != 0 || spelling.pointee.isText { return first | second == 0 }
    let third = (word(base, at &+ 16) ^ spelling.pointee.third) & spelling.pointee.thirdMask
    let fourth = (word(base, at &+ 24) ^ spelling.pointee.fourth) & spelling.pointee.fourthMask
    return third | fourth == 0
  }

  /// The field whose key stands at `at`, among those that may follow; nil when none does.
  @inline(never)
  private func later(
    _ before: UnsafeMutablePointer<Spelling>, _ base: UnsafeRawPointer, _ at: Int
  ) -> UnsafeMutablePointer<Spelling>? {
    var spelling = before + 1
    while spelling.pointee.field < Self.fieldCount {
      if Self.isKey(spelling, base, at) { return spelling }
      spelling += 1
    }
    return nil
  }

  /// The place of the quote that ends the text that begins at `start`; -1 when something else comes first.
  @inline(__always)
  func textEnd(_ start: Int, _ size: Int) -> Int {
    let marks = UnsafeRawPointer(quotes)
    // In bounds: the text before ended among the marks, and this one begins at most `textReachMax` behind it.
    var end = start
    var word = Self.word(marks, start &>> 3) &>> UInt64(truncatingIfNeeded: start & 7)
    while word == 0 {
      end = (end | 7) &+ 57
      if end >= size || end &- start > EventFault.textSizeBytesMax { return -1 }
      word = Self.word(marks, end &>> 3)
    }
    end &+= word.trailingZeroBitCount
    return end < size && end &- start <= EventFault.textSizeBytesMax ? end : -1
  }

  /// Reads a value that is no text; returns what is behind it, -1 when it is not plain.
  @inline(__always)
  private func readOther(
    _ shape: Shape, _ field: Int, _ base: UnsafeRawPointer, _ value: Int, _ readable: Int
  ) -> Int {
    if shape == .count { return readCount(field, base, value) }
    if shape == .time { return readTime(base, value) }
    // What follows must fit in too.
    let end = readRare(shape, field, base, value, readable)
    return end < readable ? end : -1
  }

  /// Reads a whole number without sign or leading zero.
  @inline(__always)
  private func readCount(_ field: Int, _ base: UnsafeRawPointer, _ start: Int) -> Int {
    // Digits become 0…9; of anything else the lowest flag is right.
    let text = Self.word(base, start) ^ 0x3030_3030_3030_3030
    let others = ((text &+ 0x7676_7676_7676_7676) | text) & 0x8080_8080_8080_8080
    if others == 0 { return readLongCount(field, base, start) }
    let size = others.trailingZeroBitCount &>> 3
    if size == 0 { return -1 }
    // No zero leads, and a revision of 0 is left out by us.
    if text & 0xFF == 0, size > 1 || field == EventField.revision.index { return -1 }
    // As if zeros led: then tens and ones side by side, hundreds of them, and so on.
    let digits = text &<< UInt64(truncatingIfNeeded: 64 &- 8 &* size)
    let pairs = digits &* 10 &+ digits &>> 8
    let value =
      ((pairs & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
        &+ (pairs &>> 16 & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001) &>> 32
    numbers[field] = Int64(truncatingIfNeeded: value)
    return start &+ size
  }

  /// The same for eight digits and more.
  private func readLongCount(_ field: Int, _ base: UnsafeRawPointer, _ start: Int) -> Int {
    var size = 0
    var value: Int64 = 0
    while size <= 13 {
      let digit = Self.byte(base, start &+ size) &- 48
      if digit > 9 { break }
      value = value &* 10 &+ Int64(digit)
      size &+= 1
    }
    if size > 13 || value > EventFault.countMax || Self.byte(base, start) == 48 { return -1 }
    numbers[field] = value
    return start &+ size
  }

  /// Reads `"2026-10-01T10:11:12.345Z"`, the one form that we write.
  @inline(__always)
  private func readTime(_ base: UnsafeRawPointer, _ value: Int) -> Int {
    let end = value &+ 26
    guard Self.byte(base, value) == UInt8(ascii: "\""),
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
  private func readRare(
    _ shape: Shape, _ field: Int, _ base: UnsafeRawPointer, _ value: Int, _ count: Int
  ) -> Int {
    let line = RawSpan(_unsafeStart: base, byteCount: count)
    switch shape {
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
      places[field].start = Int32(truncatingIfNeeded: value)
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
  static func byte(_ base: UnsafeRawPointer, _ at: Int) -> UInt8 {
    base.load(fromByteOffset: at, as: UInt8.self)
  }

  @inline(__always)
  private static func half(_ base: UnsafeRawPointer, _ at: Int) -> UInt32 {
    UInt32(littleEndian: base.loadUnaligned(fromByteOffset: at, as: UInt32.self))
  }

  @inline(__always)
  static func word(_ base: UnsafeRawPointer, _ at: Int) -> UInt64 {
    UInt64(littleEndian: base.loadUnaligned(fromByteOffset: at, as: UInt64.self))
  }

  /// The spelling of a field, or of none: eight zeros, which no line has.
  private static func spelling(_ field: EventField?, next: UnsafeMutablePointer<Spelling>) -> Spelling {
    let shape = field.map(shape(of:)) ?? .other
    let quote = shape == .text ? "\"" : ""
    let bytes = field.map { Array("\"\($0.name)\":\(quote)".utf8) } ?? [UInt8](repeating: 0, count: 8)
    func word(_ at: Int, _ byte: (Int) -> UInt8) -> UInt64 {
      (at..<at + 8).reduce(0) { $0 | UInt64($1 < bytes.count ? byte($1) : 0) << UInt64(($1 - at) * 8) }
    }
    func text(_ at: Int) -> UInt64 { word(at) { bytes[$0] } }
    func mask(_ at: Int) -> UInt64 { word(at) { _ in 0xFF } }
    return Spelling(
      first: text(0), firstMask: mask(0), second: text(8), secondMask: mask(8), third: text(16),
      thirdMask: mask(16), fourth: text(24), fourthMask: mask(24), next: next,
      field: field?.index ?? fieldCount, count: bytes.count, isText: shape == .text, shape: shape)
  }

  private static func shape(of field: EventField) -> Shape {
    if EventField.quotas.contains(field) { return .other }
    return switch field.shape {
    case .text: .text
    case .count: .count
    case .decimal: .amount
    case .currency: .currency
    case .object: .object
    case .time: field == .time ? .time : .other
    case .word: field == .status ? .status : .other
    }
  }
}
