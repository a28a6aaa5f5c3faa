//! What a history tells: its days in units of their mean, without pauses, and with one-off spikes cut down.

import Calendar

/// The days that count as evidence, and the days to come.
struct Evidence {
  /// The days known, then those to come.
  let days: [CivilDate]
  /// How many are known.
  let count: Int
  /// Amounts of the days known, without what monthly jobs explain; the mean of all is `one`.
  let amounts: [Int]
  /// The same, spikes cut down: what levels are made of.
  let capped: [Int]
  /// What monthly jobs will add on each of the days to come.
  let jobs: [Int]
  /// How many days a pause has lasted that is not over.
  let pauseDays: Int
  /// What `one` is worth: this sum of as many amounts.
  private let worth: (sum: Int128, count: Int)

  /// - Parameters:
  ///   - amounts: one a day from `first`, the first of them not 0.
  ///   - ahead: how many days are to come.
  init(first: CivilDate, _ amounts: ArraySlice<Int128>, ahead: Int) {
    let pauses = Pauses(first: first, amounts.map { $0 == 0 })
    let places = amounts.indices.filter { !pauses.contains($0 - amounts.startIndex) }
    let future = (0..<ahead).map { first + amounts.count + $0 }
    days = places.map { first + ($0 - amounts.startIndex) } + future
    count = places.count
    pauseDays = pauses.running
    let sum = max(1, places.reduce(0) { $0 + Int128(amounts[$1].magnitude) })
    worth = (sum, max(1, places.count))
    let unit = Int128(one) * Int128(places.count)
    let measured = places.map { Int(clamping: amounts[$0] * unit / sum) }
    let capped = Self.capped(measured)
    let jobs = MonthlyJobs(days.prefix(count), excess: zip(measured, capped).map { max(0, $0 - $1) })
    self.capped = capped
    self.jobs = future.map(jobs.expected)
    self.amounts = zip(zip(measured, capped), days).map { jobs.expected(on: $1) > 0 ? $0.1 : $0.0 }
  }

  /// An amount as it was before it was measured in mean days.
  func worth(_ amount: Int) -> Int128 {
    Int128(amount) * worth.sum / (Int128(one) * Int128(worth.count))
  }

  /// An amount in mean days.
  func measured(_ amount: Int128) -> Int {
    Int(clamping: amount * Int128(one) * Int128(worth.count) / worth.sum)
  }

  /// How far around a day others tell whether it is a spike.
  private static let spikeReach = 14
  /// As many days as large, and it is no spike but how things are.
  private static let spikeRank = 4

  /// Days are cut down to twice the fourth largest of the four weeks around them.
  private static func capped(_ amounts: [Int]) -> [Int] {
    let used = amounts.filter { $0 > 0 }.sorted()
    let usual = used.isEmpty ? 0 : used[used.count / 2]
    return amounts.indices.map { place in
      if amounts[place] <= 2 * usual { return amounts[place] }
      let around = amounts[max(0, place - spikeReach)..<min(amounts.count, place + spikeReach + 1)]
      let sorted = around.sorted(by: >)
      return min(amounts[place], 2 * max(usual, sorted[min(spikeRank, sorted.count) - 1]))
    }
  }
}
