import Bytes

/// Gives equal byte strings equal small numbers, in order of first appearance.
///
/// Open addressing over stored hashes; the bytes lie in one arena, so a lookup allocates nothing.
struct ByteInterner: ~Copyable {
  private var arena = ByteWriter(capacity: 4096)
  private var ends: [Int] = []
  private var hashes: [UInt64] = []
  /// Number + 1 for each slot; 0 is empty.
  private var slots: [UInt32]
  private var mask: Int

  init(slots: Int = 64) {
    self.slots = [UInt32](repeating: 0, count: slots)
    mask = slots - 1
  }

  var count: Int { ends.count }

  /// The number of `bytes`, and whether it is new.
  mutating func intern(_ bytes: RawSpan) -> (number: Int, isNew: Bool) {
    let hash = XXH64.hash(bytes)
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0 {
      let number = Int(slots[slot]) &- 1
      if hashes[number] == hash, isEqual(number, bytes) { return (number, false) }
      slot = (slot &+ 1) & mask
    }
    slots[slot] = UInt32(ends.count + 1)
    arena.append(bytes)
    ends.append(arena.count)
    hashes.append(hash)
    if ends.count * 2 > slots.count { grow() }
    return (ends.count - 1, true)
  }

  private func isEqual(_ number: Int, _ bytes: RawSpan) -> Bool {
    arena.withBytes { all in
      let known = all.extracting(range(number))
      guard known.byteCount == bytes.byteCount else { return false }
      return ByteOrder.isEqual(known, bytes)
    }
  }

  private func range(_ number: Int) -> Range<Int> {
    (number == 0 ? 0 : ends[number &- 1])..<ends[number]
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: slots.count * 4)
    mask = slots.count - 1
    for (number, hash) in hashes.enumerated() {
      var slot = Int(truncatingIfNeeded: hash) & mask
      while slots[slot] != 0 { slot = (slot &+ 1) & mask }
      slots[slot] = UInt32(number + 1)
    }
  }

  /// A copy of the bytes of `number`.
  func bytes(_ number: Int) -> [UInt8] {
    arena.withBytes { all in all.extracting(range(number)).withUnsafeBytes { [UInt8]($0) } }
  }
}
