/// Memory for one number a row, kept from column to column.
struct IndexBuffer: ~Copyable {
  private var numbers: UnsafeMutableBufferPointer<Int32>

  init() {
    numbers = .allocate(capacity: 1 << 10)
    numbers.initialize(repeating: 0)
  }

  deinit { numbers.deallocate() }

  /// The first `count` of the numbers, with whatever is in them; good until the next call.
  mutating func take(_ count: Int) -> UnsafeMutableBufferPointer<Int32> {
    if count > numbers.count {
      numbers.deallocate()
      numbers = .allocate(capacity: count)
      numbers.initialize(repeating: 0)
    }
    return UnsafeMutableBufferPointer(rebasing: numbers[..<count])
  }
}
