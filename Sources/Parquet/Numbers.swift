//! Passes over whole columns of numbers that the writer makes to choose an encoding. Each is a plain loop over a
//! buffer, specialised for Int64 and Int128.

import Bytes

enum Numbers {
  /// Whether all values are the same; the usual case is the column that is zero throughout.
  static func isConstant<T: FixedWidthInteger>(_ values: UnsafeBufferPointer<T>) -> Bool {
    guard let first = values.first else { return true }
    var at = 0
    while at < values.count {
      // A block at a time: without an exit inside, the loop becomes vector code.
      let end = min(at &+ 256, values.count)
      var differences: T = 0
      for index in at..<end { differences |= values[index] ^ first }
      if differences != 0 { return false }
      at = end
    }
    return true
  }

  /// The least and the greatest of at least one value.
  static func bounds<T: FixedWidthInteger>(_ values: UnsafeBufferPointer<T>) -> (T, T) {
    var least = values[0]
    var greatest = values[0]
    for value in values {
      least = min(least, value)
      greatest = max(greatest, value)
    }
    return (least, greatest)
  }

  /// The distinct values in order of appearance and each value's number among them; nil for more than `limit`.
  static func dictionary<T: FixedWidthInteger>(
    _ values: UnsafeBufferPointer<T>, limit: Int
  ) -> ([T], [Int32])? {
    let slotBits = BitPacking.width(UInt64(limit)) + 1
    let slotMask = 1 &<< slotBits &- 1
    var slots = [Int32](repeating: -1, count: 1 << slotBits)
    var distinct: [T] = []
    var indices = [Int32](repeating: 0, count: values.count)
    let fits = slots.withUnsafeMutableBufferPointer { slots in
      indices.withUnsafeMutableBufferPointer { indices in
        for (at, value) in values.enumerated() {
          if at > 0 && value == values[at &- 1] {
            indices[at] = indices[at &- 1]
            continue
          }
          var slot = Int(truncatingIfNeeded: hash(value) &>> UInt64(64 &- slotBits))
          while true {
            let number = slots[slot]
            if number < 0 {
              if distinct.count == limit { return false }
              slots[slot] = Int32(distinct.count)
              indices[at] = Int32(distinct.count)
              distinct.append(value)
              break
            }
            if distinct[Int(number)] == value {
              indices[at] = number
              break
            }
            slot = (slot &+ 1) & slotMask
          }
        }
        return true
      }
    }
    return fits ? (distinct, indices) : nil
  }

  @inline(__always)
  private static func hash<T: FixedWidthInteger>(_ value: T) -> UInt64 {
    var folded = UInt64(truncatingIfNeeded: value)
    if T.bitWidth > 64 { folded ^= UInt64(truncatingIfNeeded: value >> 64) &* 0xC2B2_AE3D_27D4_EB4F }
    return (folded ^ folded &>> 32) &* 0x9E37_79B9_7F4A_7C15
  }

  /// Appends values as PLAIN has them.
  static func appendPlain<T: FixedWidthInteger & BitwiseCopyable>(
    _ values: UnsafeBufferPointer<T>, _ layout: ColumnLayout, into output: inout ByteWriter
  ) {
    switch layout.physical {
    case .int32: append(values, as: Int32.self, into: &output) { $0.littleEndian }
    case .fixedLengthByteArray: append(values, as: Int128.self, into: &output) { $0.bigEndian }
    default: append(values, as: Int64.self, into: &output) { $0.littleEndian }
    }
  }

  @inline(__always)
  private static func append<T: FixedWidthInteger, Stored: FixedWidthInteger & BitwiseCopyable>(
    _ values: UnsafeBufferPointer<T>, as _: Stored.Type, into output: inout ByteWriter,
    _ ordered: (Stored) -> Stored
  ) {
    let width = MemoryLayout<Stored>.size
    output.append(upTo: values.count * width) { target in
      for (index, value) in values.enumerated() {
        // In bounds: there is room for all values.
        target.storeBytes(
          of: ordered(Stored(truncatingIfNeeded: value)), toByteOffset: index &* width, as: Stored.self)
      }
      return values.count * width
    }
  }
}
