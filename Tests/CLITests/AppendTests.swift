import Foundation
import Testing

/// `tally append`: what goes in, what is said, what is stored.
@Suite struct AppendTests {
  private static let stored =
    #"{"id":"stdin:a","time":"2026-11-20T10:11:12.000Z","source":"stdin","model":"gpt-5","input_tokens":10}"#

  @Test func aLineOnStandardInputIsStoredInCanonicalForm() throws {
    let box = try Sandbox()
    let outcome = try box.tally("append", input: line("a"))
    #expect(outcome.status == 0)
    #expect(outcome.output == "")
    #expect(outcome.errors.hasPrefix("batch 20261120T120000Z-w1-"))
    #expect(outcome.errors.hasSuffix(": 1 accepted, 0 rejected\n"))
    #expect(try box.storedLines() == [Self.stored])
    #expect(try box.files().keys.sorted() == ["local/locks/w1", "segments/date=2026-11-20/w1.jsonl.zst"])
  }

  @Test func filesAndStandardInputAreReadInTheOrderGiven() throws {
    let box = try Sandbox()
    try box.write("1.jsonl", line("a", tokens: 1) + "oops\n")
    try box.write("2.jsonl", line("c", tokens: 3))
    let outcome = try box.tally(
      "append", "1.jsonl", "-", "2.jsonl", input: "\n" + line("b", tokens: 2) + "no\n")
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains("1.jsonl:2: not a JSON object"))
    #expect(outcome.errors.contains("stdin:3: not a JSON object"))
    #expect(outcome.last.contains(": 3 accepted, 2 rejected (\(box.store)/rejected/"))
    let counts = try box.storedLines().map { try object($0)["input_tokens"] as? Int }
    #expect(counts == [1, 2, 3])
  }

  @Test func aFileThatIsNotThereDoesNotKeepTheOthersOut() throws {
    let box = try Sandbox()
    try box.write("there", line("a"))
    let outcome = try box.tally("append", "gone", "there")
    #expect(outcome.status == 66)
    #expect(outcome.last == "tally: gone: cannot open: No such file or directory")
    #expect(try box.storedLines().count == 1)
  }

  @Test func aFolderIsNoInput() throws {
    let box = try Sandbox()
    let outcome = try box.tally("append", box.folder.path)
    #expect(outcome.status == 74)
    #expect(outcome.last == "tally: \(box.folder.path): cannot read: Is a directory")
  }

  @Test(.enabled(if: getuid() != 0, "root may read everything"))
  func aFileThatMayNotBeReadIsAMatterOfPermission() throws {
    let box = try Sandbox()
    let file = try box.write("secret", line("a"))
    chmod(file, 0)
    let outcome = try box.tally("append", file)
    #expect(outcome.status == 77)
    #expect(outcome.last == "tally: \(file): cannot open: Permission denied")
  }

  @Test func deniedPermissionIsExitCode77() throws {
    let box = try Sandbox()
    let outcome = try box.tally("append", input: line("a"), environment: ["TALLY_FAULT": "open:1:EACCES"])
    #expect(outcome.status == 77)
    #expect(outcome.last == "tally: \(box.store)/local/locks/w1: cannot open: Permission denied")
  }

  @Test(arguments: [
    ("\u{FEFF}" + line("a") + line("b"), "a byte order mark"),
    (line("a").replacing("\n", with: "\r\n") + line("b").replacing("\n", with: "\r\n"), "CRLF"),
    ("\n\n" + line("a") + "\n\r\n" + line("b") + "\n", "blank lines"),
    (line("a") + String(line("b").dropLast()), "no line feed at the end"),
    ("  " + line("a") + "\t" + line("b"), "white space around"),
  ])
  func linesOfAnyMakeAreTheSame(_ input: String, _ what: String) throws {
    let box = try Sandbox()
    #expect(try box.tally("append", input: input).status == 0, "\(what)")
    let b = Self.stored.replacing("stdin:a", with: "stdin:b")
    #expect(try box.storedLines() == [Self.stored, b], "\(what)")
  }

  @Test func nothingComesOfNothing() throws {
    let box = try Sandbox()
    let outcome = try box.tally("append")
    #expect(outcome.status == 0)
    #expect(outcome.errors.hasSuffix(": 0 accepted, 0 rejected\n"))
    #expect(try box.files().isEmpty)
  }

  @Test func aDryRunJudgesAndWritesNothing() throws {
    let box = try Sandbox()
    box.environment["TALLY_WRITER"] = nil
    let outcome = try box.tally("append", "--dry-run", input: line("a") + line(nil) + "oops\n")
    #expect(outcome.status == 65)
    #expect(outcome.last == "dry run: 2 accepted, 1 rejected")
    #expect(!FileManager.default.fileExists(atPath: box.store))
    #expect(try FileManager.default.contentsOfDirectory(atPath: box.folder.path).isEmpty)
    try box.tally("append", input: line("a"))
    let before = try box.files()
    try box.tally("append", "--dry-run", input: line("b") + "oops\n")
    #expect(try box.files() == before)
  }

  @Test func theSummaryIsForMachinesToo() throws {
    let box = try Sandbox()
    let input =
      line("a", tokens: 1, #","colour":"red","size":1"#) + line("b", tokens: 1, #","colour":"blue""#)
      + "oops\n"
    let outcome = try box.tally("append", "--summary", "json", "--quiet", input: input)
    #expect(outcome.status == 65)
    let summary = try object(outcome.errors)
    let batch = try #require(summary["batch"] as? String)
    #expect(
      outcome.errors == """
        {"batch":"\(batch)","dry_run":false,"accepted":2,"rejected":1,"spooled":0,"lost":0,"drained":0,\
        "rejects_file":"\(box.store)/rejected/\(batch).jsonl","dropped_fields":{"colour":2,"size":1}}

        """)
  }

  @Test func unknownFieldsAreDroppedAndCounted() throws {
    let box = try Sandbox()
    let secret = "MARKER-prompt"
    let outcome = try box.tally(
      "append", input: line("a", tokens: 10, #","prompt":"\#(secret)","nested":{"key":["\#(secret)"]}"#))
    #expect(outcome.status == 0)
    #expect(outcome.last.hasSuffix(": 1 accepted, 0 rejected, unknown fields dropped: nested 1, prompt 1"))
    #expect(try box.storedLines() == [Self.stored])
  }

  @Test func fieldsThatTheConfigurationKeepsBecomeMetadata() throws {
    let box = try Sandbox()
    try box.write("config/tally/config.toml", #"keep_fields = ["run"]"#)
    #expect(try box.tally("append", input: line("a", tokens: 10, #","run":"nightly","x":1"#)).status == 0)
    let metadata = try object(box.storedLines()[0])["metadata"] as? [String: String]
    #expect(metadata == ["run": "nightly"])
  }

  @Test func anOverlongLineIsRejectedAndTheNextIsNot() throws {
    let box = try Sandbox()
    let long = String(repeating: "x", count: 1_500_000)
    let fits =
      #"{"id":"b","time":"2026-11-20T10:11:12Z","model":"gpt-5","input_tokens":10,"junk":"\#(long.prefix(1_000_000))"}"#
    let outcome = try box.tally("append", input: line("a") + long + "\n" + fits + "\n" + line("c"))
    #expect(outcome.status == 65)
    #expect(outcome.errors.hasPrefix("stdin:2: line is 1500000 bytes: the most is 1048576\n"))
    #expect(try box.storedLines().count == 3)
  }

  @Test func binaryGarbageIsRejectedLineByLine() throws {
    let box = try Sandbox()
    let garbage = Data((0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) })
    let running = try box.start(["append"])
    let outcome = try running.finish(input: garbage + Data("\n".utf8) + Data(line("a").utf8))
    #expect(outcome.status == 65)
    #expect(try box.storedLines() == [Self.stored])
    #expect(!outcome.errors.unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
  }

  /// Some lines are cut where one read of a file ends and the next begins.
  @Test(arguments: ["", " "])
  func linesOfALargeFileAreWhole(space: String) throws {
    let box = try Sandbox()
    let file = (1...30_000).map { number in
      "\(space){\"id\":\"\(number)\",\"time\":\"2026-11-20T10:11:12.000Z\",\"images\":\(number)}\n"
    }
    #expect(try box.tally("append", box.write("large.jsonl", file.joined())).status == 0)
    let stored = try box.storedLines()
    #expect(stored.count == 30_000)
    #expect(stored.enumerated().allSatisfy { $1.hasSuffix(",\"images\":\($0 + 1)}") })
  }

  @Test func onlyTheFirstReasonsAreShownAndAllAreKept() throws {
    let box = try Sandbox()
    let outcome = try box.tally("append", input: String(repeating: "oops\n", count: 25))
    let lines = outcome.errors.split(separator: "\n")
    #expect(lines.count == 12)
    #expect(lines[10] == "and 15 more")
    let rejects = try box.files().first { $0.key.hasPrefix("rejected/") }
    #expect(rejects?.value.split(separator: 10).count == 25)
  }

  @Test func linesComeInAnyOrderForAnyDay() throws {
    let box = try Sandbox()
    let times = [
      "2026-11-20T23:59:59.999Z", "2015-01-01T00:00:00Z", "2026-11-21T00:30:00+02:00", "2020-02-29T12:00:00Z",
    ]
    let input = times.enumerated().map { line("\($0)", time: $1) }.joined()
    #expect(try box.tally("append", input: input).status == 0)
    #expect(
      try box.files().keys.filter { $0.hasPrefix("segments") }.sorted() == [
        "segments/date=2015-01-01/w1.jsonl.zst", "segments/date=2020-02-29/w1.jsonl.zst",
        "segments/date=2026-11-20/w1.jsonl.zst",
      ])
  }

  @Test func theSourceNamesTheOriginAndTheNamespace() throws {
    let box = try Sandbox()
    try box.tally(
      "append", "--source", "billing-job", input: line("a") + line("b", tokens: 1, #","source":"other""#))
    let ids = try box.storedLines().map { try object($0)["id"] as? String }
    #expect(ids == ["billing-job:a", "other:b"])
  }

  /// A line in our own spelling is copied; with a space in front the same line is parsed and spelled out.
  @Test(arguments: ["\n", "\r\n"])
  func copyingALineEqualsSpellingItOut(lineEnd: String) throws {
    let time = "\"time\":\"2026-11-20T10:11:12.345Z\""
    let rest = "\"model\":\"m\",\"session\":\"s\",\"requests\":1,\"input_tokens\":5}"
    let lines = [
      "{\"id\":\"1\",\(time),\"provider\":\"p\",\(rest)", "{\"id\":\"x:2\",\(time),\"source\":\"x\",\(rest)",
      "{\"id\":\"p:3\",\(time),\"provider\":\"p\",\"source\":\"x\",\(rest)",
      "{\"id\":\"p:4\",\(time),\"provider\":\"p\",\(rest)",
      "{\"id\":\"5\",\(time),\"source\":\"été\",\(rest)", "{\(time),\"account\":\"a\",\(rest)",
      "{\(time),\"account\":\"a\",\(rest)",
      "{\(time),\"source\":\"x\",\(rest)", "{\"id\":\"6\",\(time),\"status\":\"error\"}",
      "{\"id\":\"7\",\(time),\"images\":1,\"cost\":\"0.5\",\"currency\":\"EUR\"}",
      "{\"id\":\"8\",\(time),\"requests\":0}",
    ]
    let (copied, spelled) = (try Sandbox(), try Sandbox())
    #expect(try copied.tally("append", input: lines.map { $0 + lineEnd }.joined()).status == 0)
    #expect(try spelled.tally("append", input: lines.map { " " + $0 + lineEnd }.joined()).status == 0)
    let stored = try copied.storedLines()
    #expect(try stored == spelled.storedLines())
    #expect(stored.count == lines.count && stored.allSatisfy { $0.contains("\"source\":\"") })
  }

  /// Wherever a chunk of the input ends, it is the same lines.
  @Test func aLineMayComeInPieces() throws {
    let line = "{\"id\":\"1\",\"time\":\"2026-11-20T10:11:12.345Z\",\"requests\":1}\n"
    let box = try Sandbox()
    let running = try box.start(["append"])
    for (index, piece) in [line.prefix(1), line.dropFirst().prefix(30), line.dropFirst(31)].enumerated() {
      running.send(String(piece))
      if index < 2 { #expect(running.waitUntilRead()) }
    }
    #expect(try running.finish().status == 0)
    #expect(
      try box.storedLines() == [
        "{\"id\":\"stdin:1\",\"time\":\"2026-11-20T10:11:12.345Z\",\"source\":\"stdin\",\"requests\":1}"
      ])
  }
}
