import Bytes
import Events
import Files
import Foundation
import TestSupport
import Testing

@testable import SegmentLog

/// What a note says was durable was acknowledged: it is never cut, and whoever misses it says so.
@Suite(.serialized) struct DurableTests {
  /// A hundred events in each of five appends, by processes of their own.
  private func store() throws -> Store {
    let store = Store()
    for round in 0..<5 { try store.append(Array((round * 100)..<(round * 100 + 100))) }
    return store
  }

  @Test func rotInTheDataOfTheLastFrameIsKeptAndSaid() throws {
    let base = try store()
    let last = try #require(try base.frames().last)
    for at in stride(from: last.offset, to: last.offset + Int(last.commit.dataSizeBytes), by: 61) {
      let store = try store()
      var bytes = try store.bytes()
      bytes[at] ^= 0x10
      try store.put(bytes)
      let expected = "\(store.path): offset \(last.offset): the data does not match its commit"
      let found = store.tryAppend([900])
      #expect(found.refusal == nil && found.damages == [expected], "byte \(at)")
      #expect(try Array(store.bytes().prefix(bytes.count)) == bytes, "byte \(at): nothing is cut")
      #expect(try store.kept() == [])
      #expect(try store.verify().problems.map(\.description) == [expected])
      // It is said by the append that finds it last, and by readers for ever.
      #expect(store.tryAppend([901]).damages == [])
      #expect(try store.verify().problems.map(\.description) == [expected])
    }
  }

  @Test func anAppendIsRefusedWhereTheLastCommitRotted() throws {
    let base = try store()
    let last = try #require(try base.frames().last)
    for at in stride(from: last.offset + Int(last.commit.dataSizeBytes), to: last.end, by: 3) {
      let store = try store()
      var bytes = try store.bytes()
      bytes[at] ^= 0x10
      try store.put(bytes)
      let found = store.tryAppend([900])
      #expect(found.refusal == store.refusal("100 of 500 stored events are gone"), "byte \(at)")
      #expect(try store.bytes() == bytes, "byte \(at)")
      #expect(try store.kept() == [])
    }
  }

  enum Destruction: CaseIterable { case emptied, zeros, random, cutBack, removed, replaced }

