//! A table of some ten thousand strings does not fit the processor's near memory, and a lookup waits for it three times:
//! for the slot, for the place of the string, for the string. So lookups are gathered, and each of the three is done
//! for all of them: then the processor waits for many at a time.

import Bytes

/// Strings to look up together, each for a row.
struct InternBatch: ~Copyable {
  struct Entry {
    /// The string; valid as long as the caller's lines are.
    let bytes: UnsafeRawBufferPointer
    let row: Int32
    let hash: UInt64
    /// Of the key of a line.
    let run: KeyRun
    /// The number of the string; before that is known, of one with the same hash, or -1.
    var number = -1
    var start = 0
    var isNew = false
  }

  private static let capacity = 64
  private let base: UnsafeMutablePointer<Entry>
  private(set) var count = 0

  init() { base = .allocate(capacity: Self.capacity) }

  deinit { base.deallocate() }

  var isFull: Bool { count == Self.capacity }
  var entries: UnsafeMutableBufferPointer<Entry> { UnsafeMutableBufferPointer(start: base, count: count) }

  /// Adds a part of a line to a batch that is not full.
  @inline(__always)
  mutating func add(_ range: Range<Int>, of line: RawSpan, row: Int, run: KeyRun = KeyRun()) {
    assert(!isFull)
    line.withUnsafeBytes { line in
      let bytes = UnsafeRawBufferPointer(rebasing: line[range])
      let hash = TableHash.hash(RawSpan(_unsafeBytes: bytes))
      (base + count).initialize(
        to: Entry(bytes: bytes, row: Int32(truncatingIfNeeded: row), hash: hash, run: run))
    }
    count &+= 1
  }

  mutating func removeAll() { count = 0 }
}

extension ByteInterner {
  /// Finds the numbers of the strings of a batch.
  mutating func intern(_ batch: borrowing InternBatch) {
    let entries = batch.entries
    for index in entries.indices { entries[index].number = candidate(entries[index].hash) }
    for index in entries.indices where entries[index].number >= 0 {
      let start = start(entries[index].number)
      prefetch(entries[index].number, from: start)
      entries[index].start = start
    }
    for index in entries.indices {
      let entry = entries[index]
      let bytes = RawSpan(_unsafeBytes: entry.bytes)
      if entry.number >= 0, isEqual(entry.number, from: entry.start, bytes) { continue }
      // New, new a moment ago, or not in the first slot.
      (entries[index].number, entries[index].isNew) = intern(bytes, hash: entry.hash)
    }
  }
}
