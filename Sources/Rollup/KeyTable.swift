//! The parts of a row's key, as small numbers. In a canonical line the fields from `period` to `project` stand
//! together, so one hash of those bytes finds a *combination* of dimensions; only a new one is taken apart.

import Bytes
import Events
import Money

/// The distinct keys of one day.
struct KeyTable: ~Copyable {
  /// What a combination stands for: numbers of texts, -1 when absent.
  struct Combination: Hashable {
    var kind: EventKind
    var period: EventPeriod
    var texts: [Int32]
  }

  let tags: [String]
  private let tagNames: [[UInt8]]
  private var runs = ByteInterner(slots: 1024)
  /// The combination of each run of bytes.
  private var combinationOfRun: [Int32] = []
  private var numbers: [Combination: Int32] = [:]
  private(set) var combinations: [Combination] = []
  /// The texts of all dimensions, as canonical JSON spells them.
  private(set) var texts = ByteInterner(slots: 1024)
  private(set) var sessions = ByteInterner(slots: 1024)
  /// The values of the configured tags, one list a distinct tuple; number 0 has none.
  private(set) var tagTuples: [[Int32]]
  private var tagNumbers: [[Int32]: Int32] = [:]
  /// Reported currencies; number 0 is none.
  private(set) var currencies: [Currency?] = [nil]

  init(tags: [String]) {
    self.tags = tags
    tagNames = tags.map { JSONText.bytes($0) }
    tagTuples = [[Int32](repeating: -1, count: tags.count)]
    tagNumbers[tagTuples[0]] = 0
  }

  /// The number of the event's combination.
  mutating func combination(_ parser: borrowing EventParser, _ line: RawSpan) -> Int32 {
    let (run, isNew) = runs.intern(line.extracting(parser.keyRange))
    if !isNew { return combinationOfRun[run] }
    let number = resolve(parser, line)
    combinationOfRun.append(number)
    return number
  }

  private mutating func resolve(_ parser: borrowing EventParser, _ line: RawSpan) -> Int32 {
    let event = parser.event
    var combination = Combination(kind: event.kind, period: event.period, texts: [])
    for field in RollupSchema.dimensions {
      let slice = event.text(field)
      if slice.isEmpty {
        combination.texts.append(-1)
      } else if slice.isScratch {
        parser.scratch.withBytes { combination.texts.append(intern($0.extracting(slice.range))) }
      } else {
        combination.texts.append(intern(line.extracting(slice.range)))
      }
    }
    if let known = numbers[combination] { return known }
    let number = Int32(combinations.count)
    numbers[combination] = number
    combinations.append(combination)
    return number
  }

  private mutating func intern(_ text: RawSpan) -> Int32 { Int32(texts.intern(text).number) }

  /// The number of the event's session; -1 when it has none.
  mutating func session(_ parser: borrowing EventParser, _ line: RawSpan) -> Int32 {
    let slice = parser.event.text(.session)
    if slice.isEmpty { return -1 }
    if slice.isScratch {
      return parser.scratch.withBytes { Int32(sessions.intern($0.extracting(slice.range)).number) }
    }
    return Int32(sessions.intern(line.extracting(slice.range)).number)
  }

  /// The number of the event's reported currency.
  mutating func currency(_ event: Event) -> Int32 {
    guard event.has(.cost), let currency = event.currency else { return 0 }
    if let known = currencies.firstIndex(of: currency) { return Int32(known) }
    currencies.append(currency)
    return Int32(currencies.count - 1)
  }

  /// The number of the event's values of the configured tags.
  mutating func tagTuple(_ parser: borrowing EventParser, _ line: RawSpan) -> Int32 {
    let slice = parser.event.tags
    if tags.isEmpty || slice.isEmpty { return 0 }
    var tuple = [Int32](repeating: -1, count: tags.count)
    let object = line.extracting(slice.range)
    CanonicalObject.forEachText(object) { key, value in
      for (index, name) in tagNames.enumerated() {
        if ByteOrder.isEqual(name.span.bytes, key) { tuple[index] = Int32(texts.intern(value).number) }
      }
    }
    if let known = tagNumbers[tuple] { return known }
    let number = Int32(tagTuples.count)
    tagNumbers[tuple] = number
    tagTuples.append(tuple)
    return number
  }
}
