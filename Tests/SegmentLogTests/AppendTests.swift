import Bytes
import Events
import Files
import Foundation
import Testing
import Zstd

@testable import SegmentLog

@Suite struct AppendTests {
  @Test func whatIsAppendedIsReadInOrder() throws {
    let store = Store()
    try store.append([3, 1])
    try store.append([2], batch: "c")
    try store.append([9], day: Store.day + 1)
    #expect(try Store.lines(store.path) == [3, 1, 2].map { Store.line($0) })
    #expect(try store.numbers(day: Store.day + 1) == [9])
    let batches: [[Commit.BatchCount]] = [[.init(batch: "b", lines: 2)], [.init(batch: "c", lines: 1)]]
    #expect(try store.frames().map(\.commit.batches) == batches)
    var whole = SegmentVerdict()
    whole.frames = 2
    whole.events = 3
    #expect(try store.verify() == whole)
    #expect(try StoreListing.read(store.layout).days.map(\.day) == [Store.day, Store.day + 1])
  }

  @Test func oneAppenderTakesSeveralDaysAndKeepsGoing() throws {
    let store = Store()
    var appender = SegmentAppender(layout: store.layout, writer: "w")
    let days = [Store.dayLines([1]), Store.dayLines([2], day: Store.day + 1)]
    for _ in 0..<3 { #expect(appender.append(days, batch: "b") == [nil, nil]) }
    #expect(try store.numbers() == [1, 1, 1])
    #expect(try store.numbers(day: Store.day + 1) == [2, 2, 2])
    #expect(try store.frames().map(\.commit.sequence) == [0, 1, 2])
  }

  /// An empty file is no zstd file to other readers.
  @Test func noLinesMakeNoFile() throws {
    let store = Store()
    try store.append([])
    #expect(try Folders.status(store.path) == nil)
  }

  @Test func longAppendsAreCutIntoFrames() throws {
    let store = Store()
    let user = String(repeating: "u", count: 900_000)
    try store.append(Array(1...10), user: user)
    let frames = try store.frames()
    #expect(frames.map(\.commit.eventCount) == [4, 4, 2])
    #expect(frames.allSatisfy { $0.commit.rawSizeBytes <= UInt64(DayLines.frameSizeBytesMax) })
    #expect(frames.map { $0.commit.lastTime - $0.commit.firstTime } == [3, 3, 1])
    #expect(frames.map(\.commit.durableSizeBytes) == [0, 0, 0])
    #expect(try store.numbers() == Array(1...10))
  }

  /// The memory of lines that are written is used for those of another day.
  @Test func reusedMemoryKeepsNothing() throws {
    let store = Store()
    let lines = Store.dayLines(Array(1...6), user: String(repeating: "u", count: 1_000_000))
    lines.reuse(day: Store.day + 1)
    #expect(lines.eventCount == 0 && lines.day == Store.day + 1)
    _ = lines.add(time: Int64(Store.day + 1) * Timestamp.day + 7) {
      $0.append(Store.line(7, day: Store.day + 1))
    }
    var appender = SegmentAppender(layout: store.layout, writer: "w")
    #expect(appender.append([lines], batch: "b") == [nil])
    #expect(try store.numbers() == [] && store.numbers(day: Store.day + 1) == [7])
    #expect(try store.verify(day: Store.day + 1).problems == [])
  }

  @Test func aLineThatCannotBeWrittenIsLeftOut() throws {
    struct Failure: Error {}
    let store = Store()
    let lines = Store.dayLines([1])
    #expect(throws: Failure.self) {
      try lines.add(time: 0) { (output: inout ByteWriter) throws(Failure) in
        output.append("half of a line")
        throw Failure()
      }
    }
    _ = lines.add(time: Int64(Store.day) * Timestamp.day + 2) { $0.append(Store.line(2)) }
    var appender = SegmentAppender(layout: store.layout, writer: "w")
    #expect(appender.append([lines], batch: "b") == [nil])
    #expect(try store.numbers() == [1, 2] && store.verify().problems == [])
  }

