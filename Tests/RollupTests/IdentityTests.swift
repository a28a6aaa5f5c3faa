import Bytes
import StoreFixtures
import Testing
import TestSupport

@testable import Rollup

/// Hashes only choose what is looked at closely; they never decide that two ids are one.
@Suite struct IdentityTests {
  private func contested(_ hashes: [UInt32]) -> [[Int]] {
    var lines = hashes.map { LineTable.Line(hash: $0, size: 0) }
    return lines.withUnsafeMutableBufferPointer { Repeats.groups($0).map { $0.map { Int($0) } } }
  }

  @Test(
    arguments: [
      ([], []), ([7], []), ([0], []), ([7, 7], [[0, 1]]), ([0, 1, 0], [[0, 2]]),
      ([0, 0, 0, 5], [[0, 1, 2]]), ([.max, 1, .max], [[0, 2]]), ([3, 4, 4, 3, 4], [[0, 3], [1, 2, 4]]),
    ] as [([UInt32], [[Int]])])
  func equalHashesAreContested(hashes: [UInt32], events: [[Int]]) {
    #expect(contested(hashes) == events)
  }

  @Test func nothingIsForgotten() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed)
    var hashes: [UInt32] = []
    for number in 0..<5000 {
      // Neighbours in the table, and the ends of the range.
      let hash =
        number % 3 == 0 ? UInt32(number) << 12 : UInt32.random(in: 0...UInt32.max, using: &random)
      hashes += [UInt32](repeating: hash, count: number % 5 == 0 ? 2 : 1)
    }
    hashes.shuffle(using: &random)
    let groups = Dictionary(grouping: hashes.indices) { hashes[$0] }
    let expected = groups.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
    #expect(contested(hashes) == expected, "seed \(seed)")
  }

  /// What happens to ids whose hashes collide: all their lines come here, and each identity keeps its winner.
  @Test func contestedLinesOfDifferentIdsStayApart() throws {
    let lines = ["a", "b", "a", "\\\"a"].enumerated().map { index, id in
      var draft = EventDraft(id: "stdin:\(id)", time: Int64(someDay) * 86_400_000)
      draft.numbers["input_tokens"] = Int64(index)
      return Array(draft.line.utf8)
    }
    var contested = ContestedLines()
    for (event, line) in lines.enumerated() { contested.add(line.span.bytes, of: event) }
    let outcomes = contested.outcomes.sorted { $0.winner < $1.winner }
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
