import Bytes
import Events
import Files
import Foundation
import Testing

@testable import SegmentLog

@Suite struct SealerTests {
  static func seal(_ store: Store) throws -> SegmentSealer.Outcome? {
    try SegmentSealer(layout: store.layout, writer: "w", level: 9).seal(day: Store.day)
  }

  @Test func sealingJoinsFramesAndKeepsLines() throws {
    let store = Store()
    for number in 1...6 { try store.append([number, number + 10], batch: number < 4 ? "a" : "b\(number)") }
    let lines = try Store.lines(store.path)
    let digest = try SegmentFile.open(store.path).digest
    let outcome = try #require(try Self.seal(store))
    #expect(outcome.frameCountBefore == 6)
    #expect(outcome.frameCountAfter == 1)
    #expect(outcome.sizeBytesAfter < outcome.sizeBytesBefore)
    #expect(try Store.lines(store.path) == lines)
    let sealed = try SegmentFile.open(store.path)
    #expect(sealed.digest == digest)
    #expect(sealed.generation == 1)
    let batches: [Commit.BatchCount] = [
      .init(batch: "a", lines: 6), .init(batch: "b4", lines: 2), .init(batch: "b5", lines: 2),
      .init(batch: "b6", lines: 2),
    ]
    #expect(sealed.frames[0].commit.batches == batches)
    #expect(try store.verify().problems == [])
  }

  @Test func sealingTwiceChangesNothing() throws {
    let store = Store()
    try store.append([1])
    #expect(try Self.seal(store) != nil)
    let bytes = try store.bytes()
    #expect(try Self.seal(store) == nil)
    #expect(try store.bytes() == bytes)
  }

  @Test func appendingGoesOnBehindASealedFile() throws {
    let store = Store()
    for number in 1...3 { try store.append([number]) }
    _ = try Self.seal(store)
    try store.append([4])
    try store.append([5])
    #expect(try store.numbers() == [1, 2, 3, 4, 5])
    #expect(try store.frames().map(\.commit.generation) == [1, 1, 1])
    #expect(try Self.seal(store)?.frameCountAfter == 1)
    #expect(try store.frames().map(\.commit.generation) == [2])
    #expect(try store.numbers() == [1, 2, 3, 4, 5])
    #expect(try store.verify().problems == [])
  }

  @Test func aTornEndIsNotSealedAway() throws {
    let store = Store()
    try store.append([1])
    try store.put(store.bytes() + CrashTests.junk)
    let bytes = try store.bytes()
    #expect(try Self.seal(store) == nil)
    #expect(try store.bytes() == bytes)
  }

  @Test func damageIsNotSealedAway() throws {
    let store = Store()
    for number in 1...4 { try store.append([number]) }
    var bytes = try store.bytes()
    bytes[try store.frames()[1].offset + 12] ^= 1
    try store.put(bytes)
    let error = #expect(throws: SegmentError.self) { try Self.seal(store) }
    let offset = try store.frames()[1].offset
    #expect(error?.description == "\(store.path): offset \(offset): the data does not match its commit")
    #expect(try store.bytes() == bytes)
    #expect(try Folders.list(store.layout.segments(day: Store.day)) == ["w.jsonl.zst"])
  }

  /// The long part of sealing holds no lock; what is appended meanwhile must not be renamed away.
  @Test func whatIsAppendedMeanwhileIsKept() throws {
    let store = Store()
    for number in 1...3 { try store.append([number]) }
    let sealer = SegmentSealer(layout: store.layout, writer: "w", level: 16)
    let prepared = try #require(try sealer.prepare(day: Store.day))
    try store.append([4])
    let bytes = try store.bytes()
    #expect(try sealer.publish(prepared) == nil)
    #expect(try store.bytes() == bytes)
    #expect(try Folders.list(store.layout.segments(day: Store.day)) == ["w.jsonl.zst"])
    #expect(try sealer.seal(day: Store.day)?.frameCountAfter == 1)
    #expect(try store.numbers() == [1, 2, 3, 4])
  }

  /// A rewrite with the same lines that was made meanwhile is newer than what was read.
  @Test func whatIsRewrittenMeanwhileIsKept() throws {
    let store = Store()
    for number in 1...3 { try store.append([number]) }
    let sealer = SegmentSealer(layout: store.layout, writer: "w", level: 9)
    let prepared = try #require(try sealer.prepare(day: Store.day))
    let rewritten = try #require(try sealer.prepare(day: Store.day))
    #expect(try sealer.publish(rewritten) != nil)
    #expect(try sealer.publish(prepared) == nil)
    #expect(try store.frames().map(\.commit.generation) == [1])
    #expect(try store.numbers() == [1, 2, 3])
  }

  @Test func noFileAndAnEmptyFileAreNothingToSeal() throws {
    let store = Store()
    #expect(try Self.seal(store) == nil)
    try store.put([])
    #expect(try Self.seal(store) == nil)
  }

  /// A commit has a largest size, and a day may have more batches than fit into one.
  @Test func manyBatchesDoNotMakeACommitThatNobodyCanRead() throws {
    let store = Store()
    var bytes: [UInt8] = []
    var last: Commit?
    for number in 0..<9000 {
      let frame = Craft.frame([Store.line(number)], after: last) { commit in
        commit.durableSizeBytes = UInt64(bytes.count)
        commit.batches[0].batch = "batch-\(number)-\(String(repeating: "x", count: 100))"
      }
      bytes += frame.bytes
      last = frame.commit
    }
    try store.put(bytes)
    let outcome = try #require(try Self.seal(store))
    #expect(outcome.frameCountAfter > 1)
    #expect(outcome.frameCountAfter < 20)
    #expect(try store.numbers() == Array(0..<9000))
    #expect(try SegmentFile.open(store.path).digest == last?.total)
    #expect(try Self.seal(store) == nil)
  }
}
