//! Which days need work: a pure decision over what the store looks like.
//!
//! Days run beside days, unless one outweighs the others: then its frames are read in parts that are joined
//! (`DayPart`), and its three rollups are made side by side. The last day is offered in parts as well, to threads
//! that find no other day.

/// What is known of a day before anything is done.
package struct DayStatus: Equatable, Sendable {
  package let day: Int
  package let events: UInt64
  /// Whether all three rollups are there and carry the stamp of the day's segments.
  package let isCurrent: Bool
  /// Whether this machine's writer has a segment of the day that is not sealed.
  package let canBeSealed: Bool

  package init(day: Int, events: UInt64, isCurrent: Bool, canBeSealed: Bool) {
    self.day = day
    self.events = events
    self.isCurrent = isCurrent
    self.canBeSealed = canBeSealed
  }
}

/// Who works on a day.
package enum Sharing: Equatable, Sendable {
  /// One core, while the others have days of their own.
  case none
  /// One core, and those that find no other day to do.
  case withIdle
  /// All cores, and no other day beside it.
  case withAll

  /// Into how many parts the day is cut.
  ///
  /// Joining them costs time too, so there are only more than threads where help comes late.
  func partCount(_ jobs: Int) -> Int {
    switch self {
    case .none: 1
    case .withIdle: 2 * jobs
    case .withAll: jobs
    }
  }
}

/// One thing to do.
package enum RollupAction: Equatable, Sendable {
  case rollUp(day: Int, Sharing)
  case seal(day: Int)

  var isRollUp: Bool {
    if case .rollUp = self { true } else { false }
  }

  /// Whether it uses all cores and has no other action beside it.
  package var isAlone: Bool { if case .rollUp(_, .withAll) = self { true } else { false } }
}

/// The plan of a run.
package enum RollupPlan {
  /// The actions, heaviest days first so that the last core is not left with the largest day; seals after rollups,
  /// because people wait for rollups.
  ///
  /// - Parameters:
  ///   - days: what the store has.
  ///   - today: the current UTC day; only days before it are closed.
  ///   - seals: whether to seal closed days.
  ///   - isForced: whether current rollups are made again.
  ///   - jobs: how many cores there are.
  package static func actions(
    _ days: [DayStatus], today: Int, seals: Bool, isForced: Bool = false, jobs: Int = 1
  ) -> [RollupAction] {
    let heavyFirst = days.sorted { $0.events != $1.events ? $0.events > $1.events : $0.day < $1.day }
    var actions: [RollupAction] = []
    let stale = heavyFirst.filter { isForced || !$0.isCurrent }
    let alone = jobs == 1 ? 0 : aloneCount(stale.map(\.events), jobs: jobs)
    for (index, day) in stale.enumerated() {
      // The last ones begin when others are about to find nothing to do.
      let isLast = index > stale.count - jobs
      actions.append(.rollUp(day: day.day, index < alone ? .withAll : isLast ? .withIdle : .none))
    }
    if seals {
      for day in heavyFirst where day.canBeSealed && day.day < today { actions.append(.seal(day: day.day)) }
    }
    return actions
  }

  /// How many of the heaviest days weigh more than the others give the other cores to do meanwhile.
  private static func aloneCount(_ weights: [UInt64], jobs: Int) -> Int {
    // Whatever segments say of themselves, a sum is a number.
    var rest = weights.reduce(0) { sum, weight in sum + min(weight, .max - sum) }
    var count = 0
    for weight in weights where count < weights.count {
      if weight <= rest / UInt64(jobs) { break }
      rest -= min(weight, rest)
      count += 1
    }
    return count
  }
}
