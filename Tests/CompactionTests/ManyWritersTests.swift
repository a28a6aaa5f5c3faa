import Foundation
import Rollup
import SegmentLog
import StoreFixtures
import Testing
import TestSupport

@testable import Compaction

/// Segments that are not kept open are read as those that are, whatever happens to them meanwhile.
@Suite struct ManyWritersTests {
  private let seed = UInt64.random(in: 0...UInt64.max)
  private let tags = ["team"]

  /// A day of many writers, each with several frames.
  private func store(_ lines: [String], writers: Int = 20) throws -> TemporaryStore {
    let store = try TemporaryStore()
    for (index, line) in lines.enumerated() { try store.append([line], writer: "w\(index % writers)") }
    return store
  }

  private func lines(_ count: Int = 120) -> [String] {
    var generator = EventGenerator(seed: seed, day: someDay)
    return generator.lines(count)
  }

  @Test(arguments: [0, 1, 7]) func whatIsKeptOpenDoesNotMatter(keptMax: Int) throws {
    let store = try store(lines())
    let (kept, opened) = (
      try DaySnapshot(store.layout, day: someDay, keptMax: 1000),
      try DaySnapshot(store.layout, day: someDay, keptMax: keptMax)
    )
    #expect(kept.segments.count == 20 && kept.digest == opened.digest && kept.events == opened.events)
    let expected = try kept.fold(tags: tags)
    #expect(try opened.fold(tags: tags) == expected, "seed \(seed)")
    let crew = Crew(size: 3)
    let parts = try opened.settled(tags: tags, crew: crew, partCount: 5)
    #expect(try parts.rollups() == expected, "seed \(seed)")
    let one = try kept.located(tags: tags)
    let other = try opened.located(tags: tags)
    let all = Array(0..<Int(kept.events))
    #expect(try one.ids(ofLines: all) == other.ids(ofLines: all))
    #expect(
      kept.writers(before: Int64(someDay) * 86_400_000 + 700_000)
        == opened.writers(before: Int64(someDay) * 86_400_000 + 700_000))
  }

  @Test func appendsAndSealsMeanwhileChangeNothing() throws {
    let store = try store(lines())
    let snapshot = try DaySnapshot(store.layout, day: someDay, keptMax: 0)
    let (digest, expected) = (snapshot.digest, try snapshot.fold(tags: tags))
    var more = EventGenerator(seed: seed &+ 1, day: someDay)
    more.idPrefix = "more:"
    try store.append(more.lines(10), writer: "w0")
    #expect(try snapshot.fold(tags: tags) == expected, "seed \(seed)")
    // Sealed, and then longer.
    try store.rollUp(tags: tags, sealing: 3, writer: "w1")
    try store.append(more.lines(10), writer: "w1")
    #expect(try snapshot.fold(tags: tags) == expected, "seed \(seed)")
    let located = try snapshot.located(tags: tags)
    #expect(try located.ids(ofLines: Array(0..<Int(snapshot.events))).count == Int(snapshot.events))
    #expect(snapshot.digest == digest && snapshot.damages.isEmpty)
    #expect(try DaySnapshot(store.layout, day: someDay).digest != digest)
  }

  /// What is no longer there in any form is no damage and no other number.
  @Test func otherLinesAreSaidToBeOthers() throws {
    let store = try store(lines())
    let snapshot = try DaySnapshot(store.layout, day: someDay, keptMax: 0)
    let other = try self.store(lines(60), writers: 10)
    let path = store.layout.segment(day: someDay, writer: "w3")
    let data = try Data(contentsOf: URL(filePath: other.layout.segment(day: someDay, writer: "w4")))
    try FileManager.default.removeItem(atPath: path)
    try data.write(to: URL(filePath: path))
    for isStrict in [true, false] {
      let error = #expect(throws: DayError.segment(.replaced(path: path))) {
        try snapshot.fold(tags: tags, isStrict: isStrict)
      }
      #expect(error?.description == "\(path): it was replaced while it was read: run the command again")
    }
  }

  /// Rot in a segment that was opened again is damage as ever.
  @Test func rotIsDamage() throws {
    let store = try store(lines())
    let snapshot = try DaySnapshot(store.layout, day: someDay, keptMax: 0)
    let path = store.layout.segment(day: someDay, writer: "w3")
    try store.damage(path) { $0[12] ^= 1 }
    #expect(throws: DayError.self) { try snapshot.fold(tags: tags) }
    _ = try snapshot.fold(tags: tags, isStrict: false)
    #expect(
      snapshot.damages == [.damaged(path: path, offset: 0, reason: "the data does not match its commit")])
  }
}
