//! Sums by minute of one UTC day: few measures, because there are many minutes.

import Rollup

struct MinuteSums: Equatable, Sendable {
  /// What a group used in a minute of the UTC day.
  struct Row: Equatable, Sendable {
    let group: Int
    let minute: Int32
    var requests: Int128 = 0
    var tokens: Int128 = 0
    var images: Int128 = 0
    var cost: Int128 = 0
    var unpriced: Int128 = 0
  }

  private(set) var keys: [GroupKey] = []
  private(set) var rows: [Row] = []
  private var groups: [GroupKey: Int] = [:]
  /// By group and minute.
  private var places: [UInt64: Int] = [:]

  /// The number of a group.
  mutating func group(_ key: GroupKey) -> Int {
    if let known = groups[key] { return known }
    groups[key] = keys.count
    keys.append(key)
    return keys.count - 1
  }

  /// The place of a row, which is there from then on: also for an event that counts nothing.
  mutating func row(group: Int, minute: Int32) -> Int {
    let name = UInt64(group) << 32 | UInt64(UInt32(bitPattern: minute))
    if let known = places[name] { return known }
    places[name] = rows.count
    rows.append(Row(group: group, minute: minute))
    return rows.count - 1
  }

  /// Adds a measure's sums, by row; minutes have no others than those named here.
  mutating func add(_ sums: [(row: Int, value: Int128)], ofPlace place: Int) {
    if place == GroupValues.costPlace {
      for (row, value) in sums { rows[row].cost += value }
      return
    }
    switch RollupCount(rawValue: place) {
    case .requests: for (row, value) in sums { rows[row].requests += value }
    case .images: for (row, value) in sums { rows[row].images += value }
    case .unpricedRequests: for (row, value) in sums { rows[row].unpriced += value }
    case let count? where RollupCount.allTokens.contains(count):
      for (row, value) in sums { rows[row].tokens += value }
    default: break
    }
  }

  /// Whether a group has an amount.
  func hasCost(_ key: GroupKey) -> Bool {
    guard let group = groups[key] else { return false }
    return rows.contains { $0.group == group && $0.cost != 0 }
  }
}

extension DayAggregator {
  /// Notes groups of one minute each: by minute, and together as if there were no minutes.
  mutating func noteMinutes(_ work: PieceRows) {
    var places: [(group: Int, left: Int, row: Int)] = []
    typealias Left = (name: (key: GroupKey, isReported: Bool), number: Int, values: GroupValues)
    var lefts: [Int: Left] = [:]
    for (group, isUsed) in work.groups.used().enumerated() where isUsed {
      let (left, minute) = work.grouping.minute(of: group)
      if lefts[left] == nil {
        let name = work.grouping.key(left, bucket: work.piece.bucket)
        lefts[left] = (name, result.minutes.group(name.key), GroupValues())
      }
      guard let number = lefts[left]?.number else { continue }
      places.append((group, left, result.minutes.row(group: number, minute: minute)))
    }
    for (place, sums) in work.sums {
      var all: [Int: Int128] = [:]
      for (group, left, _) in places where sums[group] != 0 { all[left, default: 0] += sums[group] }
      for (left, sum) in all { lefts[left]?.values.sums[place] += sum }
      result.minutes.add(places.map { ($0.row, sums[$0.group]) }, ofPlace: place)
    }
    for (name, _, values) in lefts.values { add(values, to: name) }
  }
}
