//! Which events have an id that occurs more than once in the day?
//!
//! A table of half hashes, 8 to 16 bytes an event; two events that share one are *contested*, and only those are
//! compared in full. Two ids that share half a hash are contested for nothing and both counted.

import Bytes

enum Repeats {
  /// Marks the contested events; returns how many they are.
  static func mark(_ events: inout EventTable) -> Int {
    var size = 1024
    while size < events.count * 2 { size *= 2 }
    let mask = size - 1
    // Half a hash above, number of the event + 1 below; 0 is empty.
    let table = Column<UInt64>(repeating: 0, count: size)
    let (slots, identities) = (table.values, events.identities.values)
    var count = 0
    for index in identities.indices {
      let hash = UInt64(identities[index])
      var slot = Int(truncatingIfNeeded: hash &* 0x9E37_79B1_85EB_CA87 &>> 32) & mask
      while true {
        let entry = slots[slot]
        if entry == 0 {
          slots[slot] = hash &<< 32 | UInt64(index &+ 1)
          break
        }
        if entry &>> 32 == hash {
          count += mark(Int(entry & 0xFFFF_FFFF) &- 1, &events) + mark(index, &events)
          break
        }
        slot = (slot &+ 1) & mask
      }
    }
    return count
  }

  private static func mark(_ index: Int, _ events: inout EventTable) -> Int {
    if events.marks[index].contains(.contested) { return 0 }
    events.marks[index].insert(.contested)
    return 1
  }
}
