//! What a history tells: its days in units of their mean, without pauses, and with one-off spikes cut down.

import Calendar

/// The days that count as evidence, and the days to come.
struct Evidence {
  /// The days known, then those to come.
  let days: [CivilDate]
  /// How many are known.
  let count: Int
  /// Amounts of the days known; the mean is `one`.
  let amounts: [Int]
  /// The same, spikes cut down: what levels are made of.
  let capped: [Int]
  /// How many days a pause has lasted that is not over.
  let pauseDays: Int
  /// What `one` is worth: this sum of as many amounts.
  private let worth: (sum: Int128, count: Int)

  /// - Parameters:
  ///   - amounts: one a day from `first`, the first of them not 0.
  ///   - ahead: how many days are to come.
  init(first: CivilDate, _ amounts: ArraySlice<Int128>, ahead: Int) {
    let pauses = Pauses(amounts.map { $0 == 0 })
    let places = amounts.indices.filter { !pauses.contains($0 - amounts.startIndex) }
    let future = (0..<ahead).map { first + amounts.count + $0 }
    days = places.map { first + ($0 - amounts.startIndex) } + future
    count = places.count
    pauseDays = pauses.running
    let sum = max(1, places.reduce(0) { $0 + Int128(amounts[$1].magnitude) })
    worth = (sum, max(1, places.count))
    let unit = Int128(one) * Int128(places.count)
    self.amounts = places.map { Int(clamping: amounts[$0] * unit / sum) }
    capped = Self.capped(self.amounts)
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

/// Runs of days without use that chance does not explain: holidays, not the weekends of people who rest on them.
struct Pauses {
  private let places: Set<Int>
  /// The length of the pause at the end; 0 when there is none.
  let running: Int

  private static let daysMin = 4
  /// A pause is less likely than one in so many.
  private static let odds = 1000

  /// - Parameter isUnused: of each day.
  init(_ isUnused: [Bool]) {
    let unused = isUnused.count { $0 }
    var places: Set<Int> = []
    var running = 0
    var place = 0
    while place < isUnused.count {
      let start = place
      while place < isUnused.count, isUnused[place] { place += 1 }
      let length = place - start
      let others = (unused: unused - length + 1, all: isUnused.count - length + 2)
      if length >= Self.daysMin, Self.isUnlikely(length, others.unused, others.all) {
        places.formUnion(start..<place)
        if place == isUnused.count { running = length }
      }
      if place == start { place += 1 }
    }
    // What is left must be enough to go by.
    let isTooMuch = isUnused.count - places.count < MonthForecast.daysMin
    self.places = isTooMuch ? [] : places
    self.running = isTooMuch ? 0 : running
  }

  func contains(_ place: Int) -> Bool { places.contains(place) }

  /// Whether a run this long is unlikely when so many of all days are unused anyway.
  private static func isUnlikely(_ length: Int, _ unused: Int, _ all: Int) -> Bool {
    var chance = one
    for _ in 0..<length where chance > 0 { chance = chance * unused / all }
    return chance * odds < one
  }
}
