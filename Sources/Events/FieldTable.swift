//! Finds the field of a JSON key: a small open-addressing table on the key's length and first eight bytes. A line
//! has a dozen keys, so this is asked more often than anything else.

import Bytes

struct FieldTable {
  /// Field + 1 for each slot; 0 is empty.
  private var slots: InlineArray<128, UInt8> = InlineArray(repeating: 0)
  private var heads: InlineArray<45, UInt64> = InlineArray(repeating: 0)
  private let names: [[UInt8]]

  init() {
    names = EventField.names.map { Array($0.utf8) }
    for (index, name) in names.enumerated() {
      let head = Self.head(name.span.bytes, 0, name.count)
      heads[index] = head
      var slot = Self.slot(head, name.count)
      while slots[slot] != 0 { slot = (slot &+ 1) & 127 }
      slots[slot] = UInt8(index + 1)
    }
  }

  /// The field whose key is `line[start..<end]`.
  @inline(__always)
  func field(_ line: RawSpan, _ start: Int, _ end: Int) -> EventField? {
    let count = end &- start
    let head = Self.head(line, start, count)
    var slot = Self.slot(head, count)
    while slots[slot] != 0 {
      let index = Int(slots[slot]) &- 1
      if heads[index] == head, names[index].count == count, tailMatches(index, line, start, count) {
        return EventField(rawValue: UInt8(truncatingIfNeeded: index))
      }
      slot = (slot &+ 1) & 127
    }
    return nil
  }

  @inline(__always)
  private func tailMatches(_ index: Int, _ line: RawSpan, _ start: Int, _ count: Int) -> Bool {
    var offset = 8
    while offset < count {
      if names[index][offset] != JSONScanner.byte(line, start &+ offset) { return false }
      offset &+= 1
    }
    return true
  }

  @inline(__always)
  private static func head(_ bytes: RawSpan, _ start: Int, _ count: Int) -> UInt64 {
    if start &+ 8 <= bytes.byteCount {
      let word = UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self))
      return count >= 8 ? word : word & ((1 &<< UInt64(truncatingIfNeeded: count &* 8)) &- 1)
    }
    var word: UInt64 = 0
    for offset in 0..<Swift.min(count, 8) {
      word |= UInt64(JSONScanner.byte(bytes, start &+ offset)) &<< UInt64(offset &* 8)
    }
    return word
  }

  @inline(__always)
  private static func slot(_ head: UInt64, _ count: Int) -> Int {
    let mixed = (head ^ UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15) &* 0xC2B2_AE3D_27D4_EB4F
    return Int(truncatingIfNeeded: mixed &>> 57)
  }
}
