import Foundation
import Testing

/// A folder that cannot be read to its end is an error; it never has fewer days, writers or files.
@Suite struct ListingTests {
  private static let days = ["2026-10-18", "2026-10-19", "2026-10-20"]

  /// A store of three days, one of them with two writers.
  private func box() throws -> Sandbox {
    let box = try Sandbox()
    let lines = Self.days.map { line($0, time: "\($0)T10:00:00Z") }.joined()
    try box.tally("append", input: lines)
    try box.tally("append", "--writer", "w2", input: line("other", time: "2026-10-20T11:00:00Z"))
    return box
  }

  static let commands: [[String]] = [
    ["query", "--measure", "requests", "--since", "2026-10-01"], ["report", "daily", "2026-10"],
    ["report", "month", "2026-10", "--output", "out"], ["verify"], ["rollup"], ["rollup", "--seal"],
    ["merge", "store", "--store", "copy"], ["report", "forecast", "--backtest"], ["explain", "2026-10-20"],
  ]

  @Test(arguments: commands, ["segments", "date=2026-10-20"])
  func breakingOffIsSaid(_ command: [String], folder: String) throws {
    // What is wrong with a store is what verify prints.
    func said(_ outcome: Outcome) -> String { outcome.errors + (command == ["verify"] ? outcome.output : "") }
    let box = try box()
    // The first call opens the folder; then it is read name by name.
    for call in [2, 3, 4] {
      let outcome = try box.start(command, environment: ["TALLY_FAULT": "list:\(call):EIO:store/segments"])
        .finish()
      #expect(outcome.status != 0, "\(command) list:\(call): \(outcome.output)\(outcome.errors)")
      #expect(said(outcome).contains(": cannot list: Input/output error"), "\(command): \(outcome.errors)")
    }
    let outcome = try box.start(command, environment: ["TALLY_FAULT": "list:2:EIO:\(folder)"]).finish()
    #expect(outcome.status != 0, "\(command) \(folder): \(outcome.output)\(outcome.errors)")
    #expect(said(outcome).contains("\(folder): cannot list: Input/output error"), "\(outcome.errors)")
  }

  @Test func logsThatCannotBeFoundAreSaid() throws {
    let box = try Sandbox()
    let log = Sandbox.root.appending(path: "Fixtures/ingest/claude-code/session.jsonl")
    for name in ["a", "b"] { try box.write(".claude/projects/p/\(name).jsonl", try Data(contentsOf: log)) }
    for fault in ["list:2:EIO:projects/p", "list:3:EIO:projects/p", "list:4:EIO:projects/p"] {
      let outcome = try box.tally("import", "--dry-run", environment: ["TALLY_FAULT": fault])
      #expect(outcome.status == 74)
      #expect(outcome.last == "tally: \(box.path(".claude/projects/p")): cannot list: Input/output error")
    }
    let outcome = try box.tally(
      "import", "--dry-run", environment: ["TALLY_FAULT": "inspect:1:EACCES:projects/p/a"])
    #expect(outcome.status == 77)
    #expect(outcome.errors.contains("Claude Code: 1 file"), "the other one is read: \(outcome.errors)")
    #expect(
      outcome.last == "tally: \(box.path(".claude/projects/p/a.jsonl")): cannot inspect: Permission denied")
  }

  @Test func aLineIsNotRememberedForFilesThatWereNotSeen() throws {
    let box = try box()
    let expected = try box.tally("statusline")
    try FileManager.default.removeItem(atPath: box.path("store/local/statusline"))
    let outcome = try box.tally("statusline", environment: ["TALLY_FAULT": "list:1:EIO:date=2026-11-20"])
    #expect(outcome.status == 0 && outcome.output == expected.output)
    #expect(!FileManager.default.fileExists(atPath: box.path("store/local/statusline")))
  }

  @Test func choresThatCannotBeCountedAreSaidBelowTheOverview() throws {
    let box = try box()
    try box.tally("rollup")
    let outcome = try box.tally(environment: ["TALLY_FAULT": "list:1:EIO:rejected"])
    #expect(outcome.status == 74)
    #expect(outcome.output == (try box.tally().output))
    #expect(outcome.last == "tally: \(box.store)/rejected: cannot list: Input/output error")
  }
}
