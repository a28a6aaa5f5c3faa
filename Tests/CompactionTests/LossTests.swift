import Compaction
import Files
import Foundation
import Parquet
import Rollup
import SegmentLog
import StoreFixtures
import TestSupport
import Testing

/// Stored events that are gone are noticed, whatever became of their segment, and their sums stay.
@Suite struct LossTests {
  private let seed = UInt64.random(in: 0...UInt64.max)

  enum Destruction: CaseIterable {
    case emptied, zeros, random, cutBack, removed, replaced
  }

  enum Witness: CaseIterable { case rollup, note, both }

  /// The lines of one day; those of writer "one" are the first 90.
  private var lines: [String] { generated(seed, days: 1, count: 120) }

  /// One day, 90 events of writer "one" in three appends and the rest of writer "two".
  private func store(rolledUp: Bool = true) throws -> TemporaryStore {
    let store = try TemporaryStore()
    let lines = lines
    for part in 0..<3 { try store.append(Array(lines[(part * 30)..<(part * 30 + 30)])) }
    try store.append(Array(lines[90...]), writer: "two")
    if rolledUp { try store.rollUp() }
    return store
  }

  private func path(_ store: TemporaryStore, _ writer: String = "one") -> String {
    store.layout.segment(day: someDay, writer: writer)
  }

  /// Destroys the segment of writer "one"; how many of its events are left.
  private func destroy(_ store: TemporaryStore, _ how: Destruction) throws -> Int {
    var random = SeededGenerator(seed)
    let frames = try SegmentFile.open(path(store)).frames
    let other = try TemporaryStore()
    try other.append(generated(seed &+ 1, days: 1, count: 150))
    let content = try Data(contentsOf: URL(filePath: path(other)))
    switch how {
    case .emptied: try store.damage(path(store)) { $0 = Data() }
    case .zeros: try store.damage(path(store)) { $0 = Data(count: $0.count) }
    case .random:
      try store.damage(path(store)) { data in
        data = Data(data.map { _ in UInt8.random(in: 0...255, using: &random) })
      }
    case .cutBack:
      try store.damage(path(store)) { $0 = $0.prefix(frames[0].end) }
      return 30
    case .removed: try FileManager.default.removeItem(atPath: path(store))
    case .replaced:
      try store.damage(path(store)) { $0 = content }
      return Int(try SegmentFile.open(path(other)).digest.events)
    }
    return 0
  }

  private func message(_ path: String, _ what: String, day: Int = someDay) -> String {
    "\(path): \(what): tally merge brings them back from a copy of the store, and tally rollup "
      + "--accept-loss \(EventDraft.dayText(day)) goes on without them"
  }

  private func message(_ store: TemporaryStore, left: Int, of known: Int = 90) -> String {
    message(
      path(store),
      left < known
        ? "\(known - left) of \(known) stored events are gone"
        : "the first \(known) events are not those that were stored")
  }

  @Test(arguments: Destruction.allCases, Witness.allCases)
  func aDestroyedSegmentIsAProblemUntilItIsAccepted(how: Destruction, witness: Witness) throws {
    let store = try store(rolledUp: witness != .note)
    let files = try store.rollups
    let left = try destroy(store, how)
    if witness == .rollup { try FileManager.default.removeItem(atPath: store.layout.locks) }
    let expected = message(store, left: left)
    for isForced in [false, true, false] {
      let outcome = try store.rollUp(sealing: 1, isForced: isForced)
      #expect(outcome.problems == [expected], "seed \(seed)")
      #expect(outcome.daysRolled == 0 && outcome.daysSealed == 0 && outcome.daysSeen == 1)
      #expect(try store.rollups == files)
    }
    let accepted = try store.rollUp(accepting: [someDay])
    #expect(accepted.problems == [] && accepted.acceptedDays == [someDay], "seed \(seed)")
    #expect(accepted.daysRolled == 1 && accepted.events == UInt64(left + lines.count - 90))
    let after = try store.rollUp(accepting: [someDay])
    #expect(after.problems == [] && after.acceptedDays == [] && after.daysRolled == 0)
  }

  /// The note of the last append knows more than the rollup, which is of just what is left.
  @Test func aSegmentCutBackToWhatWasRolledUpIsNoticed() throws {
    let store = try store()
    let rolled = try Data(contentsOf: URL(filePath: path(store)))
    var generator = EventGenerator(seed: seed &+ 2, day: someDay)
    generator.idPrefix = "late:"
    try store.append(generator.lines(10))
    try store.damage(path(store)) { $0 = rolled }
    #expect(try store.rollUp().problems == [message(store, left: 90, of: 100)], "seed \(seed)")
    #expect(try store.rollUp(accepting: [someDay]).acceptedDays == [someDay])
    #expect(try store.rollUp().problems == [])
  }

