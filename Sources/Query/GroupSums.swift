import Rollup

/// What a row of a report stands for, before it has a text.
struct GroupKey: Hashable, Sendable {
  /// Place among the report's buckets.
  var bucket: Int
  /// The values of the dimensions asked for; nil where absent.
  var texts: [[UInt8]?]
  /// The currency of the cost; nil where there is none.
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
///
/// What they sum as cost is what the cost mode says, and so are `unpricedRequests`.
struct GroupValues: Equatable, Sendable {
  /// By `RollupCount`, then the amounts.
  var sums = [Int128](repeating: 0, count: size)
  /// When the last of the providers' buckets in it ends.
  var lastEndMs = Int64.min
  /// The first and last event, where the request asks for times.
  var firstMs = Int64.max
  var lastMs = Int64.min
  /// The values of its events, where the request asks for percentiles.
  var spread: Spread?
  /// What it used of each value of the dimensions whose details the request asks for.
  var details = Details()
  /// How many days it is of, which are not added up; 0 where nobody asks.
  var days: Int128 = 0
  /// A provider's bucket in it was cut.
  var isApproximate = false
  /// The place of a sum that did not fit; nil when all did.
  var overflowPlace: Int?

  /// Places of the amounts, and of what is known at other prices.
  static let creditsPlace = RollupCount.allCases.count
  static let costPlace = creditsPlace + 1
  private static let otherPlace = costPlace + 1
  static let size = otherPlace + 5

  /// What is summed in a place, by its name in rollups.
  static func name(ofPlace place: Int) -> String {
    RollupCount(rawValue: place)?.name ?? (place == creditsPlace ? RollupAmount.credits.name : "cost")
  }

  subscript(count: RollupCount) -> Int128 { sums[count.rawValue] }
  var credits: Int128 { sums[Self.creditsPlace] }
  var cost: Int128 {
    get { sums[Self.costPlace] }
    set { sums[Self.costPlace] = newValue }
  }
  /// The cost at other prices, and the requests of which it is not known, or only approximately.
  var otherCost: Int128 {
    get { sums[Self.otherPlace] }
    set { sums[Self.otherPlace] = newValue }
  }
  var otherUnpriced: Int128 {
    get { sums[Self.otherPlace + 1] }
    set { sums[Self.otherPlace + 1] = newValue }
  }
  var otherApproximate: Int128 {
    get { sums[Self.otherPlace + 2] }
    set { sums[Self.otherPlace + 2] = newValue }
  }
  /// What cached tokens would have cost as input, and what they cost.
  var asInputCost: Int128 {
    get { sums[Self.otherPlace + 3] }
    set { sums[Self.otherPlace + 3] = newValue }
  }
  var cachedCost: Int128 {
    get { sums[Self.otherPlace + 4] }
    set { sums[Self.otherPlace + 4] = newValue }
  }

  /// Places of money.
  static let moneyPlaces = [costPlace, otherPlace, otherPlace + 3, otherPlace + 4]

  mutating func add(_ other: GroupValues) {
    if let place = Self.add(other.sums.span, to: &sums) ?? other.overflowPlace { overflowPlace = place }
    lastEndMs = max(lastEndMs, other.lastEndMs)
    firstMs = min(firstMs, other.firstMs)
    lastMs = max(lastMs, other.lastMs)
    isApproximate = isApproximate || other.isApproximate
    if !other.details.isEmpty { details.add(other.details) }
    guard let more = other.spread else { return }
    if spread == nil { spread = more } else { spread?.add(more) }
  }
}

extension GroupValues {
  /// Adds sums to sums; the place of one that does not fit.
  private static func add(_ more: Span<Int128>, to sums: inout [Int128]) -> Int? {
    var overflowPlace: Int?
    var sums = sums.mutableSpan
    for index in 0..<sums.count {
      let (sum, isTooLarge) = sums[index].addingReportingOverflow(more[index])
      sums[index] = sum
      if isTooLarge { overflowPlace = index }
    }
    return overflowPlace
  }
}

/// Groups and their sums: what each day gives and what the days add up to.
struct GroupSums: Equatable, Sendable {
  var groups: [GroupKey: GroupValues] = [:]
  /// Requests that have no cost, whatever the groups.
  var unpriced: [UnpricedKey: Int128] = [:]
  /// The same by minute, of one UTC day; empty unless asked for, and not added up.
  var minutes = MinuteSums()

  mutating func add(_ values: GroupValues, to key: GroupKey) {
    if let place = groups.index(forKey: key) {
      groups.values[place].add(values)
    } else {
      groups[key] = values
    }
  }

  mutating func add(_ other: GroupSums) {
    for (key, values) in other.groups { add(values, to: key) }
    unpriced.merge(other.unpriced, uniquingKeysWith: +)
  }
}
