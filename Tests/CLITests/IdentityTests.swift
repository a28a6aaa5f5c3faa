import Foundation
import Testing

/// The same use counts once, however it comes in; two uses count twice.
@Suite struct IdentityTests {
  private func tokens(_ box: Sandbox) throws -> Int {
    let total = try box.report("daily", "2026")["total"] as? [String: Any]
    return try #require(total?["input_tokens"] as? Int)
  }

  @Test func appendingTwiceChangesNoReport() throws {
    let box = try Sandbox()
    let input = line("a") + line("b", time: "2026-10-01T00:00:00Z") + line(nil) + line(nil)
    try box.tally("append", input: input)
    let before = try box.tally("report", "models", "2026", "--format", "json").output
    try box.tally("append", input: input)
    #expect(try box.tally("report", "models", "2026", "--format", "json").output == before)
    #expect(try box.tally("rollup").last == "rolled up 2 of 2 days: 8 events, 4 repeats")
    #expect(try box.tally("report", "models", "2026", "--format", "json").output == before)
    #expect(try tokens(box) == 40)
  }

  @Test func ofALongerExportOnlyWhatIsNewCounts() throws {
    let box = try Sandbox()
    let file = try box.write("export.jsonl", line(nil) + line(nil))
    try box.tally("append", file)
    try box.write("export.jsonl", line(nil) + line(nil, tokens: 7) + line(nil) + line(nil))
    try box.tally("append", file)
    #expect(try tokens(box) == 37)
    // Under another name it is the same input.
    let copy = try box.write("copy.jsonl", line(nil) + line(nil))
    try box.tally("append", copy)
    #expect(try tokens(box) == 37)
  }

  @Test func equalLinesOfTwoMachinesPipesAreTwoUses() throws {
    let box = try Sandbox()
    try box.tally("append", input: line(nil))
    try box.tally("append", "--writer", "w2", input: line(nil))
    #expect(try tokens(box) == 20)
    // A file is the same whoever imports it.
    let file = try box.write("export.jsonl", line(nil, tokens: 7))
    try box.tally("append", file)
    try box.tally("append", "--writer", "w2", file)
    #expect(try tokens(box) == 27)
  }

  @Test func linesWithoutIdAndTimeAreNewEachTime() throws {
    let box = try Sandbox()
    let input = #"{"model":"gpt-5","input_tokens":10}"# + "\n"
    try box.tally("append", input: input + input)
    try box.tally("append", input: input)
    #expect(try tokens(box) == 30)
  }

  @Test func sourcesThatCountAlikeDoNotCollide() throws {
    let box = try Sandbox()
    try box.tally("append", "--source", "one", input: line("1"))
    try box.tally("append", "--source", "two", input: line("1"))
    #expect(try tokens(box) == 20)
  }

  @Test func aStoredSegmentPipedInAgainIsNothingNew() throws {
    let box = try Sandbox()
    try box.tally("append", input: line("a") + line(nil) + #"{"model":"m","requests":1}"# + "\n")
    let before = try box.storedLines()
    let again = try box.shell("cat store/segments/*/*.zst | zstd -dc | $TALLY append --source elsewhere")
    #expect(again.status == 0)
    #expect(try box.storedLines() == before + before)
    #expect(try box.tally("rollup").last == "rolled up 1 of 1 day: 6 events, 3 repeats")
    #expect(try tokens(box) == 20)
  }

  /// Lines in tally's own spelling are copied, all others spelt anew; a space in front makes the difference.
  @Test func aLineInOurOwnSpellingIsStoredLikeAnyOther() throws {
    let (copied, spelt) = (try Sandbox(), try Sandbox())
    let rest = #""requests":1}"#
    let time = #""time":"2026-11-20T10:11:12.000Z","#
    let lines = [
      #"{"id":"a",\#(time)"account":"work","model":"gpt-5",\#(rest)"#,
      #"{"id":"b",\#(time)"source":"cron",\#(rest)"#,
      #"{"id":"cron:c",\#(time)"source":"cron",\#(rest)"#,
      #"{"id":"openai:d",\#(time)"provider":"openai","source":"cron",\#(rest)"#,
      #"{"id":"openai:e",\#(time)"provider":"openai",\#(rest)"#,
      #"{\#(time)"user":"ann",\#(rest)"#, #"{\#(time)"source":"cron",\#(rest)"#,
    ]
    let outcome = try copied.tally("append", input: lines.map { "\($0)\n" }.joined() + "oops\n")
    #expect(outcome.errors.contains("stdin:8: not a JSON object"))
    try spelt.tally("append", input: lines.map { " \($0)\n" }.joined())
    let stored = try copied.storedLines()
    #expect(try spelt.storedLines() == stored)
    #expect(
      stored.first == #"{"id":"stdin:a",\#(time)"account":"work","source":"stdin","model":"gpt-5",\#(rest)"#)
    let ids = try stored.map { try object($0)["id"] as? String ?? "" }
    #expect(ids.prefix(5) == ["stdin:a", "cron:b", "cron:c", "openai:d", "stdin:openai:e"])
    #expect(ids.dropFirst(5).map { $0.prefix { $0 != ":" } } == ["stdin", "cron"])
  }

  @Test func theHigherRevisionWinsAndAVoidCountsNothing() throws {
    let box = try Sandbox()
    let corrected = line("a", tokens: 3, #","revision":1"#)
    let void = line("b", tokens: 10, #","revision":1,"status":"void""#)
    try box.tally(
      "append", input: corrected + line("a") + void + line("b") + line("c", tokens: 1) + line("c", tokens: 2))
    #expect(try tokens(box) == 5)
    #expect(try box.tally("rollup").last == "rolled up 1 of 1 day: 6 events, 3 repeats, 1 void, 1 conflict")
    #expect(try tokens(box) == 5)
  }
}
