//! Columns of numbers: a dictionary when it takes at most a byte a row; else whatever is smallest.

import Bytes

extension ChunkEncoder {
  mutating func encodeNumbers<T: FixedWidthInteger & BitwiseCopyable>(
    _ values: [T], _ nulls: [Bool], _ rows: Range<Int>, _ layout: ColumnLayout, _ scalar: (T) -> ParquetScalar
  ) throws(Complaint) -> Encoded {
    let count = encodeLevels(nulls, rows, layout)
    var encoded: Encoded
    if count == rows.count {
      encoded = try values.withUnsafeBufferPointer { (values) throws(Complaint) in
        try encodePresent(UnsafeBufferPointer(rebasing: values[rows]), layout, scalar)
      }
    } else {
      let present = rows.filter { !nulls[$0] }.map { values[$0] }
      encoded = try present.withUnsafeBufferPointer { (values) throws(Complaint) in
        try encodePresent(values, layout, scalar)
      }
    }
    encoded.statistics.nullCount = rows.count - count
    return encoded
  }

  private mutating func encodePresent<T: FixedWidthInteger & BitwiseCopyable>(
    _ values: UnsafeBufferPointer<T>, _ layout: ColumnLayout, _ scalar: (T) -> ParquetScalar
  ) throws(Complaint) -> Encoded {
    guard let first = values.first else { return Encoded(encoding: .plain) }
    let isConstant = Numbers.isConstant(values)
    let (least, greatest) = isConstant ? (first, first) : Numbers.bounds(values)
    if let what = layout.column.type.complaint(least, greatest) { throw Complaint(what: what) }
    let statistics = statistics(scalar(least), scalar(greatest))
    if isConstant {
      dictionary.append(layout.plainBytes(scalar(first)))
      appendConstantIndices(values.count)
      return Encoded(dictionaryCount: 1, statistics: statistics)
    }

    let start = data.count
    let limit = min(Format.dictionaryCountMax, values.count / 2 + 1)
    let numbers = indices.take(values.count)
    let distinct = Numbers.dictionary(values, from: least, through: greatest, limit: limit, indices: numbers)
    if let distinct {
      let width = max(1, BitPacking.width(UInt64(distinct.count - 1)))
      data.append(UInt8(width))
      RunLength.append(UnsafeBufferPointer(numbers), width: width, into: &data)
    }
    let size = distinct.map { data.count - start + $0.count * layout.plainWidth } ?? Int.max
    if size > values.count, let better = replace(from: start, values, layout, beating: size) {
      return Encoded(encoding: better, statistics: statistics)
    }
    distinct?.withUnsafeBufferPointer { Numbers.appendPlain($0, layout, into: &dictionary) }
    return Encoded(dictionaryCount: distinct?.count, statistics: statistics)
  }

  /// Puts the values in place of what was written from `start` on, in the encoding without a dictionary that is smaller
  /// than `size`; nil when there is none.
  private mutating func replace<T: FixedWidthInteger & BitwiseCopyable>(
    from start: Int, _ values: UnsafeBufferPointer<T>, _ layout: ColumnLayout, beating size: Int
  ) -> Encoding? {
    let plainSize = values.count * layout.plainWidth
    let end = data.count
    if layout.physical == .int64 {
      values.withMemoryRebound(to: Int64.self) { DeltaBinaryPacked.append($0, into: &data) }
      if data.count - end < size, data.count - end <= plainSize {
        data.remove(start..<end)
        return .deltaBinaryPacked
      }
      data.truncate(to: end)
    }
    guard plainSize < size else { return nil }
    data.truncate(to: start)
    Numbers.appendPlain(values, layout, into: &data)
    return .plain
  }
}

extension ColumnLayout {
  /// The bytes of a number in PLAIN.
  fileprivate var plainWidth: Int {
    switch physical {
    case .int32: 4
    case .fixedLengthByteArray: byteCount
    default: 8
    }
  }
}
