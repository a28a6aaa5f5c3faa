//! How much of a period is known: how far the data of each account and writer goes, where it has gaps, and whether more
//! is to be expected.
//!
//! A source (an account at a service, or a writer) is expected in a period when it has an event in it or in the week
//! before. Its data goes through the end of the period when it has a later event, else through its last one. A period is
//! *final* when every expected source goes through its end, or when anybody's data goes on for a week after it: who has
//! said nothing for so long has stopped. Otherwise it is *provisional*. No clock is asked: the same events always give
//! the same answer.
//!
//! A gap is a run of at least four days without an event in the data of a source that was used on a week of days at least,
//! and so long that days drawn as often as it was used otherwise would leave it out less than once in a thousand times: for
//! who is there every day four days, for who has weekends six.

import Bytes
package import Calendar

/// What is known of a period.
package struct KnownData: Equatable, Sendable {
  /// Who has data: an account at a service, or a writer.
  package enum Source: Hashable, Sendable {
    case account(service: String?, account: String?)
    case writer(String)
  }

  /// How far the data of a source goes.
  package struct Through: Equatable, Sendable {
    package var source: Source
    /// The minute of its last event, in the zone of the report; the end of the period when it has later events.
    package var through: String
    /// Whether it is more than a day behind the one that goes farthest, and more is expected.
    package var isBehind: Bool

    package init(source: Source, through: String, isBehind: Bool) {
      self.source = source
      self.through = through
      self.isBehind = isBehind
    }
  }

  /// Days without data of a source, both inclusive.
  package struct Gap: Equatable, Sendable {
    package var source: Source
    package var from: CivilDate
    package var to: CivilDate

    package init(source: Source, from: CivilDate, to: CivilDate) {
      self.source = source
      self.from = from
      self.to = to
    }
  }

  /// Whether nothing more is to be expected.
  package var isFinal: Bool
  /// The farthest that any source goes; nil when there is none.
  package var through: String?
  /// Accounts by service and name, then the writers that are behind while more is expected: who wrote what is nobody's
  /// business otherwise, and the same events say the same whoever wrote them.
  package var sources: [Through]
  /// In the order of the sources, then by day.
  package var gaps: [Gap]

  package init(isFinal: Bool, through: String?, sources: [Through], gaps: [Gap]) {
    self.isFinal = isFinal
    self.through = through
    self.sources = sources
    self.gaps = gaps
  }
}

extension KnownData {
  /// How many days around a period tell who is expected in it and who goes on after it.
  static let daysAround = 7
  private static let gapDaysMin = 4
  private static let usedDaysMin = 7

  /// When sources have events on a UTC day.
  struct DayFindings: Sendable {
    let day: Int
    /// Each source once, under the name that `Source.init(name:)` reads.
    var times: [(name: ArraySlice<UInt8>, times: ClosedRange<Int64>)] = []
  }

  /// When a source has events, as far as that is known.
  struct SourceFindings: Sendable {
    fileprivate let name: ArraySlice<UInt8>
    fileprivate private(set) var days: [(day: Int, times: ClosedRange<Int64>)] = []
    private(set) var firstMs = Int64.max
    private(set) var lastMs = Int64.min

    fileprivate init(name: ArraySlice<UInt8>) { self.name = name }

    fileprivate mutating func add(_ day: Int, _ times: ClosedRange<Int64>) {
      days.append((day, times))
      firstMs = min(firstMs, times.lowerBound)
      lastMs = max(lastMs, times.upperBound)
    }
  }

  /// The same of all sources.
  struct Findings: Sendable {
    fileprivate var sources: [SourceFindings] = []
    private var names = Numbering<ByteName>()

    /// Adds a day; each is added once, in any order.
    mutating func add(_ found: DayFindings) {
      // Most days have the same sources in the same order, so the one that followed is likely to follow.
      var next = 0
      for (name, times) in found.times {
        let isNext = next < sources.count && names.things[next] == ByteName(bytes: name)
        let place = isNext ? next : place(of: name)
        sources[place].add(found.day, times)
        next = place + 1
      }
    }

    /// The place of a source, which is there from then on.
    private mutating func place(of name: ArraySlice<UInt8>) -> Int {
      let (place, isNew) = names.number(ByteName(bytes: name))
      if isNew { sources.append(SourceFindings(name: name)) }
      return place
    }

    /// Whether every source with an event before an instant has a later one too.
    func isCovered(to endMs: Int64) -> Bool {
      sources.allSatisfy { $0.firstMs >= endMs || $0.lastMs >= endMs }
    }
  }