  @Test(arguments: Destruction.allCases)
  func anAppendIsRefusedWhereASegmentWasDestroyed(how: Destruction) throws {
    let seed = UInt64.random(in: 0 ... .max)
    var generator = SeededGenerator(seed)
    let store = try store()
    let bytes = try store.bytes()
    let other = Store()
    try other.append(Array(1000..<2500), user: "other")
    var rest: Int? = 0
    switch how {
    case .emptied: try store.put([])
    case .zeros: try store.put(bytes.map { _ in 0 })
    case .random: try store.put(bytes.map { _ in UInt8.random(in: 0...255, using: &generator) })
    case .cutBack:
      try store.put(Array(bytes[..<store.frames()[1].end]))
      rest = 200
    case .removed: try FileManager.default.removeItem(atPath: store.path)
    case .replaced:
      try store.put(other.bytes())
      rest = nil
    }
    let expected =
      rest.map { store.refusal("\(500 - $0) of 500 stored events are gone") }
      ?? store.refusal("the first 500 events are not those that were stored")
    for _ in 0..<2 { #expect(store.tryAppend([900]).refusal == expected, "seed \(seed)") }
    #expect(try store.kept() == [], "seed \(seed)")
    // Without the note, which may be taken away, it is as if the bytes had never been a segment.
    let lock = try File(store.lock.path, .update)
    try DurableNote.clear(lock, day: Store.day)
    #expect(store.tryAppend([900]).refusal == nil, "seed \(seed)")
    #expect(try store.numbers().last == 900, "seed \(seed)")
  }

  /// Bytes behind what was durable are a write that was cut off.
  @Test func aTornEndBehindWhatWasDurableIsCut() throws {
    let store = try store()
    let bytes = try store.bytes()
    try store.put(bytes + CrashTests.junk)
    #expect(try store.append([900]).map(\.offset) == [bytes.count])
    #expect(try store.numbers().count == 501)
  }

  /// A process was killed after its write and before its note.
  @Test func whatWasWrittenSinceTheNoteIsKept() throws {
    let store = try store()
    let note = try Data(contentsOf: store.lock)
    try store.append([600])
    try store.append([601])
    try note.write(to: store.lock)
    #expect(try store.append([602]) == [])
    #expect(try store.numbers().suffix(3) == [600, 601, 602])
  }

  /// A copied store has notes about files that it does not have.
  @Test func aNoteAboutAnotherFileIsNotBelieved() throws {
    let store = try store()
    let bytes = try Array(store.bytes()[..<store.frames()[2].end])
    let copy = store.path + ".tmp"
    try Data(bytes).write(to: URL(filePath: copy))
    try Publish.rename(copy, to: store.path)
    #expect(store.tryAppend([900]).refusal == nil)
    #expect(try store.numbers().count == 301)
  }

  @Test func sealedAndMergedFilesAreNotedToo() throws {
    for isMerged in [false, true] {
      var store = try store()
      _ = try SealerTests.seal(store)
      if isMerged {
        let target = Store()
        _ = try SegmentMerge.merge(from: store.layout, into: target.layout, ownWriter: nil)
        store = target
      }
      try store.put(Array(store.bytes().dropLast()))
      #expect(store.tryAppend([900]).refusal == store.refusal("500 of 500 stored events are gone"))
    }
  }

  /// The commit before does not go on to a frame that is there twice, so the copy is put aside, and nothing else.
  @Test func recoveryKeepsTheIntactFrameBeforeOneThatDoesNotContinueIt() throws {
    let base = try store()
    let bytes = try base.bytes()
    let frames = try base.frames()
    for frame in [frames[4], frames[2]] {
      let store = Store()
      let twice = Array(bytes[frame.offset..<frame.end])
      try store.put(bytes + twice)
      let recoveries = try store.append([900])
      #expect(recoveries.map(\.offset) == [bytes.count] && recoveries.map(\.sizeBytes) == [twice.count])
      #expect(try store.numbers() == Array(0..<500) + [900])
    }
  }

  /// What is set aside is bounded, and the rest is counted.
  @Test func aVeryLongTornEndIsKeptInPart() throws {
    let store = Store()
    try store.append([1])
    let start = try store.bytes().count
    let size = start + TornEnd.keptSizeBytesMax + 5000
    let file = try File(store.path, .update)
    try file.truncate(to: size)
    let recoveries = try store.append([2])
    #expect(recoveries.map(\.sizeBytes) == [size - start])
    #expect(recoveries.map(\.keptSizeBytes) == [TornEnd.keptSizeBytesMax])
    #expect(try recoveries.map { try Store.bytes($0.keptIn).count } == [TornEnd.keptSizeBytesMax])
    #expect(try store.numbers() == [1, 2])
  }

  /// The day's folder may be there and its name not durable: its maker may have been killed before it synced.
  @Test func theFoldersAboveANewFileAreSynced() throws {
    for failing in 0..<3 {
      let store = Store()
      let layout = store.layout
      try Folders.create(layout.segments(day: Store.day))
      try Folders.create(layout.locks)
      let names = [layout.segments(day: Store.day), layout.segments, layout.root]
      let fault = Fault(.syncFolder, after: failing, .fail(EIO), pathPart: layout.root)
      let refusal = try withFaults([fault]) { store.tryAppend([1]).refusal }
      #expect(refusal == "\(names[failing]): cannot sync the folder of: Input/output error")
    }
    // A second append has no new name.
    let store = Store()
    try store.append([2])
    try withFaults([Fault(.syncFolder, after: 0, .fail(EIO), pathPart: store.layout.root)]) {
      try store.append([3])
      #expect(Faults.remainingCount == 1)
    }
  }
}
