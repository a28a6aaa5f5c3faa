import Bytes
import Events
import Files
import Foundation
import TestSupport
import Testing

@testable import SegmentLog

/// The format is a contract: files of version 1 are read forever, and by whoever has only its description.
@Suite struct FormatTests {
  static let repository = Tools.root
  static let fixtures = repository.appending(path: "Fixtures/segments/v1")

  /// What the independent reader prints, made from what ours reads.
  static func described(_ path: String) throws -> NSDictionary {
    let segment = try SegmentFile.open(path)
    let commits = segment.frames.map { frame -> [String: Any] in
      let commit = frame.commit
      return [
        "sequence": commit.sequence, "generation": commit.generation, "events": commit.eventCount,
        "data_size": commit.dataSizeBytes, "raw_size": commit.rawSizeBytes, "data_hash": commit.dataHash,
        "first_time": commit.firstTime, "last_time": commit.lastTime, "written_at": commit.writtenAt,
        "durable_size": commit.durableSizeBytes, "total_events": commit.total.events,
        "total_raw_size": commit.total.rawSizeBytes, "total_sum": commit.total.sum, "writer": commit.writer,
        "batches": commit.batches.map { [$0.batch, $0.lines] as [Any] }, "offset": frame.offset,
      ]
    }
    let data = try JSONSerialization.data(withJSONObject: ["commits": commits])
    return try #require(try JSONSerialization.jsonObject(with: data) as? NSDictionary)
  }

  @Test(arguments: ["appended", "sealed"])
  func filesOfVersionOneAreRead(name: String) throws {
    let path = Self.fixtures.appending(path: "\(name).jsonl.zst").path
    let expected = try Data(contentsOf: Self.fixtures.appending(path: "\(name).json"))
    #expect(try Self.described(path) == JSONSerialization.jsonObject(with: expected) as? NSDictionary)
    let lines = try String(contentsOf: Self.fixtures.appending(path: "lines.jsonl"), encoding: .utf8)
    #expect(try Store.lines(path).map { $0 + "\n" }.joined() == lines)
    var verifier = SegmentVerifier()
    #expect(try verifier.verify(path, day: Store.day).problems == [])
  }

  /// What a reader says that was written from the description alone, of each file.
  static func independent(_ paths: [String]) throws -> [NSDictionary] {
    let python = try #require(Tools.python, "no Python with xxhash: run make setup")
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "segment_reader.py")
    let printed = try #require(try output(of: [python, script.path] + paths))
    return try printed.split(separator: UInt8(ascii: "\n")).map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line)) as? NSDictionary)
    }
  }

  /// It finds the same commits, and checks all digests.
  @Test(.enabled("needs a Python with xxhash") { Tools.isCI || Tools.python != nil })
  func anIndependentReaderAgrees() throws {
    let store = Store()
    for number in 1...4 { try store.append([number, number + 10], batch: "batch-\(number)-é") }
    for round in 0..<3 {
      let theirs = try Self.independent([store.path])
      #expect(theirs.map { $0["state"] as? String } == ["whole"])
      #expect(try Self.described(store.path)["commits"] as? NSArray == theirs[0]["commits"] as? NSArray)
      if round == 0 { _ = try SealerTests.seal(store) }
      if round == 1 { try store.append([50]) }
    }
  }

  /// It tells what is committed, torn and damaged as we do, whatever became of the file.
  @Test(.enabled("needs a Python with xxhash") { Tools.isCI || Tools.python != nil })
  func anIndependentReaderAgreesAboutDamage() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var generator = SeededGenerator(seed)
    let base = Store()
    for number in 0..<4 { try base.append([number * 2, number * 2 + 1]) }
    let bytes = try base.bytes()
    let frames = try base.frames()
    var files: [[UInt8]] = []
    for _ in 0..<60 {
      var file = bytes
      file[Int.random(in: file.indices, using: &generator)] ^= UInt8.random(in: 1...255, using: &generator)
      files.append(file)
      files.append(Array(bytes[..<Int.random(in: 0...bytes.count, using: &generator)]))
    }
    for frame in frames {
      // Once more at the end, gone, and zeroed.
      files.append(bytes + bytes[frame.offset..<frame.end])
      files.append(Array(bytes[..<frame.offset] + bytes[frame.end...]))
      files.append(
        bytes[..<frame.offset] + [UInt8](repeating: 0, count: frame.end - frame.offset) + bytes[frame.end...])
    }
    files += [bytes + CrashTests.junk, [UInt8](repeating: 0, count: 1000)]
    for (name, value) in [
      ("lines in both", UInt64(UInt32.max)), ("size in both", 64 << 20 + 1), ("sequence", 9),
      ("first time", .max >> 1),
      ("total size", .max), ("durable size", .max),
    ] {
      files.append(HostileTests.segment(name, value, in: 1))
    }
    let stores = files.map { _ in Store() }
    for (store, file) in zip(stores, files) { try store.put(file) }
    let theirs = try Self.independent(stores.map(\.path))
    #expect(theirs.count == stores.count)
    for (index, (store, theirs)) in zip(stores, theirs).enumerated() {
      let ours = try SegmentFile.openChecked(store.path)
      let isWhole = ours.committedSizeBytes == ours.sizeBytes
      let state = ours.damage != nil ? "damage" : isWhole ? "whole" : "torn"
      #expect(theirs["state"] as? String == state, "seed \(seed) file \(index)")
      #expect(theirs["offset"] as? Int == ours.committedSizeBytes, "seed \(seed) file \(index)")
      #expect((theirs["commits"] as? NSArray)?.count == ours.frames.count, "seed \(seed) file \(index)")
    }
  }

  /// Makes the committed files; they are made once, and never again.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["RECORD_SEGMENTS"] != nil))
  func recordFixtures() throws {
    try FileManager.default.createDirectory(at: Self.fixtures, withIntermediateDirectories: true)
    let store = Store()
    for number in 1...4 { try store.append([number, number + 10], batch: "batch-\(number)") }
    for name in ["appended", "sealed"] {
      if name == "sealed" { _ = try SealerTests.seal(store) }
      try Data(store.bytes()).write(to: Self.fixtures.appending(path: "\(name).jsonl.zst"))
    }
    let lines = try Store.lines(store.path).map { $0 + "\n" }.joined()
    try Data(lines.utf8).write(to: Self.fixtures.appending(path: "lines.jsonl"))
  }
}