  @Test func theDigestDoesNotDependOnFrames() throws {
    let one = Store()
    let many = Store()
    try one.append(Array(1...20))
    for number in 1...20 { try many.append([number]) }
    let digests = try [one, many].map { try SegmentFile.open($0.path).digest }
    #expect(digests[0] == digests[1])
    var sum: UInt64 = 0
    for number in 1...20 { sum &+= XXH64.hash(Array(Store.line(number).utf8), seed: UInt64(number - 1)) }
    #expect(digests[0].sum == sum)
    let swapped = Store()
    try swapped.append([2, 1] + Array(3...20))
    #expect(try SegmentFile.open(swapped.path).digest != digests[0])
  }

  @Test func theIndexIsTheSameFromBothEnds() throws {
    let store = Store()
    for number in 1...7 { try store.append([number], batch: String(repeating: "long", count: number * 30)) }
    let file = try File(store.path, .read)
    let size = try file.size()
    let backwards = try SegmentIndex.backwards(file, size: size)
    let forwards = try SegmentIndex.forwards(file, size: size)
    #expect(backwards == forwards.frames)
    #expect(forwards.frames.count == 7)
    #expect(forwards.frames.last?.end == size)
  }

  @Test func commitsAreReadAsWritten() throws {
    var commit = Craft.frame([Store.line(1)], after: nil).commit
    commit.batches = (0..<300).map { .init(batch: "batch-\($0)-é", lines: UInt32($0)) }
    commit.firstTime = .min
    commit.durableSizeBytes = Commit.allDurable
    for batches in [commit.batches, []] {
      commit.batches = batches
      var bytes = ByteWriter()
      CommitFormat.append(commit, to: &bytes)
      #expect(Craft.parse(bytes.array) == commit)
    }
  }

  @Test func anyChangedByteOfACommitIsSeen() throws {
    var writer = ByteWriter()
    CommitFormat.append(Craft.frame([Store.line(1)], after: nil).commit, to: &writer)
    let bytes = writer.array
    for index in bytes.indices {
      for change: UInt8 in [1, 0x80, 0xFF] {
        var broken = bytes
        broken[index] ^= change
        #expect(Craft.parse(broken) == nil, "byte \(index)")
      }
    }
    for count in bytes.indices { #expect(Craft.parse(Array(bytes[..<count])) == nil) }
  }

  @Test func severalAppendersTakeTurns() async throws {
    let store = Store()
    let layout = store.layout
    await withTaskGroup(of: Void.self) { group in
      for worker in 0..<4 {
        group.addTask {
          for round in 0..<10 {
            // A new appender each time is what a process of its own does.
            var appender = SegmentAppender(layout: layout, writer: "w")
            let first = worker * 1000 + round * 10
            #expect(appender.append([Store.dayLines([first, first + 1])], batch: "\(worker)") == [nil])
          }
        }
      }
    }
    let numbers = try store.numbers()
    #expect(numbers.count == 80)
    #expect(Set(numbers).count == 80)
    for worker in 0..<4 {
      let own = numbers.filter { $0 / 1000 == worker }
      #expect(own == own.sorted())
    }
    #expect(try store.verify().problems == [])
  }

  @Test func otherToolsReadPlainLines() throws {
    let store = Store()
    for number in 1...5 { try store.append([number, number + 100]) }
    let expected = Array(try Store.lines(store.path).map { $0 + "\n" }.joined().utf8)
    #expect(try output(of: ["zstd", "-dcq", store.path]) == expected)
    #expect(try store.bytes().prefix(4) == [0x28, 0xB5, 0x2F, 0xFD])
    let sealer = SegmentSealer(layout: store.layout, writer: "w", level: 9)
    #expect(try sealer.seal(day: Store.day) != nil)
    #expect(try output(of: ["zstd", "-dcq", store.path]) == expected)
    #expect(try store.bytes().prefix(4) == [0x28, 0xB5, 0x2F, 0xFD])
  }
}
