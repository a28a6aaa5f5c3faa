/// Which group each row of a part belongs to: numbers from 0; rows that a filter leaves out have none.
///
/// Rows are kept as runs of neighbours in one group, because rollups are sorted: a run is numbered once for all of its
/// rows, and to find out where a run ends is to compare a code with the next.
struct RowNumbers {
  /// Where each run ends.
  private var ends: [Int32]
  /// The group of each run, -1 for none.
  private var numbers: [Int32]
  /// How many groups there are.
  private var groupCount = 1

  /// All rows in one group.
  init(_ count: Int) {
    ends = count > 0 ? [Int32(count)] : []
    numbers = count > 0 ? [0] : []
  }

  /// Splits each group by the codes of a column.
  ///
  /// Must come before rows are left out.
  ///
  /// - Returns: by new number, the old one and the code.
  mutating func split(by column: borrowing CodedColumn) -> [GroupPair] {
    if let only = column.only { return (0..<Int32(groupCount)).map { GroupPair(left: $0, right: only) } }
    let codes = cut(by: column.codes(Int(ends.last ?? 0)))
    let pairs = GroupPair.number(&numbers, groupCount, codes, column.codeCount)
    groupCount = pairs.count
    return pairs
  }

  /// Cuts runs where the code changes; the code of each run.
  private mutating func cut(by rowCodes: ArraySlice<Int32>) -> [Int32] {
    let cuts = [Int32](unsafeUninitializedCapacity: rowCodes.count) { cuts, count in
      count = Self.note(rowCodes.span, ends.span, into: cuts)
    }
    let codes = cuts.map { rowCodes[rowCodes.startIndex + Int($0) - 1] }
    var run = 0
    numbers = cuts.map { end in
      defer { if end == ends[run] { run += 1 } }
      return numbers[run]
    }
    ends = cuts
    return codes
  }

  /// Notes where runs of equal codes end within the runs that end at `ends`; how many there are.
  private static func note(
    _ codes: Span<Int32>, _ ends: Span<Int32>, into cuts: UnsafeMutableBufferPointer<Int32>
  ) -> Int {
    var (count, at) = (0, 0)
    for run in ends.indices {
      let last = Int(ends[run]) - 1
      precondition(last < codes.count && last < cuts.count)
      while at < last {
        if at &+ 4 <= last, areEqual(codes, at) {
          at &+= 4
          continue
        }
        // What is no end is written over: a branch that depends on data would cost more. In bounds: there are not more
        // ends than rows before.
        cuts[count] = Int32(truncatingIfNeeded: at &+ 1)
        count &+= codes[unchecked: at] == codes[unchecked: at &+ 1] ? 0 : 1
        at &+= 1
      }
      cuts[count] = ends[run]
      count += 1
      at = last + 1
    }
    return count
  }

  /// Whether the code at a place and the four that follow are one: long runs are passed over in such steps.
  @inline(__always)
  private static func areEqual(_ codes: Span<Int32>, _ at: Int) -> Bool {
    codes.withUnsafeBytes { bytes in
      // In bounds: the caller has four more codes.
      bytes.loadUnaligned(fromByteOffset: at &* 4, as: SIMD4<Int32>.self)
        == bytes.loadUnaligned(fromByteOffset: (at &+ 1) &* 4, as: SIMD4<Int32>.self)
    }
  }

  /// Leaves out the rows for which `isOut` says so, asking only for those that are still in.
  mutating func leaveOut(_ isOut: (Int) -> Bool) {
    var (newEnds, newNumbers): ([Int32], [Int32]) = ([], [])
    var start = 0
    for (end, number) in zip(ends, numbers) {
      for row in start..<Int(end) {
        let kept = number >= 0 && isOut(row) ? -1 : number
        if row > start, newNumbers.last == kept {
          newEnds[newEnds.count - 1] += 1
        } else {
          newEnds.append(Int32(row + 1))
          newNumbers.append(kept)
        }
      }
      start = Int(end)
    }
    (ends, numbers) = (newEnds, newNumbers)
  }

  /// The groups as they are now.
  func runs() -> GroupRuns {
    var runs = GroupRuns(groupCount: groupCount)
    runs.reserve(ends.count)
    var start = 0
    for (end, number) in zip(ends, numbers) {
      if number >= 0 { runs.append(start..<Int(end), group: Int(number)) }
      start = Int(end)
    }
    return runs
  }
}
