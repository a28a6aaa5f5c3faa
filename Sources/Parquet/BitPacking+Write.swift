//! Bit packing, the half that writes. Eight numbers of `width` bits are `width` bytes, so eight at a time are put
//! together in one or two words and stored whole; what a store leaves behind the last of its bytes is overwritten
//! by the next. Only wide numbers go through a bit counter.

import Bytes

extension BitPacking {
  /// Appends the lowest `width` bits of each of `values`, which have no others, and fills the last group of eight
  /// with zeros.
  @inline(__always)
  static func append<T: FixedWidthInteger>(
    _ values: UnsafeBufferPointer<T>, width: Int, into output: inout ByteWriter
  ) {
    guard width > 0, !values.isEmpty else { return }
    let groups = (values.count &+ 7) &>> 3
    let size = groups &* width
    output.append(upTo: size + 32) { target in
      guard let start = target.baseAddress else { return 0 }
      let whole = values.count & ~7
      appendGroups(UnsafeBufferPointer(rebasing: values[..<whole]), width, to: start)
      if whole < values.count {
        withUnsafeTemporaryAllocation(of: T.self, capacity: 8) { last in
          last.initialize(repeating: 0)
          for index in whole..<values.count { last[index &- whole] = values[index] }
          appendGroups(UnsafeBufferPointer(last), width, to: start + (groups &- 1) &* width)
        }
      }
      return size
    }
  }

  /// In bounds: from any group's place on there are at least `width` bytes and 32 more, and no store is longer.
  @inline(__always)
  private static func appendGroups<T: FixedWidthInteger>(
    _ values: UnsafeBufferPointer<T>, _ width: Int, to start: UnsafeMutableRawPointer
  ) {
    var target = start
    var at = 0
    if width <= 8 {
      while at < values.count {
        let low = four(values, at, width)
        let high = four(values, at &+ 4, width)
        store(low | high &<< UInt64(4 &* width), target)
        target += width
        at &+= 8
      }
    } else if width <= 15 {
      while at < values.count {
        let low = four(values, at, width)
        let high = four(values, at &+ 4, width)
        store(low | high &<< UInt64(4 &* width), target)
        store(high &>> UInt64(64 &- 4 &* width), target + 8)
        target += width
        at &+= 8
      }
    } else {
      appendWide(values, width, to: start)
    }
  }

  /// Any width: words are stored as they fill up; narrow numbers go in as pairs.
  @inline(__always)
  private static func appendWide<T: FixedWidthInteger>(
    _ values: UnsafeBufferPointer<T>, _ width: Int, to start: UnsafeMutableRawPointer
  ) {
    var target = start
    var word: UInt64 = 0
    var filled = 0
    let step = width <= 32 ? 2 : 1
    let itemWidth = width &* step
    var at = 0
    while at < values.count {
      var item = UInt64(truncatingIfNeeded: values[at])
      if step == 2 { item |= UInt64(truncatingIfNeeded: values[at &+ 1]) &<< UInt64(width) }
      word |= item &<< UInt64(filled)
      filled &+= itemWidth
      if filled >= 64 {
        store(word, target)
        target += 8
        filled &-= 64
        word = filled == 0 ? 0 : item &>> UInt64(itemWidth &- filled)
      }
      at &+= step
    }
    store(word, target)
  }

  /// Four numbers of up to 16 bits, side by side.
  @inline(__always)
  private static func four<T: FixedWidthInteger>(
    _ values: UnsafeBufferPointer<T>, _ at: Int, _ width: Int
  ) -> UInt64 {
    let shift = UInt64(width)
    let first = UInt64(truncatingIfNeeded: values[at])
    let second = UInt64(truncatingIfNeeded: values[at &+ 1])
    let third = UInt64(truncatingIfNeeded: values[at &+ 2])
    let fourth = UInt64(truncatingIfNeeded: values[at &+ 3])
    return (first | second &<< shift) | (third | fourth &<< shift) &<< (2 &* shift)
  }

  @inline(__always)
  private static func store(_ word: UInt64, _ target: UnsafeMutableRawPointer) {
    target.storeBytes(of: word.littleEndian, as: UInt64.self)
  }
}
