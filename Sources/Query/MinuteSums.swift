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

  private var groups = Numbering<GroupKey>()
  private(set) var rows: [Row] = []
  /// Of rows, by group and minute; nil while there are none.
  private var places: PairTable?

  /// The groups, by number.
  var keys: [GroupKey] { groups.things }

  /// The number of a group.
  mutating func group(_ key: GroupKey) -> Int { groups.number(key).number }

  /// The place of a row, which is there from then on: also for an event that counts nothing.
  mutating func row(group: Int, minute: Int32) -> Int {
    if places == nil { places = PairTable() }
    guard let place = places?.number(Int32(group), minute) else { return 0 }
    if place == rows.count { rows.append(Row(group: group, minute: minute)) }
    return Int(place)
  }

  /// A group of one minute: its number among sums, that of all its minutes, and the place of its row.
  typealias Place = (group: Int, left: Int, row: Int)

  /// Adds a measure's sums, by group; minutes have no others than those named here.
  mutating func add(_ sums: [Int128], to places: [Place], ofPlace place: Int) {
    if place == GroupValues.costPlace {
      for (group, _, row) in places { rows[row].cost += sums[group] }
      return
    }
    switch RollupCount(rawValue: place) {
    case .requests: for (group, _, row) in places { rows[row].requests += sums[group] }
    case .images: for (group, _, row) in places { rows[row].images += sums[group] }
    case .unpricedRequests: for (group, _, row) in places { rows[row].unpriced += sums[group] }
    case let count? where RollupCount.allTokens.contains(count):
      for (group, _, row) in places { rows[row].tokens += sums[group] }
    default: break
    }
  }

  /// Whether groups have an amount, by number.
  var haveCosts: [Bool] {
    var have = [Bool](repeating: false, count: keys.count)
    for row in rows where row.cost != 0 { have[row.group] = true }
    return have
  }
}

extension DayAggregator {
  /// Notes groups of one minute each: by minute, and together as if there were no minutes.
  mutating func noteMinutes(_ work: PieceRows) {
    var places: [MinuteSums.Place] = []
    var lefts: [(name: (key: GroupKey, isReported: Bool), number: Int, values: GroupValues)] = []
    // By number of the grouping; -1 for groups without a row so far.
    var leftPlaces: [Int] = []
    for (group, isUsed) in work.groups.used().enumerated() where isUsed {
      let (whole, minute) = work.grouping.minute(of: group)
      while leftPlaces.count <= whole { leftPlaces.append(-1) }
      if leftPlaces[whole] < 0 {
        leftPlaces[whole] = lefts.count
        let name = work.grouping.key(whole, bucket: work.piece.bucket)
        lefts.append((name, result.minutes.group(name.key), GroupValues()))
      }
      let left = leftPlaces[whole]
      places.append((group, left, result.minutes.row(group: lefts[left].number, minute: minute)))
    }
    for (place, sums) in work.sums {
      var all = [Int128](repeating: 0, count: lefts.count)
      for (group, left, _) in places { all[left] += sums[group] }
      for left in lefts.indices where all[left] != 0 { lefts[left].values.sums[place] += all[left] }
      result.minutes.add(sums, to: places, ofPlace: place)
    }
    for (name, _, values) in lefts { add(values, to: name) }
  }
}
