//! Names of fields that are not ours. A sender writes the same few in every line, and to judge one is to compare it with
//! all of ours, which takes longer than to parse a line. So each name is judged once for each sort of value, and lines
//! that have nothing else to them stay plain (`PlainLine+Foreign.swift`).
//!
//! A name is known by its bytes as they stand in a line, escapes and all. What is known of names has a bound; when there
//! are too many, all but the counts is forgotten, and names are judged anew as they come.

package import Bytes

/// What is known of names that are not ours, and how often fields under them were dropped.
///
/// A parser and a reader of plain lines share it, so it is an object; its tables are plain memory, because both look
/// into them for every field.
package final class ForeignNames {
  /// The number of a name that is not remembered.
  static let unknown = -1
  /// With its quotes and its colon: so much can be read from where any name begins (`PlainLine`).
  static let spellingSizeBytesMax = 64

  private static let namesMax = 1024
  private static let nameSizeBytesMax = 56
  /// Names that are counted each; all others are counted together.
  private static let countedNamesMax = 1000
  /// A power of two, twice as many as there are names.
  private static let slotCount = 2048

  /// What is known of a name.
  struct Entry {
    var hash: UInt64
    /// Of the name without quotes, in bytes.
    var count: Int
    /// Whether the configuration wants its fields kept.
    var isKept: Bool
    /// The bits of the sorts of values with which it is harmless.
    var harmless: UInt8 = 0
    /// The number of the name that stood behind it last, or `unknown`.
    var next = ForeignNames.unknown
    /// Fields that were dropped since `counts` was made up.
    var dropCount: UInt64 = 0
  }

  /// In canonical spelling.
  private let keptFields: Set<[UInt8]>
  let entries: UnsafeMutablePointer<Entry>
  /// `"name":` of each, `spellingSizeBytesMax` bytes apart, zeros behind it.
  let spellings: UnsafeMutableRawPointer
  /// By hash: the number of a name and 1; 0 is empty.
  private let slots: UnsafeMutablePointer<UInt16>
  /// The number of the name that stood last behind each of our fields, and at the beginning, or `unknown`.
  let expected: UnsafeMutablePointer<Int>
  private static let expectedCount = EventField.allCases.count + 1
  private(set) var count = 0
  /// Of names that are not harmless, by number and sort of value.
  private var refusals: [Int: ForeignField.Verdict] = [:]
  /// The numbers of names that were dropped, in the order of their first time.
  private var dropped: [Int] = []
  private var counts: [ByteText: UInt64] = [:]

  init(keptFields: [String]) {
    self.keptFields = Set(
      keptFields.map { name in
        var key = ByteWriter(capacity: name.utf8.count)
        CanonicalText.append(plain: name, to: &key)
        return key.array
      })
    entries = .allocate(capacity: Self.namesMax)
    spellings = .allocate(byteCount: Self.namesMax * Self.spellingSizeBytesMax, alignment: 8)
    slots = .allocate(capacity: Self.slotCount)
    slots.initialize(repeating: 0, count: Self.slotCount)
    expected = .allocate(capacity: Self.expectedCount)
    expected.initialize(repeating: Self.unknown, count: Self.expectedCount)
  }

  deinit {
    entries.deallocate()
    spellings.deallocate()
    slots.deallocate()
    expected.deallocate()
  }

  /// Starts a line of the parser: numbers of names hold until the next one.
  func begin() {
    if count == Self.namesMax { forget() }
  }

  /// The number of `name`, or `unknown`.
  func known(_ name: RawSpan, hash: UInt64) -> Int {
    var slot = Self.slot(hash)
    while slots[slot] != 0 {
      let number = Int(slots[slot]) &- 1
      if entries[number].hash == hash, isName(number, name) { return number }
      slot = (slot &+ 1) & (Self.slotCount &- 1)
    }
    return Self.unknown
  }

  private static func slot(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & (slotCount &- 1) }

  private func isName(_ number: Int, _ name: RawSpan) -> Bool {
    name.byteCount == entries[number].count && withName(number) { ByteOrder.isEqual(name, $0) }
  }

  private func withName<R>(_ number: Int, _ body: (RawSpan) -> R) -> R {
    // In bounds: behind the quote stand `count` bytes.
    let start = spellings + number * Self.spellingSizeBytesMax + 1
    return body(RawSpan(_unsafeStart: start, byteCount: entries[number].count))
  }

  /// The number of the name `line[key]`, which is remembered if there is room; `unknown` if there is none.
  func number(of line: RawSpan, _ key: Range<Int>) -> Int {
    if key.count > Self.nameSizeBytesMax { return Self.unknown }
    let name = line.extracting(key)
    let hash = TableHash.hash(name)
    let known = known(name, hash: hash)
    if known != Self.unknown || count == Self.namesMax { return known }
    add(name, hash, isKept: wantsKept(line, key))
    return count &- 1
  }

  private func add(_ name: RawSpan, _ hash: UInt64, isKept: Bool) {
    (entries + count).initialize(to: Entry(hash: hash, count: name.byteCount, isKept: isKept))
    let size = Self.spellingSizeBytesMax
    let spelling = UnsafeMutableRawBufferPointer(start: spellings + count * size, count: size)
    spelling.initializeMemory(as: UInt8.self, repeating: 0)
    // In bounds: a name of `nameSizeBytesMax` bytes, its quotes and its colon are less than a spelling may be.
    spelling[0] = UInt8(ascii: "\"")
    name.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: spelling[1...]).copyMemory(from: $0) }
    spelling[name.byteCount + 1] = UInt8(ascii: "\"")
    spelling[name.byteCount + 2] = UInt8(ascii: ":")
    var slot = Self.slot(hash)
    while slots[slot] != 0 { slot = (slot &+ 1) & (Self.slotCount &- 1) }
    count += 1
    slots[slot] = UInt16(count)
  }

  /// Whether the configuration wants fields of this name kept.
  func isKept(_ number: Int, _ line: RawSpan, _ key: Range<Int>) -> Bool {
    number == Self.unknown ? wantsKept(line, key) : entries[number].isKept
  }

  private func wantsKept(_ line: RawSpan, _ key: Range<Int>) -> Bool {
    !keptFields.isEmpty && keptFields.contains(CanonicalText.array(line, key))
  }

  /// What the name means for its line with this sort of value.
  func verdict(
    _ number: Int, _ line: RawSpan, _ key: Range<Int>, _ value: ForeignField.Value
  ) -> ForeignField.Verdict {
    let isKnown = number != Self.unknown
    if isKnown, entries[number].harmless & value.bit != 0 { return .harmless }
    let place = number &* 8 &+ Int(value.rawValue)
    if isKnown, let refusal = refusals[place] { return refusal }
    let verdict = ForeignField.verdict(CanonicalText.plain(CanonicalText.array(line, key)), value)
    if !isKnown { return verdict }
    if case .harmless = verdict {
      entries[number].harmless |= value.bit
    } else {
      refusals[place] = verdict
    }
    return verdict
  }

  /// Counts a field of a remembered name that was dropped.
  @inline(__always)
  package func drop(_ number: Int) {
    if entries[number].dropCount == 0 { dropped.append(number) }
    entries[number].dropCount &+= 1
  }

  /// Counts a field of a name that is not remembered.
  func drop(name: String) {
    settle()
    Self.add(1, ByteText(name), to: &counts)
  }

  /// How often fields were dropped, by name as it stands in lines.
  package var dropCounts: [ByteText: UInt64] {
    var counts = counts
    for number in dropped {
      let name = withName(number) { $0.text(0..<$0.byteCount) }
      Self.add(entries[number].dropCount, ByteText(name), to: &counts)
    }
    return counts
  }

  private static func add(_ count: UInt64, _ name: ByteText, to counts: inout [ByteText: UInt64]) {
    let isOther = counts.count >= countedNamesMax && counts[name] == nil
    counts[isOther ? "(other names)" : name, default: 0] += count
  }

  /// Makes the counts up, so that the next name is counted behind those that came before it.
  private func settle() {
    counts = dropCounts
    for number in dropped { entries[number].dropCount = 0 }
    dropped.removeAll(keepingCapacity: true)
  }

  private func forget() {
    settle()
    refusals.removeAll()
    count = 0
    slots.update(repeating: 0, count: Self.slotCount)
    expected.update(repeating: Self.unknown, count: Self.expectedCount)
  }
}
