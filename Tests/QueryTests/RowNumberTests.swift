import Parquet
import TestSupport
import Testing

@testable import Query

/// Groups and sums of rows, held against the plainest way to compute them.
@Suite struct RowNumberTests {
  private let seed = UInt64.random(in: 0...UInt64.max)

  /// Values at the ends of their type too: a sum of them fits no Int64.
  private func values(_ count: Int, _ random: inout SeededGenerator) -> [Int64] {
    (0..<count).map { _ in
      [.max, .min, 0, -1, 1 << 32, Int64.random(in: -1000...1000, using: &random)]
        .randomElement(using: &random) ?? 0
    }
  }

  private func column(_ codes: [Int32], _ rows: Range<Int>) -> CodedColumn {
    let names = ParquetDictionary(["a", "b", "c"])
    if let first = codes.first, codes.allSatisfy({ $0 == first }) {
      let scalar: ParquetScalar = first < 0 ? .null : .string(Array(names[Int(first)]))
      return CodedColumn(.constant(scalar, count: codes.count), rows)
    }
    return CodedColumn(.strings(names, indices: codes), rows)
  }

  @Test(arguments: 0..<60) func sumsAreThoseOfTheRows(round: Int) throws {
    var random = SeededGenerator(seed &+ UInt64(round))
    let total = Int.random(in: 1...200, using: &random)
    let start = Int.random(in: 0..<total, using: &random)
    let rows = start..<Int.random(in: start...total, using: &random)
    // No, one or two columns, some of them one code throughout, some in long runs.
    let columns = (0..<Int.random(in: 0...2, using: &random)).map { _ in
      let runMax = [1, 12, total].randomElement(using: &random) ?? 1
      var codes: [Int32] = []
      while codes.count < total {
        let count = runMax == total ? total : Int.random(in: 1...runMax, using: &random)
        codes += repeatElement(Int32.random(in: -1...2, using: &random), count: count)
      }
      return Array(codes.prefix(total))
    }
    let isOut = (0..<total).map { _ in Int.random(in: 0...3, using: &random) == 0 }
    let leavesOut = Bool.random(using: &random)
    let integers = values(total, &random)
    var groups = RowNumbers(rows.count)
    for codes in columns { _ = groups.split(by: column(codes, rows)) }
    if leavesOut { groups.leaveOut { isOut[rows.lowerBound + $0] } }
    var expected: [[Int32]: Int128] = [:]
    for row in rows where !(leavesOut && isOut[row]) {
      expected[columns.map { $0[row] }, default: 0] += Int128(integers[row])
    }
    let runs = groups.runs()
    let sums = try #require(runs.sums(.integers(integers), rows))
    let decimals = try #require(runs.sums(.decimals(integers.map { Int128($0) }), rows))
    let ones = try #require(runs.sums(.constant(.integer(1), count: total), rows))
    #expect(sums == decimals, "seed \(seed) round \(round)")
    #expect(ones.reduce(0, +) == Int128(rows.count { !(leavesOut && isOut[$0]) }))
    #expect(runs.used() == ones.map { $0 > 0 })
    var groupOfRow: [Int: Int] = [:]
    for run in runs.runs { for index in run.rows { groupOfRow[index] = run.group } }
    // Each row's group holds the sum of all rows with its codes.
    for row in rows {
      let group = groupOfRow[row - rows.lowerBound]
      #expect((group == nil) == (leavesOut && isOut[row]))
      guard let group else { continue }
      #expect(sums[group] == expected[columns.map { $0[row] }], "seed \(seed) round \(round)")
    }
  }

  /// Few possible pairs have a place each, many are looked up by hash.
  @Test(arguments: [(1, 0), (3, 4), (100, 2000)])
  func equalPairsHaveEqualNumbers(leftCount: Int, rightCount: Int) throws {
    var random = SeededGenerator(seed)
    let pairs = (0..<20_000).map { _ in
      (
        Int32.random(in: 0..<Int32(leftCount), using: &random),
        Int32.random(in: -1..<min(200, Int32(rightCount)), using: &random)
      )
    }
    var numbers = pairs.map(\.0)
    let found = GroupPair.number(&numbers, leftCount, pairs.map(\.1), rightCount)
    for (pair, number) in zip(pairs, numbers) {
      let named = found[Int(number)]
      #expect((named.left, named.right) == pair, "seed \(seed)")
    }
    #expect(Set(found.map { [$0.left, $0.right] }).count == found.count, "seed \(seed)")
  }
}
