import Bytes
import Events
import Foundation
import Testing

@testable import SegmentLog

/// Every problem a check can find, literally.
@Suite struct VerifierTests {
  static func problems(_ frame: (bytes: [UInt8], commit: Commit)) throws -> [String] {
    let store = Store()
    try store.put(frame.bytes)
    return try store.verify().problems.map { problem in
      problem.description.replacing(store.path, with: "w")
    }
  }

  static let lines = [Store.line(1), Store.line(2)]

  @Test func whatIsRightHasNoProblem() throws {
    #expect(try Self.problems(Craft.frame(Self.lines, after: nil)) == [])
  }

  @Test func commitsThatDoNotFitTheirLines() throws {
    let cases: [(String, (inout Commit) -> Void)] = [
      ("the lines do not match the digest of the commit", { $0.total.sum ^= 1 }),
      ("the batches do not add up to the lines", { $0.batches[0].lines = 3 }),
      ("the times of its lines are not those of its commit", { $0.firstTime += 1 }),
      ("the times of its lines are not those of its commit", { $0.lastTime -= 1 }),
    ]
    for (reason, change) in cases {
      let frame = Craft.frame(Self.lines, after: nil, change: change)
      #expect(try Self.problems(frame) == ["w: offset 0: \(reason)"])
    }
    let counted = Craft.frame(Self.lines, after: nil) { commit in
      commit.eventCount = 3
      commit.total.events = 3
      commit.batches[0].lines = 3
    }
    #expect(
      try Self.problems(counted) == [
        "w: offset 0: holds 2 lines, its commit says 3",
        "w: offset 0: the lines do not match the digest of the commit",
      ])
  }

  @Test func linesThatTallyWouldNotWrite() throws {
    let good = Store.line(1)
    let cases = [
      (good.replacing(",\"source\":\"t\"", with: ""), "line 1: id, time or source is missing"),
      (good.replacing(",", with: ", "), "line 1: it is not in canonical form"),
      (good.replacing("\"id\":\"t:1\",", with: "") + "", "line 1: id, time or source is missing"),
    ]
    for (line, reason) in cases {
      let found = try Self.problems(Craft.frame([line], after: nil))
      #expect(found.first == "w: offset 0: \(reason)")
    }
    let other = Store.line(1, day: Store.day + 1)
    let found = try Self.problems(Craft.frame([other], after: nil))
    #expect(found.first == "w: offset 0: line 1: its time is not of this day")
    let text = try Self.problems(Craft.frame([Store.line(1), "no event"], after: nil)).first ?? ""
    #expect(text.hasPrefix("w: offset 0: line 2: not a JSON object: "))
  }

  @Test func manyProblemsAreCutShort() throws {
    let lines = (0..<150).map { _ in "{}" }
    #expect(try Self.problems(Craft.frame(lines, after: nil)).count == 100)
  }

  @Test func aTornEndIsCountedAndNoProblem() throws {
    let store = Store()
    try store.append([1])
    try store.put(store.bytes() + CrashTests.junk)
    let verdict = try store.verify()
    #expect(verdict.problems == [])
    #expect(verdict.uncommittedSizeBytes == CrashTests.junk.count)
    #expect(verdict.events == 1)
  }

  @Test func aMissingFileIsAnError() throws {
    let error = #expect(throws: SegmentError.self) { try Store().verify() }
    #expect(error?.description.hasSuffix("/w.jsonl.zst: cannot open: No such file or directory") == true)
  }
}
