//! DELTA_BINARY_PACKED: differences of neighbours, less the least difference of their block of 128, bit packed
//! with a width for each 32. Sorted times and slowly changing counters become a few bits each. Differences wrap
//! around, so every Int64 sequence has an encoding.

import Bytes

enum DeltaBinaryPacked {
  static let blockCount = 128
  static let miniblockCount = 32

  /// Appends the encoding of `values`, of which there must be at least one.
  static func append(_ values: UnsafeBufferPointer<Int64>, into output: inout ByteWriter) {
    output.append(varint: UInt64(blockCount))
    output.append(varint: UInt64(blockCount / miniblockCount))
    output.append(varint: UInt64(values.count))
    output.append(zigzag: values[0])
    var rest = values.count - 1
    withBlocks(values) { block, least in
      output.append(zigzag: least)
      var widths: [4 of Int] = [0, 0, 0, 0]
      for part in 0..<4 {
        widths[part] = width(block, part)
        output.append(UInt8(widths[part]))
      }
      for part in 0..<4 where part * miniblockCount < rest {
        let range = part * miniblockCount..<(part + 1) * miniblockCount
        BitPacking.append(UnsafeBufferPointer(rebasing: block[range]), width: widths[part], into: &output)
      }
      rest -= blockCount
    }
  }

  /// How many bits the differences of a miniblock need.
  @inline(__always)
  private static func width(_ block: UnsafeBufferPointer<UInt64>, _ part: Int) -> Int {
    var bits: UInt64 = 0
    for index in part &* miniblockCount..<(part &+ 1) &* miniblockCount { bits |= block[index] }
    return BitPacking.width(bits)
  }

  /// Calls `body` with the differences of each block, less the least of them, and that; zeros fill the last one.
  @inline(__always)
  private static func withBlocks(
    _ values: UnsafeBufferPointer<Int64>, _ body: (UnsafeBufferPointer<UInt64>, Int64) -> Void
  ) {
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: blockCount) { block in
      var at = 1
      while at < values.count {
        let count = min(blockCount, values.count &- at)
        var least = Int64.max
        for index in 0..<count {
          let delta = values[at &+ index] &- values[at &+ index &- 1]
          block[index] = UInt64(bitPattern: delta)
          least = min(least, delta)
        }
        for index in 0..<count { block[index] &-= UInt64(bitPattern: least) }
        for index in count..<blockCount { block[index] = 0 }
        body(UnsafeBufferPointer(block), least)
        at &+= count
      }
    }
  }

  /// What precedes the blocks.
  private struct Head {
    let miniblocksPerBlock: Int
    let valuesPerMiniblock: Int
    let count: Int
    let first: Int64
    let end: Int
  }

  private static func head(_ page: PageBytes) throws(Damage) -> Head {
    var cursor = ThriftReader(UnsafeRawBufferPointer(start: page.base, count: page.count))
    let block = try cursor.varint()
    let miniblocks = try cursor.varint()
    let count = try cursor.varint()
    let first = try cursor.varint()
    guard block > 0, block <= 1 << 16, block % 128 == 0, miniblocks > 0, block % miniblocks == 0,
      (block / miniblocks) % 32 == 0, count <= UInt64(Format.rowGroupRowsMax)
    else { throw Damage(offset: 0, what: "impossible block sizes of DELTA_BINARY_PACKED") }
    return Head(
      miniblocksPerBlock: Int(miniblocks), valuesPerMiniblock: Int(block / miniblocks), count: Int(count),
      first: unzigzag(first), end: cursor.offset)
  }

  private static func unzigzag(_ value: UInt64) -> Int64 {
    Int64(bitPattern: value &>> 1) ^ -Int64(bitPattern: value & 1)
  }

  /// Decodes exactly as many values as `output` has room for.
  ///
  /// - Returns: the offset after the last block.
  static func decode(
    _ page: PageBytes, into output: UnsafeMutableBufferPointer<Int64>
  ) throws(Damage) -> Int {
    let head = try head(page)
    guard head.count == output.count else {
      throw Damage(offset: 0, what: "\(head.count) values instead of \(output.count)")
    }
    guard head.count > 0 else { return head.end }
    output[0] = head.first
    var last = head.first
    var at = 1
    var offset = head.end
    while at < output.count {
      var cursor = ThriftReader(UnsafeRawBufferPointer(start: page.base, count: page.count), offset: offset)
      let least = unzigzag(try cursor.varint())
      let widths = cursor.offset
      offset = widths + head.miniblocksPerBlock
      guard offset <= page.count else { throw Damage(offset: widths, what: "ends within a block") }
      for part in 0..<head.miniblocksPerBlock where at < output.count {
        // In bounds: `widths` has one byte a miniblock, checked above.
        let width = Int(page.base.load(fromByteOffset: widths + part, as: UInt8.self))
        let count = min(head.valuesPerMiniblock, output.count - at)
        guard width <= 64, BitPacking.size(count, width: width) <= page.count - offset else {
          throw Damage(offset: offset, what: "packed values that run past the end")
        }
        let target = UnsafeMutableBufferPointer(rebasing: output[at..<at + count])
        last = unpack(page, offset, width: width, least: least, after: last, into: target)
        at += count
        offset += min(BitPacking.size(head.valuesPerMiniblock, width: width), page.count - offset)
      }
    }
    return offset
  }

  private static func unpack(
    _ page: PageBytes, _ offset: Int, width: Int, least: Int64, after previous: Int64,
    into output: UnsafeMutableBufferPointer<Int64>
  ) -> Int64 {
    var last = previous
    let mask = BitPacking.mask(width)
    if width <= 56 {
      for index in 0..<output.count {
        let packed = BitPacking.narrow(page, offset, index, width: width, mask: mask)
        last = last &+ least &+ Int64(bitPattern: packed)
        output[index] = last
      }
    } else {
      for index in 0..<output.count {
        let packed = BitPacking.wide(page, offset, index, width: width, mask: mask)
        last = last &+ least &+ Int64(bitPattern: packed)
        output[index] = last
      }
    }
    return last
  }
}
