import Rollup
import StoreFixtures
import Testing

/// One line more or less, for a table of winners.
private func line(
  _ revision: Int64?, output: Int64 = 10, model: String = "m", status: String? = nil, kind: String? = nil,
  extra: [String: Int64] = [:], cost: String? = nil
) -> String {
  var draft = EventDraft(id: "stdin:1", time: Int64(someDay) * 86_400_000 + 60_000)
  draft.revision = revision
  draft.numbers = extra
  draft.numbers["output_tokens"] = output
  draft.texts["model"] = model
  draft.status = status
  draft.kind = kind
  if let cost { (draft.cost, draft.currency) = (cost, "USD") }
  return draft.line
}

private func permutations(_ items: [String]) -> [[String]] {
  if items.count < 2 { return [items] }
  return items.indices.flatMap { index in
    var rest = items
    let first = rest.remove(at: index)
    return permutations(rest).map { [first] + $0 }
  }
}

/// Which of several lines of one identity counts: the first of `lines`, in whatever order they come.
struct Contest: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let lines: [String]
  var isConflict = false

  static let all = [
    Contest(testDescription: "repeats", lines: [line(nil), line(nil), line(nil)]),
    Contest(
      testDescription: "higher revision beats everything",
      lines: [line(2, output: 1, model: "a"), line(1, output: 999, model: "z"), line(nil, output: 5000)]),
    Contest(
      testDescription: "larger snapshot", lines: [line(nil, output: 30), line(nil, output: 20), line(nil)],
      isConflict: true),
    Contest(
      testDescription: "the sum of all counters, not one of them",
      lines: [line(nil, output: 1, extra: ["cache_read_tokens": 50]), line(nil, output: 40)],
      isConflict: true),
    Contest(
      testDescription: "neither reasoning nor duration nor money weigh",
      lines: [
        line(nil, output: 11), line(nil, extra: ["reasoning_tokens": 10, "duration_ms": 999], cost: "5"),
      ], isConflict: true),
    Contest(
      testDescription: "requests weigh",
      lines: [line(nil, extra: ["requests": 5]), line(nil, output: 11)], isConflict: true),
    Contest(
      testDescription: "images and seconds weigh",
      lines: [line(nil, output: 1, extra: ["images": 20]), line(nil, output: 11)], isConflict: true),
    Contest(
      testDescription: "greater line", lines: [line(nil, model: "z"), line(nil, model: "b"), line(nil)],
      isConflict: true),
    Contest(
      testDescription: "a conflict below the winning revision is none",
      lines: [line(3), line(2, model: "a"), line(2, model: "b")]),
    Contest(
      testDescription: "a conflict at the winning revision",
      lines: [line(3, output: 12), line(3, output: 11), line(nil)], isConflict: true),
  ]
}

@Suite struct WinnerTests {
  @Test(arguments: Contest.all)
  func theWinnerCountsInEveryOrder(contest: Contest) throws {
    var alone = rows(try fold([[contest.lines[0]]], day: someDay).minute)
    if contest.isConflict { alone[0]["conflicts"] = "1" }
    for order in permutations(contest.lines) {
      let rollups = try fold([order], day: someDay)
      #expect(rows(rollups.minute) == alone)
      #expect(rollups.statistics.conflicts == (contest.isConflict ? 1 : 0))
      #expect(rollups.statistics.repeats == UInt64(order.count - 1))
    }
  }

  /// The same when lines that lost are given up after each line, and come again; with metadata too, which no table keeps.
  @Test(arguments: Contest.all, [false, true])
  func whatWasGivenUpIsNotForgotten(contest: Contest, hasMetadata: Bool) throws {
    let lines = contest.lines.map { hasMetadata ? $0.dropLast() + ",\"metadata\":{\"a\":\"b\"}}" : $0 }
    var alone = rows(try fold([[lines[0]]], day: someDay).minute)
    if contest.isConflict { alone[0]["conflicts"] = "1" }
    for order in permutations(lines) {
      let told = order + order.reversed()
      for parts in [ScanParts.together, .apart] {
        let rollups = try fold(told.map { [$0] }, day: someDay, parts: parts, roomBytes: 0, contestBytes: 0)
        #expect(rows(rollups.minute) == alone)
        #expect(rollups.statistics.conflicts == (contest.isConflict ? 1 : 0))
        #expect(rollups.statistics.repeats == UInt64(told.count - 1))
      }
    }
  }

  @Test func aWinningVoidCountsNothing() throws {
    for order in permutations([line(1, status: "void"), line(nil), line(nil, output: 99)]) {
      let rollups = try fold([order], day: someDay)
      #expect(RollupKind.allCases.allSatisfy { rollups[$0].rowCount == 0 })
      #expect(rollups.statistics.voids == 1 && rollups.statistics.conflicts == 0)
    }
    #expect(try fold([[line(nil, status: "void")]], day: someDay).minute.rowCount == 0)
  }

  @Test func aLosingVoidIsNothing() throws {
    for order in permutations([line(2, output: 7), line(1, status: "void"), line(nil)]) {
      let rollups = try fold([order], day: someDay)
      #expect(rows(rollups.day).map { $0["output_tokens"] } == ["7"])
      #expect(rollups.statistics.voids == 0)
    }
  }

  @Test func anotherKindIsAnotherIdentity() throws {
    let rollups = try fold([[line(nil), line(nil, kind: "billed", cost: "1")]], day: someDay)
    #expect(rows(rollups.day).map { $0["kind"] } == ["usage", "billed"])
    #expect(rollups.statistics.repeats == 0)
  }

  /// The void of one day leaves what another day has alone: identity holds within a day.
  @Test func aVoidMovesNothingToAnotherDay() throws {
    let next = line(nil).replacingDay()
    #expect(throws: FoldError.self) { try fold([[next]], day: someDay) }
  }
}

extension String {
  /// The same line a day later.
  fileprivate func replacingDay() -> String {
    replacing(EventDraft.dayText(someDay), with: EventDraft.dayText(someDay + 1))
  }
}
