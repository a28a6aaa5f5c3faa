//! Numbers of a fixed width in bits, least significant bit first: the bottom of every encoding but PLAIN.

import Bytes

/// A page in memory.
///
/// At least `Format.pagePadding` readable bytes follow `count`, so a word may be loaded from any of its bytes.
struct PageBytes {
  let base: UnsafeRawPointer
  let count: Int

  /// The part from `offset` on, up to `end`.
  func part(_ offset: Int, _ end: Int) -> PageBytes {
    PageBytes(base: base + offset, count: end - offset)
  }

  /// The little-endian word at `offset`, which must be at most `count`.
  @inline(__always)
  func word(_ offset: Int) -> UInt64 {
    // In bounds: eight bytes from `count` on are within the padding.
    UInt64(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
}

enum BitPacking {
  /// How many bytes `count` numbers of `width` bits take.
  static func size(_ count: Int, width: Int) -> Int { (count * width + 7) / 8 }

  /// How many bits `value` needs.
  @inline(__always)
  static func width(_ value: UInt64) -> Int { 64 &- value.leadingZeroBitCount }

  /// Number `index` of those of `width` ≤ 56 bits at `offset`.
  @inline(__always)
  static func narrow(_ page: PageBytes, _ offset: Int, _ index: Int, width: Int, mask: UInt64) -> UInt64 {
    let bit = index &* width
    return (page.word(offset &+ bit &>> 3) &>> UInt64(bit & 7)) & mask
  }

  /// Number `index` of those of any `width` at `offset`.
  @inline(__always)
  static func wide(_ page: PageBytes, _ offset: Int, _ index: Int, width: Int, mask: UInt64) -> UInt64 {
    let bit = index &* width
    let at = offset &+ bit &>> 3
    let shift = UInt64(bit & 7)
    // The second word is needed only for the last bits; shifting by 64 gives 0 with the smart shift.
    let low = page.word(at) >> shift
    let high = UInt64(page.base.load(fromByteOffset: at &+ 8, as: UInt8.self)) << (64 - shift)
    return (low | high) & mask
  }

  /// The mask of the lowest `width` bits.
  static func mask(_ width: Int) -> UInt64 { width >= 64 ? ~0 : (1 &<< UInt64(width)) &- 1 }
}
