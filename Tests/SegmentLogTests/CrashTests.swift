import Bytes
import Events
import Files
import Foundation
import Testing

@testable import SegmentLog

/// What is acknowledged survives, whichever call fails or is the last one.
///
/// Serialized, because faults are armed for the whole process.
@Suite(.serialized) struct CrashTests {
  /// Appends to two days through three appenders; returns what was acknowledged and what was tried, by day.
  static func work(_ layout: StoreLayout) -> (acknowledged: [[Int]], tried: [[Int]]) {
    var acknowledged: [[Int]] = [[], []]
    var tried: [[Int]] = [[], []]
    for process in 0..<3 {
      var appender = SegmentAppender(layout: layout, writer: "w")
      for round in 0..<2 {
        let number = 10 + process * 4 + round * 2
        let numbers = [number, number + 1]
        let days = [0, 1].map { Store.dayLines(numbers, day: Store.day + $0) }
        for (index, error) in appender.append(days, batch: "b").enumerated() {
          tried[index] += numbers
          if error == nil { acknowledged[index] += numbers }
        }
      }
    }
    return (acknowledged, tried)
  }

  /// A store with lines and a torn end, so that recovery is among what can fail.
  static func tornStore() throws -> Store {
    let store = Store()
    try store.append([1, 2])
    try store.put(store.bytes() + junk)
    return store
  }

  static let junk = Array("torn bytes of a write that never ended".utf8)

