/// Gives equal pairs of numbers equal small numbers: a group-by over several columns is a chain of these.
struct PairTable {
  private var slots: [UInt64]
  private var values: [Int32]
  private var mask: Int
  private(set) var pairs: [(left: Int32, right: Int32)] = []
  private var lastKey = UInt64.max
  private var lastValue: Int32 = 0

  init() {
    slots = [UInt64](repeating: .max, count: 64)
    values = [Int32](repeating: 0, count: 64)
    mask = 63
  }

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
    var slot = Self.hash(key) & mask
    while slots[slot] != .max {
      if slots[slot] == key { return values[slot] }
      slot = (slot &+ 1) & mask
    }
    let number = Int32(pairs.count)
    pairs.append((left, right))
    slots[slot] = key
    values[slot] = number
    if pairs.count * 2 > slots.count { grow() }
    return number
  }

  private static func hash(_ key: UInt64) -> Int {
    let mixed = (key ^ key >> 29) &* 0x9E37_79B1_85EB_CA87
    return Int(truncatingIfNeeded: mixed >> 20)
  }

  private mutating func grow() {
    let old = zip(slots, values).filter { $0.0 != .max }
    slots = [UInt64](repeating: .max, count: slots.count * 4)
    values = [Int32](repeating: 0, count: slots.count)
    mask = slots.count - 1
    for (key, value) in old {
      var slot = Self.hash(key) & mask
      while slots[slot] != .max { slot = (slot &+ 1) & mask }
      slots[slot] = key
      values[slot] = value
    }
  }
}
