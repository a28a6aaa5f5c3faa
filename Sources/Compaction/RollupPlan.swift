//! Which days need work: a pure decision over what the store looks like.

/// What is known of a day before anything is done.
package struct DayStatus: Equatable, Sendable {
  package let day: Int
  package let events: UInt64
  /// Whether all three rollups are there and carry the stamp of the day's segments.
  package let isCurrent: Bool
  /// Whether this machine's writer has a segment of the day.
  package let hasOwnSegment: Bool

  package init(day: Int, events: UInt64, isCurrent: Bool, hasOwnSegment: Bool) {
    self.day = day
    self.events = events
    self.isCurrent = isCurrent
    self.hasOwnSegment = hasOwnSegment
  }
}

/// One thing to do.
package enum RollupAction: Equatable, Sendable {
  case rollUp(day: Int)
  case seal(day: Int)
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
  package static func actions(
    _ days: [DayStatus], today: Int, seals: Bool, isForced: Bool = false
  ) -> [RollupAction] {
    let heavyFirst = days.sorted { $0.events != $1.events ? $0.events > $1.events : $0.day < $1.day }
    var actions: [RollupAction] = []
    for day in heavyFirst where isForced || !day.isCurrent { actions.append(.rollUp(day: day.day)) }
    if seals {
      for day in heavyFirst where day.hasOwnSegment && day.day < today { actions.append(.seal(day: day.day)) }
    }
    return actions
  }
}
