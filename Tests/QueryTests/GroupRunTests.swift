import Parquet
import Testing

@testable import Query

/// Sums of runs are exact, also where a word is too small for them.
@Suite struct GroupRunTests {
  private func sums(_ values: ParquetValues, _ rows: Range<Int>, _ runs: [(Range<Int>, Int)]) -> [Int128] {
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
}
