import Bytes
package import Query

/// The minutes with use, by group; the last dimension read must be `Instants.dimension`.
package struct BlockFold: MinuteReduction {
  private(set) var minutes: [[ByteText?]: [BlockMinute]] = [:]
  /// Requests in providers' buckets.
  private(set) var leftOut: Int128 = 0

  package init() {}

  package mutating func add(_ use: MinuteUse) {
    var found = use.groups.map { _ in [BlockMinute]() }
    for entry in use.entries {
      let group = use.groups[entry.group]
      guard Instants.hold(group) else {
        leftOut += entry.requests
        continue
      }
      found[entry.group].append(
        BlockMinute(
          minuteMs: entry.minuteMs, requests: entry.requests, tokens: entry.tokens, cost: entry.cost,
          unpriced: entry.unpriced, currency: group.currency))
    }
    for (group, more) in zip(use.groups, found) where !more.isEmpty {
      minutes[Array(group.texts.dropLast()), default: []] += more
    }
  }

  package mutating func merge(_ other: BlockFold) {
    // In place: what is put together anew for each day is copied for each day.
    for (name, more) in other.minutes { minutes[name, default: []] += more }
    leftOut += other.leftOut
  }
}