  /// What was appended since does not make up for what is gone.
  @Test func moreEventsThanBeforeAreNotTheSame() throws {
    let store = try store()
    _ = try destroy(store, .removed)
    try DurableNotes.forget(store.layout, day: someDay)
    var generator = EventGenerator(seed: seed &+ 2, day: someDay)
    generator.idPrefix = "late:"
    try store.append(generator.lines(200))
    #expect(try store.rollUp().problems == [message(store, left: 200)], "seed \(seed)")
  }

  @Test func aDayOfRollupsAloneIsAProblem() throws {
    for kind in RollupKind.allCases {
      let store = try store()
      try FileManager.default.removeItem(atPath: store.layout.segments(day: someDay))
      try FileManager.default.removeItem(atPath: store.layout.locks)
      for other in RollupKind.allCases where other != kind {
        try FileManager.default.removeItem(atPath: store.layout.rollup(other.rawValue, day: someDay))
      }
      let outcome = try store.rollUp()
      if kind == .day {
        let expected = [
          message(path(store), "90 of 90 stored events are gone"),
          message(path(store, "two"), "\(lines.count - 90) of \(lines.count - 90) stored events are gone"),
        ]
        #expect(outcome.problems == expected)
      } else {
        // Each row was a line at least.
        #expect(outcome.problems.count == 1)
        #expect(outcome.problems[0].hasPrefix("\(store.layout.segments(day: someDay)): "))
      }
      let accepted = try store.rollUp(accepting: [someDay])
      #expect(accepted.problems == [] && accepted.acceptedDays == [someDay])
      #expect(try store.rollups.isEmpty && StoreDays.list(store.layout) == [])
      #expect(try store.rollUp().daysSeen == 0)
    }
  }

  /// Only the manifest knows that there was such a day.
  @Test func aDayOfWhichNothingIsLeftIsAProblem() throws {
    let store = try store()
    var manifest = RollupManifest(inputs: "of another time")
    let marks = Array(repeating: FileMark(inode: 1, sizeBytes: 1, changedNanoseconds: 1), count: 4)
    manifest.add(.init(day: someDay, events: 120, segments: [], marks: DayMarks(marks)), at: .max)
    try manifest.write(store.layout.rollupManifest)
    for folder in ["segments", "rollups", "local/locks"] {
      try FileManager.default.removeItem(at: store.folder.appending(path: folder))
    }
    let expected = message(store.layout.segments(day: someDay), "120 of 120 stored events are gone")
    #expect(try store.rollUp().problems == [expected])
    // Catalogs changed, so the manifest was another one; but it still says so.
    #expect(try store.rollUp(accepting: [someDay]).problems == [])
    #expect(try store.rollUp().problems == [])
  }

  /// A rollup of an earlier tally does not list its lines: that there were some it tells all the same.
  @Test func aRollupWithoutAListIsAWitnessAndMadeAgain() throws {
    let store = try store()
    let files = try store.rollups
    let file = store.layout.rollup("day", day: someDay)
    let parquet = try ParquetFile(bytes: Array(Data(contentsOf: URL(filePath: file))))
    let metadata = parquet.metadata.filter { $0.0 != "tally.segments" }
    let table = try DaySnapshot(store.layout, day: someDay).fold(tags: []).day
    let writer = ParquetWriter(
      columns: table.columns, metadata: metadata, formatVersion: RollupSchema.version)
    let old = Data(try writer.bytes(table.values))
    try old.write(to: URL(filePath: file))
    // It is current, and made again to list its lines.
    #expect(try store.rollUp().daysRolled == 1)
    #expect(try store.rollups == files, "seed \(seed)")
    try old.write(to: URL(filePath: file))
    try FileManager.default.removeItem(atPath: store.layout.locks)
    for writer in ["one", "two"] { try store.damage(path(store, writer)) { $0 = Data() } }
    let outcome = try store.rollUp()
    #expect(outcome.daysRolled == 0 && outcome.problems.count == 1)
    #expect(outcome.problems[0].hasPrefix("\(store.layout.segments(day: someDay)): "))
  }

  // MARK: Nothing is lost

  private func expectNoLoss(_ store: TemporaryStore, _ what: String) throws {
    let snapshot = try DaySnapshot(store.layout, day: someDay)
    #expect(DayEvidence(store.layout).loss(of: snapshot, asksNotes: true) == nil, "\(what), seed \(seed)")
    #expect(try store.rollUp().problems == [], "\(what), seed \(seed)")
  }

  @Test func ordinaryWorkIsNoLoss() throws {
    let store = try store()
    var number: UInt64 = 10
    func append(_ writer: String) throws {
      number += 1
      var generator = EventGenerator(seed: seed &+ number, day: someDay)
      generator.idPrefix = "more\(number):"
      try store.append(generator.lines(7), writer: writer)
    }
    try append("one")
    try expectNoLoss(store, "an append")
    try append("three")
    try expectNoLoss(store, "a new writer")
    try append("one")
    try store.rollUp(sealing: 1)
    try expectNoLoss(store, "sealing")
    // The rollup ends within a sealed frame.
    try append("one")
    try store.rollUp()
    try append("one")
    for writer in ["one", "three"] {
      _ = try SegmentSealer(layout: store.layout, writer: writer, level: 1).seal(day: someDay)
    }
    try expectNoLoss(store, "sealing more than was rolled up")
    try store.damage(path(store)) { $0.append(contentsOf: Array("half of a write".utf8)) }
    try expectNoLoss(store, "a torn end")
    try append("one")
    try expectNoLoss(store, "a torn end put aside")
    try store.rollUp(isForced: true)
    try expectNoLoss(store, "force")
  }

