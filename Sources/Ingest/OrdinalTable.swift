//! Which occurrence of the same line in one input is this? A line without an id gets one from its bytes and this
//! number, so that importing a file again, or a longer export of it, adds only what is new.
//!
//! Counts are exact: the table is keyed by two independent 64-bit hashes, and it never forgets. Beyond a few
//! million different lines its memory is a nameless file in `local/`, so the process stays small.

package import Files

/// Counts occurrences of 128-bit keys.
package struct OrdinalTable: ~Copyable {
  private struct Slot {
    var low: UInt64
    var high: UInt64
    /// Occurrences so far; 0 marks an empty slot.
    var count: UInt64
  }

  private let folder: String
  private var memory: ScratchMemory
  private var mask: Int
  private var used = 0

  /// An empty table.
  ///
  /// - Parameter folder: where the memory of a large table goes.
  package init(folder: String, slots: Int = 1 << 10) throws(FileError) {
    precondition(slots & (slots - 1) == 0)
    self.folder = folder
    memory = try ScratchMemory(count: slots * MemoryLayout<Slot>.stride, folder: folder)
    mask = slots - 1
  }

  /// The number of earlier occurrences of this key in this input.
  package mutating func next(low: UInt64, high: UInt64) throws(FileError) -> UInt64 {
    if used * 4 > mask * 3 { try grow() }
    return Self.add(Slot(low: low, high: high, count: 1), to: memory.bytes, mask: mask, used: &used)
  }

  /// Adds `entry.count` occurrences; returns how many there were.
  private static func add(
    _ entry: Slot, to bytes: UnsafeMutableRawBufferPointer, mask: Int, used: inout Int
  ) -> UInt64 {
    let slots = bytes.assumingMemoryBound(to: Slot.self)
    var index = Int(truncatingIfNeeded: entry.low) & mask
    while true {
      // In bounds: `mask` is the slot count less one, a power of two.
      if slots[index].count == 0 {
        slots[index] = entry
        used += 1
        return 0
      }
      if slots[index].low == entry.low, slots[index].high == entry.high {
        defer { slots[index].count += entry.count }
        return slots[index].count
      }
      index = (index &+ 1) & mask
    }
  }

  private mutating func grow() throws(FileError) {
    let slots = (mask + 1) * 4
    let larger = try ScratchMemory(count: slots * MemoryLayout<Slot>.stride, folder: folder)
    var moved = 0
    for slot in memory.bytes.assumingMemoryBound(to: Slot.self) where slot.count > 0 {
      _ = Self.add(slot, to: larger.bytes, mask: slots - 1, used: &moved)
    }
    memory = larger
    mask = slots - 1
  }
}
