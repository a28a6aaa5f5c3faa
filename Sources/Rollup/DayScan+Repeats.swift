//! Which of several lines of one id counts, from the tables alone: the usual repeat is the same line again, or a later
//! telling of the same use with more tokens. So lines need not stay in memory, nor be read twice, for it. What the
//! tables do not tell (tags, metadata, voids, quotas, or two lines that only their bytes can put in order)
//! `ContestedLines` settles from the lines.
//!
//! A day of many repeats is settled while it is read, whenever its tables take too much room: lines that lost are given
//! up, so memory is what different events take. What they leave behind is how many they were and the mark `rivalled`.

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
    if events.allSatisfy({ isSameLine($0, events[0]) }) {
      return .init(
        winner: events[0], repeats: events.count - 1, isConflict: events.contains { isRivalled($0) })
    }
    let best = best(of: events)
    var isConflict = false
    for event in events where lines.revision(event) == lines.revision(best) {
      if isRivalled(event) { isConflict = true }
      if isSameLine(event, best) { continue }
      // As heavy: the greater line wins.
      if !isAhead(best, event) { return nil }
      isConflict = true
    }
    return .init(winner: best, repeats: events.count - 1, isConflict: isConflict)
  }

  /// Whether another line of an event's id and revision lost to it and was given up.
  func isRivalled(_ event: Int) -> Bool { events.marks[event].contains(.rivalled) }

  /// The first of some events, all told, that none of the others is ahead of.
  private func best(of events: [Int]) -> Int {
    var best = events[0]
    for event in events.dropFirst() where isAhead(event, best) { best = event }
    return best
  }

  private func isAhead(_ a: Int, _ b: Int) -> Bool {
    let (x, y) = (lines.revision(a), lines.revision(b))
    return x != y ? x > y : weight(a) > weight(b)
  }

  private func weight(_ event: Int) -> Int128 {
    Self.weighed.reduce(0) { $0 + Int128(events.counts.column($1.rawValue)?[event] ?? 0) }
  }

  /// Whether the lines of two events of one id, both told or with a rest, are the same.
  private func isSameLine(_ a: Int, _ b: Int) -> Bool {
    a == b
      || lines.haveSameForm(a, b) && events.times[a] == events.times[b]
        && events.sessions[a] == events.sessions[b] && events.counts.areEqual(a, b)
        && events.amounts.areEqual(a, b) && keys.areEqual(Int(events.keys[a]), Int(events.keys[b]))
  }

  private func hash(_ event: Int) -> Int {
    var hasher = Hasher()
    lines.hash(event, into: &hasher)
    hasher.combine(events.times[event])
    hasher.combine(events.keys[event])
    hasher.combine(events.sessions[event])
    events.counts.hash(event, into: &hasher)
    events.amounts.hash(event, into: &hasher)
    return hasher.finalize()
  }
}

extension DayScan {
  /// Gives up the events whose line is there again, or lost to another for sure.
  mutating func giveUpLosers() {
    var isLost = Column<Bool>(repeating: false, count: events.count)
    for group in lines.repeats() {
      for event in losers(of: group) { isLost[event] = true }
    }
    var kept = Column<Int32>(capacity: events.count)
    for event in 0..<events.count where !isLost[event] { kept.append(Int32(truncatingIfNeeded: event)) }
    if kept.count == events.count { return }
    events.keep(kept)
    lines.keep(kept)
  }

  /// The events of one id that need not be kept.
  private mutating func losers(of group: [Int]) -> [Int] {
    var (different, losers) = repeated(group)
    different.removeAll { !lines.isTold($0) }
    guard !different.isEmpty else { return losers }
    let best = best(of: different)
    for event in different where isAhead(best, event) {
      losers.append(event)
      if lines.revision(event) == lines.revision(best) { events.marks[best].insert(.rivalled) }
    }
    return losers
  }

  /// The first event of each line of an id, and the others, which repeat it.
  private mutating func repeated(_ group: [Int]) -> (first: [Int], others: [Int]) {
    var (first, others): ([Int], [Int]) = ([], [])
    // Of few lines each is compared with each.
    let isSmall = group.count < 16
    var known: [Int: [Int]] = [:]
    for event in group {
      if !lines.isTold(event), !lines.hasRest(event) {
        // From now on the rest of lines is kept, so that the next ones can be told apart.
        lines.keepsRests = true
        first.append(event)
        continue
      }
      let hash = isSmall ? 0 : hash(event)
      if let same = known[hash]?.first(where: { isSameLine($0, event) }) {
        if isRivalled(event) { events.marks[same].insert(.rivalled) }
        others.append(event)
      } else {
        known[hash, default: []].append(event)
        first.append(event)
      }
    }
    return (first, others)
  }
}
