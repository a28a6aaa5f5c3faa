//! The values of known fields: each reader takes the place of a value, checks it, puts it into the event and returns
//! the value's end.

import Bytes
import Money

extension EventParser {
  mutating func readText(
    _ field: EventField, _ line: RawSpan, _ at: Int
  ) throws(EventFault) -> Int {
    guard JSONScanner.byte(line, at) == UInt8(ascii: "\"") else {
      throw EventFault("\(field.name) is \(try shown(line, at)): write it as a text in quotes")
    }
    let (end, hasEscapes) = try JSONScanner.stringEnd(line, at &+ 1)
    var slice = TextSlice(start: at &+ 1, count: end &- at &- 1, isScratch: false)
    if hasEscapes {
      let start = scratch.count
      CanonicalText.append(line, (at + 1)..<end, to: &scratch)
      slice = TextSlice(start: start, count: scratch.count - start, isScratch: true)
    }
    // How long an id may be is known only when its namespace is: see `checkIdSize`.
    if slice.count > EventFault.textSizeBytesMax, field != .id {
      throw EventFault("\(field.name) is \(slice.count) bytes: the most is \(EventFault.textSizeBytesMax)")
    }
    if slice.isEmpty {
    } else {
      event.texts[Event.textIndex(field)] = slice
      event.present |= field.bit
    }
    return end &+ 1
  }

  mutating func readCount(
    _ field: EventField, _ line: RawSpan, _ at: Int
  ) throws(EventFault) -> Int {
    let first = JSONScanner.byte(line, at)
    guard first == UInt8(ascii: "-") || first &- 48 < 10 else {
      let value = try shown(line, at)
      if first == UInt8(ascii: "\"") {
        throw EventFault("\(field.name) is \(value): write the number without quotes")
      }
      throw EventFault("\(field.name) is \(value): a count is a whole number")
    }
    let (end, isWhole) = try JSONScanner.numberEnd(line, at)
    if first == UInt8(ascii: "-") {
      throw EventFault("\(field.name) is \(try shown(line, at)): a count is 0 or more")
    }
    var digitsEnd = end
    if !isWhole {
      digitsEnd = try wholeEnd(field, line, at, end)
    }
    var value: Int64 = 0
    if digitsEnd &- at > 15 {
      throw EventFault("\(field.name) is \(try shown(line, at)): a count is at most \(EventFault.countMax)")
    }
    var index = at
    while index < digitsEnd {
      value = value &* 10 &+ Int64(JSONScanner.byte(line, index) &- 48)
      index &+= 1
    }
    if value > EventFault.countMax {
      throw EventFault("\(field.name) is \(value): a count is at most \(EventFault.countMax)")
    }
    if field == .revision {
      event.revision = value
    } else {
      event.setNumber(field, value)
    }
    event.present |= field.bit
    return end
  }

  /// The end of the whole part of `12.0`, which some languages print for 12; anything else is no count.
  func wholeEnd(
    _ field: EventField, _ line: RawSpan, _ start: Int, _ end: Int
  ) throws(EventFault) -> Int {
    var at = start
    while JSONScanner.byte(line, at) != UInt8(ascii: ".") {
      if JSONScanner.byte(line, at) | 0x20 == UInt8(ascii: "e") { break }
      at += 1
    }
    for index in (at + 1)..<end where JSONScanner.byte(line, index) != 48 {
      if (at..<end).contains(where: { JSONScanner.byte(line, $0) | 0x20 == UInt8(ascii: "e") }) {
        throw EventFault("\(field.name) is \(try shown(line, start)): write the number without an exponent")
      }
      throw EventFault("\(field.name) is \(try shown(line, start)): a count is a whole number")
    }
    return at
  }

