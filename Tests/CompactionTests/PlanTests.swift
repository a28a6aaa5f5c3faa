import Compaction
import Testing

/// What is done, decided over values alone.
@Suite struct PlanTests {
  private func day(
    _ day: Int, events: UInt64 = 1, current: Bool = false, unsealed: Bool = true
  ) -> DayStatus {
    DayStatus(day: day, events: events, isCurrent: current, canBeSealed: unsealed)
  }

  private func rolled(_ days: Int...) -> [RollupAction] { days.map { .rollUp(day: $0, .none) } }
  private func sealed(_ days: Int...) -> [RollupAction] { days.map { .seal(day: $0) } }

  @Test func nothingIsDoneForNothing() {
    #expect(RollupPlan.actions([], today: 9, seals: true) == [])
    #expect(RollupPlan.actions([day(1, current: true)], today: 9, seals: false) == [])
  }

  @Test func staleDaysAreRolledUpHeaviestFirst() {
    let days = [day(1, events: 5), day(2, events: 9), day(3, events: 5), day(4, events: 99, current: true)]
    #expect(RollupPlan.actions(days, today: 9, seals: false) == rolled(2, 1, 3))
    #expect(RollupPlan.actions(days, today: 9, seals: false, isForced: true) == rolled(4, 2, 1, 3))
  }

  @Test func theOpenDayIsRolledUpButNotSealed() {
    let days = [day(8), day(9), day(10)]
    #expect(RollupPlan.actions(days, today: 9, seals: true) == rolled(8, 9, 10) + sealed(8))
  }

  @Test func onlyOwnSegmentsThatAreNotSealedAreSealed() {
    let days = [day(1, current: true), day(2, current: true, unsealed: false)]
    #expect(RollupPlan.actions(days, today: 9, seals: true) == sealed(1))
  }

  @Test func sealsFollowRollups() {
    let days = [day(1, events: 5, current: true), day(2, events: 9), day(3, events: 1)]
    #expect(RollupPlan.actions(days, today: 9, seals: true) == rolled(2, 3) + sealed(2, 1, 3))
  }

  /// A day that outweighs what the other cores would have meanwhile is shared by all; who finds no more days helps with
  /// the last ones.
  @Test(
    arguments: [
      ([], "", 2), ([5], "a", 2), ([5, 5], "-i", 2), ([5, 5, 5], "--i", 2), ([10, 5, 5], "--i", 2),
      ([11, 5, 5], "a-i", 2), ([100, 40, 5, 5], "aa-i", 2), ([100, 40, 5, 5, 5], "aa--i", 2),
      ([5, 5, 5], "-ii", 3), ([5, 5, 5, 5], "--ii", 3), ([9, 5], "aa", 3), ([5, 5, 5], "---", 1),
      ([0, 0, 0], "--i", 2),
    ] as [([UInt64], String, Int)])
  func whoWorksOnADay(weights: [UInt64], expected: String, jobs: Int) {
    let days = weights.enumerated().map { day($0.offset, events: $0.element) }
    let actions = RollupPlan.actions(days, today: 99, seals: false, jobs: jobs)
    let sharing: [Character: Sharing] = ["-": .none, "i": .withIdle, "a": .withAll]
    #expect(actions == expected.enumerated().map { .rollUp(day: $0.offset, sharing[$0.element] ?? .none) })
  }
}
