import Bytes
import Compaction
import Files
import Foundation
import Rollup
import SegmentLog
import StoreFixtures
import Testing

/// The manifest as a shortcut: it spares opening files and changes nothing else.
@Suite struct ShortcutTests {
  private let seed = UInt64.random(in: 0...UInt64.max)

  /// Three days that are current, and a manifest that vouches for them.
  private func store(sealing: Bool = false) throws -> TemporaryStore {
    let store = try TemporaryStore()
    try store.append(generated(seed))
    try store.rollUp(sealing: sealing ? 1 : nil)
    try vouch(store, isSealed: sealing)
    return store
  }

  /// Writes the manifest that a later run would have written, without waiting for marks to grow old.
  private func vouch(_ store: TemporaryStore, isSealed: Bool = false) throws {
    var manifest = RollupManifest(inputs: RollupStamp.inputs(tags: [], prices: nil))
    for day in someDay..<(someDay + 3) {
      let names = ["date=\(EventDraft.dayText(day))", "one.jsonl.zst"]
      let segments = try Folder(store.layout.segments)
      let rollups = try RollupKind.allCases.map { try Folder(store.layout.rollups($0.rawValue)) }
      let marks =
        [segments.mark(names[0])] + rollups.map { $0.mark("\(names[0])/rollup.parquet") }
        + [segments.mark(names.joined(separator: "/"))]
      manifest.add(
        .init(
          day: day, events: 1, segments: [.init(name: names[1], isSealed: isSealed)],
          marks: DayMarks(try marks.map { try #require($0) })),
        at: .max)
    }
    try manifest.write(store.layout.rollupManifest)
  }

  private func segment(_ store: TemporaryStore) -> String {
    store.layout.segment(day: someDay + 1, writer: "one")
  }

  /// Proves that the manifest is asked: it vouches for a day whose segment is none any more.
  @Test func whatItVouchesForIsNotOpened() throws {
    let store = try store()
    try store.damage(segment(store)) { $0 = Data() }
    try vouch(store)
    let outcome = try store.rollUp()
    #expect(outcome.problems == [] && outcome.daysSeen == 3 && outcome.daysRolled == 0)
    try FileManager.default.removeItem(atPath: store.layout.rollupManifest)
    #expect(try store.rollUp().problems.count == 1)
  }

  /// A run takes in what has been current and quiet for a while, and only that.
  @Test func aRunWritesItWhenFilesAreOld() throws {
    let store = try TemporaryStore()
    try store.append(generated(seed))
    try store.rollUp()
    let inputs = RollupStamp.inputs(tags: [], prices: nil)
    #expect(try store.rollUp().daysRolled == 0)
    #expect(RollupManifest.read(store.layout.rollupManifest, inputs: inputs).days.isEmpty)
    Thread.sleep(forTimeInterval: Double(DayMarks.clockTickNanoseconds) / 1e9 + 0.1)
    var generator = EventGenerator(seed: seed &+ 1, day: someDay)
    generator.idPrefix = "late:"
    try store.append(generator.lines(2))
    #expect(try store.rollUp().daysRolled == 1)
    let written = RollupManifest.read(store.layout.rollupManifest, inputs: inputs)
    #expect(written.days.keys.sorted() == [someDay + 1, someDay + 2])
    try vouch(store)
    #expect(
      written.days[someDay + 1]?.marks
        == RollupManifest.read(store.layout.rollupManifest, inputs: inputs).days[someDay + 1]?.marks)
    #expect(try store.rollUp().daysRolled == 0)
  }

  @Test func itIsOnlyAShortcut() throws {
    let store = try store()
    let files = try store.rollups
    for content in ["", "garbage", String(repeating: "x", count: 5000)] {
      try Data(content.utf8).write(to: URL(filePath: store.layout.rollupManifest))
      let outcome = try store.rollUp()
      #expect(outcome.daysSeen == 3 && outcome.daysRolled == 0 && outcome.problems == [])
    }
    try FileManager.default.removeItem(atPath: store.layout.local)
    #expect(try store.rollUp().daysRolled == 0)
    #expect(try store.rollups == files)
  }

  @Test(arguments: RollupKind.allCases)
  func aRollupThatIsGoneIsMadeAgain(kind: RollupKind) throws {
    let store = try store()
    let files = try store.rollups
    try FileManager.default.removeItem(atPath: store.layout.rollup(kind.rawValue, day: someDay + 1))
    #expect(try store.rollUp().daysRolled == 1)
    #expect(try store.rollups == files)
    try FileManager.default.removeItem(at: store.folder.appending(path: "rollups"))
    #expect(try store.rollUp().daysRolled == 3)
    #expect(try store.rollups == files)
  }

  @Test(arguments: RollupKind.allCases)
  func aRollupThatRotsIsMadeAgain(kind: RollupKind) throws {
    let store = try store()
    let files = try store.rollups
    // The same size and a time of modification that was set back.
    let path = store.layout.rollup(kind.rawValue, day: someDay)
    let date = try #require(FileManager.default.attributesOfItem(atPath: path)[.modificationDate])
    let handle = try #require(FileHandle(forUpdatingAtPath: path))
    let size = try handle.seekToEnd()
    try handle.seek(toOffset: size - 100)
    try handle.write(contentsOf: Data([0xFF, 0x00, 0xFF]))
    try handle.close()
    try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: path)
    #expect(try store.rollUp().daysRolled == 1, "seed \(seed)")
    #expect(try store.rollups == files)
  }

  @Test func newLinesAndNewWritersAreSeen() throws {
    let store = try store()
    var generator = EventGenerator(seed: seed &+ 1, day: someDay)
    generator.idPrefix = "late:"
    try store.append(generator.lines(2))
    #expect(try store.rollUp().daysRolled == 1)
    generator.idPrefix = "other:"
    try store.append(generator.lines(2), writer: "two")
    #expect(try store.rollUp().daysRolled == 1)
    try FileManager.default.removeItem(atPath: store.layout.segment(day: someDay, writer: "two"))
    #expect(try store.rollUp().problems.count == 1)
    #expect(try store.rollUp(accepting: [someDay]).daysRolled == 1)
    generator = EventGenerator(seed: seed &+ 2, day: someDay + 9)
    try store.append(generator.lines(2))
    let outcome = try store.rollUp()
    #expect(outcome.daysRolled == 1 && outcome.daysSeen == 4)
  }

  /// Straight after a run, a segment is replaced by one of the same size: nothing but its lines differs.
  @Test func aChangeOfTheSameSizeWithinTheSameTickIsSeen() throws {
    let store = try TemporaryStore()
    let other = try TemporaryStore()
    let lines = (0..<2).map { id in
      "{\"id\":\"stdin:a\(id)\",\"time\":\"\(EventDraft.timeText(Int64(someDay) * 86_400_000))\""
        + ",\"requests\":1}"
    }
    try store.append([lines[0]])
    try other.append([lines[1]])
    let path = store.layout.segment(day: someDay, writer: "one")
    var (first, second) = (
      try Data(contentsOf: URL(filePath: path)),
      try Data(contentsOf: URL(filePath: other.layout.segment(day: someDay, writer: "one")))
    )
    #expect(first.count == second.count)
    try store.rollUp()
    for round in 0..<20 {
      let outcome = try store.rollUp()
      #expect(outcome.daysRolled == 0 && outcome.problems.count == round % 2)
      let handle = try #require(FileHandle(forUpdatingAtPath: path))
      try handle.write(contentsOf: second)
      try handle.close()
      swap(&first, &second)
    }
  }

  @Test func damageIsSaidOnEveryRun() throws {
    let store = try store()
    var generator = EventGenerator(seed: seed &+ 3, day: someDay + 1)
    generator.idPrefix = "late:"
    try store.append(generator.lines(5))
    let second = try SegmentFile.open(segment(store)).frames[1]
    try store.damage(segment(store)) { $0[second.offset + 5] ^= 0xFF }
    try store.damage(segment(store)) { $0[second.end - 30] ^= 0xFF }
    let outcome = try store.rollUp()
    #expect(outcome.problems.count == 1)
    for _ in 0..<3 { #expect(try store.rollUp().problems == outcome.problems) }
  }

  @Test func otherTagsMakeAllStale() throws {
    let store = try store()
    #expect(try store.rollUp(tags: ["team"]).daysRolled == 3)
    #expect(try store.rollUp().daysRolled == 3)
    #expect(try store.rollUp(isForced: true).daysRolled == 3)
  }

  @Test func sealedDaysAreNotOpenedToSealThem() throws {
    let store = try store()
    // It says that they are sealed, and is believed.
    try vouch(store, isSealed: true)
    #expect(try store.rollUp(sealing: 1).daysSealed == 0)
    try vouch(store, isSealed: false)
    #expect(try store.rollUp(sealing: 1).daysSealed == 3)
    try vouch(store, isSealed: true)
    // What came since is sealed.
    var generator = EventGenerator(seed: seed &+ 4, day: someDay + 1)
    generator.idPrefix = "late:"
    try store.append(generator.lines(2))
    let late = try store.rollUp(sealing: 1)
    #expect(late.daysRolled == 1 && late.daysSealed == 1)
  }

  /// A manifest that cannot be written is no problem.
  @Test func itNeedsNoPlace() throws {
    let store = try store()
    try FileManager.default.removeItem(atPath: store.layout.rollupManifest)
    try FileManager.default.createDirectory(
      atPath: store.layout.rollupManifest, withIntermediateDirectories: false)
    let outcome = try store.rollUp()
    #expect(outcome.problems == [] && outcome.daysRolled == 0)
  }
}
