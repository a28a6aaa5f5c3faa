//! Finds out which sources have data on which days: of the days that a report reads anyway, and of a few around them,
//! from the footers of rollups and the commits of segments.

import Calendar
import Compaction
import Events
import Files
import Pricing
import Rollup
import SegmentLog

struct KnownDataReader: Sendable {
  let layout: StoreLayout
  let prices: Pricer?
  let tags: [String]
  /// The kind of events that reports count.
  let kind: String
  /// What accounts must fulfil; nil for all.
  private let filter: CompiledFilter?
  /// What the report is about, as far as it may be known.
  let period: Range<Int64>
  /// What happened from this instant on may not be known; nil when all may.
  let cutMs: Int64?

  private static let fields = [FilterField("service"), FilterField("account")]

  init(_ layout: StoreLayout, _ request: ReportRequest, tags: [String], prices: Pricer?) {
    self.layout = layout
    self.prices = prices
    self.tags = tags
    kind = request.kind
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
  func findings(_ snapshot: DaySnapshot, _ accounts: () throws -> [AccountSpan]) rethrows
    -> KnownData.DayFindings
  {
    var findings = KnownData.DayFindings(day: snapshot.day)
    let midnight = CivilDate(days: snapshot.day).utcStartMs
    let isCut = cutMs.map { $0 > midnight && $0 < midnight + 86_400_000 } ?? false
    for span in snapshot.writers(before: isCut ? cutMs : nil) {
      findings.times.append((.writer(span.writer), span.firstMs...span.lastMs))
    }
    for span in isCut ? cutAccounts(snapshot, from: midnight) : try accounts()
    where span.kind.name == kind && matches(span) {
      findings.times.append(
        (.account(service: span.service, account: span.account), span.firstMs...span.lastMs))
    }
    return findings
  }

  /// The accounts of the part of a day that may be known.
  private func cutAccounts(_ snapshot: DaySnapshot, from midnight: Int64) -> [AccountSpan] {
    guard let cutMs else { return [] }
    return (try? snapshot.fold(tags: [], window: midnight..<cutMs, isStrict: false).accounts) ?? []
  }

  private func matches(_ span: AccountSpan) -> Bool {
    guard let filter else { return true }
    let values = [span.service, span.account].map { $0.map { FilterValue.text($0) } ?? .missing }
    return filter.matches(values: { values[$0] })
  }

  /// What is known of the period, from the findings of its own days.
  ///
  /// - Parameter stored: the UTC days with segments, ascending.
  func known(_ days: [KnownData.DayFindings], stored: [Int], zone: TimeZoneRules) -> KnownData {
    var findings = KnownData.Findings()
    for day in days { findings.add(day) }
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
      memory: ReadingMemory())
    return (try? findings(snapshot) { try reader.accounts() }) ?? nothing
  }
}
