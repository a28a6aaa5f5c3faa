import Rollup

/// What a row of a report stands for, before it has a text.
struct GroupKey: Hashable, Sendable {
  /// Place among the report's buckets.
  var bucket: Int
  /// The values of the dimensions asked for; nil where absent.
  var texts: [[UInt8]?]
  /// The reported currency; nil where no cost was reported.
  var currency: [UInt8]?

  /// What the compiler would write, but texts at once instead of byte by byte.
  func hash(into hasher: inout Hasher) {
    hasher.combine(bucket)
    for text in texts { Self.combine(text, into: &hasher) }
    Self.combine(currency, into: &hasher)
  }

  private static func combine(_ text: [UInt8]?, into hasher: inout Hasher) {
    hasher.combine(text?.count ?? -1)
    text?.withUnsafeBytes { hasher.combine(bytes: $0) }
  }
}

/// The sums of one group.
struct GroupValues: Equatable, Sendable {
  /// By `RollupCount`, then by `RollupAmount`.
  var sums = [Int128](repeating: 0, count: RollupCount.allCases.count + RollupAmount.allCases.count)
  /// When the last of the providers' buckets in it ends.
  var lastEndMs = Int64.min
  /// A provider's bucket in it was cut.
  var isApproximate = false

  subscript(count: RollupCount) -> Int128 { sums[count.rawValue] }
  subscript(amount: RollupAmount) -> Int128 {
    get { sums[RollupCount.allCases.count + amount.rawValue] }
    set { sums[RollupCount.allCases.count + amount.rawValue] = newValue }
  }

  mutating func add(_ other: GroupValues) {
    let others = other.sums.span
    var sums = sums.mutableSpan
    for index in 0..<sums.count { sums[index] += others[index] }
    lastEndMs = max(lastEndMs, other.lastEndMs)
    isApproximate = isApproximate || other.isApproximate
  }
}

/// Groups and their sums: what each day gives and what the days add up to.
struct GroupSums: Equatable, Sendable {
  var groups: [GroupKey: GroupValues] = [:]

  mutating func add(_ values: GroupValues, to key: GroupKey) {
    groups[key, default: GroupValues()].add(values)
  }

  mutating func add(_ other: GroupSums) {
    for (key, values) in other.groups { add(values, to: key) }
  }
}
