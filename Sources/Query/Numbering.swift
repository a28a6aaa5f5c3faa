import Bytes

/// Gives equal things equal small numbers, from 0 in order of appearance.
struct Numbering<Thing: Hashable> {
  /// Those that have a number, in its order.
  private(set) var things: [Thing] = []
  private var numbers: [Thing: Int] = [:]

  /// The number of a thing, and whether it has it from now on.
  mutating func number(_ thing: Thing) -> (number: Int, isNew: Bool) {
    if let known = numbers[thing] { return (known, false) }
    numbers[thing] = things.count
    things.append(thing)
    return (things.count - 1, true)
  }
}

extension Numbering: Equatable {}
extension Numbering: Sendable where Thing: Sendable {}

/// A text that is hashed and compared at once, not byte by byte as arrays are.
struct ByteName: Hashable, Sendable {
  let bytes: ArraySlice<UInt8>

  static func == (a: Self, b: Self) -> Bool { ByteOrder.isEqual(a.bytes.span.bytes, b.bytes.span.bytes) }

  func hash(into hasher: inout Hasher) { bytes.withUnsafeBytes { hasher.combine(bytes: $0) } }
}
