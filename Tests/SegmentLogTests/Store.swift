import Bytes
import Events
import Files
import Foundation
import TestSupport
import Testing
import Zstd

@testable import SegmentLog

/// A store in a folder of its own, which goes away with it.
final class Store: Sendable {
  static let day = Timestamp.day(named: "2026-11-20") ?? 0

  let layout: StoreLayout
  var path: String { layout.segment(day: Self.day, writer: "w") }
  var lock: URL { URL(filePath: layout.lock(writer: "w")) }
  private let isOwner: Bool

  init() {
    layout = StoreLayout(root: "\(fastFolder)/tally-segments-\(UUID().uuidString)")
    isOwner = true
  }

  /// Another look at a store that somebody else removes.
  init(root: String) {
    layout = StoreLayout(root: root)
    isOwner = false
  }

  deinit {
    if isOwner { try? FileManager.default.removeItem(atPath: layout.root) }
  }

  /// The canonical line of event `number`; its time is so many milliseconds into the day.
  static func line(_ number: Int, day: Int = day, user: String = "") -> String {
    let time = Timestamp.text(Int64(day) * Timestamp.day + Int64(number))
    let user = user.isEmpty ? "" : ",\"user\":\"\(user)\""
    return "{\"id\":\"t:\(number)\",\"time\":\"\(time)\",\"source\":\"t\"\(user),\"input_tokens\":\(number)}"
  }

  static func dayLines(_ numbers: [Int], day: Int = day, user: String = "") -> DayLines {
    let lines = DayLines(day: day)
    for number in numbers {
      _ = lines.add(time: Int64(day) * Timestamp.day + Int64(number)) { output in
        output.append(line(number, day: day, user: user))
      }
    }
    return lines
  }

  /// Appends as a process of its own would.
  @discardableResult
  func append(
    _ numbers: [Int], day: Int = Store.day, writer: String = "w", batch: String = "b", user: String = ""
  ) throws -> [SegmentAppender.Recovery] {
    var appender = SegmentAppender(layout: layout, writer: writer)
    let results = appender.append([Self.dayLines(numbers, day: day, user: user)], batch: batch)
    if let error = results[0] { throw error }
    return appender.takeRecoveries()
  }

  /// Appends to the day as a process of its own would; why it was refused, and what it found rotten.
  func tryAppend(_ numbers: [Int]) -> (refusal: String?, damages: [String]) {
    var appender = SegmentAppender(layout: layout, writer: "w")
    let error = appender.append([Self.dayLines(numbers)], batch: "b")[0]
    return (error?.description, appender.takeDamages().map(\.description))
  }

  /// Why an append is refused where stored events are gone.
  func refusal(_ what: String) -> String {
    "\(path): \(what): tally merge brings them back from a copy of the store, and tally rollup --accept-loss 2026-11-20 "
      + "goes on without them"
  }

  /// What is in `rejected/`.
  func kept() throws -> [String] { try Folders.list(layout.rejected) }

  /// The events of the frames up to the first that cannot be read, and where those frames end.
  func readable() throws -> (numbers: [Int], end: Int) {
    let segment = try SegmentFile.open(path)
    var compressed = ByteWriter()
    var decompressor = FrameDecompressor()
    var output = ByteWriter()
    var end = 0
    for frame in segment.frames {
      do throws(SegmentError) {
        try segment.read(frame, compressed: &compressed, decompressor: &decompressor, into: &output)
      } catch {
        break
      }
      end = frame.end
    }
    let lines = String(decoding: output.array, as: UTF8.self).split(separator: "\n").map(String.init)
    return (lines.map(Self.number), end)
  }

