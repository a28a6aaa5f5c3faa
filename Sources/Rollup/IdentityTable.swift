/// Knows which ids occur more than once in a day.
///
/// Holds only a 64-bit hash of each id, 16 bytes an event or less; a hash that occurs twice makes its lines
/// *contested*, and only those are compared in full. Two ids that share a hash are contested for nothing and both
/// counted.
struct IdentityTable {
  /// Hashes with the lowest bit as the mark "seen again"; 0 is empty.
  private var slots: [UInt64]
  private var mask: Int
  private var used = 0
  private(set) var contestedCount = 0

  init(expected: Int) {
    var size = 1024
    while size < expected * 2 { size *= 2 }
    slots = [UInt64](repeating: 0, count: size)
    mask = size - 1
  }

  private static func key(_ hash: UInt64) -> UInt64 {
    let key = hash & ~1
    return key == 0 ? 2 : key
  }

  /// Notes one line's id.
  mutating func note(_ hash: UInt64) {
    let key = Self.key(hash)
    var slot = Int(truncatingIfNeeded: key >> 1) & mask
    while slots[slot] != 0 {
      if slots[slot] & ~1 == key {
        if slots[slot] & 1 == 0 { contestedCount += 1 }
        slots[slot] |= 1
        return
      }
      slot = (slot &+ 1) & mask
    }
    slots[slot] = key
    used += 1
    if used * 4 > slots.count * 3 { grow() }
  }

  /// Whether more than one line has this id.
  @inline(__always)
  func isContested(_ hash: UInt64) -> Bool {
    if contestedCount == 0 { return false }
    let key = Self.key(hash)
    var slot = Int(truncatingIfNeeded: key >> 1) & mask
    while slots[slot] != 0 {
      if slots[slot] & ~1 == key { return slots[slot] & 1 != 0 }
      slot = (slot &+ 1) & mask
    }
    return false
  }

  private mutating func grow() {
    let old = slots
    slots = [UInt64](repeating: 0, count: old.count * 2)
    mask = slots.count - 1
    // The key keeps all bits of the hash but the lowest, and slots are chosen by the others.
    for entry in old where entry != 0 {
      var slot = Int(truncatingIfNeeded: (entry & ~1) >> 1) & mask
      while slots[slot] != 0 { slot = (slot &+ 1) & mask }
      slots[slot] = entry
    }
  }
}
