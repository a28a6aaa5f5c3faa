//! Which events have an id that occurs more than once in the day?
//!
//! A table of events by half a hash, 4 bytes each and half empty. Two ids that share half a hash are looked at for
//! nothing, and both counted.

import Bytes

enum Repeats {
  /// The numbers of the events of each hash that occurs more than once, in ascending order.
  static func groups(_ lines: UnsafeMutableBufferPointer<LineTable.Line>) -> [ArraySlice<Int32>] {
    let repeats = repeats(lines).sorted {
      $0.first != $1.first ? $0.first < $1.first : $0.event < $1.event
    }
    var (events, starts): ([Int32], [Int]) = ([], [])
    var before: Int32 = -1
    for (first, event) in repeats {
      if first != before {
        starts.append(events.count)
        events.append(first)
        before = first
      }
      events.append(event)
    }
    return starts.indices.map { events[starts[$0]..<($0 + 1 < starts.count ? starts[$0 + 1] : events.count)] }
  }

  /// Every event whose hash an earlier one has, and the first that has it.
  private static func repeats(
    _ lines: UnsafeMutableBufferPointer<LineTable.Line>
  ) -> [(first: Int32, event: Int32)] {
    var size = 1024
    while size < lines.count * 2 { size *= 2 }
    let mask = size - 1
    // Number of the event + 1; 0 is empty.
    let table = Column<UInt32>(repeating: 0, count: size)
    let slots = table.values
    var repeats: [(first: Int32, event: Int32)] = []
    for index in lines.indices {
      let hash = lines[index].hash
      var slot = Int(truncatingIfNeeded: UInt64(hash) &* 0x9E37_79B1_85EB_CA87 &>> 32) & mask
      while true {
        let entry = slots[slot]
        if entry == 0 {
          slots[slot] = UInt32(truncatingIfNeeded: index &+ 1)
          break
        }
        let other = Int(entry) &- 1
        if lines[other].hash == hash {
          repeats.append((Int32(truncatingIfNeeded: other), Int32(truncatingIfNeeded: index)))
          break
        }
        slot = (slot &+ 1) & mask
      }
    }
    return repeats
  }
}
