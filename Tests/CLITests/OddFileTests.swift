import Foundation
import TestSupport
import Testing

/// What has the name of a file of the store's and is none is refused by name, and nothing waits for it.
@Suite struct OddFileTests {
  /// A command, the file that is a pipe, and whether the command says so, or does without that file.
  static let pipes: [(command: String, path: String, status: Int32, isSaid: Bool)] = [
    ("verify", "store/segments/date=2026-11-20/x.jsonl.zst", 65, true),
    ("query --measure requests", "store/segments/date=2026-11-20/x.jsonl.zst", 65, true),
    ("rollup", "store/segments/date=2026-11-20/x.jsonl.zst", 65, true),
    ("append --writer x", "store/segments/date=2026-11-20/x.jsonl.zst", 74, true),
    ("append --writer x", "store/local/locks/x", 74, true),
    ("rollup", "store/local/rollup.lock", 74, true),
    ("rollup", "store/local/rollup.manifest", 0, false),
    ("rollup", "store/rollups/day/date=2026-11-20/rollup.parquet", 0, false),
    ("query --measure requests", "store/rollups/day/date=2026-11-20/rollup.parquet", 0, false),
    ("statusline", "store/local/statusline", 0, false),
    ("query --measure cost", "store/catalog/2026-11-20T000000000Z-x-1-00000000.json", 74, true),
    ("query --measure cost --currency EUR", "store/catalog/fx.csv", 74, true),
    ("query --measure requests", "config/tally/config.toml", 78, true),
    ("import", "store/local/cursors/import.jsonl", 0, false),
    ("import", ".claude/projects/p/s.jsonl", 74, true),
    ("report teams", "config/tally/directory.csv", 74, true),
    ("append", "state/tally/writer", 74, true),
  ]

  @Test(arguments: pipes)
  func aPipeIsRefusedAndNotWaitedFor(
    _ command: String, path: String, status: Int32, isSaid: Bool
  ) throws {
    let box = try Sandbox()
    try box.tally("append", input: line("a"))
    box.environment["TALLY_WRITER"] = nil
    let place = box.path(path)
    let script = "mkdir -p $(dirname '\(place)') && mkfifo '\(place)' && "
    let outcome = try box.shell(script + "echo '\(line("b").dropLast())' | timeout 20 $TALLY \(command)")
    #expect(outcome.status == status, "124 is a command that waits: \(outcome.errors)")
    let said = (outcome.errors + outcome.output).contains(
      "\(place): this is a pipe, not a file: move it away or name a file\n")
    #expect(said == isSaid, "\(outcome.errors)")
  }

  @Test func foldersAndDevicesAreRefusedToo() throws {
    let box = try Sandbox()
    try box.tally("append", input: line("a"))
    let catalog = box.path("store/catalog")
    let made = try box.shell(
      "mkdir -p store/catalog/1-a-1-00000000.json config/tally && ln -s /dev/zero config/tally/config.toml")
    #expect(made.status == 0)
    let outcome = try box.shell("timeout 20 $TALLY query --measure cost")
    #expect(outcome.status == 78)
    let settings = box.path("config/tally/config.toml")
    #expect(outcome.last == "tally: \(settings): this is a device, not a file: move it away or name a file")
    let priced = try box.tally("query", "--measure", "cost", "--config", "/dev/null")
    #expect(priced.status == 74)
    #expect(
      priced.last
        == "tally: \(catalog)/1-a-1-00000000.json: this is a folder, not a file: move it away or name a file")
  }

  @Test func whatAPersonNamesMayBeAPipe() throws {
    let box = try Sandbox()
    #expect(try box.shell("$TALLY append <(echo '\(line("a").dropLast())')").status == 0)
    #expect(try box.shell("echo '\(line("b").dropLast())' | $TALLY append /dev/stdin").status == 0)
    let named = try box.shell(
      "mkfifo f; (echo '\(line("c").dropLast())' > f &); timeout 20 $TALLY append f")
    #expect(named.status == 0)
    #expect(try box.storedLines().count == 3)
    let configured = try box.shell(
      "$TALLY query --measure requests --config <(echo 'timezone = \"Asia/Tokyo\"')")
    #expect(configured.status == 0 && configured.output.contains("Asia/Tokyo"))
    #expect(try box.tally("query", "--measure", "requests", "--config", "/dev/null").status == 0)
    let rates = "Date,USD\\n2026-11-20,1.08\\n"
    #expect(
      try box.shell("$TALLY fx import <(printf '\(rates)')").last.hasSuffix("1 rate added, 0 known already"))
    let teams = try box.shell("$TALLY report teams --directory <(printf 'user,team\\nann,search\\n')")
    #expect(teams.status == 0)
    let prices =
      #"{"gpt-5": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 1e-06, "output_cost_per_token": 1e-05}}"#
    #expect(try box.shell("$TALLY prices import <(echo '\(prices)')").last.contains("1 changed"))
  }

  @Test func aReportGoesIntoAPipeOrDeviceThatIsNamed() throws {
    let box = try Sandbox()
    try box.tally("append", input: line("a"))
    let expected = try box.tally("query", "--measure", "requests", "--format", "csv").output
    let piped = try box.shell(
      "mkfifo f; (cat f > got &); timeout 20 $TALLY query --measure requests --format csv -o f && test -p f && cat got"
    )
    #expect(piped.status == 0 && piped.output == expected)
    let standard = try box.shell("$TALLY query --measure requests --format csv -o /dev/stdout | cat")
    #expect(standard.output == expected)
    #expect(try box.shell("$TALLY query --measure requests -o /dev/null && test -c /dev/null").status == 0)
    let full = try box.tally("query", "--measure", "requests", "-o", "/dev/full")
    #expect(full.status == 73)
    #expect(full.last == "tally: /dev/full: cannot write: No space left on device")
  }

  @Test func aFileThatIsTooLargeIsNotRead() throws {
    let box = try Sandbox()
    try box.tally("append", input: line("a"))
    #expect(try box.shell("truncate -s 3G large.json").status == 0)
    for command in ["prices import", "prices diff"] {
      // Only what is not read fits.
      let outcome = try box.shell("ulimit -v 3000000; $TALLY \(command) large.json")
      #expect(outcome.status == 65)
      #expect(outcome.last == "tally: large.json: the file is larger than 64 MiB: name a price list")
    }
    let rates = try box.shell("$TALLY fx import large.json")
    #expect(rates.status == 65)
    #expect(
      rates.last
        == "tally: large.json: the file is larger than 64 MiB: name the eurofxref files of the ECB, .xml or .csv"
    )
  }
}

