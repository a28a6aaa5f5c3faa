import Bytes

/// Gives equal byte strings equal small numbers, in order of first appearance.
///
/// Open addressing; a slot holds half of the hash beside the number, so that only what is very likely equal is
/// compared. The bytes lie in one arena, so a lookup allocates nothing.
struct ByteInterner: ~Copyable, Sendable {
  private var arena = ByteWriter(capacity: 4096)
  /// Where each string begins, and the end of the last.
  private var offsets = Column<Int>(repeating: 0, count: 1)
  /// Half of the hash above, number + 1 below; 0 is empty.
  private var slots: Column<UInt64>
  private var mask: Int

  /// An empty table; `slots` is a power of two.
  init(slots: Int = 64) {
    self.slots = Column(repeating: 0, count: slots)
    mask = slots - 1
  }

  var count: Int { offsets.count - 1 }

  /// The number of `bytes`, and whether it is new.
  mutating func intern(_ bytes: RawSpan) -> (number: Int, isNew: Bool) {
    intern(bytes, hash: TableHash.hash(bytes))
  }

  /// The same for bytes whose hash is known.
  mutating func intern(_ bytes: RawSpan, hash: UInt64) -> (number: Int, isNew: Bool) {
    let half = hash & 0xFFFF_FFFF_0000_0000
    let slots = slots.values
    var slot = Self.place(half, mask)
    while slots[slot] != 0 {
      if slots[slot] & 0xFFFF_FFFF_0000_0000 == half {
        let number = Int(truncatingIfNeeded: slots[slot] & 0xFFFF_FFFF) &- 1
        if isEqual(number, from: start(number), bytes) { return (number, false) }
      }
      slot = (slot &+ 1) & mask
    }
    let number = count
    slots[slot] = half | UInt64(number + 1)
    arena.append(bytes)
    offsets.append(arena.count)
    if count * 2 > slots.count { grow() }
    return (number, true)
  }

  /// The slot to begin with: from the half that slots keep, so that they can be moved.
  @inline(__always)
  private static func place(_ half: UInt64, _ mask: Int) -> Int {
    Int(truncatingIfNeeded: half &>> 32) & mask
  }

  /// The number in the first slot of a hash when it may be the one; -1 otherwise.
  @inline(__always)
  func candidate(_ hash: UInt64) -> Int {
    let half = hash & 0xFFFF_FFFF_0000_0000
    let slot = slots.values[Self.place(half, mask)]
    return slot & 0xFFFF_FFFF_0000_0000 == half ? Int(truncatingIfNeeded: slot & 0xFFFF_FFFF) &- 1 : -1
  }

  /// Where the string of a number begins.
  @inline(__always)
  func start(_ number: Int) -> Int { offsets.values[number] }

  /// Says that the string of a number, which begins at `start`, will be compared soon.
  @inline(__always)
  func prefetch(_ number: Int, from start: Int) {
    arena.withBytes { Prefetch.announce($0.extracting(start..<offsets.values[number &+ 1])) }
  }

  /// Whether the string of a number, which begins at `start`, is `bytes`.
  @inline(__always)
  func isEqual(_ number: Int, from start: Int, _ bytes: RawSpan) -> Bool {
    offsets.values[number &+ 1] &- start == bytes.byteCount && arena.holds(bytes, at: start)
  }

  /// How many bytes the strings take.
  var sizeBytes: Int { arena.count + count * 24 }

  /// Takes in the strings of another table; returns what their numbers are here.
  mutating func absorb(_ other: borrowing ByteInterner) -> [Int32] {
    (0..<other.count).map { number in other.withBytes(number) { Int32(intern($0).number) } }
  }

  private mutating func grow() {
    let size = slots.count * 4
    var larger = Column<UInt64>(repeating: 0, count: size)
    for index in 0..<slots.count where slots[index] != 0 {
      var slot = Self.place(slots[index], size - 1)
      while larger[slot] != 0 { slot = (slot &+ 1) & (size - 1) }
      larger[slot] = slots[index]
    }
    slots = larger
    mask = size - 1
  }

  /// Lets `body` look at the bytes of `number`.
  func withBytes<R>(_ number: Int, _ body: (RawSpan) -> R) -> R {
    arena.withBytes { body($0.extracting(offsets[number]..<offsets[number + 1])) }
  }

  /// A copy of the bytes of `number`.
  func bytes(_ number: Int) -> [UInt8] {
    withBytes(number) { bytes in bytes.withUnsafeBytes { [UInt8]($0) } }
  }
}
