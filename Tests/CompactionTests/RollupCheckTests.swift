import Files
import Foundation
import Rollup
import SegmentLog
import StoreFixtures
import TestSupport
import Testing

@testable import Compaction

/// A check of rollups finds every wrong bit, and nothing wrong with what is only old.
@Suite struct RollupCheckTests {
  private let seed = UInt64.random(in: 0...UInt64.max)

  private func store() throws -> TemporaryStore {
    let store = try TemporaryStore()
    try store.append(generated(seed, days: 2, count: 8))
    try store.rollUp()
    return store
  }

  @Test(arguments: RollupKind.allCases)
  func everyWrongByteIsFound(_ kind: RollupKind) throws {
    let store = try store()
    let path = store.layout.rollup(kind.rawValue, day: someDay)
    let whole = try Data(contentsOf: URL(filePath: path))
    #expect(try RollupCheck.reason(path, kind) == nil)
    var random = SeededGenerator(seed)
    for index in whole.indices {
      var changed = whole
      changed[index] ^= UInt8.random(in: 1...255, using: &random)
      try changed.write(to: URL(filePath: path))
      #expect(try RollupCheck.reason(path, kind) != nil, "byte \(index) of \(whole.count), seed \(seed)")
    }
    for count in [0, 1, 4, whole.count / 2, whole.count - 1] {
      try whole.prefix(count).write(to: URL(filePath: path))
      #expect(try RollupCheck.reason(path, kind) != nil, "\(count) of \(whole.count) bytes")
    }
  }

  @Test func whatIsOldIsNoProblem() throws {
    let store = try store()
    #expect(RollupCheck(store.layout).count == 6)
    // The day goes on, and a version of before lies there.
    try store.append(generated(seed &+ 1, days: 1, count: 3, prefix: "more:"))
    for version in 1...3 {
      for kind in RollupKind.allCases {
        let old = Tools.root.appending(path: "Fixtures/rollups/v\(version)/\(kind.rawValue).parquet")
        try Data(contentsOf: old).write(to: URL(filePath: store.layout.rollup(kind.rawValue, day: someDay)))
      }
      let check = RollupCheck(store.layout)
      #expect(check.count == 6 && check.problems.isEmpty && check.failures.isEmpty, "version \(version)")
    }
  }

  @Test func eachProblemNamesItsFileAndHowToMendIt() throws {
    let store = try store()
    let layout = store.layout
    let paths = RollupKind.allCases.map { layout.rollup($0.rawValue, day: someDay) }
    try Data("PAR1".utf8).write(to: URL(filePath: paths[0]))
    try Folders.remove(paths[1])
    try FileManager.default.copyItem(atPath: paths[2], toPath: paths[1])
    try Folders.remove(paths[2])
    try Folders.create(paths[2])
    let check = RollupCheck(layout)
    #expect(check.count == 6)
    #expect(
      check.problems.map(\.description) == [
        "\(paths[0]): file: 4 bytes are too few: remove it, and tally rollup makes it again",
        "\(paths[1]): it is no day rollup: remove it, and tally rollup makes it again",
      ])
    #expect(
      check.failures.map(\.description) == [
        "\(paths[2]): this is a folder, not a file: move it away or name a file"
      ])
  }
}
