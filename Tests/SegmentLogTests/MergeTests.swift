import Bytes
import Events
import Files
import Foundation
import Testing
import TestSupport

@testable import SegmentLog

@Suite struct MergeTests {
  static func decide(_ ours: Store?, _ theirs: Store, isOwn: Bool = false) throws -> SegmentMerge.Decision {
    let theirs = try SegmentFile.open(theirs.path)
    guard let ours else { return try SegmentMerge.decide(ours: nil, theirs: theirs, isOwn: isOwn) }
    return try SegmentMerge.decide(ours: try SegmentFile.open(ours.path), theirs: theirs, isOwn: isOwn)
  }

  static func store(_ appends: [[Int]], sealed: Bool = false, then more: [[Int]] = []) throws -> Store {
    let store = Store()
    for numbers in appends { try store.append(numbers) }
    if sealed { _ = try SealerTests.seal(store) }
    for numbers in more { try store.append(numbers) }
    return store
  }

  /// A rewrite that kept only `numbers`, as erasing does, made at a time after 1970.
  static func rewritten(_ numbers: [Int], at time: Int64, generation: UInt32 = 1) throws -> Store {
    let store = Store()
    let frame = Craft.frame(numbers.map { Store.line($0) }, after: nil) { commit in
      commit.generation = generation
      commit.durableSizeBytes = Commit.allDurable
      commit.writtenAt = time
    }
    try store.put(frame.bytes)
    return store
  }

  static let twoMachines = "both have lines that the other lacks: do two machines use one writer name?"

  @Test func onlyWhatGoesOnFromOursReplacesIt() throws {
    let short = try Self.store([[1, 2], [3]])
    let long = try Self.store([[1, 2], [3], [4]])
    #expect(try Self.decide(nil, short) == .copy)
    #expect(try Self.decide(short, long) == .copy)
    #expect(try Self.decide(long, short) == .keep)
    #expect(try Self.decide(short, short) == .keep)
    #expect(try Self.decide(short, Self.store([[1, 2], [9]])) == .conflict(Self.twoMachines))
    #expect(try Self.decide(short, Self.store([[1, 2], [9], [4], [5]])) == .conflict(Self.twoMachines))
    #expect(try Self.decide(short, Self.store([[2, 1], [3], [4]])) == .conflict(Self.twoMachines))
  }

  /// No commit boundary falls where ours ends, so lines are counted.
  @Test func linesDecideWhateverTheirFrames() throws {
    let short = try Self.store([[1], [2, 3]])
    #expect(try Self.decide(short, Self.store([[1, 2], [3, 4, 5], [6]])) == .copy)
    #expect(try Self.decide(Self.store([[1, 2], [3, 4, 5], [6]]), short) == .keep)
    #expect(try Self.decide(short, Self.store([[1, 2], [9, 4, 5]])) == .conflict(Self.twoMachines))
  }

