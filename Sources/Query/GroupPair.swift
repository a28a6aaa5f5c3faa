//! Gives equal pairs of numbers equal small numbers: a group-by over several columns is a chain of these. Few
//! possible pairs have a place of their own each; among many they are looked up by hash.

/// A group before the last split, and the code in the column that it was split by.
struct GroupPair: Equatable {
  let left: Int32
  let right: Int32

  /// Puts in place of each left number that of its pair.
  ///
  /// - Parameters:
  ///   - lefts: numbers from 0 to `leftCount` - 1.
  ///   - rights: as many, from -1 to `rightCount` - 1.
  /// - Returns: the pairs that occur, by number.
  static func number(
    _ lefts: inout [Int32], _ leftCount: Int, _ rights: [Int32], _ rightCount: Int
  ) -> [GroupPair] {
    let placeCount = leftCount * (rightCount + 1)
    if placeCount > 1 << 16 {
      var table = PairTable()
      for index in lefts.indices {
        lefts[index] = table.number(lefts[index], rights[index])
      }
      return table.pairs
    }
    var pairs: [GroupPair] = []
    var knownPlaces = [Int32](repeating: -1, count: placeCount)
    var places = knownPlaces.mutableSpan
    let rights = rights.span
    var numbers = lefts.mutableSpan
    precondition(numbers.count == rights.count)
    for index in 0..<numbers.count {
      let (left, right) = (numbers[unchecked: index], rights[unchecked: index])
      let place = Int(left) &* (rightCount &+ 1) &+ Int(right) &+ 1
      if places[place] < 0 {
        places[place] = Int32(pairs.count)
        pairs.append(GroupPair(left: left, right: right))
      }
      numbers[unchecked: index] = places[place]
    }
    return pairs
  }
}

/// Numbers of pairs by hash.
struct PairTable: Equatable {
  private(set) var pairs: [GroupPair] = []
  private var slots = [UInt64](repeating: .max, count: 1 << 12)
  private var values = [Int32](repeating: 0, count: 1 << 12)
  private var lastKey = UInt64.max
  private var lastValue: Int32 = 0

  /// The number of the pair; neighbours in a sorted file are often equal, so the last one is asked first.
  @inline(__always)
  mutating func number(_ left: Int32, _ right: Int32) -> Int32 {
    let key = UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    if key == lastKey { return lastValue }
    lastKey = key
    lastValue = find(key, left, right)
    return lastValue
  }

  private mutating func find(_ key: UInt64, _ left: Int32, _ right: Int32) -> Int32 {
    let slot = slot(of: key)
    if slots[slot] == key { return values[slot] }
    let number = Int32(pairs.count)
    pairs.append(GroupPair(left: left, right: right))
    slots[slot] = key
    values[slot] = number
    if pairs.count * 2 > slots.count { grow() }
    return number
  }

  /// Where the key is, or would be.
  private func slot(of key: UInt64) -> Int {
    let mask = slots.count - 1
    let mixed = (key ^ key >> 29) &* 0x9E37_79B1_85EB_CA87
    var slot = Int(truncatingIfNeeded: mixed >> 20) & mask
    while slots[slot] != key, slots[slot] != .max { slot = (slot &+ 1) & mask }
    return slot
  }

  private mutating func grow() {
    let old = zip(slots, values).filter { $0.0 != .max }
    slots = [UInt64](repeating: .max, count: slots.count * 4)
    values = [Int32](repeating: 0, count: slots.count)
    for (key, value) in old {
      let slot = slot(of: key)
      slots[slot] = key
      values[slot] = value
    }
  }
}
