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

  /// The spans of a footer; nil when it is none.
  package static func parse(_ text: String) -> [AccountSpan]? {
    var spans: [AccountSpan] = []
    for line in Array(text.utf8).split(separator: UInt8(ascii: "\n")) {
      let words = TabbedLine.words(line)
      guard words.count == 5, let kind = EventKind.allCases.first(where: { $0.name == words[0] }),
        let first = words[3].flatMap({ Int64($0) }), let last = words[4].flatMap({ Int64($0) })
      else { return nil }
      spans.append(
        AccountSpan(kind: kind, service: words[1], account: words[2], firstMs: first, lastMs: last))
    }
    return spans
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
    let times = keyTimes()
    let (kinds, periods) = (keys.kinds.values, keys.periods.values)
    let (numbers, width) = (keys.combinationTexts.values, RollupSchema.dimensions.count)
    func rank(_ combination: Int, _ field: EventField) -> Int32 {
      RollupSchema.dimensions.firstIndex(of: field).map {
        order.texts.rank(numbers[combination * width + $0])
      }
        ?? -1
    }
    var found: [Name: (first: Int64, last: Int64)] = [:]
    for (key, time) in times.enumerated() where time.first <= time.last {
      let combination = Int(keys.keys[key].combination)
      let name = Name(
        kind: kinds[combination], service: rank(combination, .service), account: rank(combination, .account))
      let span = max(periods[combination].milliseconds - 1, 0)
      let known = found[name] ?? (.max, .min)
      found[name] = (min(known.first, time.first), max(known.last, time.last + span))
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

  /// The first and last time of each key's events that count.
  private func keyTimes() -> [(first: Int64, last: Int64)] {
    let midnight = Int64(day) * Timestamp.day
    var found = [(first: Int64, last: Int64)](repeating: (.max, .min), count: keys.keys.count)
    let (marks, eventKeys, times) = (events.marks.values, events.keys.values, events.times.values)
    for event in marks.indices where !marks[event].contains(.excluded) {
      let (key, time) = (Int(eventKeys[event]), midnight + Int64(times[event]))
      if time < found[key].first { found[key].first = time }
      if time > found[key].last { found[key].last = time }
    }
    return found
  }
}
