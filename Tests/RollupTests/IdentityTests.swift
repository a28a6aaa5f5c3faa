import Bytes
import StoreFixtures
import Testing
import TestSupport

@testable import Rollup

/// Hashes only choose what is looked at closely; they never decide that two ids are one.
@Suite struct IdentityTests {
  @Test func equalHashesAreContested() {
    var table = IdentityTable(expected: 0)
    table.note(77)
    #expect(!table.isContested(77))
    // The lowest bit is the mark, so these two share a slot.
    table.note(76)
    #expect(table.isContested(77) && table.isContested(76) && !table.isContested(75))
  }

  @Test func zeroIsAHashLikeAnyOther() {
    var table = IdentityTable(expected: 0)
    table.note(0)
    #expect(!table.isContested(0))
    table.note(1)
    #expect(table.isContested(0))
  }

  @Test func growingKeepsWhatWasSeen() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed)
    var table = IdentityTable(expected: 0)
    var seen: [UInt64: Int] = [:]
    for number in 0..<5000 {
      // Neighbours in the table, and the ends of the range.
      let hash =
        number % 3 == 0 ? UInt64(number) << 20 : UInt64.random(in: 0...UInt64.max, using: &random) & ~7
      for _ in 0..<(number % 5 == 0 ? 2 : 1) {
        table.note(hash)
        seen[hash & ~1, default: 0] += 1
      }
    }
    for (hash, count) in seen where hash > 2 {
      #expect(table.isContested(hash) == (count > 1), "seed \(seed), \(hash)")
    }
  }

  /// What happens to ids whose hashes collide: all their lines come here, and each identity keeps its winner.
  @Test func contestedLinesOfDifferentIdsStayApart() throws {
    let lines = ["a", "b", "a", "\\\"a"].enumerated().map { index, id in
      var draft = EventDraft(id: "stdin:\(id)", time: Int64(someDay) * 86_400_000)
      draft.numbers["input_tokens"] = Int64(index)
      return Array(draft.line.utf8)
    }
    let outcomes = try ContestedLines.winners(lines).sorted { $0.winner < $1.winner }
    #expect(outcomes.map(\.winner) == [1, 2, 3])
    #expect(outcomes.map(\.repeats) == [0, 1, 0])
    #expect(outcomes.map(\.isConflict) == [false, true, false])
  }

  @Test(
    arguments: [
      ("{\"id\":\"a:1\",", "a:1"), ("{\"id\":\"a\\\"1\"}", "a\\\"1"), ("{\"id\":\"a\\\\\"}", "a\\\\"),
      ("{\"id\":\"\"}", ""), ("{\"id\":\"a", nil), ("{\"id\":\"a\\\"", nil), ("{\"time\":\"\"}", nil),
      ("", nil),
    ] as [(String, String?)])
  func theIdIsFoundWithoutParsing(line: String, id: String?) {
    let bytes = Array(line.utf8)
    let range = LineIdentity.range(bytes.span.bytes)
    #expect(range.map { String(decoding: bytes[$0], as: UTF8.self) } == id)
  }
}
