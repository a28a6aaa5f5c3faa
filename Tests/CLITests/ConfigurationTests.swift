import Foundation
import Testing

/// `config.toml`, and what wins over what.
@Suite struct ConfigurationTests {
  /// What is wrong with a file is worded in ConfigurationTests; here, that every command says so.
  @Test(
    arguments: [
      ("sotre = \"/x\"", "line 1: unknown key \"sotre\": did you mean store?"),
      (
        "[[limit]]\nrpm = 1\n[[limit]]\n\nrmp = 1",
        "line 5: unknown key \"limit[2].rmp\": did you mean limit[2].rpm?"
      ),
      (
        "store = \"/x\"\ntimezone = \n",
        "line 2, column 12: a value is missing before the end of the line: write a text in quotes, a number, true or false"
      ),
      (
        "[=",
        "line 1, column 2: a key is missing before \"=\": write key = value; put a key with other signs in quotes"
      ),
    ])
  func aMistakeIsSaidWithItsFile(_ toml: String, _ message: String) throws {
    let box = try Sandbox()
    let path = try box.write("config/tally/config.toml", toml)
    for command in [["append"], ["rollup"], ["report", "daily"], ["verify"], ["add", "--requests", "1"]] {
      let outcome = try box.start(command).finish()
      #expect(outcome.status == 78)
      #expect(outcome.errors == "tally: \(path): \(message)\n")
    }
  }

  @Test func aFileThatWasNamedMustBeThere() throws {
    let box = try Sandbox()
    let outcome = try box.tally("append", "--config", "gone.toml")
    #expect(outcome.status == 78)
    #expect(outcome.errors == "tally: gone.toml: cannot open: No such file or directory\n")
    #expect(try box.tally("append", environment: ["TALLY_CONFIG": "gone.toml"]).status == 78)
    #expect(try box.tally("append").status == 0)
  }

  /// No shell expands what stands in a file.
  @Test func aTildeInTheFileIsTheHome() throws {
    let box = try Sandbox()
    try box.write("config/tally/config.toml", "store = \"~/usage\"")
    box.environment["TALLY_STORE"] = nil
    box.environment["HOME"] = box.path("home")
    try box.tally("append", input: line("a"))
    #expect(try box.files("home/usage/segments").count == 1)
  }

  @Test func flagsWinOverTheEnvironmentAndThatOverTheFile() throws {
    let box = try Sandbox()
    try box.write("config/tally/config.toml", "store = \"\(box.path("file"))\"")
    try box.tally("append", "--store", box.path("flag"), input: line("a"))
    #expect(try box.files("flag").count == 2)
    try box.tally("append", input: line("a"))
    #expect(try box.files().count == 2)
    box.environment["TALLY_STORE"] = nil
    try box.tally("append", input: line("a"))
    #expect(try box.files("file").count == 2)
    try box.write("config/tally/config.toml", "")
    try box.tally("append", input: line("a"))
    #expect(try box.files("data/tally").count == 2)
  }

  @Test func theZoneAndTheWeekOfReportsAreConfigured() throws {
    let box = try Sandbox()
    try box.tally("append", input: line("a", time: "2026-11-14T23:30:00Z"))
    try box.write("config/tally/config.toml", "timezone = \"Europe/Berlin\"\nweek_start = \"sunday\"")
    #expect(try box.tally("report", "weekly", "2026-11", "--format", "csv").lines[1].hasPrefix("2026-11-15,"))
    let flags = try box.tally("report", "weekly", "2026-11", "--format", "csv", "-z", "UTC", "-w", "monday")
    #expect(flags.lines[1].hasPrefix("2026-11-09,"))
    // The month's files have a zone of their own.
    try box.tally("report", "month", "2026-11", "--output", "out")
    #expect(try box.read("out/2026-11/days.csv").contains("\n2026-11-14,"))
    try box.write("config/tally/config.toml", "billing_timezone = \"Asia/Kathmandu\"")
    try box.tally("report", "month", "2026-11", "--output", "out")
    #expect(try box.read("out/2026-11/days.csv").contains("\n2026-11-15,"))
  }

  @Test func theWriterIsThisMachinesUnlessNamed() throws {
    let box = try Sandbox()
    box.environment["TALLY_WRITER"] = nil
    try box.tally("append", input: line("a"))
    try box.tally("append", input: line("b"))
    let name = try box.read("state/tally/writer").trimmingCharacters(in: .newlines)
    let segments = try box.files("store/segments").keys.sorted()
    #expect(segments == ["date=2026-11-20/\(name).jsonl.zst"])
    try box.tally("append", "--writer", "ci-7", input: line("c"))
    #expect(try box.files("store/segments").count == 2)
  }
}
