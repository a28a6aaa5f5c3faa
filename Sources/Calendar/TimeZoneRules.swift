//! A time zone: which offset from UTC its clocks have at every instant. A table of the instants at which the offset
//! changes, in order, and a rule for ever after.

/// A half-open run of instants with one offset from UTC.
struct OffsetSpan: Equatable, Sendable {
  var startMs: Int64
  var endMs: Int64
  var offsetSeconds: Int
}

/// An instant at which a zone's clocks are changed.
package struct TimeZoneTransition: Equatable, Sendable {
  /// The first instant with the new offset.
  package let ms: Int64
  /// The offset until then; positive is east.
  package let offsetSecondsBefore: Int
  /// The offset from then on.
  package let offsetSecondsAfter: Int
}

/// The offsets of a time zone at every instant.
///
/// A value; lookups allocate nothing and cost a binary search of some hundred entries.
package struct TimeZoneRules: Equatable, Sendable {
  /// The IANA name, such as `Europe/Berlin`, or a POSIX string.
  package let name: String
  /// The offset before the first change.
  let initialOffsetSeconds: Int
  /// The instants of the changes, ascending; the offsets may repeat.
  let changesMs: [Int64]
  /// The offset from each change on.
  let offsetsSeconds: [Int32]
  /// What holds from the last change on; without it the last offset does.
  let rule: PosixTimeZone?

  /// Coordinated Universal Time; needs no file.
  package static let utc = TimeZoneRules(name: "UTC", offsetSeconds: 0)

  /// A zone whose clocks never change.
  package init(name: String, offsetSeconds: Int) {
    self.init(name: name, initialOffsetSeconds: offsetSeconds, changesMs: [], offsetsSeconds: [], rule: nil)
  }

  /// A zone that follows a POSIX string such as `CET-1CEST,M3.5.0,M10.5.0/3`; nil when it is none.
  package init?(posix text: String) {
    guard let rule = PosixTimeZone(Array(text.utf8)[...]) else { return nil }
    self.init(
      name: text, initialOffsetSeconds: rule.offsetSeconds, changesMs: [], offsetsSeconds: [], rule: rule)
  }

  init(
    name: String, initialOffsetSeconds: Int, changesMs: [Int64], offsetsSeconds: [Int32], rule: PosixTimeZone?
  ) {
    self.name = name
    self.initialOffsetSeconds = initialOffsetSeconds
    var changesMs = changesMs
    var offsetsSeconds = offsetsSeconds
    // Newer files leave to the rule what it can say. The table is quicker, so unroll the rule up to 2038; not for
    // a table that ends before 1900, which no real one with a summer rule does.
    // Until the rule's first change after the table, the table's last offset holds, as in the reference code of
    // the database: in short ("slim") files, Ojinaga's rule alone would invent a week of summer in November 2022.
    if let rule, rule.summer != nil, let last = changesMs.last, last > -2_208_988_800_000 {
      var changeMs = rule.span(at: last).endMs
      while changeMs < 2_145_916_800_000 {
        let span = rule.span(at: changeMs)
        changesMs.append(changeMs)
        offsetsSeconds.append(Int32(span.offsetSeconds))
        changeMs = span.endMs
      }
    }
    self.changesMs = changesMs
    self.offsetsSeconds = offsetsSeconds
    self.rule = rule
  }

  /// How far the zone's clocks are ahead of UTC at an instant, in seconds; negative in the west.
  package func offsetSeconds(at ms: Int64) -> Int {
    let index = changeCount(until: ms)
    if index < changesMs.count || rule == nil {
      return index == 0 ? initialOffsetSeconds : Int(offsetsSeconds[index - 1])
    }
    return span(at: ms).offsetSeconds
  }

  /// The changes at `fromMs ..< toMs`, in order; each really changes the offset.
  package func transitions(from fromMs: Int64, to toMs: Int64) -> [TimeZoneTransition] {
    var found: [TimeZoneTransition] = []
    var before = span(at: fromMs - 1)
    while before.endMs < toMs {
      let after = span(at: before.endMs)
      if after.offsetSeconds != before.offsetSeconds {
        found.append(
          TimeZoneTransition(
            ms: before.endMs, offsetSecondsBefore: before.offsetSeconds,
            offsetSecondsAfter: after.offsetSeconds))
      }
      before = after
    }
    return found
  }

  /// The run of instants around `ms` with one offset; neighbours may have the same.
  func span(at ms: Int64) -> OffsetSpan {
    let index = changeCount(until: ms)
    let startMs = index == 0 ? .min : changesMs[index - 1]
    if index == changesMs.count, let rule {
      var span = rule.span(at: ms)
      span.startMs = max(span.startMs, startMs)
      return span
    }
    let endMs = index < changesMs.count ? changesMs[index] : .max
    let offset = index == 0 ? initialOffsetSeconds : Int(offsetsSeconds[index - 1])
    return OffsetSpan(startMs: startMs, endMs: endMs, offsetSeconds: offset)
  }

  /// How many changes of the table are at or before an instant.
  private func changeCount(until ms: Int64) -> Int {
    var low = 0
    var high = changesMs.count
    while low < high {
      let middle = (low &+ high) / 2
      if changesMs[middle] <= ms { low = middle &+ 1 } else { high = middle }
    }
    return low
  }
}