  @Test func laterRewritesReplaceAndOlderOnesDoNot() throws {
    let plain = try Self.store([[1, 2], [3]])
    let sealed = try Self.store([[1, 2], [3]], sealed: true)
    let sealedLonger = try Self.store([[1, 2], [3]], sealed: true, then: [[4]])
    #expect(try Self.decide(plain, sealed) == .copy)
    #expect(try Self.decide(sealed, plain) == .keep)
    #expect(try Self.decide(plain, sealedLonger) == .copy)
    #expect(try Self.decide(sealedLonger, sealed) == .keep)
    let erased = try Self.rewritten([1, 3], at: .max)
    #expect(try Self.decide(plain, erased) == .copy)
    #expect(try Self.decide(erased, plain) == .keep)
    // Erased at the end: ours has more lines, and they must not come back.
    let cut = try Self.rewritten([1, 2], at: .max)
    #expect(try Self.decide(plain, cut) == .copy)
    #expect(try Self.decide(cut, plain) == .keep)
    let stale = try Self.rewritten([1, 9], at: 0)
    #expect(
      try Self.decide(plain, stale)
        == .conflict("the other one was rewritten before ours was last appended to"))
    #expect(
      try Self.decide(stale, plain) == .conflict("the other one was appended to after ours was rewritten"))
  }

  @Test func ownSegmentsAreOnlyTakenBack() throws {
    let short = try Self.store([[1, 2], [3]])
    let sealed = try Self.store([[1, 2], [3]], sealed: true)
    let sealedLonger = try Self.store([[1, 2], [3]], sealed: true, then: [[4]])
    #expect(try Self.decide(nil, sealed, isOwn: true) == .copy)
    #expect(try Self.decide(short, sealed, isOwn: true) == .keep)
    #expect(try Self.decide(short, sealedLonger, isOwn: true) == .copy)
    #expect(try Self.decide(short, Self.rewritten([1, 2], at: .max), isOwn: true) == .keep)
    #expect(
      try Self.decide(short, Self.rewritten([1, 9], at: .max), isOwn: true)
        == .conflict("another store rewrote this machine's own segment"))
  }

  @Test func aWholeCopyHealsADamagedOne() throws {
    let whole = try Self.store([[1], [2], [3], [4]])
    let damaged = Store()
    var bytes = try whole.bytes()
    bytes[try whole.frames()[1].end - 1] ^= 1
    try damaged.put(bytes)
    #expect(try Self.decide(damaged, whole) == .copy)
    #expect(try Self.decide(damaged, Self.store([[1], [2], [3], [4], [5]])) == .copy)
    #expect(try Self.decide(damaged, Self.store([[1]])) == .keep)
    #expect(
      try Self.decide(damaged, Self.store([[1], [2], [3]]))
        == .conflict("our copy is damaged, and the other one lacks some of its lines"))
  }

  /// Commits are whole, so only reading the data tells.
  @Test func aWholeCopyHealsARottenByte() throws {
    let whole = try Self.store([[1], [2], [3]])
    let target = Store()
    var bytes = try whole.bytes()
    bytes[20] ^= 1
    try target.put(bytes)
    let outcome = try SegmentMerge.merge(from: whole.layout, into: target.layout, ownWriter: nil)
    #expect(outcome.copied.count == 1 && outcome.failures.isEmpty)
    #expect(try target.numbers() == [1, 2, 3])
  }

  @Test func aMergeSaysWhatItDid() throws {
    let source = Store()
    let target = Store()
    for writer in ["a", "b", "c", "d", "e"] { try source.append([1, 2], writer: writer) }
    try target.append([1, 2], writer: "b")
    try target.append([7], writer: "c")
    let torn = source.layout.segment(day: Store.day, writer: "d")
    try Data(Store.bytes(torn) + CrashTests.junk).write(to: URL(filePath: torn))
    let rotten = source.layout.segment(day: Store.day, writer: "e")
    try source.append([3], writer: "e")
    var bytes = try Store.bytes(rotten)
    bytes[10] ^= 1
    try Data(bytes).write(to: URL(filePath: rotten))
    let outcome = try SegmentMerge.merge(from: source.layout, into: target.layout, ownWriter: nil)
    #expect(outcome.copied.map(\.writer) == ["a", "d"])
    #expect(outcome.kept.map(\.writer) == ["b"])
    let ours = target.layout.segment(day: Store.day, writer: "c")
    let theirs = source.layout.segment(day: Store.day, writer: "c")
    #expect(
      outcome.conflicts.map(\.description) == [
        "\(theirs): does not fit \(ours): \(Self.twoMachines): nothing was changed; keep one of the two, and give "
          + "each machine its own writer name"
      ])
    #expect(
      outcome.failures.map(\.description) == ["\(rotten): offset 0: the data does not match its commit"])
    #expect(try target.numbers(writer: "a") == [1, 2])
    #expect(try target.numbers(writer: "c") == [7])
    #expect(try target.verify("d").uncommittedSizeBytes == 0)
    #expect(try StoreListing.segments(target.layout, day: Store.day).map(\.writer) == ["a", "b", "c", "d"])
    #expect(try Folders.list(target.layout.segments(day: Store.day)).count == 4)
  }

  /// A file that verify finds wrong is not copied, whatever is wrong with it.
  @Test func whatVerifyRefusesIsNotMerged() throws {
    let cases: [(reason: String, frame: [UInt8])] = [
      (
        "the batches do not add up to the lines",
        Craft.frame([Store.line(1)], after: nil) { $0.batches[0].lines = 3 }.bytes
      ),
      (
        "the lines do not match the digest of the commit",
        Craft.frame([Store.line(1)], after: nil) { $0.total.sum ^= 1 }.bytes
      ),
      (
        "line 1: it is not in canonical form",
        Craft.frame([Store.line(1).replacing(",", with: ", ")], after: nil).bytes
      ),
      (
        "line 1: its time is not of this day",
        Craft.frame([Store.line(1, day: Store.day + 1)], after: nil).bytes
      ),
    ]
    for (reason, frame) in cases {
      let (source, target) = (Store(), Store())
      try source.put(frame)
      let outcome = try SegmentMerge.merge(from: source.layout, into: target.layout, ownWriter: nil)
      #expect(outcome.copied == [])
      #expect(outcome.failures.map(\.description) == ["\(source.path): offset 0: \(reason)"])
      #expect(try Folders.status(target.path) == nil)
    }
  }

  @Test(arguments: ["a b", "-rf", "x\u{1B}[31m"])
  func segmentsOfNoWriterAreNotMerged(name: String) throws {
    let (source, target) = (Store(), Store())
    try source.append([1])
    let path = "\(source.layout.segments(day: Store.day))/\(name).jsonl.zst"
    try Data(source.bytes()).write(to: URL(filePath: path))
    let outcome = try SegmentMerge.merge(from: source.layout, into: target.layout, ownWriter: nil)
    #expect(outcome.copied.map(\.writer) == ["w"])
    #expect(outcome.failures == [.misnamed(path: path)])
    #expect(try Folders.list(target.layout.segments(day: Store.day)) == ["w.jsonl.zst"])
  }

  /// Erasing is by design, but nobody should find out from a report.
  @Test func aRewriteThatTakesEventsAwayIsSaid() throws {
    let target = try Self.store([Array(1...20)])
    let source = try Self.rewritten([3], at: .max)
    var days: [Int] = []
    let outcome = try SegmentMerge.merge(from: source.layout, into: target.layout, ownWriter: nil) { day in
      #expect((try? target.numbers().count) == 20)
      days.append(day)
    }
    #expect(outcome.copied.count == 1 && days == [Store.day])
    #expect(
      outcome.replaced.map(\.description)
        == ["\(target.path): a rewrite replaces 20 events of writer w by 1"])
    // Sealing takes nothing away.
    let sealed = try Self.store([[1, 2], [3]], sealed: true)
    let plain = try Self.store([[1, 2], [3]])
    let merged = try SegmentMerge.merge(from: sealed.layout, into: plain.layout, ownWriter: nil)
    #expect(merged.copied.count == 1 && merged.replaced == [])
  }

  @Test func aDayThatCannotBeListedCostsNoOther() throws {
    let (source, target) = (Store(), Store())
    try source.append([1])
    let folder = source.layout.segments(day: Store.day - 1)
    try Data("no folder".utf8).write(to: URL(filePath: folder))
    let outcome = try SegmentMerge.merge(from: source.layout, into: target.layout, ownWriter: nil)
    #expect(outcome.copied.map(\.day) == [Store.day])
    #expect(outcome.failures.map(\.description) == ["\(folder): cannot list: Not a directory"])
  }

  @Test func aStoreIsNotMergedIntoItself() throws {
    let store = Store()
    try store.append([1])
    let path = "\(store.layout.root)/segments/.."
    let error = #expect(throws: SegmentMerge.Refusal.self) {
      try SegmentMerge.merge(from: StoreLayout(root: path), into: store.layout, ownWriter: nil)
    }
    #expect(error?.description == "\(path): this is the store itself; name another one to merge from")
    let none = #expect(throws: SegmentMerge.Refusal.self) {
      try SegmentMerge.merge(from: StoreLayout(root: "/none"), into: store.layout, ownWriter: nil)
    }
    #expect(none?.description == "/none: no store here, it has no folder \"segments\"; check the path")
  }

  /// Three machines append, seal, copy and merge in any order; in the end all have all.
  @Test func anyOrderOfMergesEndsInTheUnion() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var generator = SeededGenerator(seed)
    for round in 0..<12 {
      let stores = [Store(), Store(), Store()]
      var appended: [[[Int]]] = Array(repeating: [[], []], count: 3)
      for step in 1...25 {
        let index = Int(generator.next() % 3)
        let day = Int(generator.next() % 2)
        let (own, store) = ("w\(index)", stores[index])
        switch generator.next() % 5 {
        case 0, 1:
          try store.append([step * 2, step * 2 + 1], day: Store.day + day, writer: own)
          appended[index][day] += [step * 2, step * 2 + 1]
        case 2:
          _ = try SegmentSealer(layout: store.layout, writer: own, level: 1).seal(day: Store.day + day)
        default:
          let other = stores[(index + 1 + Int(generator.next() % 2)) % 3]
          guard try Folders.status(other.layout.segments) != nil else { continue }
          let before = try Self.sizes(store)
          let outcome = try SegmentMerge.merge(from: other.layout, into: store.layout, ownWriter: own)
          #expect(outcome.conflicts == [], "seed \(seed) round \(round)")
          #expect(outcome.failures == [], "seed \(seed) round \(round)")
          let after = try Self.sizes(store)
          for (path, count) in before {
            #expect((after[path] ?? 0) >= count, "seed \(seed): lines were lost")
          }
        }
      }
      for _ in 0..<2 {
        for (index, store) in stores.enumerated() {
          for other in stores where other !== store {
            guard try Folders.status(other.layout.segments) != nil else { continue }
            _ = try SegmentMerge.merge(from: other.layout, into: store.layout, ownWriter: "w\(index)")
          }
        }
      }
      for store in stores {
        for writer in 0..<3 {
          for day in 0..<2 {
            let numbers = try store.numbers(day: Store.day + day, writer: "w\(writer)")
            #expect(numbers == appended[writer][day], "seed \(seed) round \(round)")
          }
        }
      }
    }
  }

  static func sizes(_ store: Store) throws -> [String: Int] {
    var sizes: [String: Int] = [:]
    for (_, segments) in try StoreListing.read(store.layout).days {
      for segment in segments { sizes[segment.path] = try Store.lines(segment.path).count }
    }
    return sizes
  }
}
