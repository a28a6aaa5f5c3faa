//! Events one by one, for answers that are not sums. What a batch holds is what reports sum: the events that count, with
//! the cost that the request's mode gives them, so its columns add up to the report's numbers.

package import Bytes
import Parquet
import Rollup

/// Events of a UTC day that a request asks for, in order of time.
package struct EventBatch: Sendable {
  /// What events have in common.
  package struct Group: Sendable {
    package let bucket: Int
    /// The values of the request's dimensions.
    package let texts: [ByteText?]
    /// Of the cost; nil when there is none.
    package let currency: String?
    /// Whether the cost is what the sender said.
    package let isReported: Bool
  }

  package private(set) var groups: [Group] = []
  /// What sums of the groups are kept under.
  private(set) var keys: [GroupKey] = []
  /// By event, the number of its group.
  package private(set) var numbers: [Int] = []
  package private(set) var times: [Int64] = []
  /// By event, its place among the rows of its part that belong to its bucket.
  private(set) var rows: [Int] = []
  /// By event, the place of its line in the day.
  package private(set) var lines: [Int] = []
  private var counts: [[Int64]] = []
  private var credits: [Int128] = []
  private var costs: [Int128] = []
  private var unpriced: [Int64] = []
  private let isComputed: Bool

  package var count: Int { numbers.count }
  package func group(_ event: Int) -> Group { groups[numbers[event]] }

  func count(_ count: RollupCount, _ event: Int) -> Int64 {
    counts[count.rawValue].isEmpty ? 0 : counts[count.rawValue][event]
  }

  /// By event, the sum of some counts.
  func sums(of counts: [RollupCount]) -> [Int128] {
    var sums = [Int128](repeating: 0, count: count)
    for count in counts {
      for (event, value) in self.counts[count.rawValue].enumerated() { sums[event] += Int128(value) }
    }
    return sums
  }

  /// Pico-credits.
  func credits(_ event: Int) -> Int128 { credits.isEmpty ? 0 : credits[event] }

  /// Pico-units; nil when it is not known.
  func cost(_ event: Int) -> Int128? {
    if !unpriced.isEmpty, unpriced[event] > 0 { return nil }
    return costs.isEmpty ? 0 : costs[event]
  }

  /// What an event adds to the sums of its group.
  func values(_ event: Int) -> GroupValues {
    var values = GroupValues()
    for count in RollupCount.allCases where !Self.derived.contains(count) {
      values.sums[count.rawValue] = Int128(self.count(count, event))
    }
    values.sums[RollupCount.unpricedRequests.rawValue] = Int128(unpriced.isEmpty ? 0 : unpriced[event])
    // Where the cost was reported, it does not matter how well it could be computed.
    let isComputed = isComputed && !group(event).isReported
    values.sums[RollupCount.approximateRequests.rawValue] =
      isComputed ? Int128(count(.approximateRequests, event)) : 0
    values.sums[GroupValues.creditsPlace] = credits.isEmpty ? 0 : credits[event]
    values.cost = costs.isEmpty ? 0 : costs[event]
    return values
  }

  private static let derived: Set<RollupCount> = [
    .unpricedRequests, .unreportedRequests, .uncomputedRequests, .approximateRequests,
  ]

  /// - Parameter wanted: the counts that will be asked for; nil reads all.
  init(
    _ part: inout TablePart<EventSource>, _ piece: PieceEvents, _ spec: AggregateSpec,
    only wanted: Set<RollupCount>? = nil
  ) throws(ParquetError) {
    isComputed = spec.costMode?.isComputed ?? false
    var rows: [Int] = []
    // By number of the part; -1 for groups without an event so far.
    var places = [Int](repeating: -1, count: piece.groups.groupCount)
    for run in piece.groups.runs {
      if places[run.group] < 0 {
        places[run.group] = groups.count
        let (key, isReported) = piece.grouping.key(run.group, bucket: piece.bucket)
        keys.append(key)
        groups.append(Group(key, isReported: isReported))
      }
      for index in run.rows {
        self.rows.append(index)
        rows.append(piece.rows.lowerBound + index)
        numbers.append(places[run.group])
      }
    }
    times = Self.integers(try part.values(DayEvents.time), rows)
    lines = Self.integers(try part.values(DayEvents.line), rows).map(Int.init)
    for count in RollupCount.allCases {
      let isWanted = wanted.map { $0.contains(count) || count == spec.costMode?.unpriced } ?? true
      counts.append(isWanted ? Self.integers(try part.values(count.name), rows) : [])
    }
    guard let mode = spec.costMode else { return }
    credits = Self.decimals(try part.values(RollupAmount.credits.name), rows)
    unpriced = counts[mode.unpriced.rawValue]
    for amount in mode.amounts {
      let more = Self.decimals(try part.values(amount.name), rows)
      costs = costs.isEmpty ? more : more.isEmpty ? costs : zip(costs, more).map { $0 + $1 }
    }
  }

  /// The values of some rows; none when all are 0.
  private static func integers(_ column: ParquetValues?, _ rows: [Int]) -> [Int64] {
    switch column {
    case .integers(let values, _): rows.map { values[$0] }
    case .constant(.integer(let value), _) where value != 0: rows.map { _ in value }
    default: []
    }
  }

  private static func decimals(_ column: ParquetValues?, _ rows: [Int]) -> [Int128] {
    switch column {
    case .decimals(let values, _): rows.map { values[$0] }
    case .constant(.decimal(let value), _) where value != 0: rows.map { _ in value }
    default: []
    }
  }
}

extension EventBatch.Group {
  fileprivate init(_ key: GroupKey, isReported: Bool) {
    func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
    bucket = key.bucket
    texts = key.texts.map { $0.map { ByteText($0) } }
    currency = key.currency.map(text)
    self.isReported = isReported
  }
}
