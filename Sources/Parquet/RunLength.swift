//! The hybrid of run lengths and bit packing: definition levels, dictionary indices, truth values. A run is a
//! varint head; even: head/2 times one value (in whole bytes); odd: head/2 groups of eight packed values.

import Bytes

/// Writes the hybrid.
enum RunLength {
  /// Shorter repetitions are packed: a run's head, and that of the packed values after it, must pay off.
  static let repetitionMin = 16

  /// Appends `count` times `value`.
  static func append(_ value: UInt32, count: Int, width: Int, into output: inout ByteWriter) {
    output.append(varint: UInt64(count) << 1)
    for byte in 0..<(width + 7) / 8 { output.append(UInt8(truncatingIfNeeded: value >> UInt32(byte * 8))) }
  }

  /// Appends `values`, none of which may need more than `width` bits.
  static func append(_ values: UnsafeBufferPointer<Int32>, width: Int, into output: inout ByteWriter) {
    var packedStart = 0
    var at = 0
    // Packed values come in eights, so a run can begin only there.
    while at &+ repetitionMin <= values.count {
      let first = UInt64(UInt32(bitPattern: values[at])) &* 0x1_0000_0001
      if areAll(first, values, at), areAll(first, values, at &+ 8) {
        var end = at &+ repetitionMin
        while end &+ 8 <= values.count, areAll(first, values, end) { end &+= 8 }
        while end < values.count, values[end] == values[at] { end &+= 1 }
        appendPacked(UnsafeBufferPointer(rebasing: values[packedStart..<at]), width, into: &output)
        append(UInt32(bitPattern: values[at]), count: end - at, width: width, into: &output)
        at = end
        packedStart = end
      } else {
        at &+= 8
      }
    }
    appendPacked(UnsafeBufferPointer(rebasing: values[packedStart...]), width, into: &output)
  }

  /// Whether the eight values from `at` on are, two by two, `pair`.
  @inline(__always)
  private static func areAll(_ pair: UInt64, _ values: UnsafeBufferPointer<Int32>, _ at: Int) -> Bool {
    // In bounds: the callers checked that eight values stand from `at` on.
    let bytes = UnsafeRawBufferPointer(values)
    let offset = at &* 4
    let first = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self) ^ pair
    let second = bytes.loadUnaligned(fromByteOffset: offset &+ 8, as: UInt64.self) ^ pair
    let third = bytes.loadUnaligned(fromByteOffset: offset &+ 16, as: UInt64.self) ^ pair
    let fourth = bytes.loadUnaligned(fromByteOffset: offset &+ 24, as: UInt64.self) ^ pair
    return (first | second) | (third | fourth) == 0
  }

  private static func appendPacked(
    _ values: UnsafeBufferPointer<Int32>, _ width: Int, into output: inout ByteWriter
  ) {
    guard !values.isEmpty else { return }
    let groups = (values.count + 7) / 8
    output.append(varint: UInt64(groups) << 1 | 1)
    BitPacking.append(values, width: width, into: &output)
  }
}

/// Reads the hybrid, run by run.
struct RunLengthReader {
  /// Some values of the hybrid.
  enum Run {
    case repeated(UInt32, count: Int)
    /// `count` values of the reader's width, packed from `offset` on.
    case packed(offset: Int, count: Int)

    var count: Int {
      switch self {
      case .repeated(_, let count), .packed(_, let count): count
      }
    }
  }

  let page: PageBytes
  let width: Int
  private var offset = 0

  /// A reader of values of `width` bits, which fill `page`.
  init(_ page: PageBytes, width: Int) throws(Damage) {
    guard (0...32).contains(width) else { throw Damage(offset: 0, what: "values of \(width) bits") }
    self.page = page
    self.width = width
  }

  /// The next run, cut to the `remaining` values that are wanted.
  mutating func next(remaining: Int) throws(Damage) -> Run {
    var head: UInt64 = 0
    var shift: UInt64 = 0
    while true {
      guard offset < page.count, shift < 35 else {
        throw Damage(offset: offset, what: "\(remaining) values are missing")
      }
      // In bounds: `offset` was checked.
      let byte = page.base.load(fromByteOffset: offset, as: UInt8.self)
      offset &+= 1
      head |= UInt64(byte & 0x7F) &<< shift
      if byte < 0x80 { break }
      shift &+= 7
    }
    let length = Int(head >> 1)
    guard length > 0 else { throw Damage(offset: offset, what: "an empty run") }
    return head & 1 == 0 ? try repeated(min(length, remaining)) : try packed(groups: length, remaining)
  }

  private mutating func repeated(_ count: Int) throws(Damage) -> Run {
    let size = (width + 7) / 8
    guard size <= page.count - offset else { throw Damage(offset: offset, what: "a run without its value") }
    let value = page.word(offset) & BitPacking.mask(size * 8)
    guard value <= BitPacking.mask(width) else {
      throw Damage(offset: offset, what: "a value beyond its width")
    }
    offset &+= size
    return .repeated(UInt32(truncatingIfNeeded: value), count: count)
  }

  private mutating func packed(groups: Int, _ remaining: Int) throws(Damage) -> Run {
    let start = offset
    let count = min(groups * 8, remaining)
    // Some engines cut the padding of the last group.
    guard BitPacking.size(count, width: width) <= page.count - offset else {
      throw Damage(offset: offset, what: "packed values that run past the end")
    }
    offset &+= min(groups * width, page.count - offset)
    return .packed(offset: start, count: count)
  }
}
