import Rollup
import StoreFixtures
import Testing
import TestSupport

/// What must not matter.
@Suite struct LawTests {
  private let seed = UInt64.random(in: 0...UInt64.max)

  private func lines(_ count: Int) -> [String] {
    var generator = EventGenerator(seed: seed, day: someDay)
    return generator.lines(count)
  }

  private func isSame(_ a: DayRollups, _ b: DayRollups) -> Bool {
    RollupKind.allCases.allSatisfy { a[$0] == b[$0] }
  }

  @Test func anyOrderAndAnySplitGiveTheSame() throws {
    let lines = lines(200)
    let whole = try fold([lines], day: someDay, tags: ["team"])
    var random = SeededGenerator(seed)
    for _ in 0..<5 {
      var blocks: [[String]] = [[]]
      for line in lines.shuffled(using: &random) {
        if Int.random(in: 0..<20, using: &random) == 0 { blocks.append([]) }
        blocks[blocks.count - 1].append(line)
      }
      for parts in [ScanParts.together, .apart] {
        let split = try fold(blocks, day: someDay, tags: ["team"], parts: parts)
        #expect(split == whole, "seed \(seed), \(parts)")
      }
    }
  }

  @Test func everythingTwiceChangesNothing() throws {
    let lines = lines(200)
    let once = try fold([lines], day: someDay)
    let twice = try fold([lines, lines], day: someDay)
    #expect(isSame(once, twice), "seed \(seed)")
    #expect(twice.statistics.lines == 2 * once.statistics.lines)
    #expect(twice.statistics.repeats == once.statistics.repeats + once.statistics.lines, "seed \(seed)")
    #expect(twice.statistics.voids == once.statistics.voids)
    #expect(twice.statistics.conflicts == once.statistics.conflicts)
  }

  /// More texts, sessions and keys than any table has room for in the beginning.
  @Test(arguments: [ScanParts.together, .apart])
  func manyKeysStayApart(parts: ScanParts) throws {
    let lines = (0..<3000).map { number in
      var draft = EventDraft(id: "stdin:\(number)", time: Int64(someDay) * 86_400_000)
      draft.texts["model"] = "model-\(number % 700)"
      draft.texts["user"] = "user-\(number / 700 % 2 * 700 + number % 700)"
      draft.texts["session"] = "session-\(number % 2900)"
      draft.numbers["requests"] = 1
      return draft.line
    }
    // The second half has other ids and the same keys.
    let again = lines.map { $0.replacing("\"id\":\"stdin:", with: "\"id\":\"again:") }
    let rollups = try fold([lines, again], day: someDay, parts: parts)
    let requests = { (table: RollupTable) in rows(table).reduce(0) { $0 + (Int($1["requests"] ?? "") ?? 0) } }
    #expect(rollups.day.rowCount == 1400 && rollups.minute.rowCount == 1400)
    #expect(rollups.session.rowCount == 3000)
    #expect(RollupKind.allCases.allSatisfy { requests(rollups[$0]) == 6000 })
    #expect(Set(rows(rollups.session).compactMap { $0["session"] }).count == 2900)
  }

  /// Windows that tile the day add up to the day, whichever line of an identity lies in which.
  @Test func windowsTileTheDay() throws {
    let lines = lines(200)
    let start = Int64(someDay) * 86_400_000
    let cut = start + 750_000
    let early = try fold([lines], day: someDay, window: start..<cut)
    let late = try fold([lines], day: someDay, window: cut..<(start + 86_400_000))
    let whole = try fold([lines], day: someDay)
    // No quota rows in sums; 750_000 is in the middle of a minute, so minutes may meet.
    for name in Reference.measures {
      func sum(_ rollups: DayRollups) -> Int128 {
        rows(rollups.session).reduce(0) { $0 + (Int128($1[name] ?? "0") ?? 0) }
      }
      #expect(sum(early) + sum(late) == sum(whole), "seed \(seed), \(name)")
    }
  }

  @Test func minutesAddUpToTheDay() throws {
    let rollups = try fold([lines(250)], day: someDay)
    for name in Reference.measures {
      func sum(_ table: RollupTable) -> Int128 {
        rows(table).reduce(0) { $0 + (Int128($1[name] ?? "0") ?? 0) }
      }
      #expect(sum(rollups.minute) == sum(rollups.day), "seed \(seed), \(name)")
      #expect(sum(rollups.session) == sum(rollups.day), "seed \(seed), \(name)")
    }
  }
}
