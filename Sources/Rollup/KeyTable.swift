//! The parts of a row's key, as small numbers. In a canonical line the fields from `period` to `project` stand
//! together, so one hash of those bytes finds a *combination* of dimensions; only a new one is taken apart. Should two
//! different runs of bytes mean the same, `KeyOrder` gives them one rank.
//!
//! Lookups are gathered (`InternBatch`), so the processor waits for many at a time. Hashes that are not stored are
//! `TableHash`. A new key is put together from three parts that are rarely new (`KeyRun`).

import Bytes
import Events
import Money

/// The keys of one day.
struct KeyTable: ~Copyable, Sendable {
  /// What keys a row besides its minute or session.
  struct Key: Hashable {
    var combination: Int32
    /// Number of a tuple of tag values; 0 has none.
    var tags: Int32
    /// Number of a reported currency; 0 is none.
    var currency: Int32
    /// Number of the currency of the computed cost; 0 while there is none.
    var computed: Int32 = 0
  }

  let tags: [String]
  private let tagNames: [[UInt8]]
  private var runs = ByteInterner(slots: 1 << 12)
  /// The key of each run of bytes, without tags and currency.
  private var keyOfRun = Column<Int32>()
  /// The parts of runs, and the numbers of each part's texts from where it says on.
  private var parts = ByteInterner()
  private var partStarts = Column<Int>()
  private var partTexts = Column<Int32>()
  /// Kind and period of each combination.
  private(set) var kinds = Column<EventKind>()
  private(set) var periods = Column<EventPeriod>()
  /// The numbers of each combination's texts, -1 where absent, in the order of `RollupSchema.dimensions`.
  private(set) var combinationTexts = Column<Int32>()
  private(set) var keys: [Key] = []
  /// The numbers of keys with tags or a currency.
  private var keyNumbers: [Key: Int32] = [:]
  /// The texts of all dimensions, as canonical JSON spells them.
  private(set) var texts = ByteInterner(slots: 1024)
  private(set) var sessions = ByteInterner(slots: 1 << 12)
  /// The values of the configured tags, one list a distinct tuple; number 0 has none.
  private(set) var tagTuples: [[Int32]]
  private var tagNumbers: [[Int32]: Int32] = [:]
  /// Currencies; number 0 is none.
  private(set) var currencies: [Currency?] = [nil]

  init(tags: [String]) {
    self.tags = tags
    tagNames = tags.map { JSONText.bytes($0) }
    tagTuples = [[Int32](repeating: -1, count: tags.count)]
    tagNumbers[tagTuples[0]] = 0
  }

  /// Whether the key of a plain line is no more than its run of bytes.
  @inline(__always)
  func isRun(_ plain: borrowing PlainLine) -> Bool {
    (tags.isEmpty || !plain.has(.tags)) && !plain.has(.cost)
  }

  /// The number of a plain line's key.
  mutating func key(_ plain: borrowing PlainLine, _ line: RawSpan) -> Int32 {
    let bytes = line.extracting(plain.keyRange)
    let (run, isNew) = runs.intern(bytes)
    if isNew { addRun(bytes, KeyRun(plain, from: plain.keyRange.lowerBound)) }
    let base = keyOfRun[run]
    if isRun(plain) { return base }
    return key(
      base, tags: plain.has(.tags) ? line.extracting(plain.text(.tags)) : RawSpan(),
      currency: plain.has(.cost) ? plain.currency : nil)
  }

  /// Finds the keys of a batch of plain lines.
  mutating func resolve(_ batch: inout InternBatch, _ found: (Int, Int32) -> Void) {
    runs.intern(batch)
    for entry in batch.entries {
      if entry.isNew { addRun(RawSpan(_unsafeBytes: entry.bytes), entry.run) }
      found(Int(entry.row), keyOfRun[entry.number])
    }
    batch.removeAll()
  }

  /// Finds the sessions of a batch.
  mutating func resolveSessions(_ batch: inout InternBatch, _ found: (Int, Int32) -> Void) {
    sessions.intern(batch)
    for entry in batch.entries { found(Int(entry.row), Int32(truncatingIfNeeded: entry.number)) }
    batch.removeAll()
  }

  private mutating func addRun(_ bytes: RawSpan, _ run: KeyRun) {
    addCombination(.usage, .instant)
    for (part, dimensions) in KeyRun.parts.enumerated() {
      let range = run.range(part, count: bytes.byteCount)
      let start = range.isEmpty ? nil : textsOfPart(bytes.extracting(range), dimensions)
      for place in 0..<dimensions.count { combinationTexts.append(start.map { partTexts[$0 + place] } ?? -1) }
    }
  }

  /// Where the numbers of a part's texts are.
  private mutating func textsOfPart(_ bytes: RawSpan, _ dimensions: Range<Int>) -> Int {
    let (number, isNew) = parts.intern(bytes)
    if !isNew { return partStarts[number] }
    let start = partTexts.count
    partStarts.append(start)
    for _ in dimensions { partTexts.append(-1) }
    KeyRun.forEachText(bytes) { dimension, text in
      partTexts[start + dimension - dimensions.lowerBound] = intern(bytes.extracting(text))
    }
    return start
  }

