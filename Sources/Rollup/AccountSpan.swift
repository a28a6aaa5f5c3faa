//! From when to when each account has events on a day. It is known when a day is rolled up and stands in the footer of
//! its day rollup, so that a report can say how far its data goes without reading a single row.

import Bytes
package import Events
import Parquet

/// The first and last event of one account on one day.
package struct AccountSpan: Hashable, Sendable {
  package var kind: EventKind
  package var service: String?
  package var account: String?
  /// When the first event happened.
  package var firstMs: Int64
  /// When the last event happened; of a provider's bucket its last millisecond.
  package var lastMs: Int64

  package init(kind: EventKind, service: String?, account: String?, firstMs: Int64, lastMs: Int64) {
    self.kind = kind
    self.service = service
    self.account = account
    self.firstMs = firstMs
    self.lastMs = lastMs
  }
}

extension AccountSpan {
  /// A line for each, as a footer holds them.
  package static func text(_ spans: [AccountSpan]) -> String {
    spans.map { span in
      TabbedLine.text([span.kind.name, span.service, span.account, "\(span.firstMs)", "\(span.lastMs)"])
        + "\n"
    }.joined()
  }

  /// Brings the spans of a footer, each with its name: kind, service and account with tabs between. Reports see hundreds
  /// of days of hundreds of accounts, so names are taken apart only by who needs their words.
  ///
  /// - Returns: false when the text is no such footer; what came before counts all the same.
  package static func forEach(
    _ text: [UInt8], _ body: (_ name: ArraySlice<UInt8>, _ firstMs: Int64, _ lastMs: Int64) -> Void
  ) -> Bool {
    var start = 0
    while start < text.count {
      var (at, tabs) = (start, 0)
      while at < text.count, tabs < 3 {
        if text[at] == UInt8(ascii: "\n") { return false }
        if text[at] == UInt8(ascii: "\t") { tabs += 1 }
        at += 1
      }
      let name = text[start..<max(start, at - 1)]
      guard tabs == 3, let first = number(text, &at, until: UInt8(ascii: "\t")),
        let last = number(text, &at, until: UInt8(ascii: "\n"))
      else { return false }
      body(name, first, last)
      start = at
    }
    return true
  }

  /// A whole number and the byte behind it.
  private static func number(_ text: [UInt8], _ at: inout Int, until end: UInt8) -> Int64? {
    var (value, digits): (Int64, Int) = (0, 0)
    while at < text.count, 0x30...0x39 ~= text[at], digits < 18 {
      value = value * 10 + Int64(text[at] - 0x30)
      digits += 1
      at += 1
    }
    guard digits > 0, at < text.count, text[at] == end else { return nil }
    at += 1
    return value
  }
}

extension SettledDay {
  /// The accounts with events that count, by kind, service and account, absent ones first.
  package func accounts() -> [AccountSpan] {
    struct Name: Hashable {
      let kind: EventKind
      let service: Int32
      let account: Int32
    }
    let midnight = Int64(day) * Timestamp.day
    let times = KeyTimes(self)
    let (kinds, periods) = (keys.kinds.values, keys.periods.values)
    let (numbers, width) = (keys.combinationTexts.values, RollupSchema.dimensions.count)
    func rank(_ combination: Int, _ field: EventField) -> Int32 {
      RollupSchema.dimensions.firstIndex(of: field).map {
        order.texts.rank(numbers[combination * width + $0])
      }
        ?? -1
    }
    var found: [Name: (first: Int64, last: Int64)] = [:]
    for key in keys.keys.indices where times.first[key] <= times.last[key] {
      let combination = Int(keys.keys[key].combination)
      let name = Name(
        kind: kinds[combination], service: rank(combination, .service), account: rank(combination, .account))
      let span = max(periods[combination].milliseconds - 1, 0)
      let known = found[name] ?? (.max, .min)
      found[name] = (
        min(known.first, midnight + Int64(times.first[key])),
        max(known.last, midnight + Int64(times.last[key]) + span)
      )
    }
    func text(_ rank: Int32) -> String? {
      rank < 0 ? nil : String(decoding: order.texts.texts[Int(rank)], as: UTF8.self)
    }
    let sorted = found.sorted {
      ($0.key.kind.rawValue, $0.key.service, $0.key.account)
        < ($1.key.kind.rawValue, $1.key.service, $1.key.account)
    }
    return sorted.map { name, span in
      AccountSpan(
        kind: name.kind, service: text(name.service), account: text(name.account), firstMs: span.first,
        lastMs: span.last)
    }
  }
}

/// The first and last time of each key's events that count, in milliseconds of the day.
private struct KeyTimes: ~Copyable {
  let first: Column<Int32>
  let last: Column<Int32>

  init(_ settled: borrowing SettledDay) {
    let count = settled.keys.keys.count
    first = Column(repeating: .max, count: count)
    last = Column(repeating: .min, count: count)
    let (firsts, lasts) = (first.values, last.values)
    let events = (settled.events.marks.values, settled.events.keys.values, settled.events.times.values)
    for event in events.0.indices where !events.0[event].contains(.excluded) {
      let (key, time) = (Int(events.1[event]), events.2[event])
      if time < firsts[key] { firsts[key] = time }
      if time > lasts[key] { lasts[key] = time }
    }
  }
}
