import Bytes
import Events
import Files
import Foundation
import TestSupport
import Testing
import Zstd

@testable import SegmentLog

/// Commits that nobody's tally wrote, with checksums that are right: whatever they claim, nothing traps, nothing is sized by
/// it, and what is wrong is said.
@Suite struct HostileTests {
  /// Numbers that commits hold, by name.
  static let numbers: [(name: String, set: @Sendable (inout Commit, UInt64) -> Void)] = [
    ("sequence", { $0.sequence = UInt32(truncatingIfNeeded: $1) }),
    ("generation", { $0.generation = UInt32(truncatingIfNeeded: $1) }),
    ("lines", { $0.eventCount = UInt32(truncatingIfNeeded: $1) }),
    ("size of data", { $0.dataSizeBytes = $1 }),
    ("size of content", { $0.rawSizeBytes = $1 }),
    ("first time", { $0.firstTime = Int64(bitPattern: $1) }),
    ("last time", { $0.lastTime = Int64(bitPattern: $1) }),
    ("written at", { $0.writtenAt = Int64(bitPattern: $1) }),
    ("durable size", { $0.durableSizeBytes = $1 }),
    ("total lines", { $0.total.events = $1 }),
    ("total size", { $0.total.rawSizeBytes = $1 }),
    ("lines of a batch", { $0.batches[0].lines = UInt32(truncatingIfNeeded: $1) }),
    (
      "lines in both",
      { commit, value in
        let more = value &- UInt64(commit.eventCount)
        commit.eventCount = UInt32(truncatingIfNeeded: value)
        commit.batches[0].lines = commit.eventCount
        commit.total.events &+= more
      }
    ),
    (
      "size in both",
      { commit, value in
        commit.total.rawSizeBytes &+= value &- commit.rawSizeBytes
        commit.rawSizeBytes = value
      }
    ),
    (
      "many batches",
      { commit, value in
        let batch = Commit.BatchCount(batch: "", lines: UInt32(truncatingIfNeeded: value))
        commit.batches = Array(repeating: batch, count: Int(value % 60_000) + 1)
      }
    ),
  ]

  static let extremes: [UInt64] =
    [0, 1, 2] + [8, 16, 31, 32, 63].flatMap { bits -> [UInt64] in [1 << bits - 1, 1 << bits] }
    + [64 << 20, 64 << 20 + 1, .max - 1, .max]

  /// Three frames, with one number of one commit forged; the commits behind it go on from what it says.
  static func segment(_ name: String, _ value: UInt64, in forged: Int) -> [UInt8] {
    let set = numbers.first { $0.name == name }?.set
    var bytes: [UInt8] = []
    var last: Commit?
    for index in 0..<3 {
      let lines = (0..<4).map { Store.line(index * 10 + $0) }
      let frame = Craft.frame(lines, after: last, durable: bytes.count) { commit in
        if index == forged { set?(&commit, value) }
      }
      bytes += frame.bytes
      last = frame.commit
    }
    return bytes
  }

  /// Does everything that reads or changes a segment.
  static func use(_ bytes: [UInt8], _ what: String) throws {
    let store = Store()
    try store.put(bytes)
    let verdict = try store.verify()
    let segment = try SegmentFile.open(store.path)
    for frame in segment.frames {
      #expect(frame.commit.expectedEvents <= bytes.count, "\(what): room for what is not there")
    }
    _ = try? segment.digest(ofFirst: 5)
    let target = Store()
    let merged = try SegmentMerge.merge(from: store.layout, into: target.layout, ownWriter: nil)
    if !verdict.problems.isEmpty {
      #expect(merged.copied == [] && merged.failures.count == 1, "\(what): merged what verify refuses")
    }
    // Onto what is there already, which it must not break.
    let other = Store()
    try other.append([700])
    let before = try other.bytes()
    let onto = try SegmentMerge.merge(from: store.layout, into: other.layout, ownWriter: nil)
    if onto.copied.isEmpty { #expect(try other.bytes() == before, "\(what)") }
    // A rewrite has the same lines, or there is none.
    let sealed = Store()
    try sealed.put(bytes)
    if (try? SealerTests.seal(sealed)) != nil {
      #expect(try SegmentFile.open(sealed.path).digest == segment.digest, "\(what)")
    }
    if store.tryAppend([800]).refusal == nil {
      let after = try SegmentIndex.commit(File(store.path, .read), endingAt: File(store.path, .read).size())
      #expect(after?.commit.eventCount == 1, "\(what): an append is behind what it found")
    }
  }

  @Test(arguments: numbers.map(\.name))
  func anyNumberOfACommitCanBeForged(name: String) throws {
    for forged in 0..<3 {
      for value in Self.extremes {
        try Self.use(Self.segment(name, value, in: forged), "\(name) = \(value) in commit \(forged)")
      }
    }
  }

  @Test func severalNumbersCanBeForged() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var generator = SeededGenerator(seed)
    for round in 0..<150 {
      var bytes: [UInt8] = []
      var last: Commit?
      var said = ""
      for index in 0..<Int.random(in: 1...4, using: &generator) {
        let lines = (0..<3).map { Store.line(index * 10 + $0) }
        let frame = Craft.frame(lines, after: last, durable: bytes.count) { commit in
          for _ in 0..<Int.random(in: 0...2, using: &generator) {
            let place = Int.random(in: 0..<Self.numbers.count, using: &generator)
            let value =
              Bool.random(using: &generator)
              ? Self.extremes.randomElement(using: &generator) ?? 0
              : generator.next() >> generator.next() % 64
            Self.numbers[place].set(&commit, value)
            said += "; \(Self.numbers[place].name) = \(value) in commit \(index)"
          }
        }
        bytes += frame.bytes
        last = frame.commit
      }
      try Self.use(bytes, "seed \(seed) round \(round)\(said)")
    }
  }