  /// All lines of a segment, each frame checked; throws for damage.
  static func lines(_ path: String) throws -> [String] {
    if try Folders.status(path) == nil { return [] }
    let segment = try SegmentFile.open(path)
    if let damage = segment.damage { throw damage }
    var compressed = ByteWriter()
    var decompressor = FrameDecompressor()
    var output = ByteWriter()
    for frame in segment.frames {
      try segment.read(frame, compressed: &compressed, decompressor: &decompressor, into: &output)
    }
    return String(decoding: output.array, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  func numbers(day: Int = Store.day, writer: String = "w") throws -> [Int] {
    try Self.lines(layout.segment(day: day, writer: writer)).map(Self.number)
  }

  static func number(_ line: String) -> Int {
    Int(line.dropFirst("{\"id\":\"t:".count).prefix { $0.isNumber }) ?? -1
  }

  func verify(_ writer: String = "w", day: Int = Store.day) throws -> SegmentVerdict {
    var verifier = SegmentVerifier()
    return try verifier.verify(layout.segment(day: day, writer: writer), day: day)
  }

  func bytes(writer: String = "w") throws -> [UInt8] {
    try Self.bytes(layout.segment(day: Self.day, writer: writer))
  }

  static func bytes(_ path: String) throws -> [UInt8] { try [UInt8](Data(contentsOf: URL(filePath: path))) }

  /// Puts `bytes` where the segment is, as a disk would have them after a crash.
  func put(_ bytes: [UInt8]) throws {
    try Folders.create(layout.segments(day: Self.day))
    try Data(bytes).write(to: URL(filePath: path))
  }

  func frames() throws -> [SegmentFrame] { try SegmentFile.open(path).frames }
}

/// Segments made by hand.
enum Craft {
  /// A data frame and its commit, which `change` may spoil before it is written.
  static func frame(
    _ lines: [String], after last: Commit?, durable: Int = 0, ending: String = "\n",
    change: (inout Commit) -> Void = { _ in }
  ) -> (bytes: [UInt8], commit: Commit) {
    var raw = ByteWriter()
    for line in lines { raw.append(line + ending) }
    let compressor = ZstdCompressor(level: 1)
    var output = ByteWriter()
    raw.withBytes { compressor.compress($0, into: &output) }
    var total = last?.total ?? SegmentDigest()
    raw.withBytes { total.add($0) }
    let day = Int64(Store.day) * Timestamp.day
    let times = lines.map { day + Int64(Store.number($0)) }
    var commit = Commit(
      sequence: last.map { $0.sequence &+ 1 } ?? 0, generation: last?.generation ?? 0,
      eventCount: UInt32(lines.count), dataSizeBytes: UInt64(output.count), rawSizeBytes: UInt64(raw.count),
      dataHash: output.withBytes { XXH64.hash($0) }, firstTime: times.min() ?? 0, lastTime: times.max() ?? 0,
      writtenAt: day, durableSizeBytes: UInt64(durable), total: total, writer: "w",
      batches: [.init(batch: "b", lines: UInt32(lines.count))])
    change(&commit)
    CommitFormat.append(commit, to: &output)
    return (output.array, commit)
  }
}

extension Craft {
  static func parse(_ bytes: [UInt8]) -> Commit? { CommitFormat.parse(bytes.span.bytes) }
}

/// Runs `body` with armed faults, one test of the whole process at a time.
func withFaults<R>(_ faults: [Fault], _ body: () throws -> R) throws -> R {
  let lock = try File("\(fastFolder)/tally-faults-\(getuid()).lock", .update)
  try lock.lock()
  Faults.arm(faults)
  let result = Result { try body() }
  Faults.arm([])
  // Only now, or who waits for it would be disarmed.
  _ = consume lock
  return try result.get()
}

/// What a command prints; nil when it fails.
func output(of command: [String]) throws -> [UInt8]? {
  let child = try ChildProcess("/usr/bin/env", command)
  return try child.finish() == 0 ? [UInt8](child.output) : nil
}

/// Where a sync costs nothing, if there is such a place: these tests sync thousands of times.
let fastFolder = (try? Folders.status("/dev/shm"))?.isFolder == true ? "/dev/shm" : NSTemporaryDirectory()
