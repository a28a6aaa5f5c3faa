import Rollup
import StoreFixtures
import Testing

/// Single rules, spelled out.
@Suite struct RuleTests {
  private let start = Int64(someDay) * 86_400_000

  private func draft(_ id: Int = 1, at offset: Int64 = 0) -> EventDraft {
    EventDraft(id: "stdin:\(id)", time: start + offset)
  }

  private func dayRow(_ draft: EventDraft) throws -> [String: String] {
    try #require(rows(try fold([[draft.line]], day: someDay).day).first)
  }

  @Test func minutesAreCutDownwards() throws {
    let offsets: [Int64] = [0, 59_999, 60_000, 86_399_999]
    let lines = offsets.enumerated().map { index, offset in
      var draft = draft(index, at: offset)
      draft.numbers["input_tokens"] = 1
      return draft.line
    }
    let minutes = rows(try fold([lines], day: someDay).minute).map { $0["minute"] }
    #expect(minutes == ["\(start)", "\(start + 60_000)", "\(start + 86_340_000)"])
  }

  @Test(arguments: [-1, -59_999, -60_000, -86_400_000, 86_400_000, 172_800_000], [nil, "billed"])
  func anEventOfAnotherDayIsAnError(offset: Int64, kind: String?) {
    var draft = draft(at: offset)
    draft.kind = kind
    draft.numbers["input_tokens"] = 1
    #expect(throws: FoldError.malformed(line: 1, reason: "its time is not of this day")) {
      try fold([[draft.line]], day: someDay)
    }
  }

  @Test(arguments: ["{\"time\":\"2024-10-04T00:00:00.000Z\"}", "{\"id\":1}", "garbage", "{\"id\":\"a"])
  func aLineWithoutIdIsAnError(line: String) {
    var draft = draft()
    draft.numbers["input_tokens"] = 1
    #expect(throws: FoldError.malformed(line: 2, reason: "it does not begin with its id")) {
      try fold([[draft.line, line]], day: someDay)
    }
  }

  @Test func aCostThatIsNotReportedIsUnpriced() throws {
    var event = draft()
    event.numbers = ["requests": 3, "input_tokens": 5]
    #expect(try dayRow(event)["unpriced_requests"] == "3")
    event.numbers["requests"] = 0
    #expect(try dayRow(event)["unpriced_requests"] == "1")
    (event.cost, event.currency) = ("0", "USD")
    let free = try dayRow(event)
    #expect(free["unpriced_requests"] == "0" && free["cost_reported"] == "0")
    #expect(free["currency_reported"] == "USD")
  }

  @Test func aFailureThatUsedNothingCostsNothing() throws {
    var event = draft()
    event.status = "error"
    event.numbers = ["duration_ms": 5]
    var row = try dayRow(event)
    #expect(row["unpriced_requests"] == "0" && row["errors"] == "1" && row["requests"] == "1")
    event.numbers["input_tokens"] = 1
    row = try dayRow(event)
    #expect(row["unpriced_requests"] == "1" && row["errors"] == "1")
    event.numbers["requests"] = 0
    #expect(try dayRow(event)["errors"] == "1")
  }

  @Test func currenciesHaveRowsOfTheirOwn() throws {
    let lines = [("1", "USD"), ("2", "EUR"), ("4", "USD"), (nil, nil)].enumerated().map { index, money in
      var draft = draft(index)
      draft.numbers["input_tokens"] = 1
      (draft.cost, draft.currency) = (money.0, money.1)
      return draft.line
    }
    let found = rows(try fold([lines], day: someDay).day)
    #expect(found.map { $0["currency_reported"] } == [nil, "EUR", "USD"])
    #expect(found.map { $0["cost_reported"] } == ["0", "2000000000000", "5000000000000"])
  }

  @Test func aCurrencyOfNoCostKeysNothing() throws {
    let lines = [nil, "EUR"].enumerated().map { index, currency in
      var draft = draft(index)
      draft.numbers["input_tokens"] = 1
      draft.tags["team"] = "red"
      draft.currency = currency
      return draft.line
    }
    let found = rows(try fold([lines], day: someDay, tags: ["team"]).day)
    #expect(found.map { $0["input_tokens"] } == ["2"] && found[0]["currency_reported"] == nil)
  }

  @Test func theLastQuotaOfAnAccountAndMinuteIsKept() throws {
    let lines = [(5, 30_000, 1), (9, 20_000, 2), (7, 30_000, 3), (1, 70_000, 4)].map { left, offset, id in
      var draft = draft(id, at: Int64(offset))
      draft.kind = "quota"
      draft.texts["account"] = "a"
      draft.numbers["tokens_remaining"] = Int64(left)
      return draft.line
    }
    let rollups = try fold([lines.shuffled()], day: someDay)
    // Of one instant the greater line.
    #expect(rows(rollups.minute).map { $0["tokens_remaining"] } == ["7", "1"])
    #expect(rows(rollups.day).map { $0["tokens_remaining"] } == ["1"])
    #expect(rows(rollups.minute).allSatisfy { $0["requests"] == "0" && $0["tokens_limit"] == nil })
    #expect(rollups.session.rowCount == 0)
  }

  @Test func aSumThatDoesNotFitIsAnError() throws {
    // A count is at most 10^12, so a sum needs ten million lines; no test folds them all. The seam is the sums.
    #expect(OverflowProbe().fault(isCounted: true) == .overflow(column: "credits"))
    #expect(FoldError.overflow(column: "credits").description == "the sum of credits is too large")
    #expect(
      FoldError.tooManyEvents.description == "there are too many different lines: a day holds 2147483647")
    #expect(OverflowProbe().fault(isCounted: false) == nil)
  }
}
