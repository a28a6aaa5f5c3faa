import Compaction
import Foundation
import Rollup
import SegmentLog
import StoreFixtures
import Testing

/// A day that cannot be read whole is said to be so; its old rollup stays, and the other days go on.
@Suite struct DamageTests {
  private let seed = UInt64.random(in: 0...UInt64.max)

  /// Three days, rolled up; the middle one then gets more lines in several commits.
  private func store() throws -> TemporaryStore {
    let store = try TemporaryStore()
    try store.append(generated(seed))
    try store.rollUp()
    for part in 0..<3 {
      var generator = EventGenerator(seed: seed &+ 10 &+ UInt64(part), day: someDay + 1)
      generator.idPrefix = "more\(part):"
      try store.append(generator.lines(5))
    }
    return store
  }

  private func segment(_ store: TemporaryStore) -> String {
    store.layout.segment(day: someDay + 1, writer: "one")
  }

  @Test func wrongDataIsReportedAndTheOldRollupKept() throws {
    let store = try store()
    let files = try store.rollups
    try store.damage(segment(store)) { $0[50] ^= 0x10 }
    var late = EventGenerator(seed: seed &+ 50, day: someDay + 2)
    late.idPrefix = "late:"
    try store.append(late.lines(3))
    let outcome = try store.rollUp()
    #expect(outcome.daysRolled == 1)
    #expect(outcome.problems.count == 1 && outcome.problems[0].hasPrefix("\(segment(store)): offset 0: "))
    let changed = try store.rollups.filter { files[$0.key] != $0.value }.keys
    #expect(changed.count == 3 && changed.allSatisfy { $0.contains(EventDraft.dayText(someDay + 2)) })
  }

  /// A commit in the middle is broken: what stands before it is what the old rollup was made of.
  ///
  /// The rollup still matches that part, but the day is not whole, and saying nothing would hide the loss.
  @Test func aBrokenCommitBehindWhatWasRolledUpIsReported() throws {
    let store = try store()
    let files = try store.rollups
    let whole = try SegmentFile.open(segment(store))
    let second = whole.frames[1]
    try store.damage(segment(store)) { $0[second.offset + 5] ^= 0xFF }
    try store.damage(segment(store)) { $0[second.end - 30] ^= 0xFF }
    let outcome = try store.rollUp()
    #expect(outcome.problems.count == 1 && outcome.problems.first?.hasPrefix(segment(store)) == true)
    #expect(try store.rollups == files, "seed \(seed)")
    // Said again each time, not only once.
    #expect(try store.rollUp().problems == outcome.problems)
  }

  /// Who asks for it gets what stands before the damage, and the other segments whole.
  @Test(arguments: [1, 4])
  func whatStandsBeforeDamageCanBeFolded(cores: Int) throws {
    let (store, rest) = (try TemporaryStore(), try TemporaryStore())
    let lines = generated(seed, days: 1, count: 120)
    for part in 0..<4 {
      let some = Array(lines[(part * 30)..<(part * 30 + 30)])
      try store.append(some, writer: part < 3 ? "one" : "two")
      if part == 0 || part == 3 { try rest.append(some, writer: part < 3 ? "one" : "two") }
    }
    let path = store.layout.segment(day: someDay, writer: "one")
    let second = try SegmentFile.open(path).frames[1]
    try store.damage(path) { $0[second.offset + 20] ^= 0x10 }
    let snapshot = try DaySnapshot(store.layout, day: someDay)
    let settled = try snapshot.settled(tags: [], isStrict: false, crew: Crew(size: cores), partCount: cores)
    #expect(
      try settled.rollups() == DaySnapshot(rest.layout, day: someDay).fold(tags: []), "seed \(seed)")
    #expect(snapshot.damages.count == 1)
    #expect(throws: DayError.segment(snapshot.damages[0])) { try snapshot.fold(tags: []) }
  }

  @Test func aTornEndIsNoDamage() throws {
    let store = try store()
    try store.damage(segment(store)) { $0.append(contentsOf: Array("half of a write".utf8)) }
    let outcome = try store.rollUp()
    #expect(outcome.problems == [] && outcome.daysRolled == 1)
  }

  @Test func aSegmentThatIsNoSegmentIsReported() throws {
    let store = try store()
    try Data("not zstd at all, and long enough to hold a trailer".utf8).write(
      to: URL(filePath: store.layout.segment(day: someDay, writer: "zz")))
    // Nothing in it is committed, so it is a torn first write.
    let outcome = try store.rollUp()
    #expect(outcome.problems == [] && outcome.daysRolled == 1)
  }

  @Test func aSegmentThatCannotBeOpenedIsReported() throws {
    let store = try store()
    try FileManager.default.createDirectory(
      atPath: store.layout.segment(day: someDay, writer: "zz"), withIntermediateDirectories: true)
    let outcome = try store.rollUp()
    #expect(outcome.problems.count == 1 && outcome.daysRolled == 1)
  }

  @Test func aLineThatIsNoEventIsReported() throws {
    let store = try store()
    let line =
      "{\"id\":\"stdin:x\",\"time\":\"\(EventDraft.timeText(Int64(someDay) * 86_400_000))\",\"requests\":-1}"
    try store.append([line], writer: "two")
    let outcome = try store.rollUp()
    #expect(outcome.daysRolled == 1 && outcome.problems.count == 1)
    // Counted from where the frame begins, whatever was read before.
    let place = "\(store.layout.segment(day: someDay, writer: "two")): offset 0: line 1"
    #expect(outcome.problems == ["\(place): requests is -1: a count is 0 or more"])
  }
}
