import Rollup

/// What a row of a report stands for, before it has a text.
struct GroupKey: Hashable, Sendable {
  /// Place among the report's buckets.
  var bucket: Int
  /// The values of the dimensions asked for; nil where absent.
  var texts: [[UInt8]?]
  /// The reported currency; nil where no cost was reported.
  var currency: [UInt8]?
}

/// The sums of one group.
struct GroupValues: Equatable, Sendable {
  /// By `RollupCount`, then by `RollupAmount`.
  var sums = [Int128](repeating: 0, count: RollupCount.allCases.count + RollupAmount.allCases.count)
  /// A provider's bucket in it was cut.
  var isApproximate = false

  subscript(count: RollupCount) -> Int128 { sums[count.rawValue] }
  subscript(amount: RollupAmount) -> Int128 {
    get { sums[RollupCount.allCases.count + amount.rawValue] }
    set { sums[RollupCount.allCases.count + amount.rawValue] = newValue }
  }

  mutating func add(_ other: GroupValues) {
    for index in sums.indices { sums[index] += other.sums[index] }
    isApproximate = isApproximate || other.isApproximate
  }
}

/// Groups and their sums: what each day gives and what the days add up to.
struct GroupSums: Equatable, Sendable {
  var groups: [GroupKey: GroupValues] = [:]

  mutating func add(_ other: GroupSums) {
    for (key, values) in other.groups { groups[key, default: GroupValues()].add(values) }
  }
}
