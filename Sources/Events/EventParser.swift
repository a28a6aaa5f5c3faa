//! Bytes of one JSON line → one event, in a single pass without allocation.
//!
//! 1. The line is checked as UTF-8, then read as one flat object; each key is looked up in the field table.
//! 2. Texts stay where they are; one with escapes is rewritten canonically into scratch memory.
//! 3. Unknown keys are checked as JSON and remembered by name, so that the caller can count them, keep the
//!    configured ones as metadata, or refuse misspelt usage fields.
//! 4. `EventRules` then looks at the whole: what is missing, out of range or contradictory.
//!
//! The same parser reads input and our own segments; for segments the rules were checked when they were written.

package import Bytes
import Money

/// Parses lines; keeps its memory between them.
package struct EventParser: ~Copyable {
  /// What the lines are.
  package enum Mode: Sendable {
    /// Lines from outside: every rule holds.
    case input
    /// Our own canonical lines.
    case stored
  }

  /// The event of the last line parsed.
  package internal(set) var event = Event()
  /// Memory behind the slices marked as scratch.
  package internal(set) var scratch = ByteWriter(capacity: 4096)
  /// Names of fields of the last line that were dropped: ranges of the line.
  package var dropped: [Range<Int>] { droppedFields.map(\.name) }
  /// Whether fields of the last line were dropped.
  package var hasDropped: Bool { !droppedFields.isEmpty }
  /// The same with the numbers of their names.
  private var droppedFields: [(name: Range<Int>, number: Int)] = []
  /// The bytes from the first to the last of the fields that key a rollup row (`period` to `project`), for lines
  /// in canonical order: equal bytes mean equal dimensions.
  package private(set) var keyRange: Range<Int> = 0..<0

  private let mode: Mode
  private let fields = FieldTable()
  private var plan = KeyPlan()
  /// What is known of names that are not ours; nil for stored lines, in which there are none to judge.
  package let names: ForeignNames?
  private var objects = ObjectParser()
  /// Other words for a field of ours, which only matter when the line lacks that field.
  private var suspects: [(EventField, EventFault)] = []
  private var keptScalars: [ObjectParser.Pair] = []

  /// A parser.
  ///
  /// - Parameters:
  ///   - mode: what the lines are.
  ///   - keptFields: names of unknown fields whose scalar values are kept as `metadata`.
  package init(_ mode: Mode, keptFields: [String] = []) {
    self.mode = mode
    names = mode == .input ? ForeignNames(keptFields: keptFields) : nil
  }

  /// Parses one line (without its line end) into `event`.
  ///
  /// - Parameter now: the latest time that makes sense is a day after it.
  package mutating func parse(_ line: RawSpan, now: Int64 = .max) throws(EventFault) {
    event = Event()
    scratch.removeAll()
    droppedFields.removeAll(keepingCapacity: true)
    names?.begin()
    keptScalars.removeAll(keepingCapacity: true)
    suspects.removeAll(keepingCapacity: true)
    keyRange = 0..<0
    plan.begin()
    guard mode == .stored || line.byteCount <= EventFault.lineSizeBytesMax else {
      throw EventFault("line is \(line.byteCount) bytes: the most is \(EventFault.lineSizeBytesMax)")
    }
    try JSONScanner.checkUTF8(line)
    try readObject(line)
    if mode == .input {
      try finishMetadata()
      for (field, fault) in suspects where !event.has(field) { throw fault }
      try checkIdSize(line)
      try EventRules.check(event, now: now)
    }
  }

  private mutating func readObject(_ line: RawSpan) throws(EventFault) {
    var at = JSONScanner.skipSpace(line, 0)
    guard at < line.byteCount, JSONScanner.byte(line, at) == UInt8(ascii: "{") else {
      throw EventFault(
        "not a JSON object: a line is one event, such as {\"model\":\"gpt-5\",\"input_tokens\":12}")
    }
    let first = JSONScanner.skipSpace(line, at &+ 1)
    if first < line.byteCount, JSONScanner.byte(line, first) == UInt8(ascii: "}") {
      return try checkEnd(line, first &+ 1)
    }
    while true {
      // `at` is the opening brace or the comma before the member.
      at = try readMember(line, at)
      if at < line.byteCount, JSONScanner.byte(line, at) == UInt8(ascii: ",") { continue }
      let next = JSONScanner.skipSpace(line, at)
      guard next < line.byteCount else { throw .notJSON("the line ends too early", at: next) }
      if JSONScanner.byte(line, next) == UInt8(ascii: "}") { return try checkEnd(line, next &+ 1) }
      at = try JSONScanner.expect(",", line, next) &- 1
    }
  }

  /// Reads the member behind the brace or comma at `from`; returns its end.
  @inline(__always)
  private mutating func readMember(_ line: RawSpan, _ from: Int) throws(EventFault) -> Int {
    if let (field, value) = plan.guess(line, from &+ 1) {
      let byte = JSONScanner.byte(line, value)
      if byte > 0x20 {
        plan.note(field)
        let end = try readField(field, line, value)
        noteKey(field, from &+ 1, end)
        return end
      }
    }
    return try readOtherMember(line, from)
  }

  /// The same for a member that was not expected here, or has spaces.
  private mutating func readOtherMember(_ line: RawSpan, _ from: Int) throws(EventFault) -> Int {
    var key = from &+ 2
    if from &+ 1 >= line.byteCount || JSONScanner.byte(line, from &+ 1) != UInt8(ascii: "\"") {
      key = try JSONScanner.expect("\"", line, from &+ 1)
    }
    let (keyEnd, isEscaped) = try JSONScanner.stringEnd(line, key)
    var at = keyEnd &+ 2
    if keyEnd &+ 1 >= line.byteCount || JSONScanner.byte(line, keyEnd &+ 1) != UInt8(ascii: ":") {
      at = try JSONScanner.expect(":", line, keyEnd &+ 1)
    }
    let value = JSONScanner.skipSpace(line, at)
    guard value < line.byteCount else { throw .notJSON("the line ends too early", at: value) }
    guard let field = isEscaped ? escapedField(line, key..<keyEnd) : fields.field(line, key, keyEnd) else {
      return try readUnknown(key..<keyEnd, line, value)
    }
    plan.note(field)
    let end = try readField(field, line, value)
    noteKey(field, key &- 1, end)
    return end
  }

  /// The field of a key with escapes: `mod\u0065l` is `model`.
  private func escapedField(_ line: RawSpan, _ key: Range<Int>) -> EventField? {
    let name = CanonicalText.array(line, key)
    return fields.field(name.span.bytes, 0, name.count)
  }

  private mutating func checkEnd(_ line: RawSpan, _ at: Int) throws(EventFault) {
    if at == line.byteCount { return }
    let at = JSONScanner.skipSpace(line, at)
    if at != line.byteCount { throw .notJSON("something follows the object", at: at) }
  }

  private mutating func noteKey(_ field: EventField, _ start: Int, _ end: Int) {
    guard field.rawValue >= EventField.period.rawValue, field.rawValue <= EventField.project.rawValue else {
      return
    }
    keyRange = keyRange.isEmpty ? start..<end : keyRange.lowerBound..<end
  }

  /// Reads the value of a known field at `at`; returns its end.
  private mutating func readField(
    _ field: EventField, _ line: RawSpan, _ at: Int
  ) throws(EventFault) -> Int {
    if event.present & field.bit != 0 { throw EventFault("\(field.name) is there twice") }
    let first = JSONScanner.byte(line, at)
    if first == UInt8(ascii: "n") {
      return try JSONScanner.wordEnd("null", line, at)
    }
    switch field.shape {
    case .text: return try readText(field, line, at)
    case .count: return try readCount(field, line, at)
    case .time: return try readTime(field, line, at)
    case .word: return try readWord(field, line, at)
    case .decimal: return try readDecimal(field, line, at)
    case .currency: return try readCurrency(line, at)
    case .object: return try readObjectField(field, line, at)
    }
  }

  private mutating func readObjectField(
    _ field: EventField, _ line: RawSpan, _ at: Int
  ) throws(EventFault) -> Int {
    if mode == .stored {
      let end = try JSONScanner.valueEnd(line, at)
      let slice = TextSlice(start: at, count: end - at, isScratch: false)
      if field == .tags { event.tags = slice } else { event.metadata = slice }
      event.present |= field.bit
      return end
    }
    let end = try objects.read(field, line, at)
    if field == .metadata {
      guard let names else { return end }
      for entry in objects.entries {
        let number = names.number(of: line, entry.key)
        if !keep(entry, number, line, names) { droppedFields.append((entry.key, number)) }
      }
      return end
    }
    if !objects.entries.isEmpty {
      var pairs = objects.entries.map { ObjectParser.Pair($0, line) }
      event.tags = try ObjectParser.write(&pairs, .tags, to: &scratch)
      if event.tags.count > EventFault.tagsSizeBytesMax {
        throw EventFault("tags is \(event.tags.count) bytes: the most is \(EventFault.tagsSizeBytesMax)")
      }
      event.present |= EventField.tags.bit
    }
    return end
  }

  /// Reads past the value of an unknown key: keeps it when the configuration says so, refuses what looks like a
  /// usage field under another name, otherwise drops it and remembers the name.
  private mutating func readUnknown(
    _ key: Range<Int>, _ line: RawSpan, _ at: Int
  ) throws(EventFault) -> Int {
    let end = try JSONScanner.valueEnd(line, at)
    guard let names else { return end }
    let number = names.number(of: line, key)
    let entry = ObjectParser.Entry(key: key, value: at..<end, first: JSONScanner.byte(line, at))
    if keep(entry, number, line, names) { return end }
    switch names.verdict(number, line, key, ForeignField.Value(line, at)) {
    case .harmless: break
    case .refused(let fault): throw fault
    case .refusedWithout(let field, let fault): suspects.append((field, fault))
    }
    droppedFields.append((key, number))
    return end
  }

  /// Counts the dropped fields of the last line, `line`, by their names.
  package func countDropped(_ line: RawSpan) {
    for (name, number) in droppedFields {
      if number == ForeignNames.unknown { names?.drop(name: line.text(name)) } else { names?.drop(number) }
    }
  }

  /// Keeps an unknown field as metadata when the configuration names it and its value is a scalar of a size that
  /// no prompt has; an empty text is absent.
  private mutating func keep(
    _ entry: ObjectParser.Entry, _ number: Int, _ line: RawSpan, _ names: ForeignNames
  ) -> Bool {
    guard entry.isScalar, names.isKept(number, line, entry.key) else { return false }
    let pair = ObjectParser.Pair(entry, line)
    if pair.valueSizeBytes > EventFault.textSizeBytesMax { return false }
    if pair.valueSizeBytes > 0 { keptScalars.append(pair) }
    return true
  }

  private mutating func finishMetadata() throws(EventFault) {
    if keptScalars.isEmpty { return }
    event.metadata = try ObjectParser.write(&keptScalars, .metadata, to: &scratch)
    event.present |= EventField.metadata.bit
  }

  /// A stored id carries its namespace in front, which does not count: what was accepted once is accepted again.
  private func checkIdSize(_ line: RawSpan) throws(EventFault) {
    guard event.text(.id).count > EventFault.textSizeBytesMax else { return }
    let id = bytes(.id, line)
    var size = id.count
    for field in event.has(.source) ? [EventField.source, .provider] : [] where event.has(field) {
      let namespace = bytes(field, line) + [UInt8(ascii: ":")]
      if id.starts(with: namespace) { size = min(size, id.count - namespace.count) }
    }
    if size > EventFault.textSizeBytesMax {
      throw EventFault("id is \(size) bytes: the most is \(EventFault.textSizeBytesMax)")
    }
  }

  /// The canonical text of a field of the event that was parsed from `line`; empty when absent.
  package func bytes(_ field: EventField, _ line: RawSpan) -> [UInt8] {
    let slice = event.text(field)
    return slice.isScratch ? scratch.withBytes { $0.array(slice.range) } : line.array(slice.range)
  }
}

extension RawSpan {
  /// The bytes of `range` as text; bytes that are no UTF-8 (a cut in the middle) become U+FFFD.
  package func text(_ range: Range<Int>) -> String {
    extracting(range).withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
  }

  /// A copy of the bytes of `range`.
  package func array(_ range: Range<Int>) -> [UInt8] {
    extracting(range).withUnsafeBytes { [UInt8]($0) }
  }

  /// Whether these bytes are the UTF-8 of `text`.
  func isEqual(_ text: String) -> Bool {
    guard byteCount == text.utf8.count else { return false }
    return withUnsafeBytes { $0.elementsEqual(text.utf8) }
  }
}
