//! Finds the field of a JSON key: a small open-addressing table on the key's length and first eight bytes, compared
//! as three words. A line has a dozen keys, so this is asked more often than anything else.

import Bytes

struct FieldTable {
  private typealias Words = (UInt64, UInt64, UInt64)
  /// No key of ours is longer, so three words hold any.
  private static let sizeBytesMax = 24

  private struct Slot {
    var words: Words = (0, 0, 0)
    /// Length of the key; 0 marks an empty slot.
    var count = 0
    var field = EventField.id
  }

  /// An array, not an inline one: reading an element of an inline array that is part of a larger value copies all of it.
  private let slots: [Slot]

  init() {
    var slots = [Slot](repeating: Slot(), count: 128)
    for field in EventField.allCases {
      let bytes = Array(field.name.utf8)
      precondition(bytes.count <= Self.sizeBytesMax)
      let words = Self.words(bytes.span.bytes, 0, bytes.count)
      var slot = Self.slot(words.0, bytes.count)
      while slots[slot].count != 0 { slot = (slot &+ 1) & 127 }
      slots[slot] = Slot(words: words, count: bytes.count, field: field)
    }
    self.slots = slots
  }

  /// The field whose key is `line[start..<end]`.
  @inline(__always)
  func field(_ line: RawSpan, _ start: Int, _ end: Int) -> EventField? {
    let count = end &- start
    if count > Self.sizeBytesMax { return nil }
    let words = Self.words(line, start, count)
    var slot = Self.slot(words.0, count)
    while slots[slot].count != 0 {
      if slots[slot].words == words, slots[slot].count == count { return slots[slot].field }
      slot = (slot &+ 1) & 127
    }
    return nil
  }

  /// The key's bytes as little-endian words, zeros behind its end.
  @inline(__always)
  private static func words(_ bytes: RawSpan, _ start: Int, _ count: Int) -> Words {
    if start &+ sizeBytesMax <= bytes.byteCount {
      return (
        masked(word(bytes, start), count), masked(word(bytes, start &+ 8), count &- 8),
        masked(word(bytes, start &+ 16), count &- 16)
      )
    }
    var words: Words = (0, 0, 0)
    for offset in 0..<count {
      let byte = UInt64(JSONScanner.byte(bytes, start &+ offset)) &<< UInt64((offset & 7) &* 8)
      switch offset >> 3 {
      case 0: words.0 |= byte
      case 1: words.1 |= byte
      default: words.2 |= byte
      }
    }
    return words
  }

  @inline(__always)
  private static func word(_ bytes: RawSpan, _ at: Int) -> UInt64 {
    UInt64(littleEndian: bytes.unsafeLoadUnaligned(fromByteOffset: at, as: UInt64.self))
  }

  /// The lowest `count` bytes of a word.
  @inline(__always)
  private static func masked(_ word: UInt64, _ count: Int) -> UInt64 {
    if count >= 8 { return word }
    return count <= 0 ? 0 : word & ((1 &<< UInt64(truncatingIfNeeded: count &* 8)) &- 1)
  }

  @inline(__always)
  private static func slot(_ head: UInt64, _ count: Int) -> Int {
    let mixed =
      (head ^ UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15) &* 0xC2B2_AE3D_27D4_EB4F
    return Int(truncatingIfNeeded: mixed &>> 57)
  }
}
