//! Spikes that are none: what comes on the same day of most months will come again.

import Calendar

/// The days of a month on which most months had a spike.
struct MonthlyJobs {
  /// By day of the month, what is expected above the usual; 0 stands for the last day of each.
  private let expected: [Int: Int]

  /// - Parameters:
  ///   - days: those known.
  ///   - excess: what each has above the usual; 0 for most.
  init(_ days: some Collection<CivilDate>, excess: [Int]) {
    var (seen, spikes, sums) = ([Int: Int](), [Int: Int](), [Int: Int]())
    for (day, excess) in zip(days, excess) {
      let place = Self.place(day)
      seen[place, default: 0] += 1
      if excess > 0 {
        spikes[place, default: 0] += 1
        sums[place, default: 0] += excess
      }
    }
    var expected: [Int: Int] = [:]
    for (place, count) in spikes where count >= 2 && count * 2 > seen[place, default: 0] {
      expected[place] = sums[place, default: 0] / seen[place, default: 1]
    }
    self.expected = expected
  }

  /// What is expected of a day above the usual.
  func expected(on day: CivilDate) -> Int { expected[Self.place(day)] ?? 0 }

  private static func place(_ day: CivilDate) -> Int { day == day.lastOfMonth ? 0 : day.day }
}
