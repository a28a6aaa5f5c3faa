import Bytes
import Events
import Files
import Foundation
import Testing
import TestSupport

@testable import SegmentLog

/// Power loss and bit rot, by surgery on the file.
@Suite struct DamageTests {
  /// Some text that does not compress, so that frames are longer than a page.
  static func noise(_ count: Int, seed: UInt64) -> String {
    var generator = SeededGenerator(seed)
    let digits = Array("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return String((0..<count).map { _ in digits[Int(generator.next() % 62)] })
  }

  /// Two appends that are durable, and a last one in three frames that is not.
  struct LastAppend {
    let bytes: [UInt8]
    let durable: Int

    init(userSizeBytes: Int, linesPerFrame: Int = 2) throws {
      let store = Store()
      let user = DamageTests.noise(userSizeBytes, seed: 7)
      try store.append([1, 2], user: user)
      try store.append([3], user: user)
      var bytes = try store.bytes()
      durable = bytes.count
      var last = try store.frames().last?.commit
      for frame in 0..<3 {
        let lines = (0..<linesPerFrame).map { index in
          let number = 4 + frame * linesPerFrame + index
          return Store.line(number, user: DamageTests.noise(userSizeBytes, seed: UInt64(number)))
        }
        let frame = Craft.frame(lines, after: last, durable: durable)
        bytes += frame.bytes
        last = frame.commit
      }
      self.bytes = bytes
    }

    /// What must hold whatever the disk made of the last append.
    func check(_ torn: [UInt8], _ what: String) throws {
      let store = Store()
      try store.put(torn)
      let before = try store.verify()
      let (seen, committed) = try store.readable()
      #expect(committed >= durable, "\(what)")
      if before.problems.isEmpty {
        #expect(before.uncommittedSizeBytes == torn.count - committed, "\(what): a torn end is no problem")
      } else {
        // A whole commit behind data that is not: power loss or rot, a reader cannot tell.
        #expect(committed < torn.count && before.problems.count == 1, "\(what)")
      }
      let recoveries = try store.append([99])
      #expect(recoveries.map(\.offset) == (committed < torn.count ? [committed] : []), "\(what)")
      for recovery in recoveries {
        #expect(try Store.bytes(recovery.keptIn) == Array(torn[committed...]), "\(what)")
      }
      let numbers = try store.numbers()
      #expect(numbers == seen + [99], "\(what)")
      #expect(numbers.starts(with: [1, 2, 3]), "\(what)")
      #expect(try store.verify().problems == [], "\(what)")
    }
  }

  @Test func aFileCutAnywhereInItsLastAppendKeepsWhatWasDurable() throws {
    let last = try LastAppend(userSizeBytes: 10)
    for count in last.durable...last.bytes.count {
      try last.check(Array(last.bytes[..<count]), "cut to \(count) of \(last.bytes.count)")
    }
  }

  @Test(arguments: [512, 4096])
  func pagesThatNeverReachedTheDiskAreSeen(page: Int) throws {
    let last = try LastAppend(userSizeBytes: 900, linesPerFrame: page == 512 ? 2 : 9)
    let pages = Array((last.durable / page)...((last.bytes.count - 1) / page))
    #expect(pages.count > 4)
    let seed = UInt64.random(in: 0 ... .max)
    var generator = SeededGenerator(seed)
    for round in 0..<80 {
      var torn = last.bytes
      let zeroed = pages.filter { _ in generator.next() % (round % 2 == 0 ? 2 : 6) == 0 }
      for index in zeroed {
        for at in max(last.durable, index * page)..<min(torn.count, (index + 1) * page) { torn[at] = 0 }
      }
      if generator.next() % 4 == 0 {
        torn.removeLast(Int(generator.next() % UInt64(torn.count - last.durable)))
      }
      try last.check(torn, "seed \(seed) round \(round): pages \(zeroed) of \(pages)")
    }
  }

  /// The last commit and its data are whole, but the frame before was written with it and is not.
  @Test func aBrokenFrameBeforeAWholeLastOneIsNotKept() throws {
    let last = try LastAppend(userSizeBytes: 10)
    let store = Store()
    try store.put(last.bytes)
    let frames = try store.frames()
    #expect(frames.count == 5)
    for (broken, expected) in [(2, [1, 2, 3]), (3, [1, 2, 3, 4, 5]), (4, [1, 2, 3, 4, 5, 6, 7])] {
      for at in [frames[broken].offset + 12, frames[broken].end - 30, frames[broken].end - 1] {
        var torn = last.bytes
        torn[at] ^= 1
        try last.check(torn, "byte \(at)")
        try store.put(torn)
        #expect(try store.readable().numbers == expected)
      }
    }
  }

  /// Nothing follows that could tell rot from a torn write, so it is said: silence would lose the day's events.
  @Test func rotInTheOnlyFrameIsReported() throws {
    let base = Store()
    try base.append([1, 2])
    let bytes = try base.bytes()
    for at in 0..<Int(try base.frames()[0].commit.dataSizeBytes) {
      let store = Store()
      var rotten = bytes
      rotten[at] ^= 0x10
      try store.put(rotten)
      #expect(
        try store.verify().problems.map(\.description)
          == ["\(store.path): offset 0: the data does not match its commit"], "byte \(at)")
    }
  }

