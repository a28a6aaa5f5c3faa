import Foundation
import Testing

/// Every report says how far its data goes, what has gaps, and whether more is to come.
@Suite struct MissingDataTests {
  /// Ann uses codex all October, with a gap, and on 1 November; `more` are other events.
  private func filled(_ more: String = "") throws -> Sandbox {
    let box = try Sandbox()
    let lines = (1...32).filter { !(12...16).contains($0) }.map { day in
      let date = day > 31 ? "2026-11-0\(day - 31)" : "2026-10-\(day < 10 ? "0" : "")\(day)"
      return line("a\(day)", time: "\(date)T22:30:00Z", #","service":"codex","account":"ann""#)
    }
    try box.tally("append", input: lines.joined() + more)
    return box
  }

  private static let behind = line("b", time: "2026-10-20T10:00:00Z", #","service":"gemini""#)
  private static let gap = "Gap: no data of codex/ann from 2026-10-12 to 2026-10-16."
  private static let writerGap = "Gap: no data of writer w1 from 2026-10-12 to 2026-10-16."

  private func remarks(_ text: String) -> [String] {
    text.split(separator: "\n").map(String.init).filter { line in
      ["Final", "Provisional", "Gap"].contains { line.contains($0) }
    }
  }

  @Test func peopleReadIt() throws {
    let box = try filled()
    #expect(
      try remarks(box.tally("report", "models", "2026-10").output) == [
        "Final: no more data is expected.", Self.gap, Self.writerGap,
      ])
    try box.tally("append", input: Self.behind)
    // In the report's own zone; the writer goes on, and the gap is not closed by another account.
    #expect(
      try remarks(box.tally("report", "monthly", "2026-10", "-z", "Europe/Berlin", "-f", "markdown").output)
        == [
          "- Provisional: the data goes to 2026-11-01T00:00+01:00, that of gemini to 2026-10-20T12:00+02:00.",
          "- Gap: no data of codex/ann from 2026-10-13 to 2026-10-17.",
          "- Gap: no data of writer w1 from 2026-10-13 to 2026-10-17.",
        ])
    #expect(
      try remarks(box.tally("report", "daily", "2026-10", "--as-of", "2026-10-10").output)
        == ["Provisional: the data goes to 2026-10-10T22:30+00:00."])
  }

  /// At most three are named; machines get all.
  @Test func longListsAreCut() throws {
    let more = (0..<5).map { line("m\($0)", time: "2026-10-2\($0)T10:00:00Z", #","account":"m\#($0)""#) }
    let box = try filled(more.joined() + line("n", time: "2026-10-20T10:00:00Z"))
    #expect(
      try remarks(box.tally("report", "models", "2026-10").output)[0]
        == "Provisional: the data goes to 2026-11-01T00:00+00:00, that of events without service and account to "
        + "2026-10-20T10:00+00:00, that of m0 to 2026-10-20T10:00+00:00, that of m1 to 2026-10-21T10:00+00:00, "
        + "that of 3 more less far.")
    #expect((try box.report("models", "2026-10")["data_sources"] as? [Any])?.count == 7)
  }

  @Test func machinesReadIt() throws {
    let box = try filled(Self.behind)
    try box.tally(
      "append", "--writer", "w2", input: line("c", time: "2026-10-29T09:00:00Z", #","service":"codex""#))
    for command in ["models", "users", "stats", "compare"] {
      let report = try box.report(command, "2026-10")
      #expect(report["data_status"] as? String == "provisional")
      #expect(report["data_through"] as? String == "2026-11-01T00:00+00:00")
      let sources = try #require(report["data_sources"] as? [[String: Any]])
      let texts = sources.map { source in
        ["service", "account", "writer", "data_through"].compactMap { source[$0] as? String }.joined(
          separator: " ")
      }
      #expect(
        texts == [
          "codex 2026-10-29T09:00+00:00", "codex ann 2026-11-01T00:00+00:00", "gemini 2026-10-20T10:00+00:00",
          "w2 2026-10-29T09:00+00:00",
        ])
      let gaps = try #require(report["gaps"] as? [[String: Any]])
      #expect(gaps.map { $0["from"] as? String } == ["2026-10-12", "2026-10-12"])
      #expect(gaps.map { $0["writer"] as? String } == [nil, "w1"])
    }
  }

  /// CSV has no place for it, so what is missing is said beside it; what is only not over yet is no news.
  @Test func csvSaysWhatIsMissing() throws {
    let box = try filled()
    #expect(
      try box.tally("report", "models", "2026-10", "-f", "csv").errors.hasSuffix(
        "tally: Final: no more data is expected.\ntally: \(Self.gap)\ntally: \(Self.writerGap)\n"))
    #expect(try remarks(box.tally("report", "models", "2026-11", "-f", "csv").errors) == [])
    let month = try box.tally("report", "month", "2026-11", "--output", "out")
    #expect(
      remarks(month.errors) == ["tally: Provisional: the data goes to 2026-11-01T22:30+00:00."])
  }
}
