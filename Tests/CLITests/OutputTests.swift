import Foundation
import TestSupport
import Testing

private let hasFullDevice: ConditionTrait = .enabled("needs /dev/full") {
  FileManager.default.fileExists(atPath: "/dev/full")
}

/// What cannot be printed is said, whatever prints it, and ends with 74; a reader that has gone is no error.
@Suite struct OutputTests {
  /// A line for each command that prints to standard output.
  static let printing = [
    "", "add --requests 1 --model gpt-5 --dry-run", "append --tee < events.jsonl",
    "append --ack < events.jsonl",
    "import --dry-run csv u.csv", "import --explain csv u.csv", "report daily", "report weekly",
    "report monthly",
    "report models", "report providers", "report services", "report stats", "report users", "report sessions",
    "report session s1", "report compare", "report anomalies", "report teams --directory teams.csv",
    "report forecast", "report rates", "report status", "report blocks", "report savings",
    "report performance",
    "report tokens", "report what-if --replace gpt-5=gpt-4", "query --by model",
    "query --by model --format csv",
    "explain", "overview", "statusline", "statusline", "verify --store broken", "prices list",
    "prices show gpt-5",
    "prices diff map.json", "prices diff map.json --format json", "prices check", "fx list",
    "fx show USD --on 2026-11-20",
  ]
  /// Those that say all they have to say on stderr.
  static let silent: Set<String> = [
    "rollup", "report month", "merge", "prices import", "prices update", "prices set", "fx import",
  ]
  /// What ArgumentParser prints.
  static let helping = [
    "--help", "--version", "help", "help report", "report", "report --help", "query -h", "prices",
    "--generate-completion-script bash", "--experimental-dump-help",
  ]

  private static func filled() throws -> Sandbox {
    let box = try Sandbox()
    let events = (0..<9).map {
      line(
        "\($0)", time: "2026-11-1\($0)T10:00:00Z",
        #","session":"s1","user":"ann","service":"x","duration_ms":5"#)
    }
    try box.write("events.jsonl", events.joined())
    try box.write("u.csv", "Date,Model,Requests\n2026-11-19,gpt-5,1\n")
    try box.write("teams.csv", "user,team\nann,a\n")
    try box.write(
      "map.json", #"{"gpt-5": {"litellm_provider": "openai", "input_cost_per_token": 7.35197e-06}}"#)
    try box.write("hist.csv", "Date,USD,\n2026-11-20,1.25,\n")
    try box.write("broken/segments/date=2026-11-19/-w1.jsonl.zst", "no writer is called so")
    try box.tally("append", input: events.joined())
    try box.tally("fx", "import", "hist.csv")
    return box
  }

  /// The list above has every command that there is.
  @Test func everyCommandIsAsked() throws {
    let help = try object(try Sandbox().tally("--experimental-dump-help").output)
    func leaves(_ command: Any?, _ path: [String]) throws -> [String] {
      let command = try #require(command as? [String: Any])
      let name = try #require(command["commandName"] as? String)
      let below = (command["subcommands"] as? [[String: Any]] ?? []).filter {
        $0["commandName"] as? String != "help"
      }
      if below.isEmpty { return [(path + [name]).dropFirst().joined(separator: " ")] }
      return try below.flatMap { try leaves($0, path + [name]) }
    }
    let all = try leaves(help["command"], [])
    #expect(all.count > 30)
    let asked = all.filter { name in Self.printing.contains { "\($0) ".hasPrefix("\(name) ") } }
    #expect(Set(all).subtracting(asked) == Self.silent)
  }

  @Test(hasFullDevice) func whatCannotBePrintedEndsWith74() throws {
    let box = try Self.filled()
    for command in Self.printing + Self.helping {
      // It does print, or the rest says nothing.
      let usual = try box.shell("\"$TALLY\" \(command)")
      #expect([0, 65].contains(usual.status) && !usual.output.isEmpty, "\(command): \(usual.errors)")
      let outcome = try box.shell("\"$TALLY\" \(command) > /dev/full")
      #expect(outcome.status == 74, "\(command): \(outcome.errors)")
      #expect(outcome.last == "tally: stdout: cannot write: No space left on device", "\(command)")
    }
  }

  /// Whoever has seen enough closes the pipe, as `head` does.
  @Test func aReaderThatHasGoneIsNoError() throws {
    let box = try Self.filled()
    for command in Self.printing + Self.helping {
      let outcome = try box.shell(
        "rm -f pipe; mkfifo pipe; exec 3<>pipe 4>pipe 3>&-; \"$TALLY\" \(command) >&4")
      #expect(outcome.status == 0, "\(command): \(outcome.errors)")
      #expect(!outcome.errors.contains("stdout"), "\(command): \(outcome.errors)")
    }
  }

  /// What cannot be passed on is stored all the same.
  @Test(hasFullDevice, arguments: ["--tee", "--ack"])
  func eventsCountThoughNobodyHearsOfThem(option: String) throws {
    let box = try Self.filled()
    let input = (0..<3000).map { line("n\($0)") }.joined()
    try box.write("more.jsonl", input)
    let outcome = try box.shell("\"$TALLY\" append \(option) < more.jsonl > /dev/full")
    #expect(outcome.status == 74)
    #expect(outcome.errors.contains(": 3000 accepted, 0 rejected"))
    #expect(try box.storedLines().count == 3009)
    let patient = try box.shell("\"$TALLY\" append --best-effort \(option) < more.jsonl > /dev/full")
    #expect(patient.status == 0)
    #expect(patient.last == "tally: stdout: cannot write: No space left on device")
  }

  /// More than a pipe holds and less than is read at once, through a pipe that is read only after SIGTERM.
  private func stopped(_ reading: String) throws -> (Outcome, Sandbox) {
    let box = try Sandbox()
    try box.write("events.jsonl", (0..<3000).map { line("\($0)") }.joined())
    let outcome = try box.shell(
      """
      mkfifo pipe
      "$TALLY" append --tee < events.jsonl > pipe &
      id=$!
      exec 3<pipe
      # Nobody reads, so what was read becomes durable, and then it waits.
      until ls store/segments/*/*.zst; do sleep 0.01; done > /dev/null 2>&1
      kill -TERM $id
      \(reading)
      wait $id
      """)
    return (outcome, box)
  }

  @Test func whatWasReadIsPassedOnWholeWhenAskedToStop() throws {
    let (outcome, box) = try stopped("cat <&3 > out")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try box.read("out") == box.read("events.jsonl"))
    #expect(try box.storedLines().count == 3000)
  }

  @Test func aReaderThatTakesNothingDoesNotKeepItFromStopping() throws {
    let (outcome, box) = try stopped("")
    #expect(outcome.status == 74)
    #expect(
      outcome.last.wholeMatch(of: /tally: stdout: nobody took the last [1-9][0-9]* bytes/) != nil,
      "\(outcome.last)")
    #expect(try box.storedLines().count == 3000)
  }
}
