import Compaction
import Foundation
import Rollup
import SegmentLog
import StoreFixtures
import Synchronization
import Testing
import TestSupport

/// Rollup files depend on the lines of the day and on nothing else.
@Suite struct IncrementalTests {
  private let seed = UInt64.random(in: 0...UInt64.max)

  @Test func fromScratchEqualsStepByStep() throws {
    let lines = generated(seed)
    let steps = try TemporaryStore()
    var random = SeededGenerator(seed)
    var rest = lines[...]
    while !rest.isEmpty {
      let count = min(rest.count, Int.random(in: 1...60, using: &random))
      try steps.append(Array(rest.prefix(count)))
      rest = rest.dropFirst(count)
      #expect(try steps.rollUp().problems == [], "seed \(seed)")
    }
    let whole = try TemporaryStore()
    try whole.append(lines)
    let outcome = try whole.rollUp()
    #expect(outcome.daysRolled == 3 && outcome.daysSeen == 3 && outcome.events == UInt64(lines.count))
    let files = try whole.rollups
    #expect(files.count == 9)
    #expect(try steps.rollups == files, "seed \(seed)")
    try FileManager.default.removeItem(at: steps.folder.appending(path: "rollups"))
    try steps.rollUp()
    #expect(try steps.rollups == files, "seed \(seed)")
  }

  @Test func statisticsAreThoseOfTheDays() throws {
    let store = try TemporaryStore()
    let lines = generated(seed, days: 2)
    try store.append(lines)
    let outcome = try store.rollUp()
    let parts = try Dictionary(grouping: lines) { try Reference.time(of: $0) / 86_400_000 }.values
    let days = try parts.map { try Reference($0) }
    #expect(outcome.statistics.repeats == days.reduce(0) { $0 + $1.repeats }, "seed \(seed)")
    #expect(outcome.statistics.voids == days.reduce(0) { $0 + $1.voids }, "seed \(seed)")
    #expect(outcome.statistics.conflicts == days.reduce(0) { $0 + $1.conflicts }, "seed \(seed)")
  }

  @Test func theSecondRunHasNothingToDo() throws {
    let store = try TemporaryStore()
    try store.append(generated(seed))
    try store.rollUp()
    let files = try store.rollups
    let second = try store.rollUp()
    #expect(second.daysSeen == 3 && second.daysRolled == 0 && second.events == 0)
    #expect(try store.rollups == files)
    #expect(try store.rollUp(isForced: true).daysRolled == 3)
    #expect(try store.rollups == files, "seed \(seed)")
  }

  @Test func onlyDaysThatChangedAreMadeAgain() throws {
    let store = try TemporaryStore()
    try store.append(generated(seed))
    try store.rollUp()
    let files = try store.rollups
    var generator = EventGenerator(seed: seed &+ 99, day: someDay + 1)
    generator.idPrefix = "late:"
    try store.append(generator.lines(5), writer: "two")
    #expect(try store.rollUp().daysRolled == 1)
    let changed = try store.rollups.filter { files[$0.key] != $0.value }.keys
    #expect(changed.allSatisfy { $0.contains(EventDraft.dayText(someDay + 1)) } && changed.count == 3)
  }

