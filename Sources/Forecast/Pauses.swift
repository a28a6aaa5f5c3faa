//! Runs of days without use that chance does not explain: holidays, not the weekends of people who rest on them. What
//! comes at the same time of two months is a habit, no pause.

import Calendar

/// The pauses of a history.
struct Pauses {
  private let places: Set<Int>
  /// The length of the pause at the end; 0 when there is none.
  let running: Int

  private static let daysMin = 4
  /// A pause is less likely than one in so many.
  private static let odds = 1000
  /// Habits begin so many days earlier or later.
  private static let habitReach = 3

  /// - Parameter isUnused: of each day.
  init(first: CivilDate, _ isUnused: [Bool]) {
    let runs = Self.runs(isUnused)
    let unused = isUnused.count { $0 }
    let pauses = runs.filter { run in
      run.count >= Self.daysMin
        && Self.isUnlikely(run.count, unused - run.count + 1, isUnused.count - run.count + 2)
    }
    let rests = pauses.filter { pause in
      !pauses.contains { $0 != pause && Self.isHabit(first + $0.lowerBound, first + pause.lowerBound) }
    }
    let count = rests.reduce(0) { $0 + $1.count }
    // What is left must be enough to go by.
    let isTooMuch = isUnused.count - count < MonthForecast.daysMin
    places = isTooMuch ? [] : Set(rests.joined())
    let isAtEnd = !isTooMuch && rests.last?.upperBound == isUnused.count
    running = isAtEnd ? rests.last?.count ?? 0 : 0
  }

  func contains(_ place: Int) -> Bool { places.contains(place) }

  private static func runs(_ isUnused: [Bool]) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    for (place, isUnused) in isUnused.enumerated() where isUnused {
      if let last = runs.last, last.upperBound == place {
        runs[runs.count - 1] = last.lowerBound..<place + 1
      } else {
        runs.append(place..<place + 1)
      }
    }
    return runs
  }

  private static func isHabit(_ a: CivilDate, _ b: CivilDate) -> Bool {
    a.civilMonth != b.civilMonth && abs(a.day - b.day) <= habitReach
  }

  /// Whether a run this long is unlikely when so many of all days are unused anyway.
  private static func isUnlikely(_ length: Int, _ unused: Int, _ all: Int) -> Bool {
    var chance = one
    for _ in 0..<length where chance > 0 { chance = chance * unused / all }
    return chance * odds < one
  }
}
