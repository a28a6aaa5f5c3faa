//! Minutes reduced to what rates need: days, the fullest minutes, and how many there were.

import Bytes
package import Query

/// What one group's minutes come to.
struct GroupRates: Sendable {
  /// The fullest minute of a measure; of several the first.
  struct Peak: Sendable {
    var value: Int128 = 0
    var minuteMs = Int64.max

    mutating func note(_ value: Int128, at minuteMs: Int64) {
      if value > self.value || (value == self.value && minuteMs < self.minuteMs) {
        self.value = value
        self.minuteMs = minuteMs
      }
    }
  }

  /// By the day's place among the buckets; only days with an event.
  var days: [Int: RateCounts] = [:]
  /// Minutes with an event.
  var minuteCount = 0
  var peaks: [Rate: Peak] = [:]
  /// The minute that was asked for.
  var now = RateCounts()

  mutating func merge(_ other: GroupRates) {
    for (day, counts) in other.days { days[day, default: RateCounts()] += counts }
    minuteCount += other.minuteCount
    for (rate, peak) in other.peaks { peaks[rate, default: Peak()].note(peak.value, at: peak.minuteMs) }
    now += other.now
  }
}

/// The minutes of some days by group; the last dimension read must be `Instants.dimension`.
package struct RateFold: MinuteReduction {
  private static let perMinute = Rate.allCases.filter { !$0.isPerDay }

  /// The minute whose rates are those of now.
  let nowMinuteMs: Int64
  private(set) var groups: [[ByteText?]: GroupRates] = [:]
  /// Requests in providers' buckets.
  private(set) var leftOut: Int128 = 0

  package init(nowMinuteMs: Int64) { self.nowMinuteMs = nowMinuteMs }

  package mutating func add(_ use: MinuteUse) {
    var sums = use.groups.map { _ in RateCounts() }
    var rates = use.groups.map { _ in GroupRates() }
    var peaks = [GroupRates.Peak](repeating: .init(), count: use.groups.count * Self.perMinute.count)
    for entry in use.entries {
      guard Instants.hold(use.groups[entry.group]) else {
        leftOut += entry.requests
        continue
      }
      let counts = RateCounts(requests: entry.requests, tokens: entry.tokens, images: entry.images)
      sums[entry.group] += counts
      rates[entry.group].minuteCount += 1
      for (place, rate) in Self.perMinute.enumerated() {
        peaks[entry.group * Self.perMinute.count + place].note(rate.value(counts), at: entry.minuteMs)
      }
      if entry.minuteMs == nowMinuteMs { rates[entry.group].now += counts }
    }
    for (place, group) in use.groups.enumerated() where rates[place].minuteCount > 0 {
      rates[place].days[group.bucket] = sums[place]
      for (index, rate) in Self.perMinute.enumerated() {
        rates[place].peaks[rate] = peaks[place * Self.perMinute.count + index]
      }
      groups[Array(group.texts.dropLast()), default: GroupRates()].merge(rates[place])
    }
  }

  package mutating func merge(_ other: RateFold) {
    for (group, rates) in other.groups { groups[group, default: GroupRates()].merge(rates) }
    leftOut += other.leftOut
  }
}
