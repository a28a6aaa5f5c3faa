//! Plain values one after the other, for the loops that touch every event: no reference count, no check for sharing,
//! and an index is checked in debug builds only. A loop over `[Int]` in a struct of arrays pays all three for each
//! element.
//!
//! Two things are easy to miss. A member marked `@inlinable package` is inlined elsewhere only when its type is
//! `@usableFromInline`. Reading a property of a large struct may copy the whole struct in every turn of a loop, so
//! loops take such a property out first (`values`).

/// A growable run of plain values that has one owner.
///
/// Unchecked: the memory has one owner, and only the owner changes it.
struct Column<Element: BitwiseCopyable & Sendable>: ~Copyable, @unchecked Sendable {
  private var base: UnsafeMutablePointer<Element>
  private var capacity: Int
  private var used: Int

  /// How many values there are.
  @inline(__always)
  var count: Int { used }

  /// An empty column with room for `capacity` values.
  init(capacity: Int = 16) {
    self.capacity = Swift.max(capacity, 16)
    base = .allocate(capacity: self.capacity)
    used = 0
  }

  /// `count` times the same value.
  init(repeating value: Element, count: Int) {
    self.init(capacity: count)
    base.initialize(repeating: value, count: count)
    used = count
  }

  /// `count` values that the caller sets before anybody reads them.
  init(unset count: Int) {
    self.init(capacity: count)
    used = count
  }

  deinit { base.deallocate() }

  @inline(__always)
  subscript(index: Int) -> Element {
    get {
      assert(index >= 0 && index < used)
      return base[index]
    }
    set {
      assert(index >= 0 && index < used)
      base[index] = newValue
    }
  }

  /// Appends one value; amortised O(1).
  @inline(__always)
  mutating func append(_ value: Element) {
    if used == capacity { grow(to: capacity &* 2) }
    (base + used).initialize(to: value)
    used &+= 1
  }

  /// Appends all values of another column.
  mutating func append(_ other: borrowing Column) {
    if used + other.used > capacity { grow(to: Swift.max(capacity * 2, used + other.used)) }
    (base + used).initialize(from: other.base, count: other.used)
    used += other.used
  }

  /// Keeps the values of some places, ascending, and forgets the others.
  mutating func keep(_ places: borrowing Column<Int32>) {
    let places = places.values
    for index in places.indices { base[index] = base[Int(places[index])] }
    used = places.count
  }

  mutating func grow(to size: Int) {
    let moved = UnsafeMutablePointer<Element>.allocate(capacity: size)
    moved.initialize(from: base, count: used)
    base.deallocate()
    base = moved
    capacity = size
  }

  /// The values, for a loop; valid while the column is there and nothing is appended.
  @inline(__always)
  var values: UnsafeMutableBufferPointer<Element> {
    UnsafeMutableBufferPointer(start: base, count: used)
  }

  /// The values as an array.
  var array: [Element] { Array(UnsafeBufferPointer(start: base, count: used)) }
}