  /// 2^32 − 1 lines in a frame of a hundred bytes made every command ask for 103 GB.
  @Test func moreLinesThanBytesAreNoCommit() throws {
    let store = Store()
    try store.put(Self.segment("lines in both", UInt64(UInt32.max), in: 2))
    let offset = try SegmentFile.open(store.path).frames[1].end
    #expect(
      try store.verify().problems.map(\.description)
        == ["\(store.path): offset \(offset): the frame has no valid commit"])
  }

  @Test func theLastGenerationIsNotRewritten() throws {
    let store = Store()
    try store.put(Self.segment("generation", UInt64(UInt32.max), in: 0))
    // The frames behind have the same one.
    #expect(try SegmentFile.open(store.path).frames.count == 3)
    let error = #expect(throws: SegmentError.self) { try SealerTests.seal(store) }
    #expect(
      error?.description
        == "\(store.path): offset 0: it cannot be rewritten any more: its generation is the last")
  }

  @Test func batchesThatDoNotAddUpAreNotSealed() throws {
    let store = Store()
    try store.put(Self.segment("lines of a batch", UInt64(UInt32.max), in: 1))
    let offset = try SegmentFile.open(store.path).frames[0].end
    let error = #expect(throws: SegmentError.self) { try SealerTests.seal(store) }
    #expect(
      error?.description == "\(store.path): offset \(offset): the batches do not add up to the lines")
  }

  /// Each commit is as large as commits may be, and what joins them is not larger.
  @Test func commitsOfManyBatchesAreSealed() throws {
    let store = Store()
    var bytes: [UInt8] = []
    var last: Commit?
    for index in 0..<3 {
      let frame = Craft.frame([Store.line(index)], after: last, durable: bytes.count) { commit in
        commit.batches = (0..<60_000).map { .init(batch: "b\($0)", lines: $0 == 0 ? 1 : 0) }
      }
      bytes += frame.bytes
      last = frame.commit
    }
    try store.put(bytes)
    #expect(try SealerTests.seal(store)?.frameCountAfter == 3)
    #expect(try store.numbers() == [0, 1, 2] && store.verify().problems == [])
  }

  /// The sequence of the last commit of a file as long as no disk is.
  @Test func aSequenceTooHighForItsPlaceIsNoCommit() throws {
    let store = Store()
    try store.put(Self.segment("sequence", UInt64(UInt32.max), in: 0))
    #expect(try SegmentFile.open(store.path).frames.isEmpty)
    // The file is longer than its commits could make it, so that the number could be true.
    let size = Int(UInt32.max)
    let frame = Craft.frame([Store.line(1)], after: nil, durable: size) { $0.sequence = .max }
    let file = try File(store.path, .update)
    try file.truncate(to: 0)
    try frame.bytes.withUnsafeBytes { bytes in try file.write(RawSpan(_unsafeBytes: bytes), at: size) }
    #expect(
      store.tryAppend([2]).refusal
        == "\(store.path): offset \(size): no more commits can be counted in this file")
  }

  /// A torn file of gigabytes was read whole.
  @Test func aFrameIsLookedForInABoundedWindow() throws {
    let store = Store()
    try store.append([1])
    let start = try store.bytes().count
    // A frame that begins and never ends: 4 KiB of blocks a time, up to more than any frame may have.
    let file = try File(store.path, .update)
    let compressor = ZstdCompressor(level: 1)
    var frame = ByteWriter()
    DamageTests.noise(200_000, seed: 3).utf8.withContiguousStorageIfAvailable { text in
      compressor.compress(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(text)), into: &frame)
    }
    try frame.withBytes { try file.write($0.extracting(first: $0.byteCount - 100), at: start) }
    let verdict = try store.verify()
    #expect(verdict.problems == [] && verdict.uncommittedSizeBytes == frame.count - 100)
  }
}