/// What the system tells a process, or does not.
@Suite struct SurroundingsTests {
  /// Swift's own way to the arguments is through the list of a process's memory, which a sandbox may hide.
  @Test(arguments: ["mount --bind /dev/null /proc/$$/maps", "mount -t tmpfs none /proc"])
  func argumentsDoNotDependOnWhatAProcessMayKnowOfItself(_ hide: String) throws {
    #if os(Linux)
      let box = try Sandbox()
      try box.write("lines", line("a"))
      func run(_ command: String) throws -> Outcome {
        try box.shell("unshare --map-root-user --mount bash -c '\(hide) && exec $TALLY \(command)'")
      }
      let version = try run("--version")
      // Not everywhere may a user hide something, and then nothing can be tried.
      if version.errors.hasPrefix("unshare: ") { return }
      #expect(version.output == "0.1.0\n")
      #expect(try run("append lines").status == 0)
      #expect(try run("query --measure requests --format csv").output.contains("\n1,"))
    #endif
  }

  /// As a user of no list, which only root can become.
  @Test(.enabled(if: getuid() == 0))
  func whereTheFilesAreIsSaidOrAskedAndNeverGuessed() throws {
    let box = try Sandbox()
    for name in ["HOME", "TALLY_STORE", "TALLY_WRITER"] { box.environment[name] = nil }
    #expect(try box.shell("chmod 777 . && cp $TALLY copy").status == 0)
    func run(_ command: String, without missing: String = "") throws -> Outcome {
      try box.shell(
        "setpriv --reuid=54321 --clear-groups ./copy \(command) < /dev/null",
        environment: missing.isEmpty ? [:] : [missing: ""])
    }
    let cases: [(command: String, missing: String, mend: String)] = [
      ("append", "XDG_CONFIG_HOME", "HOME, XDG_CONFIG_HOME or TALLY_CONFIG"),
      ("append", "XDG_DATA_HOME", "HOME, XDG_DATA_HOME or TALLY_STORE"),
      ("append", "XDG_STATE_HOME", "HOME or XDG_STATE_HOME"), ("import", "", "HOME"),
      ("query", "XDG_DATA_HOME", "HOME, XDG_DATA_HOME or TALLY_STORE"),
    ]
    for (command, missing, mend) in cases {
      let outcome = try run(command, without: missing)
      #expect(outcome.status == 78, "\(command) \(missing)")
      #expect(
        outcome.last
          == "tally: no home folder: HOME is not set, and /etc/passwd has none for user 54321: set \(mend)")
    }
    #expect(try run("append").status == 0, "where all folders are named nothing needs a home")
    #expect(!FileManager.default.fileExists(atPath: "/tmp/.local"))
  }

  @Test func theLimitOnSizesIsAnErrorAndNoSignal() throws {
    let box = try Sandbox()
    // Few enough to be written by the thread that reads them: others block signals.
    let lines = (0..<100).map { _ in line("\(UInt64.random(in: 0 ... .max))") }.joined()
    try box.write("lines", lines)
    // In blocks of 1024 bytes.
    func limited(_ command: String) throws -> Outcome { try box.shell("ulimit -f 1; $TALLY \(command)") }
    let appended = try limited("append lines")
    #expect(appended.status == 74)
    #expect(appended.last.hasSuffix("w1.jsonl.zst: cannot write: File too large"))
    let spooled = try limited("append lines --best-effort")
    #expect(spooled.status == 0)
    #expect(spooled.errors.contains("tally: the spool cannot be written either: "))
    #expect(try box.tally("append", "lines").status == 0)
    let rolled = try limited("rollup")
    #expect(rolled.status == 74)
    #expect(rolled.last.hasSuffix(".json: cannot write: File too large"))
    #expect(try box.tally("rollup").status == 0)
  }
}