  static func check(_ store: Store, acknowledged: [[Int]], tried: [[Int]], _ what: String) throws {
    for index in [0, 1] {
      let day = Store.day + index
      let path = store.layout.segment(day: day, writer: "w")
      let before = try Folders.status(path) == nil ? [] : try Store.bytes(path)
      for recovery in try store.append([99], day: day) {
        let torn = Array(before[recovery.offset..<(recovery.offset + recovery.sizeBytes)])
        #expect(try Store.bytes(recovery.keptIn) == torn, "\(what): torn bytes are kept")
      }
      let numbers = try store.numbers(day: day)
      #expect(numbers.last == 99, "\(what): appending goes on")
      let old = index == 0 ? [1, 2] : []
      let attempts = old + tried[index]
      #expect(numbers.dropLast().filter { !attempts.contains($0) } == [], "\(what): nothing made up")
      #expect(
        Array(numbers.dropLast()) == attempts.filter { numbers.contains($0) }, "\(what): once, in order")
      let lost = (old + acknowledged[index]).filter { !numbers.contains($0) }
      #expect(lost == [], "\(what): day \(index) lost acknowledged lines")
      let verdict = try store.verify(day: day)
      #expect(verdict.problems == [], "\(what)")
      #expect(verdict.uncommittedSizeBytes == 0, "\(what)")
    }
    let kept = try Folders.list(store.layout.rejected).filter { $0.hasSuffix(".bin") }
    let contents = try kept.map { try Store.bytes("\(store.layout.rejected)/\($0)") }
    #expect(contents.contains { $0.starts(with: Self.junk) }, "\(what): the torn end is in rejected/")
  }

  enum Effect: CaseIterable { case fail, half, gone }

  /// `gone` is what a killed process leaves: a half write that nothing cleans up. (The first two cuts are those of
  /// recovery, not of cleaning up.)
  static func faults(_ operation: FileOperation, _ after: Int, _ effect: Effect, _ part: String) -> [Fault] {
    switch effect {
    case .fail: return [Fault(operation, after: after, .fail(EIO), pathPart: part)]
    case .half: return [Fault(operation, after: after, .half(ENOSPC), pathPart: part)]
    case .gone:
      let cleaning = operation == .truncate ? [] : [Fault(.truncate, after: 2, .fail(EIO), pathPart: part)]
      return [
        Fault(operation, after: after, .half(EIO), pathPart: part),
        Fault(.remove, after: 0, .fail(EIO), pathPart: part),
      ] + cleaning
    }
  }

  @Test(arguments: FileOperation.allCases, Effect.allCases)
  func failingCallsLoseNothing(operation: FileOperation, effect: Effect) throws {
    for call in 0..<60 {
      let store = try Self.tornStore()
      let part = Folders.name(of: store.layout.root)
      let (result, isReached) = try withFaults(Self.faults(operation, call, effect, part)) {
        let result = Self.work(store.layout)
        return (result, Faults.remainingCount < Self.faults(operation, call, effect, part).count)
      }
      try Self.check(
        store, acknowledged: result.acknowledged, tried: result.tried, "\(operation) \(call + 1) \(effect)")
      if !isReached { break }
      #expect(call < 59, "more calls than this test makes fail")
    }
  }

  /// A real process, really gone.
  ///
  /// What it acknowledged is in a file beside the store.
  @Test(
    arguments: [
      "write:1:kill", "write:1:killhalf", "write:2:killhalf", "write:3:killhalf", "write:6:killhalf",
      "truncate:1:kill", "sync:1:kill", "sync:2:kill", "sync:3:kill", "sync:5:kill",
      "syncFolder:1:kill", "syncFolder:3:kill", "rename:1:kill", "open:4:kill", "read:3:kill",
    ])
  func killedProcessesLoseNothing(fault: String) async throws {
    let store = try Self.tornStore()
    let root = store.layout.root
    await #expect(processExitsWith: .exitCode(137)) { [root = root as String, fault = fault as String] in
      let layout = StoreLayout(root: root)
      let part = "\(Folders.name(of: root))/"
      let parsed = try #require(Fault(parsing: "\(fault):\(part)"))
      Faults.arm([parsed])
      for number in 1..<100 {
        var appender = SegmentAppender(layout: layout, writer: "w")
        let numbers = [number * 100, number * 100 + 1]
        let days = [0, 1].map { Store.dayLines(numbers, day: Store.day + $0) }
        let results = appender.append(days, batch: "b")
        let log = try File("\(root)-acknowledged", .append)
        for (index, error) in results.enumerated() where error == nil {
          try log.write(Array("\(index) \(number)\n".utf8).span.bytes, at: 0)
        }
      }
    }
    let log = (try? String(contentsOfFile: "\(root)-acknowledged", encoding: .utf8)) ?? ""
    try? FileManager.default.removeItem(atPath: "\(root)-acknowledged")
    var acknowledged: [[Int]] = [[], []]
    for line in log.split(separator: "\n") {
      let parts = line.split(separator: " ").compactMap { Int($0) }
      acknowledged[parts[0]] += [parts[1] * 100, parts[1] * 100 + 1]
    }
    let tried = (1..<100).flatMap { [$0 * 100, $0 * 100 + 1] }
    try Self.check(store, acknowledged: acknowledged, tried: [tried, tried], fault)
  }

  @Test func aFailedSyncIsFollowedByANewWrite() throws {
    let store = Store()
    try store.append([1])
    var appender = SegmentAppender(layout: store.layout, writer: "w")
    #expect(appender.append([Store.dayLines([2])], batch: "b") == [nil])
    let faults = [
      Fault(.sync, after: 0, .fail(EIO), pathPart: store.path),
      // The second write of the same bytes is there to be reached, and the second sync goes well.
      Fault(.write, after: 2, .fail(EIO), pathPart: store.path),
      Fault(.truncate, after: 1, .fail(EIO), pathPart: store.path),
    ]
    try withFaults(faults) {
      #expect(appender.append([Store.dayLines([3])], batch: "b") == [nil])
      #expect(Faults.remainingCount == 2)
      #expect(appender.append([Store.dayLines([4])], batch: "b") != [nil])
    }
    #expect(try store.numbers() == [1, 2, 3])
  }

  @Test func aSyncThatFailsTwiceIsAnErrorAndLeavesTheOldLines() throws {
    let store = Store()
    var appender = SegmentAppender(layout: store.layout, writer: "w")
    #expect(appender.append([Store.dayLines([1])], batch: "b") == [nil])
    let before = try store.bytes()
    let note = try Data(contentsOf: store.lock)
    let faults = [Fault(.sync, after: 0, .fail(EIO), pathPart: store.path)]
    let errors = try withFaults(faults + faults) { appender.append([Store.dayLines([2])], batch: "b") }
    #expect(errors.map { $0?.description } == ["\(store.path): cannot sync: Input/output error"])
    #expect(try store.bytes() == before)
    #expect(try Data(contentsOf: store.lock) == note, "nothing is noted that was not synced")
    try store.append([3])
    #expect(try store.numbers() == [1, 3])
  }

  @Test func aWriteThatFailsLeavesTheFileAsItWas() throws {
    let store = Store()
    try store.append([1])
    let before = try store.bytes()
    let fault = Fault(.write, after: 0, .half(ENOSPC), pathPart: store.path)
    let error = try withFaults([fault]) { #expect(throws: SegmentError.self) { try store.append([2]) } }
    #expect(error?.description == "\(store.path): cannot write: No space left on device")
    #expect(try store.bytes() == before)
  }

  /// Its writer may have been killed before its sync, so it must not be called durable unseen.
  @Test func whatAnotherProcessLeftIsSyncedBeforeItIsCalledDurable() throws {
    let store = Store()
    try store.append([1])
    try Data().write(to: store.lock)
    let before = try store.bytes()
    var appender = SegmentAppender(layout: store.layout, writer: "w")
    let folder = store.layout.segments(day: Store.day)
    for fault in [
      Fault(.sync, after: 0, .fail(EIO), pathPart: store.path),
      Fault(.syncFolder, after: 0, .fail(EIO), pathPart: folder),
    ] {
      let errors = try withFaults([fault]) { appender.append([Store.dayLines([2])], batch: "b") }
      #expect(errors[0] != nil)
      #expect(try store.bytes() == before)
    }
    #expect(appender.append([Store.dayLines([2])], batch: "b") == [nil])
    // What it synced itself needs no second sync.
    try withFaults([Fault(.sync, after: 1, .fail(EIO), pathPart: store.path)]) {
      #expect(appender.append([Store.dayLines([3])], batch: "b") == [nil])
      #expect(Faults.remainingCount == 1)
    }
  }

  /// Whether an append by a new process syncs what it finds before it writes.
  private func syncsFirst(_ store: Store, _ number: Int) throws -> Bool {
    let faults = [Fault(.sync, after: 1, .fail(EIO), pathPart: store.path)]
    return try withFaults(faults) {
      try store.append([number])
      return Faults.remainingCount == 0
    }
  }

  @Test func whatAnotherProcessSyncedAndSaidSoIsNotSyncedAgain() throws {
    let store = Store()
    try store.append([1])
    let folder = Fault(.syncFolder, after: 0, .fail(EIO), pathPart: store.layout.segments(day: Store.day))
    _ = try withFaults([folder]) { try store.append([2]) }
    #expect(try !syncsFirst(store, 3))
    #expect(try store.numbers() == [1, 2, 3])
  }

  /// A note is about one state of one file.
  @Test func aNoteAboutSomethingElseIsNotBelieved() throws {
    let store = Store()
    try store.append([1])
    let old = try Data(contentsOf: store.lock)
    try store.append([2])
    try old.write(to: store.lock)
    #expect(try syncsFirst(store, 3), "of an earlier state")
    for (index, note) in [Data(), old.dropLast(), Data(repeating: 7, count: 4096)].enumerated() {
      try note.write(to: store.lock)
      #expect(try syncsFirst(store, 10 + index), "\(Array(note))")
    }
    // A copy holds the same bytes, but nobody synced them.
    let copy = URL(filePath: store.path + ".tmp")
    try Data(store.bytes()).write(to: copy)
    try Publish.rename(copy.path, to: store.path)
    #expect(try syncsFirst(store, 20), "of another file")
    // Each of the days of one append is noted, but there is one place for days that are far apart.
    var appender = SegmentAppender(layout: store.layout, writer: "w")
    let days = [Store.dayLines([30]), Store.dayLines([31], day: Store.day + 1)]
    #expect(appender.append(days, batch: "b") == [nil, nil])
    #expect(try !syncsFirst(store, 32))
    try store.append([33], day: Store.day - DurableNote.placeCount)
    #expect(try syncsFirst(store, 34))
    #expect(try !syncsFirst(store, 35))
  }

  @Test func sealingLeavesTheOldFileOrTheNew() throws {
    for operation in FileOperation.allCases {
      for call in 0..<20 {
        let store = Store()
        for number in 1...4 { try store.append([number]) }
        let old = try store.bytes()
        let part = Folders.name(of: store.layout.root)
        let (isSealed, isReached) = try withFaults([
          Fault(operation, after: call, .half(EIO), pathPart: part)
        ]) {
          let sealer = SegmentSealer(layout: store.layout, writer: "w", level: 3)
          return ((try? sealer.seal(day: Store.day)) != nil, Faults.remainingCount == 0)
        }
        let isOld = try store.bytes() == old
        #expect(!(isSealed && isOld))
        #expect(try isOld || store.frames().map(\.commit.generation) == [1])
        #expect(try store.numbers() == [1, 2, 3, 4])
        let names = try Folders.list(store.layout.segments(day: Store.day))
        #expect(names == ["w.jsonl.zst"] || operation == .remove, "\(operation) \(call)")
        try store.append([5])
        #expect(try store.numbers() == [1, 2, 3, 4, 5])
        #expect(try store.verify().problems == [])
        if !isReached { break }
      }
    }
  }

  @Test func mergingLeavesTheOldFileOrTheNew() throws {
    let source = Store()
    for number in 1...4 { try source.append([number]) }
    let whole = try source.bytes()
    let half = try source.frames()[1].end
    for operation in FileOperation.allCases {
      for call in 0..<25 {
        let target = Store()
        try target.put(Array(whole[..<half]))
        let part = Folders.name(of: target.layout.root)
        let isReached = try withFaults([Fault(operation, after: call, .half(EIO), pathPart: part)]) {
          let result = Result { () throws(SegmentMerge.Refusal) in
            try SegmentMerge.merge(from: source.layout, into: target.layout, ownWriter: nil)
          }
          if case .success(let outcome) = result {
            #expect(outcome.copied.count + outcome.failures.count == 1)
          }
          return Faults.remainingCount == 0
        }
        let bytes = try target.bytes()
        #expect(bytes == whole || bytes == Array(whole[..<half]), "\(operation) \(call)")
        #expect(
          try SegmentMerge.merge(from: source.layout, into: target.layout, ownWriter: nil).failures == [])
        #expect(try target.bytes() == whole)
        if !isReached { break }
      }
    }
  }
}
