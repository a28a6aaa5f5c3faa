/// Which group each row of a part belongs to: numbers from 0; rows that a filter leaves out have none.
struct RowNumbers {
  private let count: Int
  /// A number for each row, -1 for none; nil when all rows have number 0.
  private var numbers: [Int32]?
  /// How many groups there are.
  private var groupCount = 1

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
  mutating func split(by column: borrowing CodedColumn) -> [GroupPair] {
    if let only = column.only { return (0..<Int32(groupCount)).map { GroupPair(left: $0, right: only) } }
    var split = numbers ?? [Int32](repeating: 0, count: count)
    numbers = nil
    let pairs = GroupPair.number(&split, groupCount, column.codes(count), column.codeCount)
    numbers = split
    groupCount = pairs.count
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

  /// The groups as they are now.
  func runs() -> GroupRuns {
    var runs = GroupRuns(groupCount: groupCount)
    guard let numbers else {
      runs.append(0..<count, group: 0)
      return runs
    }
    var start = 0
    for index in numbers.indices where index + 1 == count || numbers[index] != numbers[index + 1] {
      if numbers[index] >= 0 { runs.append(start..<index + 1, group: Int(numbers[index])) }
      start = index + 1
    }
    return runs
  }
}
