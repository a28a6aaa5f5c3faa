//! A growable run of bytes for the hot paths: reserve once per line, then append without checks that
//! allocate. `[UInt8]` pays a uniqueness check and a capacity check per append; a canonical line has some
//! forty appends, so that was a third of the cost of writing one.

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Bytes that grow at the end.
///
/// Owns its memory; not copyable, so the bytes are never copied behind one's back.
/// Cost: amortised O(1) per byte; growth doubles.
///
/// Unchecked: the memory has one owner, and only the owner changes it.
@usableFromInline
package struct ByteWriter: ~Copyable, @unchecked Sendable {
  @usableFromInline var base: UnsafeMutableRawPointer
  @usableFromInline var capacity: Int
  @usableFromInline var used: Int

  /// An empty buffer with room for `capacity` bytes.
  @inlinable
  package init(capacity: Int = 4096) {
    self.capacity = Swift.max(capacity, 64)
    base = .allocate(byteCount: self.capacity, alignment: 16)
    used = 0
  }

  /// The UTF-8 bytes of `text`.
  package init(_ text: String) {
    self.init(capacity: text.utf8.count)
    append(text)
  }

  deinit { base.deallocate() }

  /// How many bytes are held.
  @inlinable @inline(__always)
  package var count: Int { used }

  /// Whether nothing is held.
  @inlinable
  package var isEmpty: Bool { used == 0 }

  /// Makes sure that `extra` more bytes fit.
  @inlinable @inline(__always)
  package mutating func reserve(_ extra: Int) {
    if used + extra > capacity { grow(extra) }
  }

  @usableFromInline
  mutating func grow(_ extra: Int) {
    let size = Swift.max(capacity * 2, used + extra)
    let moved = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    moved.copyMemory(from: base, byteCount: used)
    base.deallocate()
    base = moved
    capacity = size
  }

  /// Appends one byte.
  @inlinable @inline(__always)
  package mutating func append(_ byte: UInt8) {
    reserve(1)
    // In bounds: `reserve` made room.
    base.storeBytes(of: byte, toByteOffset: used, as: UInt8.self)
    used &+= 1
  }

  /// Appends the bytes of `range` of `span`.
  @inlinable @inline(__always)
  package mutating func append(_ span: RawSpan, _ range: Range<Int>) {
    append(span.extracting(range))
  }

  /// Appends all bytes of `span`.
  @inlinable @inline(__always)
  package mutating func append(_ span: RawSpan) {
    reserve(span.byteCount)
    span.withUnsafeBytes { source in
      guard let start = source.baseAddress else { return }
      // In bounds: `reserve` made room for all of `source`.
      (base + used).copyMemory(from: start, byteCount: source.count)
    }
    used &+= span.byteCount
  }

  /// Appends the UTF-8 bytes of a literal.
  @inlinable @inline(__always)
  package mutating func append(_ text: StaticString) {
    let count = text.utf8CodeUnitCount
    reserve(count)
    // In bounds: `reserve` made room.
    (base + used).copyMemory(from: text.utf8Start, byteCount: count)
    used &+= count
  }

  /// Appends the UTF-8 bytes of `text`.
  package mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
  }

  /// Appends an array's bytes.
  @inlinable
  package mutating func append(_ bytes: [UInt8]) {
    append(bytes.span.bytes)
  }

  /// Appends the bytes of a C buffer.
  @inlinable
  package mutating func append(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress else { return }
    reserve(bytes.count)
    // In bounds: `reserve` made room.
    (base + used).copyMemory(from: start, byteCount: bytes.count)
    used &+= bytes.count
  }

  /// Appends a fixed-width integer, little endian.
  @inlinable
  package mutating func append<T: FixedWidthInteger & BitwiseCopyable>(littleEndian value: T) {
    let size = MemoryLayout<T>.size
    reserve(size)
    base.storeBytes(of: value.littleEndian, toByteOffset: used, as: T.self)
    used &+= size
  }

  /// Appends a whole number in decimal.
  @inlinable
  package mutating func append(decimal value: Int64) {
    reserve(20)
    var rest = value.magnitude
    if value < 0 { append(UInt8(ascii: "-")) }
    var width = 1
    var bound: UInt64 = 10
    while rest >= bound && width < 20 {
      width &+= 1
      let (next, overflow) = bound.multipliedReportingOverflow(by: 10)
      if overflow { break }
      bound = next
    }
    var at = used &+ width
    repeat {
      at &-= 1
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      base.storeBytes(of: UInt8(truncatingIfNeeded: digit) &+ 48, toByteOffset: at, as: UInt8.self)
      rest = quotient
    } while at > used
    used &+= width
  }

  /// Forgets everything from `count` on; the memory is kept.
  @inlinable
  package mutating func truncate(to count: Int) {
    precondition(count <= used)
    used = count
  }

  /// Forgets the bytes of `range`; those behind it move up.
  package mutating func remove(_ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= used)
    // In bounds: checked above.
    (base + range.lowerBound).copyMemory(from: base + range.upperBound, byteCount: used - range.upperBound)
    used -= range.count
  }

  /// Forgets everything; the memory is kept.
  @inlinable @inline(__always)
  package mutating func removeAll() { used = 0 }

  /// Lets `body` fill up to `capacity` more bytes and say how many it wrote.
  @inlinable @inline(__always)
  package mutating func append<E: Error>(
    upTo extra: Int, _ body: (UnsafeMutableRawBufferPointer) throws(E) -> Int
  ) throws(E) {
    reserve(extra)
    let written = try body(UnsafeMutableRawBufferPointer(start: base + used, count: extra))
    precondition(written >= 0 && written <= extra)
    used &+= written
  }

  /// Lets `body` look at the bytes.
  @inlinable @inline(__always)
  package func withBytes<R, E: Error>(_ body: (RawSpan) throws(E) -> R) throws(E) -> R {
    try body(RawSpan(_unsafeStart: UnsafeRawPointer(base), byteCount: used))
  }

  /// Whether the bytes from `start` on are those of `span`; there must be as many.
  package func holds(_ span: RawSpan, at start: Int) -> Bool {
    precondition(start >= 0 && start + span.byteCount <= used)
    return span.withUnsafeBytes { bytes in
      guard let other = bytes.baseAddress else { return true }
      // In bounds: checked above.
      return memcmp(base + start, other, bytes.count) == 0
    }
  }

  /// A copy of the bytes.
  package var array: [UInt8] {
    [UInt8](UnsafeRawBufferPointer(start: base, count: used))
  }
}
