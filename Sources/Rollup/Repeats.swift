//! Which events have an id that occurs more than once in the day?
//!
//! A table of events by half a hash, 8 to 16 bytes each; two events that share one are *contested*, and only those
//! are compared in full. Two ids that share half a hash are contested for nothing and both counted.

import Bytes

enum Repeats {
  /// Marks the contested events; returns how many they are.
  static func mark(_ events: inout EventTable) -> Int {
    var size = 1024
    while size < events.count * 2 { size *= 2 }
    let mask = size - 1
    // Number of the event + 1; 0 is empty.
    let table = Column<UInt32>(repeating: 0, count: size)
    let (slots, identities) = (table.values, events.identities.values)
    var count = 0
    for index in identities.indices {
      let hash = identities[index]
      var slot = Int(truncatingIfNeeded: UInt64(hash) &* 0x9E37_79B1_85EB_CA87 &>> 32) & mask
      while true {
        let entry = slots[slot]
        if entry == 0 {
          slots[slot] = UInt32(truncatingIfNeeded: index &+ 1)
          break
        }
        let other = Int(entry) &- 1
        if identities[other] == hash {
          count += mark(other, &events) + mark(index, &events)
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
