//! Sorting by small numbers without comparing: count how often each occurs, then everything knows its place. Stable,
//! so sorting by the least important number first and the most important last sorts by all of them (LSD radix sort;
//! Knuth, The Art of Computer Programming, volume 3, 5.2.5).

import Bytes

enum CountingSort {
  /// The items, stably sorted by `rank`, which is in `0..<rankCount`; an item whose rank is negative is left out.
  @inline(__always)
  static func sorted<Item: BitwiseCopyable>(
    _ items: borrowing Column<Item>, rankCount: Int, by rank: (Item) -> Int
  ) -> Column<Item> {
    let items = items.values
    let places = Column<Int32>(repeating: 0, count: rankCount + 1)
    let ends = places.values
    for item in items {
      let rank = rank(item)
      if rank >= 0 { ends[rank &+ 1] &+= 1 }
    }
    for rank in 0..<rankCount { ends[rank &+ 1] &+= ends[rank] }
    let result = Column<Item>(unset: Int(ends[rankCount]))
    let sorted = result.values
    for item in items {
      let rank = rank(item)
      if rank < 0 { continue }
      // Counted above, so each place is set once.
      sorted.initializeElement(at: Int(ends[rank]), to: item)
      ends[rank] &+= 1
    }
    return result
  }
}
