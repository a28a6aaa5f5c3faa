package import Bytes
package import Events
import Money

/// What a log tells of one use, in the event's own words, before it is written as a line.
///
/// Counters are disjoint: whoever fills it in has taken the cached part out of the input.
package struct EventDraft: Equatable, Sendable {
  /// By `EventField.rawValue`; empty when absent.
  private var texts: [String] = Array(repeating: "", count: EventField.allCases.count)
  /// By `EventField.rawValue`; nil when absent.
  private var numbers: [Int64?] = Array(repeating: nil, count: EventField.allCases.count)
  /// Pico-units.
  package var cost: Int128?
  /// Pico-units.
  package var credits: Int128?
  /// Cost allocation; never what a person wrote to a model.
  package var tags: [(key: String, value: String)] = []
  /// What the field list has no name for and is worth keeping: short words that the adapter picks.
  package var metadata: [(key: String, value: String)] = []

  package init() {}

  /// A text, a word such as `status`, or a currency; nil and empty are absent.
  package subscript(text field: EventField) -> String? {
    get { texts[Int(field.rawValue)].isEmpty ? nil : texts[Int(field.rawValue)] }
    set { texts[Int(field.rawValue)] = newValue ?? "" }
  }

  /// A count, or a time in milliseconds since 1970.
  package subscript(field: EventField) -> Int64? {
    get { numbers[Int(field.rawValue)] }
    set { numbers[Int(field.rawValue)] = newValue }
  }

  /// Milliseconds since 1970, UTC.
  package var time: Int64? {
    get { self[.time] }
    set { self[.time] = newValue }
  }

  /// What the source calls this use, without its namespace; empty when it has no name for it.
  package var id: String {
    get { texts[Int(EventField.id.rawValue)] }
    set { texts[Int(EventField.id.rawValue)] = newValue }
  }

  /// What a use costs, in dollars unless said otherwise.
  package mutating func setCost(_ pico: Int128?, _ currency: String = "USD") {
    cost = pico
    self[text: .currency] = pico == nil ? nil : currency
  }

  /// Adds to a counter.
  package mutating func add(_ count: Int64, to field: EventField) throws(Misread) {
    let (sum, isOverflow) = (self[field] ?? 0).addingReportingOverflow(count)
    if isOverflow { throw Misread("\(field.name) is too large") }
    self[field] = sum
  }

  /// The counters that tell a later snapshot of one use from an earlier one.
  package var weight: Int64 {
    EventField.weighed.reduce(0) { $0 &+ (self[$1] ?? 0) }
  }

  package static func == (a: Self, b: Self) -> Bool { a.line == b.line }

  /// The event's line without a line feed.
  package var line: [UInt8] {
    var output = ByteWriter(capacity: 512)
    write(to: &output)
    return output.array
  }

  /// Appends the event's line without a line feed: keys in canonical order, counters that are 0 left out, except that
  /// a use of nothing else says its requests.
  package func write(to output: inout ByteWriter) {
    var fields = ByteWriter(capacity: 512)
    for field in EventField.allCases { write(field, to: &fields) }
    output.append(UInt8(ascii: "{"))
    fields.withBytes { output.append($0) }
    output.append(UInt8(ascii: "}"))
  }

  private func write(_ field: EventField, to output: inout ByteWriter) {
    switch field {
    case .cost: writeAmount(field, cost, &output)
    case .credits: writeAmount(field, credits == 0 ? nil : credits, &output)
    case .tags: writeObject(field, tags, &output)
    case .metadata: writeObject(field, metadata, &output)
    case .requests: if let count = self[field] ?? (isBare ? 1 : nil) { writeNumber(field, count, &output) }
    case .time, .resetsAt:
      // An instant that has no text stays a number, which whoever reads the line refuses.
      guard let time = self[field] else { return }
      guard Timestamp.range.contains(time) else { return writeNumber(field, time, &output) }
      writeText(field, Timestamp.text(time), &output)
    default:
      if let text = self[text: field] { writeText(field, text, &output) }
      if let count = self[field], count != 0 || EventField.quotas.contains(field) {
        writeNumber(field, count, &output)
      }
    }
  }

  /// Whether nothing but its being there tells of the use.
  private var isBare: Bool {
    self[text: .kind] == nil && cost == nil && (credits ?? 0) == 0
      && EventField.weighed.allSatisfy { (self[$0] ?? 0) == 0 }
  }

  private func writeKey(_ field: EventField, _ output: inout ByteWriter) {
    if !output.isEmpty { output.append(UInt8(ascii: ",")) }
    output.append(UInt8(ascii: "\""))
    output.append(field.name)
    output.append("\":")
  }

  private func writeText(_ field: EventField, _ text: String, _ output: inout ByteWriter) {
    writeKey(field, &output)
    output.append(UInt8(ascii: "\""))
    JSONText.append(text, to: &output)
    output.append(UInt8(ascii: "\""))
  }

  private func writeNumber(_ field: EventField, _ number: Int64, _ output: inout ByteWriter) {
    writeKey(field, &output)
    output.append(decimal: number)
  }

  private func writeAmount(_ field: EventField, _ pico: Int128?, _ output: inout ByteWriter) {
    guard let pico else { return }
    writeKey(field, &output)
    output.append(UInt8(ascii: "\""))
    Decimal.append(pico, to: &output)
    output.append(UInt8(ascii: "\""))
  }

  private func writeObject(
    _ field: EventField, _ pairs: [(key: String, value: String)], _ output: inout ByteWriter
  ) {
    if pairs.isEmpty { return }
    writeKey(field, &output)
    for (index, pair) in pairs.sorted(by: { $0.key < $1.key }).enumerated() {
      output.append(index == 0 ? "{\"" : ",\"")
      JSONText.append(pair.key, to: &output)
      output.append("\":\"")
      JSONText.append(pair.value, to: &output)
      output.append(UInt8(ascii: "\""))
    }
    output.append(UInt8(ascii: "}"))
  }
}
