//! String columns: a sorted dictionary and numbers into it.

import Bytes

extension ChunkEncoder {
  /// What passes over the numbers find.
  private struct Bounds {
    var least = Int32.max
    var greatest = Int32.min
    /// The least of those that are not absent.
    var leastPresent = Int32.max
    var nullCount = 0
  }

  private static func bounds(_ indices: UnsafeBufferPointer<Int32>) -> Bounds {
    var bounds = Bounds()
    // Plain loops become vector code; most columns have no absent values and are done after this one.
    for at in 0..<indices.count {
      bounds.least = min(bounds.least, indices[at])
      bounds.greatest = max(bounds.greatest, indices[at])
    }
    bounds.leastPresent = bounds.least
    guard bounds.least < 0 else { return bounds }
    bounds.leastPresent = Int32.max
    for at in 0..<indices.count {
      bounds.nullCount &+= indices[at] < 0 ? 1 : 0
      if indices[at] >= 0 { bounds.leastPresent = min(bounds.leastPresent, indices[at]) }
    }
    return bounds
  }

  mutating func encodeStrings(
    _ strings: ParquetDictionary, _ indices: [Int32], _ rows: Range<Int>, _ layout: ColumnLayout
  ) throws(Complaint) -> Encoded {
    // The dictionary goes in as it is, unless the rows are cut: then each group gets what it uses.
    let isWhole = rows.count == indices.count
    return try indices.withUnsafeBufferPointer { (indices) throws(Complaint) in
      try encodeStrings(strings, UnsafeBufferPointer(rebasing: indices[rows]), isWhole: isWhole, layout)
    }
  }

  private mutating func encodeStrings(
    _ strings: ParquetDictionary, _ indices: UnsafeBufferPointer<Int32>, isWhole: Bool, _ layout: ColumnLayout
  ) throws(Complaint) -> Encoded {
    let bounds = Self.bounds(indices)
    guard bounds.least >= (layout.column.isOptional ? -1 : 0), Int(bounds.greatest) < strings.count else {
      throw Complaint(what: "a number that is not in the dictionary")
    }
    encodeLevels(indices, nullCount: bounds.nullCount, layout)
    guard bounds.nullCount < indices.count else {
      return Encoded(encoding: .plain, statistics: ParquetStatistics(nullCount: indices.count))
    }
    let numbers = isWhole ? nil : usedNumbers(strings, indices)
    let count = appendDictionary(strings, numbers)
    let width = max(1, BitPacking.width(UInt64(count - 1)))
    data.append(UInt8(width))
    RunLength.append(present(indices, bounds.nullCount, numbers), width: width, into: &data)
    return Encoded(
      dictionaryCount: count,
      statistics: statistics(
        .string(Array(strings[Int(bounds.leastPresent)])), .string(Array(strings[Int(bounds.greatest)])),
        nullCount: bounds.nullCount))
  }

  private mutating func encodeLevels(
    _ indices: UnsafeBufferPointer<Int32>, nullCount: Int, _ layout: ColumnLayout
  ) {
    guard layout.column.isOptional else { return }
    if nullCount == 0 || nullCount == indices.count {
      encodeUniformLevels(nullCount == 0 ? 1 : 0, indices.count)
    } else {
      let target = self.indices.take(indices.count)
      for row in 0..<indices.count { target[row] = indices[row] < 0 ? 0 : 1 }
      encodeLevels(UnsafeBufferPointer(target))
    }
  }

  /// The number that each string gets when only those that are used have one.
  private func usedNumbers(_ strings: ParquetDictionary, _ indices: UnsafeBufferPointer<Int32>) -> [Int32] {
    var numbers = [Int32](repeating: -1, count: strings.count)
    for index in indices where index >= 0 { numbers[Int(index)] = 0 }
    var count: Int32 = 0
    for index in numbers.indices where numbers[index] == 0 {
      numbers[index] = count
      count += 1
    }
    return numbers
  }

  /// Writes the strings that have a number; returns how many.
  private mutating func appendDictionary(_ strings: ParquetDictionary, _ numbers: [Int32]?) -> Int {
    var count = 0
    let bytes = strings.bytes.span.bytes
    for index in 0..<strings.count where numbers.map({ $0[index] >= 0 }) ?? true {
      let range = strings.range(index)
      dictionary.append(littleEndian: UInt32(range.count))
      dictionary.append(bytes, range)
      count += 1
    }
    return count
  }

  /// The numbers of the values that are present.
  private mutating func present(
    _ indices: UnsafeBufferPointer<Int32>, _ nullCount: Int, _ numbers: [Int32]?
  ) -> UnsafeBufferPointer<Int32> {
    // The usual table is one row group without nulls, and its indices are written as they came.
    guard nullCount > 0 || numbers != nil else { return indices }
    let target = self.indices.take(indices.count - nullCount)
    var at = 0
    for index in indices where index >= 0 {
      target[at] = numbers.map { $0[Int(index)] } ?? index
      at &+= 1
    }
    return UnsafeBufferPointer(target)
  }
}
