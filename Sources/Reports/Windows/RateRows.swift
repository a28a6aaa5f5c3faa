//! How fast things are used: requests, tokens and images in a minute or day; now, on average, and at most.

import Bytes
import Calendar
package import Query

/// A row a group and rate.
package struct RateRows: Sendable {
  private let limits: [RateLimit]
  private let nowMs: Int64

  /// - Parameter nowMs: the instant that `now` is about: the last minute complete then, and the day so far.
  package init(limits: [RateLimit], nowMs: Int64) {
    self.limits = limits
    self.nowMs = nowMs
  }

  /// - Parameters:
  ///   - usage: by day.
  ///   - fold: of the same events.
  package func report(_ usage: Usage, _ fold: RateFold) -> Report {
    let dimensions = Array(usage.request.dimensions.dropLast())
    let columns =
      dimensions.map { ReportColumn($0, .dimension) }
      + [
        ReportColumn("rate", .dimension), ReportColumn("now", .count), ReportColumn("average", .amount),
        ReportColumn("peak", .count), ReportColumn("peak_at", .dimension), ReportColumn("limit", .count),
        ReportColumn("limit_share", .percent),
      ]
    let rows = fold.groups.sorted(by: Self.precedes).flatMap { texts, rates in
      Rate.allCases.compactMap { rate -> ReportRow? in
        let limit = limit(rate, texts, dimensions)
        let measured = Measured(rate, rates, usage.buckets)
        if measured.peak == 0, limit == nil { return nil }
        let share = limit.flatMap { halfEven(measured.peak, times: 10_000, $0) }
        return ReportRow(
          cells: texts.map { .text($0) } + [
            .text(rate.rawValue), now(rate, rates, usage).map { .integer($0) } ?? .missing,
            .amount(measured.average), .integer(measured.peak), .text(measured.peakText(usage.request.zone)),
            limit.map { .integer($0) } ?? .missing, share.map { .integer($0) } ?? .missing,
          ])
      }
    }
    let total = ReportRow(cells: columns.map { _ in .missing })
    var report = usage.report(columns: columns, rows: rows, total: total)
    report.notes += notes(fold, dimensions)
    return report
  }

  private typealias Group = (key: [ByteText?], value: GroupRates)

  /// Most tokens first, then by name.
  private static func precedes(_ a: Group, _ b: Group) -> Bool {
    let sums = [a, b].map { $0.value.days.values.reduce(into: RateCounts()) { $0 += $1 } }
    let (left, right) = ((sums[0].tokens, sums[0].requests), (sums[1].tokens, sums[1].requests))
    if left != right { return left > right }
    return a.key.precedes(b.key)
  }

  /// The lowest of the limits that apply.
  private func limit(_ rate: Rate, _ texts: [ByteText?], _ dimensions: [String]) -> Int128? {
    limits.filter { $0.scope.isDecided(by: dimensions) && $0.scope.covers(texts, of: dimensions) }
      .compactMap { $0.maxima[rate] }.min()
  }

  /// What holds now; nil where the report does not reach.
  private func now(_ rate: Rate, _ rates: GroupRates, _ usage: Usage) -> Int128? {
    let minuteMs = Self.lastMinute(before: nowMs)
    // The last instant that has begun: at midnight the day so far is the one that just ended.
    guard let day = usage.buckets.index(holding: rate.isPerDay ? nowMs - 1 : minuteMs) else { return nil }
    return rate.value(rate.isPerDay ? rates.days[day] ?? RateCounts() : rates.now)
  }

  /// The begin of the last minute that is complete at an instant.
  package static func lastMinute(before ms: Int64) -> Int64 { ms / 60_000 * 60_000 - 60_000 }

  private func notes(_ fold: RateFold, _ dimensions: [String]) -> [String] {
    var notes = ["Average is over the minutes, or days, with an event."]
    notes += [Instants.note(leftOut: fold.leftOut)].compactMap(\.self)
    let missing = limits.flatMap(\.scope.fields).filter { !dimensions.contains($0) }
    for name in missing.uniqued.sortedByBytes {
      notes.append("Limits that ask about \(name) are left out: rows do not have it; add it to --by.")
    }
    return notes
  }
}

/// One rate of one group.
private struct Measured {
  let peak: Int128
  /// Pico-units, in whole hundredths.
  let average: Int128
  private let peakMinuteMs: Int64?
  private let peakDay: CivilDate?

  init(_ rate: Rate, _ rates: GroupRates, _ days: [Bucket]) {
    let sum = rates.days.values.reduce(0) { $0 + rate.value($1) }
    let count = rate.isPerDay ? rates.days.count : rates.minuteCount
    average = (halfEven(sum, times: 100, Int128(count)) ?? 0).clampedTimes(10_000_000_000)
    if rate.isPerDay {
      let fullest = rates.days.max { a, b in
        let (left, right) = (rate.value(a.value), rate.value(b.value))
        return left != right ? left < right : a.key > b.key
      }
      peak = fullest.map { rate.value($0.value) } ?? 0
      peakDay = fullest.map { days[$0.key].firstDay }
      peakMinuteMs = nil
    } else {
      peak = rates.peaks[rate]?.value ?? 0
      peakDay = nil
      peakMinuteMs = rates.peaks[rate]?.minuteMs
    }
  }

  /// The minute or day of the peak; nil when there is none.
  func peakText(_ zone: TimeZoneRules) -> String? {
    if peak == 0 { return nil }
    return peakDay.map { "\($0)" } ?? peakMinuteMs.map { zone.minuteText(of: $0) }
  }
}
