//! Sorting by small numbers without comparing: count how often each occurs, then everything knows its place. Stable,
//! so sorting by the least important number first and the most important last sorts by all of them (LSD radix sort;
//! Knuth, The Art of Computer Programming, volume 3, 5.2.5).

import Bytes

enum CountingSort {
  /// The items of `order`, stably sorted by `rank`, which is in `0..<rankCount`.
  ///
  /// An item whose rank is negative is left out.
  ///
  /// - Parameter items: the same items in the order in which their ranks are read fastest, for counting.
  @inline(__always)
  static func sorted(
    _ order: borrowing Column<Int32>, counting items: borrowing Column<Int32>, rankCount: Int,
    by rank: (Int) -> Int
  ) -> Column<Int32> {
    let order = order.values
    let places = Column<Int32>(repeating: 0, count: rankCount + 1)
    let ends = places.values
    for item in items.values {
      let rank = rank(Int(item))
      if rank >= 0 { ends[rank &+ 1] &+= 1 }
    }
    for rank in 0..<rankCount { ends[rank &+ 1] &+= ends[rank] }
    let result = Column<Int32>(repeating: 0, count: Int(ends[rankCount]))
    let sorted = result.values
    for item in order {
      let rank = rank(Int(item))
      if rank < 0 { continue }
      sorted[Int(ends[rank])] = item
      ends[rank] &+= 1
    }
    return result
  }
}