  mutating func readTime(
    _ field: EventField, _ line: RawSpan, _ at: Int
  ) throws(EventFault) -> Int {
    let end: Int
    let time: Int64
    if JSONScanner.byte(line, at) == UInt8(ascii: "\"") {
      end = try JSONScanner.stringEnd(line, at &+ 1).end &+ 1
      switch Timestamp.parse(line, (at &+ 1)..<(end &- 1)) {
      case .success(let value): time = value
      case .failure(let fault): throw TimeFault.text(fault, field, try shown(line, at))
      }
    } else {
      end = try JSONScanner.valueEnd(line, at)
      guard let value = EpochNumber.milliseconds(line, at..<end) else {
        throw TimeFault.text(.malformed, field, try shown(line, at))
      }
      time = value
    }
    if field == .time {
      event.time = time
    } else {
      event.resetsAt = time
    }
    event.present |= field.bit
    return end
  }

  mutating func readWord(
    _ field: EventField, _ line: RawSpan, _ at: Int
  ) throws(EventFault) -> Int {
    let end = try JSONScanner.valueEnd(line, at)
    let isText = JSONScanner.byte(line, at) == UInt8(ascii: "\"")
    let word = isText ? line.extracting((at + 1)..<(end - 1)) : line.extracting(at..<at)
    switch field {
    case .kind:
      guard let kind = EventKind.allCases.first(where: { word.isEqual($0.name) }) else {
        throw EventFault("kind is \(try shown(line, at)): use usage, billed or quota")
      }
      event.kind = kind
    case .status:
      guard let status = EventStatus.allCases.first(where: { word.isEqual($0.name) }) else {
        throw EventFault("status is \(try shown(line, at)): use ok, error or void")
      }
      event.status = status
    default:
      guard let period = EventPeriod.allCases.first(where: { $0 != .instant && word.isEqual($0.name) }) else {
        throw EventFault("period is \(try shown(line, at)): use 1m, 1h or 1d")
      }
      event.period = period
    }
    event.present |= field.bit
    return end
  }

  mutating func readDecimal(
    _ field: EventField, _ line: RawSpan, _ at: Int
  ) throws(EventFault) -> Int {
    let end = try JSONScanner.valueEnd(line, at)
    let isText = JSONScanner.byte(line, at) == UInt8(ascii: "\"")
    let text = isText ? line.extracting((at + 1)..<(end - 1)) : line.extracting(at..<end)
    let value: Int128
    do throws(Decimal.Fault) {
      value = try Decimal.parse(text)
    } catch {
      let mend =
        error == .tooLarge ? "an amount is at most 10^15" : "an amount is a decimal such as \"0.0123\""
      throw EventFault("\(field.name) is \(try shown(line, at)): \(mend)")
    }
    if field == .credits, value < 0 {
      throw EventFault("credits is \(try shown(line, at)): an amount of credits is 0 or more")
    }
    if field == .cost { event.cost = value } else { event.credits = value }
    event.present |= field.bit
    return end
  }

  mutating func readCurrency(_ line: RawSpan, _ at: Int) throws(EventFault) -> Int {
    let end = try JSONScanner.valueEnd(line, at)
    let isText = JSONScanner.byte(line, at) == UInt8(ascii: "\"")
    guard isText, let currency = Currency(line.text((at + 1)..<(end - 1))) else {
      throw EventFault("currency is \(try shown(line, at)): not an ISO 4217 code such as USD")
    }
    event.currency = currency
    event.present |= EventField.currency.bit
    return end
  }

  /// The value at `at` as a message may show it: whole when short, cut when long; of objects and lists nothing, because
  /// what is in them may be what a person wrote.
  func shown(_ line: RawSpan, _ at: Int) throws(EventFault) -> String {
    let end = try JSONScanner.valueEnd(line, at)
    switch JSONScanner.byte(line, at) {
    case UInt8(ascii: "{"): return "an object"
    case UInt8(ascii: "["): return "a list"
    default: break
    }
    if end - at <= 64 { return line.text(at..<end) }
    return "\(line.text(at..<(at + 60)))…"
  }
}