  /// The number of a parsed line's key.
  mutating func key(_ parser: borrowing EventParser, _ line: RawSpan) -> Int32 {
    let event = parser.event
    let (run, isNew) = runs.intern(line.extracting(parser.keyRange))
    if isNew {
      addCombination(event.kind, event.period)
      for field in RollupSchema.dimensions {
        let text = parser.bytes(field, line)
        combinationTexts.append(text.isEmpty ? -1 : intern(text.span.bytes))
      }
    }
    return key(
      keyOfRun[run], tags: line.extracting(event.tags.range),
      currency: event.has(.cost) ? event.currency : nil)
  }

  private mutating func addCombination(_ kind: EventKind, _ period: EventPeriod) {
    let combination = Int32(kinds.count)
    kinds.append(kind)
    periods.append(period)
    keyOfRun.append(Int32(keys.count))
    keys.append(Key(combination: combination, tags: 0, currency: 0))
  }

  private mutating func number(_ key: Key) -> Int32 {
    if let known = keyNumbers[key] { return known }
    let number = Int32(keys.count)
    keyNumbers[key] = number
    keys.append(key)
    return number
  }

  private mutating func intern(_ text: RawSpan) -> Int32 { Int32(texts.intern(text).number) }

  /// The key with tags (a canonical object, or nothing) and a reported currency.
  private mutating func key(_ base: Int32, tags: RawSpan, currency: Currency?) -> Int32 {
    var key = keys[Int(base)]
    key.tags = tagTuple(tags)
    key.currency = number(currency)
    return key.tags == 0 && key.currency == 0 ? base : number(key)
  }

  /// Whether two keys mean the same; of plain lines they are then spelled alike.
  func areEqual(_ a: Int, _ b: Int) -> Bool {
    if a == b { return true }
    let (x, y) = (keys[a], keys[b])
    guard x.tags == y.tags, x.currency == y.currency, x.computed == y.computed else { return false }
    // Parts of a day that were read apart number their combinations apart.
    let (one, other) = (Int(x.combination), Int(y.combination))
    let width = RollupSchema.dimensions.count
    return kinds[one] == kinds[other] && periods[one] == periods[other]
      && (0..<width).allSatisfy {
        combinationTexts[one * width + $0] == combinationTexts[other * width + $0]
      }
  }

  /// The number of a currency.
  mutating func number(_ currency: Currency?) -> Int32 {
    if let known = currencies.firstIndex(of: currency) { return Int32(known) }
    currencies.append(currency)
    return Int32(currencies.count - 1)
  }

  /// Says in which currency the costs of a key's events are computed.
  mutating func setComputed(_ currency: Int32, ofKey key: Int) { keys[key].computed = currency }

  /// A key that differs from another in the currency of computed costs.
  mutating func addKey(like key: Int, computed currency: Int32) -> Int32 {
    keys.append(keys[key])
    keys[keys.count - 1].computed = currency
    return Int32(keys.count - 1)
  }

  private mutating func tagTuple(_ object: RawSpan) -> Int32 {
    if tags.isEmpty || object.byteCount == 0 { return 0 }
    var tuple = [Int32](repeating: -1, count: tags.count)
    CanonicalObject.forEachText(object) { key, value in
      for (index, name) in tagNames.enumerated() {
        if ByteOrder.isEqual(name.span.bytes, key) { tuple[index] = Int32(texts.intern(value).number) }
      }
    }
    return number(tuple)
  }

  private mutating func number(_ tuple: [Int32]) -> Int32 {
    if let known = tagNumbers[tuple] { return known }
    let number = Int32(tagTuples.count)
    tagNumbers[tuple] = number
    tagTuples.append(tuple)
    return number
  }

  /// The number of a session; -1 when there is none.
  @inline(__always)
  mutating func session(_ text: RawSpan) -> Int32 {
    text.byteCount == 0 ? -1 : Int32(truncatingIfNeeded: sessions.intern(text).number)
  }

  /// Takes in the keys and sessions of another table; returns what they are called here.
  mutating func absorb(_ other: borrowing KeyTable) -> (keys: [Int32], sessions: [Int32]) {
    let texts = texts.absorb(other.texts)
    func moved(_ number: Int32) -> Int32 { number < 0 ? -1 : texts[Int(number)] }
    let combinations = Int32(kinds.count)
    kinds.append(other.kinds)
    periods.append(other.periods)
    for text in other.combinationTexts.values { combinationTexts.append(moved(text)) }
    var tuples: [Int32] = []
    for tuple in other.tagTuples { tuples.append(number(tuple.map(moved))) }
    var currencies: [Int32] = []
    for currency in other.currencies { currencies.append(number(currency)) }
    let known = Int32(keys.count)
    for key in other.keys {
      keys.append(
        Key(
          combination: key.combination + combinations, tags: tuples[Int(key.tags)],
          currency: currencies[Int(key.currency)]))
    }
    return (other.keys.indices.map { Int32($0) + known }, sessions.absorb(other.sessions))
  }
}
