#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Byte strings compared as C compares them.
package enum ByteOrder {
  /// Whether both hold the same bytes.
  package static func isEqual(_ a: RawSpan, _ b: RawSpan) -> Bool {
    guard a.byteCount == b.byteCount else { return false }
    if a.byteCount == 0 { return true }
    return a.withUnsafeBytes { x in
      b.withUnsafeBytes { y in
        guard let x = x.baseAddress, let y = y.baseAddress else { return true }
        // In bounds: both are `byteCount` long.
        return memcmp(x, y, a.byteCount) == 0
      }
    }
  }

  /// Whether `a` comes before `b`: the first differing byte decides, then the length.
  package static func precedes(_ a: RawSpan, _ b: RawSpan) -> Bool {
    let shared = min(a.byteCount, b.byteCount)
    let order = a.withUnsafeBytes { x in
      b.withUnsafeBytes { y -> Int32 in
        guard shared > 0, let x = x.baseAddress, let y = y.baseAddress else { return 0 }
        // In bounds: `shared` is the shorter length.
        return memcmp(x, y, shared)
      }
    }
    return order != 0 ? order < 0 : a.byteCount < b.byteCount
  }
}
