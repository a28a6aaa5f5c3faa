/// Rows by key, with their sums; and for `quota` rows the last values.
struct RowTable {
  /// What keys a row: bucket (minute of the day, or session), combination, tags, currency.
  struct Key: Hashable {
    var bucket: Int32
    var combination: Int32
    var tags: Int32
    var currency: Int32
  }

  private(set) var keys: [Key] = []
  var sums = Sums()
  /// Earliest and latest event of each row.
  private(set) var firstTimes: [Int64] = []
  private(set) var lastTimes: [Int64] = []
  /// The last `quota` event of a row.
  var quotas: [Int: QuotaValues] = [:]

  private var slots: [UInt32]
  private var mask: Int

  init(slots: Int = 1024) {
    self.slots = [UInt32](repeating: 0, count: slots)
    mask = slots - 1
  }

  var count: Int { keys.count }

  @inline(__always)
  private static func hash(_ key: Key) -> Int {
    let a = UInt64(UInt32(bitPattern: key.bucket)) << 32 | UInt64(UInt32(bitPattern: key.combination))
    let b = UInt64(UInt32(bitPattern: key.tags)) << 32 | UInt64(UInt32(bitPattern: key.currency))
    var mixed = (a ^ (b &* 0x9E37_79B1_85EB_CA87)) &* 0xC2B2_AE3D_27D4_EB4F
    mixed ^= mixed >> 29
    return Int(truncatingIfNeeded: mixed &* 0x1656_67B1_9E37_79F9 >> 16)
  }

  /// The row of `key`, made when it is new, which an event at `time` belongs to.
  mutating func row(_ key: Key, first: Int64, last: Int64) -> Int {
    var slot = Self.hash(key) & mask
    while slots[slot] != 0 {
      let row = Int(slots[slot]) &- 1
      if keys[row] == key {
        if first < firstTimes[row] { firstTimes[row] = first }
        if last > lastTimes[row] { lastTimes[row] = last }
        return row
      }
      slot = (slot &+ 1) & mask
    }
    keys.append(key)
    firstTimes.append(first)
    lastTimes.append(last)
    let row = sums.addRow()
    slots[slot] = UInt32(row + 1)
    if keys.count * 2 > slots.count { grow() }
    return row
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: slots.count * 4)
    mask = slots.count - 1
    for (row, key) in keys.enumerated() {
      var slot = Self.hash(key) & mask
      while slots[slot] != 0 { slot = (slot &+ 1) & mask }
      slots[slot] = UInt32(row + 1)
    }
  }
}

/// What the last `quota` event of a row said.
struct QuotaValues {
  var time: Int64
  /// Decides between two events of one instant, independent of arrival.
  var line: [UInt8]
  /// In the order of `RollupSchema.quotas`; nil where absent.
  var values: [Int64?]

  /// Whether `self` is later than `other`, or the greater line of the same instant.
  func isAfter(_ other: QuotaValues) -> Bool {
    time != other.time ? time > other.time : other.line.lexicographicallyPrecedes(line)
  }
}
