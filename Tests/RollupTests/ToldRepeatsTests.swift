import Bytes
import StoreFixtures
import Testing
import TestSupport

@testable import Rollup

/// What tables tell of repeats is what their lines would tell.
@Suite struct ToldRepeatsTests {
  private static let day = Int64(someDay) * 86_400_000

  /// An ordinary event with something in every field that tables keep.
  private static var draft: EventDraft {
    var draft = EventDraft(id: "stdin:1", time: day + 60_000)
    for name in EventDraft.dimensions { draft.texts[name] = "\(name)-1" }
    for (index, name) in EventDraft.counts.enumerated() { draft.numbers[name] = Int64(index + 10) }
    draft.credits = "1.5"
    (draft.cost, draft.currency) = ("0.25", "USD")
    return draft
  }

  private static let changes: [String] =
    ["time", "error", "void", "billed", "credits", "cost", "currency", "revision", "tags"]
    + EventDraft.dimensions.flatMap { ["other \($0)", "no \($0)"] }
    + EventDraft.counts.flatMap { ["more \($0)", "no \($0)", "zero \($0)"] }

  /// The draft with one thing different.
  private static func changed(_ change: String) -> EventDraft {
    var draft = draft
    switch change {
    case "time": draft.time += 1
    case "error", "void": draft.status = change
    case "billed": draft.kind = change
    case "credits": draft.credits = "1.4"
    case "cost": draft.cost = "0.24"
    case "currency": draft.currency = "EUR"
    case "revision": draft.revision = 2
    case "tags": draft.tags = ["team": "red"]
    default:
      let words = change.split(separator: " ").map { String($0) }
      // As long as before: sizes alone must not tell.
      if words[0] == "other" { draft.texts[words[1]] = "\(words[1])-2" }
      if words[0] == "no" { (draft.texts[words[1]], draft.numbers[words[1]]) = (nil, nil) }
      if words[0] == "more" { draft.numbers[words[1], default: 0] += 1 }
      if words[0] == "zero" { draft.numbers[words[1]] = 0 }
    }
    return draft
  }

  /// The verdicts of tables and of lines, each as what counts, what is left out, and whether it is a conflict; no
  /// verdict of tables when they leave it to the lines.
  private func verdicts(_ lines: [String], parts: Int = 1) throws -> (tables: [String]?, lines: [String]) {
    var scan = DayScan(day: someDay, tags: ["team"], expected: 4)
    for part in 0..<parts {
      var other = DayScan(day: someDay, tags: ["team"], expected: 1)
      for line in lines[(lines.count * part / parts)..<(lines.count * (part + 1) / parts)] {
        try other.add(Array((line + "\n").utf8).span.bytes)
      }
      scan.absorb(other)
    }
    func words(_ outcome: ContestedLines.Outcome) -> String {
      "\(lines[outcome.winner]) \(outcome.repeats) \(outcome.isConflict)"
    }
    let told = scan.lines.repeats().map { scan.outcome(of: $0).map(words) }
    var contested = ContestedLines()
    for (event, line) in lines.enumerated() { contested.add(Array(line.utf8).span.bytes, of: event) }
    #expect(contested.fault == nil)
    return (
      told.contains(nil) ? nil : told.compactMap(\.self).sorted(),
      contested.outcomes.filter { $0.repeats > 0 }.map(words).sorted()
    )
  }

  @Test(arguments: changes, [1, 2])
  func twoLinesThatDifferInOneThing(change: String, parts: Int) throws {
    let (one, other) = (Self.draft.line, Self.changed(change).line)
    #expect(one != other)
    for lines in [[one, other], [other, one]] {
      let (tables, expected) = try verdicts(lines, parts: parts)
      if let tables { #expect(tables == expected) }
    }
  }

  /// Lines of one size that tables could take for the same.
  private static let pairs:
    [(String, @Sendable (inout EventDraft) -> Void, @Sendable (inout EventDraft) -> Void)] = [
      (
        "a request that is said or meant",
        {
          ($0.numbers["requests"], $0.numbers["searches"]) = (1, nil)
        }, { ($0.numbers["requests"], $0.numbers["searches"]) = (nil, 0) }
      ),
      ("revisions", { $0.revision = 2 }, { $0.revision = 3 }),
      ("tags that are no columns", { $0.tags = ["other": "a"] }, { $0.tags = ["other": "b"] }),
    ]

  @Test(arguments: pairs.map(\.0), [1, 2])
  func twoLinesOfOneSize(name: String, parts: Int) throws {
    let pair = try #require(Self.pairs.first { $0.0 == name })
    var (one, other) = (Self.draft, Self.draft)
    pair.1(&one)
    pair.2(&other)
    #expect(one.line.utf8.count == other.line.utf8.count && one.line != other.line)
    for lines in [[one.line, other.line], [other.line, one.line]] {
      let (tables, expected) = try verdicts(lines, parts: parts)
      if let tables { #expect(tables == expected) }
    }
  }

  @Test(arguments: [1, 2])
  func metadataIsLeftToTheLines(parts: Int) throws {
    let lines = ["a", "b"].map { String(Self.draft.line.dropLast()) + ",\"metadata\":{\"x\":\"\($0)\"}}" }
    #expect(try verdicts(lines, parts: parts).tables == nil)
    #expect(try verdicts([lines[0], lines[0]], parts: parts).tables == nil)
  }

  /// What spares the lines: repeats, and whatever revision or weight decides.
  @Test(
    arguments: [
      ("more output_tokens", true), ("more requests", true), ("no images", true), ("revision", true),
      ("error", false), ("other model", false), ("more reasoning_tokens", false), ("cost", false),
      ("tags", false), ("void", false), ("billed", false),
    ])
  func whatIsTold(change: String, isTold: Bool) throws {
    let (one, other) = (Self.draft.line, Self.changed(change).line)
    for parts in [1, 3] {
      let same = try verdicts([one, one, one], parts: parts)
      #expect(same.tables == same.lines)
      let (tables, expected) = try verdicts([one, other, one], parts: parts)
      #expect(tables == (isTold ? expected : nil))
    }
  }

  /// Small numbers, so that lines are often the same, or as heavy.
  @Test func anyLines() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed)
    var told = 0
    for round in 0..<300 {
      var lines: [String] = []
      for _ in 0..<Int.random(in: 2...9, using: &random) {
        var draft = EventDraft(id: "a:\(Int.random(in: 0..<3, using: &random))", time: Self.day)
        for name in ["input_tokens", "output_tokens", "reasoning_tokens", "requests"]
        where Bool.random(using: &random) {
          draft.numbers[name] = Int64.random(in: 0...2, using: &random)
        }
        draft.numbers["images", default: 1] += 0
        if Int.random(in: 0..<3, using: &random) == 0 { draft.texts["model"] = "m" }
        if Int.random(in: 0..<4, using: &random) == 0 {
          draft.revision = Int64.random(in: 0...2, using: &random)
        }
        lines.append(draft.line)
      }
      let (tables, expected) = try verdicts(lines, parts: round % 3 + 1)
      guard let tables else { continue }
      told += 1
      #expect(tables == expected, "seed \(seed): \(lines)")
    }
    #expect(told > 20, "seed \(seed)")
  }

  /// Hashes of different ids may be the same; then each id is alone.
  @Test func idsWithOneHashStayApart() {
    var lines = LineTable(expected: 1)
    for id in ["a", "b", "a", "c", "b", "d"] {
      lines.add(.init(fields: 1, hash: id == "d" ? 8 : 7, size: 9), id: Array(id.utf8).span.bytes)
    }
    #expect(lines.repeats() == [[0, 2], [1, 4]])
  }
}
