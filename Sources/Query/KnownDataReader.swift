//! Finds out which sources have data on which days: of the days that a report reads anyway, and of a few around them,
//! from the footers of rollups and the commits of segments.

import Bytes
import Calendar
import Compaction
import Files
import Pricing
import Rollup
import SegmentLog

struct KnownDataReader: Sendable {
  let layout: StoreLayout
  let prices: Pricer?
  let tags: [String]
  private let evidence: DayEvidence
  /// What the names of accounts begin with that have events of the kind that reports count.
  private let kindPrefix: [UInt8]
  /// What accounts must fulfil; nil for all.
  private let filter: CompiledFilter?
  /// What the report is about, as far as it may be known.
  let period: Range<Int64>
  /// What happened from this instant on may not be known; nil when all may.
  let cutMs: Int64?

  private static let fields = [FilterField("service"), FilterField("account")]

  init(
    _ layout: StoreLayout, _ request: ReportRequest, tags: [String], prices: Pricer?, evidence: DayEvidence
  ) {
    self.evidence = evidence
    self.layout = layout
    self.prices = prices
    self.tags = tags
    kindPrefix = Array("\(request.kind)\t".utf8)
    let buckets = request.buckets
    let start = request.zone.startOfDay(request.days.lowerBound)
    period = start..<max(start, buckets.last?.endMs ?? start)
    cutMs = request.asOf.map { request.zone.startOfDay($0 + 1) }
    // Only what the filter says of accounts: who used another model has data all the same.
    let parts = request.filter?.parts.filter { part in
      part.fields.allSatisfy { Self.fields.map(\.name).contains($0) }
    }
    filter =
      switch parts?.count ?? 0 {
      case 0: nil
      case 1: parts.map { CompiledFilter($0[0], fields: Self.fields) }
      default: parts.map { CompiledFilter(.all($0), fields: Self.fields) }
      }
  }

  /// The sources of a day.
  ///
  /// - Parameter accounts: those of the whole day, as footers have them.
  func findings(_ snapshot: DaySnapshot, _ accounts: () throws -> [UInt8]) rethrows -> KnownData.DayFindings {
    var findings = KnownData.DayFindings(day: snapshot.day)
    let midnight = CivilDate(days: snapshot.day).utcStartMs
    let isCut = cutMs.map { $0 > midnight && $0 < midnight + 86_400_000 } ?? false
    for span in snapshot.writers(before: isCut ? cutMs : nil) {
      findings.times.append((KnownData.Source.name(ofWriter: span.writer), span.firstMs...span.lastMs))
    }
    let text = isCut ? cutAccounts(snapshot, from: midnight) : try accounts()
    _ = AccountSpan.forEach(text) { name, first, last in
      if first <= last, matches(name) { findings.times.append((name, first...last)) }
    }
    return findings
  }

  /// The accounts of the part of a day that may be known.
  private func cutAccounts(_ snapshot: DaySnapshot, from midnight: Int64) -> [UInt8] {
    guard let cutMs else { return [] }
    let rollups = try? snapshot.fold(tags: [], window: midnight..<cutMs, isStrict: false)
    return Array(AccountSpan.text(rollups?.accounts ?? []).utf8)
  }

  /// Whether an account is of the kind and fulfils the filter.
  private func matches(_ name: ArraySlice<UInt8>) -> Bool {
    guard name.count >= kindPrefix.count,
      ByteOrder.isEqual(name.span.bytes.extracting(first: kindPrefix.count), kindPrefix.span.bytes)
    else { return false }
    guard let filter else { return true }
    let words = TabbedLine.words(name)
    let values = words.dropFirst().map { $0.map { FilterValue.text($0) } ?? .missing }
    return filter.matches(values: { $0 < values.count ? values[$0] : .missing })
  }

  /// What is known of the period.
  ///
  /// - Parameters:
  ///   - findings: of its own days.
  ///   - stored: the UTC days that the store has, ascending.
  func known(_ findings: KnownData.Findings, stored: [Int], zone: TimeZoneRules) -> KnownData {
    var findings = findings
    let first = CivilDate(utcDayOf: period.lowerBound).days
    // The day that holds the end was read with the period, unless it only begins there.
    let last = CivilDate(utcDayOf: period.upperBound - 1).days
    let allowed = stored.filter { day in cutMs.map { CivilDate(days: day).utcStartMs < $0 } ?? true }
    for day in allowed where (first - KnownData.daysAround..<first).contains(day) {
      findings.add(around(day))
    }
    for day in allowed where (last + 1...last + KnownData.daysAround).contains(day) {
      if findings.isCovered(to: period.upperBound) { break }
      findings.add(around(day))
    }
    return KnownData(findings, period: period, newestDay: allowed.last ?? first, zone: zone)
  }

  /// The sources of a day outside the period; one that cannot be read tells nothing.
  private func around(_ day: Int) -> KnownData.DayFindings {
    let nothing = KnownData.DayFindings(day: day)
    guard let snapshot = try? DaySnapshot(layout, day: day) else { return nothing }
    var reader = DayReader(
      layout: layout, snapshot: snapshot, tags: tags, prices: prices, needsSessions: false, isByMinute: false,
      memory: ReadingMemory(), evidence: evidence)
    return (try? findings(snapshot) { try reader.accounts() }) ?? nothing
  }
}