  @Test func theSameLinesAgainChangeNoRow() throws {
    let (once, twice) = (try TemporaryStore(), try TemporaryStore())
    let lines = generated(seed)
    try once.append(lines)
    try twice.append(lines)
    try twice.append(lines.reversed(), writer: "two")
    for day in someDay..<(someDay + 3) {
      let (a, b) = (try fold(once, day), try fold(twice, day))
      for kind in RollupKind.allCases { #expect(a[kind] == b[kind], "seed \(seed)") }
    }
  }

  @Test func writersFramesAndBatchesDoNotMatter() throws {
    let (one, many) = (try TemporaryStore(), try TemporaryStore())
    let lines = generated(seed, days: 1, count: 120)
    try one.append(lines)
    var random = SeededGenerator(seed)
    var rest = lines.shuffled(using: &random)[...]
    while !rest.isEmpty {
      let count = Int.random(in: 1...20, using: &random)
      let writer = try #require(["laptop", "server", "z"].randomElement(using: &random))
      try many.append(Array(rest.prefix(count)), writer: writer, batch: "batch\(rest.count)")
      rest = rest.dropFirst(count)
    }
    #expect(try fold(one, someDay) == fold(many, someDay), "seed \(seed)")
  }

  /// Parts of a day that are read side by side make the day that one thread makes.
  @Test func coresDoNotMatter() throws {
    let store = try TemporaryStore()
    let lines = generated(seed, days: 1, count: 300)
    for (index, start) in stride(from: 0, to: lines.count, by: 30).enumerated() {
      try store.append(Array(lines[start..<min(start + 30, lines.count)]), writer: "w\(index % 3)")
    }
    let snapshot = try DaySnapshot(store.layout, day: someDay)
    let alone = try snapshot.fold(tags: ["team"])
    #expect(alone.statistics.lines == UInt64(lines.count) && alone.statistics.repeats > 0)
    for cores in [2, 3, 7, 50] {
      let settled = try snapshot.settled(tags: ["team"], crew: Crew(size: cores), partCount: cores)
      #expect(try settled.rollups() == alone, "\(cores) cores, seed \(seed)")
    }
  }

  private func fold(_ store: TemporaryStore, _ day: Int) throws -> DayRollups {
    try DaySnapshot(store.layout, day: day).fold(tags: ["team"])
  }

  @Test(arguments: [1, 19])
  func sealingChangesNoByte(level: Int32) throws {
    let store = try TemporaryStore()
    let lines = generated(seed)
    for start in stride(from: 0, to: lines.count, by: 17) {
      try store.append(Array(lines[start..<min(start + 17, lines.count)]))
    }
    try store.rollUp()
    let files = try store.rollups
    let segments = try store.files("segments")
    let digests = try (someDay..<(someDay + 3)).map { try DaySnapshot(store.layout, day: $0).digest }
    let sealed = try store.rollUp(sealing: level)
    #expect(sealed.daysSealed == 3 && sealed.daysRolled == 0 && sealed.problems == [])
    #expect(try store.files("segments") != segments)
    #expect(try (someDay..<(someDay + 3)).map { try DaySnapshot(store.layout, day: $0).digest } == digests)
    #expect(try store.rollUp(isForced: true).daysRolled == 3)
    #expect(try store.rollups == files, "seed \(seed)")
    #expect(try store.rollUp(sealing: level).daysSealed == 0)
    // What comes late is counted all the same.
    var generator = EventGenerator(seed: seed &+ 7, day: someDay)
    generator.idPrefix = "late:"
    try store.append(generator.lines(3))
    #expect(try store.rollUp(sealing: level).daysRolled == 1)
  }

  @Test func aSnapshotIsWhatItWasWhenOpened() throws {
    let store = try TemporaryStore()
    let lines = generated(seed, days: 1)
    try store.append(Array(lines.prefix(20)))
    let snapshot = try DaySnapshot(store.layout, day: someDay)
    let before = try snapshot.fold(tags: [])
    let digest = snapshot.digest
    try store.append(Array(lines.dropFirst(20)))
    try store.rollUp(sealing: 3)
    #expect(try snapshot.fold(tags: []) == before)
    #expect(snapshot.digest == digest)
    #expect(try DaySnapshot(store.layout, day: someDay).digest != digest)
  }

  @Test func twoRunsAtOnceMakeTheSameFiles() throws {
    let store = try TemporaryStore()
    try store.append(generated(seed))
    let layout = store.layout
    let alone = try TemporaryStore()
    try alone.append(generated(seed))
    try alone.rollUp()
    let rolled = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      let outcome = try? RollupRun(layout, options: RollupOptions(), now: later).run { _, _ in }
      rolled.withLock { $0 += outcome?.daysRolled ?? 100 }
    }
    #expect(rolled.withLock { $0 } == 3)
    #expect(try store.rollups == alone.rollups, "seed \(seed)")
  }

  @Test func progressCountsUpToAll() throws {
    let store = try TemporaryStore()
    try store.append(generated(seed))
    let seen = Mutex<[Int]>([])
    _ = try RollupRun(store.layout, options: RollupOptions(), now: later).run { done, all in
      seen.withLock { $0 += [done, all] }
    }
    let steps = seen.withLock { $0 }
    #expect(steps.count == 6 && steps.max() == 3)
  }
}
