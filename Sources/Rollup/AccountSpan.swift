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
    var bytes: [UInt8] = []
    for span in spans {
      let words = [span.kind.name, span.service, span.account, "\(span.firstMs)", "\(span.lastMs)"]
      TabbedLine.append(words, to: &bytes)
      bytes.append(UInt8(ascii: "\n"))
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Brings the spans of a footer, each with its name: kind, service and account with tabs between.
  ///
  /// Reports see hundreds of days of hundreds of accounts, so names are taken apart only by who needs their words.
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
    var found: [AccountName: (first: Int64, last: Int64)] = [:]
    var (name, span): (AccountName?, (first: Int64, last: Int64)) = (nil, (.max, .min))
    func keep() {
      guard let name else { return }
      let known = found[name] ?? (.max, .min)
      found[name] = (min(known.first, span.first), max(known.last, span.last))
    }
    let (keys, periods) = (keys.keys, keys.periods.values)
    let (firstTimes, lastTimes) = (dayRows.firstTimes.values, dayRows.lastTimes.values)
    for (row, key) in dayRows.keys.values.enumerated() {
      let combination = Int(keys[Int(key)].combination)
      let next = accountName(combination)
      // Rows are in the order of keys, so that there are few accounts to look up.
      if next != name {
        keep()
        (name, span) = (next, (.max, .min))
      }
      span.first = min(span.first, Int64(firstTimes[row]))
      span.last = max(span.last, Int64(lastTimes[row]) + max(periods[combination].milliseconds - 1, 0))
    }
    keep()
    let midnight = Int64(day) * Timestamp.day
    return found.sorted { $0.key < $1.key }.map { name, span in
      AccountSpan(
        kind: name.kind, service: text(name.service), account: text(name.account),
        firstMs: midnight + span.first, lastMs: midnight + span.last)
    }
  }

  private func accountName(_ combination: Int) -> AccountName {
    let (numbers, width) = (keys.combinationTexts.values, RollupSchema.dimensions.count)
    func rank(_ place: Int) -> Int32 { order.texts.rank(numbers[combination &* width &+ place]) }
    return AccountName(
      kind: keys.kinds.values[combination], service: rank(AccountName.servicePlace),
      account: rank(AccountName.accountPlace))
  }

  private func text(_ rank: Int32) -> String? {
    rank < 0 ? nil : String(decoding: order.texts.texts[Int(rank)], as: UTF8.self)
  }
}

/// An account by the ranks of its texts.
private struct AccountName: Hashable, Comparable {
  let kind: EventKind
  let service: Int32
  let account: Int32

  static let servicePlace = RollupSchema.dimensions.firstIndex(of: .service) ?? 0
  static let accountPlace = RollupSchema.dimensions.firstIndex(of: .account) ?? 0

  static func < (a: Self, b: Self) -> Bool {
    (a.kind.rawValue, a.service, a.account) < (b.kind.rawValue, b.service, b.account)
  }
}
