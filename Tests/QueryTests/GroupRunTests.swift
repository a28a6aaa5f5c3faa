import Parquet
import Testing

@testable import Query

/// Sums of runs are exact, also where a word is too small for them.
@Suite struct GroupRunTests {
  private func sums(_ values: ParquetValues, _ rows: Range<Int>, _ runs: [(Range<Int>, Int)]) -> [Int128]? {
    var groups = GroupRuns(groupCount: 2)
    for run in runs { groups.append(run.0, group: run.1) }
    return groups.sums(values, rows)
  }

  @Test func sumsMayBeLargerThanAWord() {
    let most = Int64.max
    let values = ParquetValues.integers([7, most, most, most, 1, -5])
    #expect(sums(values, 1..<6, [(0..<3, 0), (3..<4, 1), (4..<5, 0)]) == [3 * Int128(most) - 5, 1])
    #expect(
      sums(.integers([.min, .min, .max]), 0..<3, [(0..<3, 1)]) == [0, 2 * Int128(Int64.min) + Int128(most)])
    #expect(sums(.constant(.integer(most), count: 5), 0..<5, [(0..<5, 0)]) == [5 * Int128(most), 0])
  }

  /// A file may say any number; what does not fit ends nothing.
  @Test func sumsThatAreTooLargeAreNone() {
    let most = SumLimit.amount
    let runs = [(0..<2, 0), (2..<4, 1)]
    #expect(sums(.decimals([most, 0, 0, 0]), 0..<4, runs) == [most, 0])
    #expect(sums(.decimals([most, 0, 1, 0]), 0..<4, runs) == nil)
    #expect(sums(.decimals([most, 0, -1, 0]), 0..<4, runs) == nil)
    #expect(sums(.decimals([.max, 1, 0, 0]), 0..<4, runs) == nil)
    #expect(sums(.decimals([.min, -1, 0, 0]), 0..<4, runs) == nil)
    #expect(sums(.decimals([.max, 0, 0, 1]), 0..<4, [(0..<1, 0), (3..<4, 0)]) == nil)
    #expect(sums(.decimals([.max, .min, 1, 0]), 0..<4, [(0..<4, 0)]) == [0, 0])
    #expect(sums(.constant(.decimal(most / 4), count: 4), 0..<4, runs) == [most / 2, most / 2])
    #expect(sums(.constant(.decimal(.max), count: 4), 0..<4, runs) == nil)
    #expect(sums(.constant(.decimal(most / 3), count: 4), 0..<4, runs) == nil)
  }

  /// Sums of days that no number holds are found, whatever they add up to.
  @Test func groupsThatAreTooLargeAreSaid() {
    func groups(_ amounts: [Int128], _ place: Int = GroupValues.costPlace) -> GroupSums {
      var sums = GroupSums()
      for (index, amount) in amounts.enumerated() {
        var values = GroupValues()
        values.sums[place] = amount
        sums.add(values, to: GroupKey(bucket: index % 2, texts: [], currency: nil))
      }
      return sums
    }
    #expect(groups([SumLimit.amount]).tooLarge == nil && groups([0, 1, -1]).tooLarge == nil)
    #expect(groups([SumLimit.amount, 1]).tooLarge == SumTooLarge(column: "cost"))
    #expect(groups([.max, 0, .max, 0, 2]).tooLarge == SumTooLarge(column: "cost"))
    #expect(groups([.min, 0, -1]).tooLarge == SumTooLarge(column: "cost"))
    #expect(groups([SumLimit.count + 1], 0).tooLarge?.description == "the sum of requests is too large")
    #expect(groups([SumLimit.count + 1], GroupValues.creditsPlace).tooLarge == nil)
  }

  @Test func quotientsOfLargeNumbersAreExact() {
    #expect(halfEven(.max, times: .max, .max) == .max && halfEven(.min, times: 10_000, .max) == -10_000)
    #expect(halfEven(.max, times: 2, 1) == nil && halfEven(1, times: 1, 0) == nil && halfEven(1, -1) == nil)
    #expect([1, 3, 5, -1, -3, -5].map { halfEven($0, 2) } == [0, 2, 2, 0, -2, -2])
    #expect(Int128.max.clampedTimes(2) == .max && Int128.max.clampedTimes(-2) == .min)
    #expect(Int128.min.clampedTimes(-1) == .max && (3 as Int128).clampedTimes(-2) == -6)
  }
}
