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
    for at in 0..<values.count {
      least = min(least, values[at])
      greatest = max(greatest, values[at])
    }
    return (least, greatest)
  }

  /// Finds the distinct values, in order of appearance, and each value's number among them; nil for more than
  /// `limit` of them.
  ///
  /// - Parameter indices: as many as there are values; what is in them is of no use when nil is returned.
  static func dictionary<T: FixedWidthInteger>(
    _ values: UnsafeBufferPointer<T>, from least: T, through greatest: T, limit: Int,
    indices: UnsafeMutableBufferPointer<Int32>
  ) -> [T]? {
    let (span, overflow) = greatest.subtractingReportingOverflow(least)
    if !overflow, span < Format.dictionaryCountMax {
      return narrowDictionary(values, from: least, span: Int(span), limit: limit, indices: indices)
    }
    return hashedDictionary(values, limit: limit, indices: indices)
  }

  /// Values that lie close together find their numbers in a table without a hash.
  private static func narrowDictionary<T: FixedWidthInteger>(
    _ values: UnsafeBufferPointer<T>, from least: T, span: Int, limit: Int,
    indices: UnsafeMutableBufferPointer<Int32>
  ) -> [T]? {
    var distinct: [T] = []
    withUnsafeTemporaryAllocation(of: Int32.self, capacity: span + 1) { numbers in
      numbers.initialize(repeating: -1)
      for at in 0..<values.count {
        // In bounds: no value is less than the least or greater than the greatest.
        let slot = Int(truncatingIfNeeded: values[at] &- least)
        var number = numbers[slot]
        if number < 0 {
          number = Int32(distinct.count)
          numbers[slot] = number
          distinct.append(values[at])
        }
        indices[at] = number
      }
    }
    return distinct.count <= limit ? distinct : nil
  }

  private static func hashedDictionary<T: FixedWidthInteger>(
    _ values: UnsafeBufferPointer<T>, limit: Int, indices: UnsafeMutableBufferPointer<Int32>
  ) -> [T]? {
    let slotBits = BitPacking.width(UInt64(limit)) + 1
    let slotMask = 1 &<< slotBits &- 1
    return withUnsafeTemporaryAllocation(of: Int32.self, capacity: 1 << slotBits) { slots in
      slots.initialize(repeating: -1)
      var distinct: [T] = []
      var before = values[0]
      var number: Int32 = -1
      for at in 0..<values.count {
        let value = values[at]
        if value != before || number < 0 {
          before = value
          var slot = Int(truncatingIfNeeded: hash(value) &>> UInt64(64 &- slotBits))
          while true {
            number = slots[slot]
            if number < 0 {
              if distinct.count == limit { return nil }
              number = Int32(distinct.count)
              slots[slot] = number
              distinct.append(value)
              break
            }
            if distinct[Int(number)] == value { break }
            slot = (slot &+ 1) & slotMask
          }
        }
        indices[at] = number
      }
      return distinct
    }
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
