import Foundation
import Testing

/// Names that Unicode takes for one are two when their bytes differ, in every report and every run.
@Suite struct SpellingTests {
  private static let names = ["caf\u{E9}", "cafe\u{301}"]

  /// Uses on twenty days by two users, at two accounts, with two models, in two sessions.
  private func filled() throws -> Sandbox {
    let box = try Sandbox()
    try box.write("config/tally/config.toml", "rollup_tags = [\"caf\u{E9}\", \"cafe\u{301}\"]")
    let lines = (0..<300).map { index in
      let (name, other) = (Self.names[index % 2], Self.names[1 - index % 2])
      let day = String(101 + index % 20).dropFirst()
      return
        "{\"id\":\"\(index)\",\"time\":\"2026-11-\(day)T10:00:\(String(100 + index % 60).dropFirst())Z\","
        + "\"provider\":\"openai\",\"service\":\"\(name)\",\"account\":\"\(name)\",\"user\":\"\(name)\","
        + "\"model\":\"\(name)\",\"session\":\"\(name)\",\"project\":\"\(name)\",\"input_tokens\":10,"
        + "\"cost\":\"1\",\"currency\":\"USD\",\"tags\":{\"\(name)\":\"yes\",\"x\":\"\(other)\"}}\n"
    }
    #expect(try box.tally("append", input: lines.joined()).status == 0)
    try box.write("directory.csv", "user,team\n\(Self.names[0]),one\n\(Self.names[1]),two\n")
    return box
  }

  private static let reports = [
    "report users", "report sessions", "report status", "report forecast 2026-11", "report stats",
    "report savings",
    "report teams --directory directory.csv", "report rates", "report blocks", "report anomalies",
    "report compare --by user", "report compare --by project,session", "report models", "report services",
    "query --by user,session", "query --by tag.x", "explain cost", "overview",
    "report session \u{63}afe\u{301}",
  ]

  /// Both spellings, fifteen times the same; where rows are names there are two of them.
  @Test(arguments: reports) func everyRunSaysTheSame(_ report: String) throws {
    let box = try filled()
    for isRolledUp in [false, true] {
      if isRolledUp { try box.tally("rollup") }
      let runs = try box.shell(
        "for i in $(seq 15); do $TALLY \(report) -f json | md5sum; done | sort | uniq -c | awk '{print $1}'")
      #expect(runs.lines == ["15"], "\(report)")
    }
    let once = try box.shell("$TALLY \(report) -f json")
    #expect(once.status == 0, "\(once.errors)")
    if report.contains("session caf") || report.contains("stats") || report == "overview" { return }
    let bytes = Array(once.output.utf8)
    for name in report.contains("teams") ? ["\"one\"", "\"two\""] : Self.names {
      #expect(bytes.firstRange(of: Array(name.utf8)) != nil, "\(report) lacks \(name.utf8.count) bytes")
    }
  }

  @Test func eachHasItsOwnRow() throws {
    let box = try filled()
    func rows(_ words: String) throws -> [[String: Any]] {
      let outcome = try box.shell("$TALLY \(words) -f json")
      return try #require(
        try object(outcome.output)["rows"] as? [[String: Any]], "\(words)\n\(outcome.errors)")
    }
    for name in ["users", "sessions", "status"] {
      let rows = try rows("report \(name)")
      #expect(rows.count == 2, "\(name)")
      let column = name == "status" ? "account" : String(name.dropLast())
      let names = rows.compactMap { ($0[column] as? String).map { Array($0.utf8) } }
      #expect(Set(names) == Set(Self.names.map { Array($0.utf8) }))
    }
    let stats = try rows("report stats 2026-11")
    #expect(["users", "sessions", "models"].map { stats[0][$0] as? Int } == [2, 2, 2])
    #expect(try rows("report compare --by user").count == 2)
    #expect(try rows("report teams --directory directory.csv").count == 2)
    // Of one session, not of the other.
    #expect(try rows("report session \(Self.names[1])").count == 150)
    // Tags whose names are spelled in two ways are two columns.
    for isRolledUp in [false, true] {
      if isRolledUp { #expect(try box.tally("rollup").status == 0) }
      for name in Self.names {
        let tagged = try rows("query --measure requests --by tag.\(name)")
        #expect(tagged.map { $0["requests"] as? Int } == [150, 150], "\(isRolledUp)")
        #expect(try rows("query --measure requests --where tag.\(name)=yes")[0]["requests"] as? Int == 150)
      }
    }
  }
}