  @Test func rotInTheMiddleIsReportedAndCutsNothing() throws {
    let base = Store()
    for number in 1...5 { try base.append([number * 2, number * 2 + 1]) }
    let bytes = try base.bytes()
    let frames = try base.frames()
    for at in stride(from: 0, to: frames[3].end, by: 7) {
      let store = Store()
      var rotten = bytes
      rotten[at] ^= 0x10
      try store.put(rotten)
      let hit = frames.firstIndex { at < $0.end } ?? 0
      let verdict = try store.verify()
      #expect(verdict.problems.count == 1, "byte \(at)")
      #expect(verdict.events == UInt64(hit * 2), "byte \(at)")
      let text = verdict.problems.first?.description ?? ""
      let start = "\(store.path): offset \(frames[hit].offset): "
      #expect(text.hasPrefix(start), "byte \(at): \(text)")
      let reasons = [
        "the data does not match its commit", "the frame has no valid commit",
        "no whole zstd frame, but commits follow",
      ]
      #expect(reasons.contains(String(text.dropFirst(start.count))), "byte \(at): \(text)")
      #expect(try store.append([99]) == [])
      #expect(try Array(store.bytes().prefix(bytes.count)) == rotten, "byte \(at): nothing is cut")
      let after = try SegmentIndex.commit(File(store.path, .read), endingAt: File(store.path, .read).size())
      #expect(after?.commit.total.events == 11)
    }
  }

  @Test func rotInASealedFileIsDamageWhereverItIs() throws {
    let base = Store()
    for number in 1...5 { try base.append([number]) }
    _ = try SegmentSealer(layout: base.layout, writer: "w", level: 3).seal(day: Store.day)
    let bytes = try base.bytes()
    let size = Int(try base.frames()[0].commit.dataSizeBytes)
    for at in stride(from: 0, to: size, by: 5) {
      let store = Store()
      var rotten = bytes
      rotten[at] ^= 0x10
      try store.put(rotten)
      let expected = "\(store.path): offset 0: the data does not match its commit"
      #expect(try store.verify().problems.map(\.description) == [expected])
      #expect(try store.append([99]) == [])
      #expect(try Array(store.bytes().prefix(bytes.count)) == rotten)
    }
  }

  @Test func aLostCommitInTheMiddleIsDamage() throws {
    let store = Store()
    for number in 1...4 { try store.append([number]) }
    let frames = try store.frames()
    let bytes = try store.bytes()
    try store.put(Array(bytes[..<frames[1].offset] + bytes[frames[2].offset...]))
    let expected = "\(store.path): offset \(frames[1].offset): the commit does not continue the one before"
    #expect(try store.verify().problems.map(\.description) == [expected])
  }

  /// A newer tally's commits are not a torn end.
  @Test func aFileOfANewerVersionIsLeftAlone() throws {
    let store = Store()
    try store.append([1])
    let start = try store.bytes().count
    var newer = Craft.frame([Store.line(2)], after: try store.frames()[0].commit, durable: start).bytes
    let size = newer.count
    let commitStart = size - Int(UInt32(newer[size - 24]) | UInt32(newer[size - 23]) << 8)
    newer[commitStart + 16] = 2
    newer[size - 20] = 2
    let checksum = XXH64.hash(Array(newer[commitStart..<(size - 16)]))
    for byte in 0..<8 { newer[size - 16 + byte] = UInt8(truncatingIfNeeded: checksum >> (byte * 8)) }
    for tail in [[], CrashTests.junk] {
      let bytes = try Array(store.bytes()[..<start]) + newer + tail
      try store.put(bytes)
      let expected =
        "\(store.path): offset \(start + size - 24): written in format version 2, this tally knows 1: update tally"
      #expect(throws: SegmentError.self) { try store.append([3]) }
      #expect(try store.bytes() == bytes)
      #expect(try store.verify().problems.map(\.description) == [expected])
    }
  }
}
