package import Query

/// The minutes with use, by group; the last dimension read must be `Instants.dimension`.
package struct BlockFold: MinuteReduction {
  private(set) var minutes: [[String?]: [BlockMinute]] = [:]
  /// Requests in providers' buckets.
  private(set) var leftOut: Int128 = 0

  package init() {}

  package mutating func add(_ use: MinuteUse) {
    let names = use.groups.map { Array($0.texts.dropLast()) }
    for entry in use.entries {
      let group = use.groups[entry.group]
      guard Instants.hold(group) else {
        leftOut += entry.requests
        continue
      }
      minutes[names[entry.group], default: []].append(
        BlockMinute(
          minuteMs: entry.minuteMs, requests: entry.requests, tokens: entry.tokens, cost: entry.cost,
          unpriced: entry.unpriced, currency: group.currency))
    }
  }

  package mutating func merge(_ other: BlockFold) {
    minutes.merge(other.minutes, uniquingKeysWith: +)
    leftOut += other.leftOut
  }
}
