#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Cuts bytes at line feeds with `memchr`, which libc has in SIMD.
@usableFromInline
package enum LineSplitter {
  /// Calls `body` with each line of `bytes`, without its line feed; a last line without one counts too.
  @inlinable
  package static func forEachLine<E: Error>(
    _ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws(E) -> Void
  ) throws(E) {
    var start = 0
    while start < bytes.count {
      let end = lineFeed(bytes, from: start) ?? bytes.count
      try body(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
      start = end &+ 1
    }
  }

  /// The place of the first line feed at or after `start`.
  @inlinable
  package static func lineFeed(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard start < bytes.count, let base = bytes.baseAddress else { return nil }
    // In bounds: `start` is inside and the length is what is left.
    guard let found = find(base + start, bytes.count &- start) else { return nil }
    return UnsafeRawPointer(found) - base
  }

  @usableFromInline
  static func find(_ start: UnsafeRawPointer, _ count: Int) -> UnsafeMutableRawPointer? {
    memchr(start, 10, count)
  }
}
