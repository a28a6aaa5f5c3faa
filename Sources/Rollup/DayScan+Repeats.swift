//! Which of several lines of one id counts, from the tables alone: the usual repeat is the same line again, or a later
//! telling of the same use with more tokens. So lines need not stay in memory, nor be read twice, for it. What the
//! tables do not tell (tags, metadata, voids, quotas, or two lines that only their bytes can put in order)
//! `ContestedLines` settles from the lines.

import Events

extension DayScan {
  private static let weighed: [RollupCount] = RollupCount.allCases.filter { count in
    count == .requests || count.field.map { EventField.weighed.contains($0) } ?? false
  }

  /// What becomes of events of one id; nil when their lines must be looked at.
  ///
  /// - Returns: with the number of the winning event; of equal lines, the first.
  func outcome(of events: [Int]) -> ContestedLines.Outcome? {
    guard events.allSatisfy({ lines.isTold($0) }) else { return nil }
    var best = events[0]
    if events.allSatisfy({ isSameLine($0, best) }) {
      return .init(winner: best, repeats: events.count - 1, isConflict: false)
    }
    for event in events where isAhead(event, best) { best = event }
    var isConflict = false
    for event in events where lines.revision(event) == lines.revision(best) && !isSameLine(event, best) {
      // As heavy: the greater line wins.
      if !isAhead(best, event) { return nil }
      isConflict = true
    }
    return .init(winner: best, repeats: events.count - 1, isConflict: isConflict)
  }

  private func isAhead(_ a: Int, _ b: Int) -> Bool {
    let (x, y) = (lines.revision(a), lines.revision(b))
    return x != y ? x > y : weight(a) > weight(b)
  }

  private func weight(_ event: Int) -> Int128 {
    Self.weighed.reduce(0) { $0 + Int128(events.counts.column($1.rawValue)?[event] ?? 0) }
  }

  /// Whether the lines of two events, both told and of one id, are the same.
  private func isSameLine(_ a: Int, _ b: Int) -> Bool {
    a == b
      || lines.haveSameForm(a, b) && events.times[a] == events.times[b]
        && events.sessions[a] == events.sessions[b] && events.counts.areEqual(a, b)
        && events.amounts.areEqual(a, b) && keys.areEqual(Int(events.keys[a]), Int(events.keys[b]))
  }
}
