import Rollup
import StoreFixtures
import Testing

/// Every row of every rollup against a fold written anew with dictionaries.
@Suite struct ReferenceTests {
  @Test func generatedLinesAreCanonical() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = EventGenerator(seed: seed, day: someDay)
    for line in generator.lines(300) { #expect(try isCanonical(line), "seed \(seed): \(line)") }
  }

  @Test(arguments: [[], ["team"], ["team", "customer", "missing"]], 0..<3)
  func rowsAndStatisticsAgree(tags: [String], round: Int) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var generator = EventGenerator(seed: seed, day: someDay + round)
    let lines = generator.lines(round == 0 ? 60 : 350)
    let reference = try Reference(lines)
    let rollups = try fold([lines], day: someDay + round, tags: tags)
    for kind in RollupKind.allCases {
      let expected = reference.rows(kind.rawValue, tags: tags)
      let found = rows(rollups[kind])
      #expect(found.count == expected.count, "seed \(seed), \(kind)")
      for (index, (ours, theirs)) in zip(found, expected).enumerated() where ours != theirs {
        Issue.record("seed \(seed), \(kind) row \(index): \(ours) is not \(theirs)")
        break
      }
    }
    #expect(rollups.statistics.lines == reference.lineCount, "seed \(seed)")
    #expect(rollups.statistics.repeats == reference.repeats, "seed \(seed)")
    #expect(rollups.statistics.voids == reference.voids, "seed \(seed)")
    #expect(rollups.statistics.conflicts == reference.conflicts, "seed \(seed)")
    #expect(reference.repeats > 0 && (round == 0 || reference.voids > 0 && reference.conflicts > 0))
  }

  @Test func noLinesGiveNoRows() throws {
    let rollups = try fold([], day: someDay)
    for kind in RollupKind.allCases { #expect(rollups[kind].rowCount == 0) }
  }
}
