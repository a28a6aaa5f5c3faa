//! Percentiles need every value: a group whose measures ask for them keeps those of its events beside its sums, so that
//! Others and totals have theirs too.
//!
//! Sums still come from rollups; a report reads events only when its measures ask for values.

import Compaction
import Parquet
import Rollup

/// Values of single events of a group.
struct Spread: Equatable, Sendable {
  /// What a percentile is of.
  enum Kind: Sendable {
    /// How long each request took; of events that are one request and tell its time.
    case durations
    /// What each request cost; of events that are one request and whose cost is known.
    case costs
  }

  private var durations: [Int64] = []
  private var costs: [Int128] = []
  private var isSorted = true

  mutating func add(duration: Int64) {
    durations.append(duration)
    isSorted = false
  }

  mutating func add(cost: Int128) {
    costs.append(cost)
    isSorted = false
  }

  mutating func add(_ other: Spread) {
    isSorted = other.isSorted && durations.isEmpty && costs.isEmpty
    durations += other.durations
    costs += other.costs
  }

  /// Sorts the values, which percentiles of one that is not do each time.
  mutating func sort() {
    if isSorted { return }
    durations.sort()
    costs.sort()
    isSorted = true
  }

  var hasCosts: Bool { !costs.isEmpty }

  /// Replaces each cost, such as by what it is in another currency.
  mutating func changeCosts<E: Error>(_ change: (Int128) throws(E) -> Int128) throws(E) {
    for index in costs.indices { costs[index] = try change(costs[index]) }
  }

  /// The least value that is not exceeded by `percent` percent of all (the nearest rank); nil when there are none.
  func percentile(_ percent: Int, of kind: Kind) -> Int128? {
    var sorted = self
    sorted.sort()
    let count = kind == .durations ? durations.count : costs.count
    if count == 0 { return nil }
    let rank = max((count * percent + 99) / 100, 1) - 1
    return kind == .durations ? Int128(sorted.durations[rank]) : sorted.costs[rank]
  }
}

extension GroupSums {
  /// Adds the values of a day's events to the groups they belong to.
  mutating func addSpreads(
    _ kinds: Set<Spread.Kind>, of source: EventSource, _ pieces: [ReportRun.Piece], _ spec: AggregateSpec
  ) throws {
    try source.forEachPiece(pieces, spec) { part, piece in
      let batch = try EventBatch(&part, piece, spec, only: [.requests, .durationMs])
      var spreads = [Spread](repeating: Spread(), count: batch.groups.count)
      for event in 0..<batch.count where batch.count(.requests, event) == 1 {
        let duration = batch.count(.durationMs, event)
        if kinds.contains(.durations), duration > 0 {
          spreads[batch.numbers[event]].add(duration: duration)
        }
        if kinds.contains(.costs), let cost = batch.cost(event) {
          spreads[batch.numbers[event]].add(cost: cost)
        }
      }
      for (key, spread) in zip(batch.keys, spreads) {
        var values = GroupValues()
        values.spread = spread
        add(values, to: key)
      }
    }
  }
}