  @Test func mergedCopiesAreNoLoss() throws {
    let (store, other) = (try store(), try TemporaryStore())
    try other.append(generated(seed &+ 3, days: 1, count: 40, prefix: "other:"), writer: "three")
    try other.rollUp()
    for _ in 0..<2 {
      _ = try SegmentMerge.merge(from: other.layout, into: store.layout, ownWriter: "one")
      _ = try SegmentMerge.merge(from: store.layout, into: other.layout, ownWriter: "three")
      try expectNoLoss(store, "merged")
      try expectNoLoss(other, "merged")
    }
    // A whole store in another place: other inodes, the same names.
    let copy = try TemporaryStore()
    try FileManager.default.removeItem(at: copy.folder)
    try FileManager.default.copyItem(at: store.folder, to: copy.folder)
    try expectNoLoss(copy, "copied")
    // Its notes are about other files, so an older copy of a segment is what it is.
    try FileManager.default.removeItem(at: copy.folder.appending(path: "rollups"))
    let first = try SegmentFile.open(path(copy)).frames[0].end
    try copy.damage(path(copy)) { $0 = $0.prefix(first) }
    try expectNoLoss(copy, "copied before the rest was appended")
  }

  /// A rewrite that takes events away is said by the merge, and is no loss afterwards.
  @Test func aRewriteOfAHigherGenerationIsNoLoss() throws {
    let store = try store()
    let erased = try TemporaryStore()
    try erased.append(Array(lines[..<20]))
    _ = try SegmentSealer(layout: erased.layout, writer: "one", level: 1).seal(day: someDay)
    let outcome = try SegmentMerge.merge(from: erased.layout, into: store.layout, ownWriter: nil) {
      (day) throws(FileError) in try DayEvidence.forget(store.layout, day: day)
    }
    #expect(outcome.replaced.map(\.before) == [90] && outcome.replaced.map(\.after) == [20])
    try expectNoLoss(store, "erased")
    #expect(try DaySnapshot(store.layout, day: someDay).events == UInt64(20 + lines.count - 90))
  }

  /// A report opens the segments first, and meanwhile more is appended and rolled up.
  @Test func whatIsOlderThanTheRollupIsNoLoss() throws {
    let store = try store()
    let snapshot = try DaySnapshot(store.layout, day: someDay)
    var generator = EventGenerator(seed: seed &+ 4, day: someDay)
    generator.idPrefix = "late:"
    try store.append(generator.lines(5))
    try store.rollUp()
    #expect(snapshot.lines != (try DaySnapshot(store.layout, day: someDay)).lines)
    #expect(DayEvidence(store.layout).loss(of: snapshot, asksNotes: true) == nil)
  }

  @Test func anUnreadableSegmentIsNotALostOne() throws {
    let store = try store()
    try FileManager.default.removeItem(atPath: path(store))
    try FileManager.default.createDirectory(atPath: path(store), withIntermediateDirectories: false)
    let problems = try store.rollUp().problems
    #expect(problems.count == 1 && problems[0].hasPrefix(path(store)) && !problems[0].contains("gone"))
  }

  @Test func linesAreListedInTheFooterOfTheDay() throws {
    let store = try store()
    for kind in RollupKind.allCases {
      let bytes = try Data(contentsOf: URL(filePath: store.layout.rollup(kind.rawValue, day: someDay)))
      let text = try ParquetFile(bytes: Array(bytes)).metadata("tally.segments")
      let lines = try DaySnapshot(store.layout, day: someDay).lines
      #expect(text == (kind == .day ? lines.text : nil))
      #expect(lines.writers.map(\.writer) == ["one", "two"] && lines.events == UInt64(self.lines.count))
    }
  }

  @Test func aListIsReadAsWritten() throws {
    let total = SegmentDigest(events: .max, rawSizeBytes: 7, sum: 0xAB)
    let lines = StoredLines([.init(writer: "a b", total: total), .init(writer: "c", total: total)])
    #expect(
      lines.text == "a b 18446744073709551615 7 00000000000000ab\nc 18446744073709551615 7 00000000000000ab\n"
    )
    #expect(StoredLines(text: lines.text) == lines && lines.events == .max)
    #expect(StoredLines(text: "") == StoredLines([]))
    for text in [
      "a", "a 1 2", "a 1 2 xyz\n", "a 1 2 00000000000000ab", "a -1 2 00000000000000ab\n", "a 0 2 ab\n",
    ] {
      #expect(StoredLines(text: text) == nil, "\(text)")
    }
  }
}
