import Foundation
import Testing

/// What a run that was killed left lying is gone after the next run of the same command.
@Suite struct LeftoverTests {
  private static let rates = "Date,USD\n2026-11-20,1.08\n"

  static let commands = [
    "rollup --seal --jobs 1", "prices set gpt-5 input=1.00 --provider openai --from 2026-11-01",
    "fx import rates.csv",
    "report month 2026-11 --output out", "query --measure requests --by user -o out/q.csv", "statusline",
    "import",
    "append lines", "merge other",
  ]

  @Test(arguments: commands)
  func isGoneAfterTheNextRun(_ command: String) throws {
    let words = command.split(separator: " ").map(String.init)
    // Enough calls for every file that any of them writes.
    for call in 1...9 {
      let box = try Sandbox()
      try box.tally("append", input: line("a") + line("b", time: "2026-11-18T00:00:00Z"))
      try box.write("rates.csv", Self.rates)
      try box.write("lines", line("c"))
      try box.write("out/x", "")
      let log = Sandbox.root.appending(path: "Fixtures/ingest/claude-code/session.jsonl")
      try box.write(".claude/projects/p/s.jsonl", try Data(contentsOf: log))
      try box.tally("append", "--store", "other", "--writer", "w2", input: line("d"))
      // An append that finds a torn end keeps it aside in a file.
      if words[0] == "append" {
        #expect(try box.shell("printf torn >> store/segments/date=2026-11-20/w1.jsonl.zst").status == 0)
      }
      let killed = try box.start(words, environment: ["TALLY_FAULT": "rename:\(call):kill"]).finish()
      if killed.status == 0 { break }
      #expect(killed.status == 137)
      #expect(try box.start(words).finish().status == 0)
      let left = try box.files("").keys.filter { $0.hasSuffix(".tmp") }
      #expect(left.isEmpty, "rename:\(call)")
    }
  }

  @Test func aLinkUnderATemporaryNameIsNotFollowed() throws {
    let box = try Sandbox()
    try box.tally("append", input: line("a"))
    try box.write("victim", "precious")
    // The name that 0.1.0 would use: the process and a count.
    let script =
      "mkdir shared; ln -s ../victim shared/r.csv.$$-1.tmp; exec $TALLY query --measure requests -o shared/r.csv"
    let outcome = try box.shell(script)
    #expect(outcome.status == 0)
    #expect(try box.read("victim") == "precious")
    let type = try FileManager.default.attributesOfItem(atPath: box.path("shared/r.csv"))[.type]
    #expect(type as? FileAttributeType == .typeRegular)
  }
}
