//! Which group each row of a part belongs to. Most reports have few groups, and many have one: then there are no
//! numbers at all, and a sum is a loop over the values alone.

import Parquet

/// The group numbers of rows, from 0; rows that a filter leaves out have none.
struct RowNumbers {
  private let count: Int
  /// A number for each row, -1 for none; nil when all rows have number 0.
  private var numbers: [Int32]?

  /// All rows in one group.
  init(_ count: Int) { self.count = count }

  /// The row's group; nil when it is left out.
  subscript(index: Int) -> Int? {
    guard let number = numbers?[index] else { return 0 }
    return number < 0 ? nil : Int(number)
  }

  /// Splits each group by the codes of a column.
  ///
  /// Must come before rows are left out.
  ///
  /// - Returns: by new number, the old one and the code.
  mutating func split(by column: borrowing CodedColumn) -> PairTable {
    var pairs = PairTable()
    if let only = column.only, numbers == nil {
      _ = pairs.number(0, only)
      return pairs
    }
    var split = numbers ?? [Int32](repeating: 0, count: count)
    numbers = nil
    for index in split.indices { split[index] = pairs.number(split[index], column.code(index)) }
    numbers = split
    return pairs
  }

  /// Leaves out the rows for which `isOut` says so, asking only for those that are still in.
  mutating func leaveOut(_ isOut: (Int) -> Bool) {
    var left = numbers ?? [Int32](repeating: 0, count: count)
    let hadNumbers = numbers != nil
    numbers = nil
    var isChanged = false
    for index in left.indices where left[index] >= 0 && isOut(index) {
      left[index] = -1
      isChanged = true
    }
    if isChanged || hadNumbers { numbers = left }
  }

  /// Which of `groupCount` groups have a row.
  func used(of groupCount: Int) -> [Bool] {
    guard let numbers else { return [Bool](repeating: count > 0, count: groupCount) }
    var isUsed = [Bool](repeating: false, count: groupCount)
    for number in numbers where number >= 0 { isUsed[Int(number)] = true }
    return isUsed
  }

  /// The sum of each of `groupCount` groups.
  ///
  /// - Parameters:
  ///   - column: numbers; other columns sum up to nothing.
  ///   - rows: which places of the column are these rows.
  func sums(_ column: ParquetValues, _ rows: Range<Int>, _ groupCount: Int) -> [Int128] {
    var sums = [Int128](repeating: 0, count: groupCount)
    switch column {
    case .constant(.integer(let value), _): add(Int128(value), to: &sums)
    case .constant(.decimal(let value), _): add(value, to: &sums)
    case .integers(let values, _): add(values, rows, to: &sums)
    case .decimals(let values, _): add(values, rows, to: &sums)
    default: break
    }
    return sums
  }

  private func add(_ value: Int128, to sums: inout [Int128]) {
    guard let numbers else {
      sums[0] += value * Int128(count)
      return
    }
    for number in numbers where number >= 0 { sums[Int(number)] += value }
  }

  private func add(_ values: [Int64], _ rows: Range<Int>, to sums: inout [Int128]) {
    guard let numbers else {
      sums[0] += Self.sum(values, rows)
      return
    }
    for (index, number) in numbers.enumerated() where number >= 0 {
      sums[Int(number)] += Int128(values[rows.lowerBound + index])
    }
  }

  private func add(_ values: [Int128], _ rows: Range<Int>, to sums: inout [Int128]) {
    guard let numbers else {
      for value in values[rows] { sums[0] += value }
      return
    }
    for (index, number) in numbers.enumerated() where number >= 0 {
      sums[Int(number)] += values[rows.lowerBound + index]
    }
  }

  /// The exact sum.
  ///
  /// Both halves of the values are summed on their own: neither sum can overflow below 2^31 rows, and the loop
  /// needs no carries.
  private static func sum(_ values: [Int64], _ rows: Range<Int>) -> Int128 {
    values.withUnsafeBufferPointer { values in
      var low: UInt64 = 0
      var high: Int64 = 0
      for value in values[rows] {
        low &+= UInt64(bitPattern: value) & 0xFFFF_FFFF
        high &+= value >> 32
      }
      return Int128(high) << 32 + Int128(low)
    }
  }
}
