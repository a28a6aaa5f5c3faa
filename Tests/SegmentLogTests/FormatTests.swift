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

  /// A reader written from the description alone finds the same commits, and checks all digests.
  @Test(.enabled("needs a Python with xxhash") { Tools.isCI || Tools.python != nil })
  func anIndependentReaderAgrees() throws {
    let python = try #require(Tools.python, "no Python with xxhash: run make setup")
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "segment_reader.py")
      .path
    let store = Store()
    for number in 1...4 { try store.append([number, number + 10], batch: "batch-\(number)-é") }
    for round in 0..<3 {
      let printed = try #require(try output(of: [python, script, store.path]))
      let theirs = try JSONSerialization.jsonObject(with: Data(printed)) as? NSDictionary
      #expect(try Self.described(store.path) == theirs)
      if round == 0 { _ = try SealerTests.seal(store) }
      if round == 1 { try store.append([50]) }
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