  /// - Parameters:
  ///   - findings: of the days of the period and those around it.
  ///   - period: what the report is about, as far as it is known.
  ///   - newestDay: the last UTC day with data.
  init(_ findings: Findings, period: Range<Int64>, newestDay: Int, zone: TimeZoneRules) {
    let endMs = period.upperBound
    let expected = findings.sources.filter { $0.firstMs < endMs }
      .map { (source: Source(name: $0.name), found: $0) }.sorted { Source.precedes($0.source, $1.source) }
    let lasts = expected.map { min($0.found.lastMs, endMs) }
    let isCovered = lasts.map { $0 >= endMs }
    let newestMs = CivilDate(days: newestDay).utcStartMs
    let isOver = isCovered.contains(true) || newestMs >= endMs
    let isLongOver = newestMs >= endMs + Int64(Self.daysAround) * 86_400_000
    let farthest = lasts.max() ?? .min
    through = lasts.isEmpty ? nil : zone.minuteText(of: farthest)
    isFinal = !expected.isEmpty && isOver && (isLongOver || !isCovered.contains(false))
    let isFinal = isFinal
    let end = zone.minuteText(of: endMs)
    sources = zip(expected, lasts).compactMap { source, last in
      let isBehind = !isFinal && farthest - last > 86_400_000
      if case .writer = source.source, !isBehind { return nil }
      return Through(
        source: source.source, through: last == endMs ? end : zone.minuteText(of: last), isBehind: isBehind)
    }
    gaps = expected.flatMap { source, found in Self.gaps(source, found.days, period, zone) }
  }

  private static func gaps(
    _ source: Source, _ days: [(day: Int, times: ClosedRange<Int64>)], _ period: Range<Int64>,
    _ zone: TimeZoneRules
  ) -> [Gap] {
    var (first, last, count) = (Int.max, Int.min, 0)
    for (day, times) in days where times.lowerBound < period.upperBound {
      (first, last, count) = (min(first, day), max(last, day), count + 1)
    }
    // Most sources have not even as many days without an event.
    guard count >= usedDaysMin, last - first + 1 - count >= gapDaysMin else { return [] }
    let days = days.filter { $0.times.lowerBound < period.upperBound }.sorted { $0.day < $1.day }
    return zip(days, days.dropFirst()).compactMap { before, after in
      let skipped = after.day - before.day - 1
      let others = last - first + 1 - skipped
      guard skipped >= gapDaysMin, isRare(skipped, used: days.count, of: others) else { return nil }
      let from = zone.localDate(of: before.times.upperBound) + 1
      let to = zone.localDate(of: after.times.lowerBound) - 1
      let isInside = zone.startOfDay(to + 1) > period.lowerBound
      return from <= to && isInside ? Gap(source: source, from: from, to: to) : nil
    }
  }
}

extension KnownData {
  /// Whether a run of days without use happens by chance less than once in a thousand times.
  private static func isRare(_ skipped: Int, used: Int, of days: Int) -> Bool {
    // In millionths.
    var chance = 1_000_000
    for _ in 0..<skipped { chance = chance * (days - used) / days }
    return chance < 1000
  }
}

extension KnownData.Source {
  private static let writerWord = "writer"

  /// The name under which a writer is found.
  static func name(ofWriter writer: String) -> ArraySlice<UInt8> {
    Array(TabbedLine.text([writerWord, writer]).utf8)[...]
  }

  /// - Parameter name: of a writer, or of an account as footers have it.
  fileprivate init(name: ArraySlice<UInt8>) {
    let words = TabbedLine.words(name)
    if words[0] == Self.writerWord, let writer = words.last ?? nil {
      self = .writer(writer)
    } else {
      self = .account(service: words.count > 1 ? words[1] : nil, account: words.count > 2 ? words[2] : nil)
    }
  }

  /// Accounts first, by service and name, absent ones first; writers by name.
  fileprivate static func precedes(_ a: Self, _ b: Self) -> Bool {
    switch (a, b) {
    case (.account(let service, let account), .account(let otherService, let otherAccount)):
      [service, account].map { $0.map { ByteText($0) } }
        .precedes([otherService, otherAccount].map { $0.map { ByteText($0) } })
    case (.writer(let name), .writer(let other)): precedes(name, other)
    case (.account, .writer): true
    case (.writer, .account): false
    }
  }

  private static func precedes(_ a: String?, _ b: String?) -> Bool {
    guard let b else { return false }
    return a.map { $0.precedesInBytes(b) } ?? true
  }
}
