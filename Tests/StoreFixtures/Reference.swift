//! What folding a day must give, in plain dictionaries over what JSONSerialization reads. Shares nothing with the
//! sources: own winner rule, own minutes, own decimals (Foundation's), own order of rows.

package import Foundation

/// What is wrong with a line, or with the reference.
package struct ReferenceError: Error {
  package let what: String
}

/// One line, read by Foundation.
package struct ReferenceEvent {
  package let line: String
  package let fields: [String: Any]
  /// Milliseconds since 1970.
  package let time: Int64

  package init(_ line: String) throws {
    self.line = line
    guard let fields = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] else {
      throw ReferenceError(what: line)
    }
    self.fields = fields
    time = try Reference.time(of: line)
  }

  package func text(_ name: String) -> String? { fields[name] as? String }
  package func number(_ name: String) -> Int64? { (fields[name] as? NSNumber)?.int64Value }
  package func decimal(_ name: String) -> Decimal? {
    text(name).flatMap { Decimal(string: $0, locale: Locale(identifier: "en_US_POSIX")) }
  }
  package var kind: String { text("kind") ?? "usage" }
  package var isVoid: Bool { text("status") == "void" }
  package var requests: Int64 { number("requests") ?? (kind == "usage" ? 1 : 0) }

  /// Requests and all counters but reasoning (a part of the output) and duration.
  package var weight: Int64 {
    let rest = EventDraft.counts.filter {
      $0 != "requests" && $0 != "reasoning_tokens" && $0 != "duration_ms"
    }
    return rest.reduce(requests) { $0 + (number($1) ?? 0) }
  }

  /// All tokens: disjoint counters.
  package var tokens: Int64 {
    EventDraft.counts.filter { $0.hasSuffix("_tokens") && $0 != "reasoning_tokens" }
      .reduce(0) { $0 + (number($1) ?? 0) }
  }

  /// Whether nothing was used, because it failed.
  package var isFree: Bool { text("status") == "error" && weight == requests }
}

/// The winners of some lines of one day.
package struct Reference {
  package private(set) var winners: [ReferenceEvent] = []
  /// The lines that differ at the winning revision, by line of the winner.
  private var contested: Set<[UInt8]> = []
  package private(set) var repeats: UInt64 = 0
  package private(set) var voids: UInt64 = 0
  package private(set) var conflicts: UInt64 = 0
  package let lineCount: UInt64

  package init(_ lines: [String]) throws {
    lineCount = UInt64(lines.count)
    var groups: [String: [ReferenceEvent]] = [:]
    for line in lines {
      let event = try ReferenceEvent(line)
      groups["\(event.kind)|\(Array((event.text("id") ?? "").unicodeScalars))", default: []].append(event)
    }
    for group in groups.values {
      let ranked = group.sorted(by: Self.isBetter)
      guard let best = ranked.first else { continue }
      repeats += UInt64(group.count - 1)
      let revision = best.number("revision") ?? 0
      let isConflict = group.contains {
        ($0.number("revision") ?? 0) == revision && !same($0.line, best.line)
      }
      if isConflict { conflicts += 1 }
      if best.isVoid {
        voids += 1
      } else {
        winners.append(best)
        if isConflict { contested.insert(Array(best.line.utf8)) }
      }
    }
  }

  /// Whether other lines stand at the revision of this winner.
  func isContested(_ event: ReferenceEvent) -> Bool { contested.contains(Array(event.line.utf8)) }

  private func same(_ a: String, _ b: String) -> Bool { Array(a.utf8) == Array(b.utf8) }

  private static func isBetter(_ a: ReferenceEvent, _ b: ReferenceEvent) -> Bool {
    let (first, second) = (a.number("revision") ?? 0, b.number("revision") ?? 0)
    if first != second { return first > second }
    if a.weight != b.weight { return a.weight > b.weight }
    return Array(b.line.utf8).lexicographicallyPrecedes(Array(a.line.utf8))
  }

  /// The instant of a canonical line, from the digits behind its `"time":"`.
  package static func time(of line: String) throws -> Int64 {
    guard let start = line.range(of: "\"time\":\"")?.upperBound else { throw ReferenceError(what: line) }
    let digits = line[start...].prefix(23).split { !$0.isNumber }.compactMap { Int64($0) }
    guard digits.count == 7 else { throw ReferenceError(what: line) }
    var days: Int64 = 0
    for year in 1970..<digits[0] { days += isLeap(year) ? 366 : 365 }
    let lengths: [Int64] = [31, isLeap(digits[0]) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    days += lengths.prefix(Int(digits[1]) - 1).reduce(0, +) + digits[2] - 1
    return ((days * 24 + digits[3]) * 60 + digits[4]) * 60_000 + digits[5] * 1000 + digits[6]
  }

  private static func isLeap(_ year: Int64) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
}
