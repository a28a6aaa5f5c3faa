import Bytes
import Foundation
import TestSupport
import Testing

/// `tally import`: finding logs, reading what is new, saying what happened.
@Suite struct ImportTests {
  /// An answer of Claude Code as its log has it.
  private func answer(
    _ id: String, time: String = "2026-11-19T10:12:31.101Z", output: Int = 412, extra: String = ""
  ) -> String {
    #"{"parentUuid":null,"isSidechain":false,"cwd":"/Users/dev/proj","sessionId":"s1","type":"assistant","#
      + #""message":{"id":"\#(id)","model":"claude-opus-5","content":[{"type":"text","text":"MARKER"}],"#
      + #""usage":{"input_tokens":4,"cache_read_input_tokens":10,"output_tokens":\#(output)}\#(extra)},"#
      + #""requestId":"req_1","uuid":"u-\#(id)-\#(output)","timestamp":"\#(time)"}"# + "\n"
  }

  private static let log = ".claude/projects/p/s1.jsonl"

  /// Token counts by id, of the events as a report counts them: each identity once.
  private func stored(_ box: Sandbox) throws -> [String: Int] {
    var outputs: [String: Int] = [:]
    for line in try box.storedLines() {
      let event = try object(line)
      let id = try #require(event["id"] as? String)
      outputs[id] = max(outputs[id] ?? 0, event["output_tokens"] as? Int ?? 0)
    }
    return outputs
  }

  @Test func logsOfAgentsAreFoundAndImportedOnce() throws {
    let box = try Sandbox()
    try box.write(Self.log, answer("msg_1", output: 3) + answer("msg_1") + answer("msg_2"))
    let first = try box.tally("import")
    #expect(first.status == 0)
    let lines = first.errors.split(separator: "\n").map(String.init)
    #expect(lines.first == "Claude Code: 1 file, 1 with news (2 kB): 2 events, 1 told before")
    #expect(try stored(box) == ["claude-code:msg_1": 412, "claude-code:msg_2": 412])
    let count = try box.storedLines().count
    #expect(try box.tally("import").errors == "Claude Code: 1 file, nothing new\n")
    #expect(try box.storedLines().count == count)
  }

  @Test func nothingFoundSaysWhereItLooked() throws {
    let box = try Sandbox()
    let outcome = try box.tally("import")
    #expect(outcome.status == 0)
    #expect(
      outcome.errors.hasPrefix("no logs of coding agents found; looked in \(box.path(".config/claude")), "))
  }

  @Test func anEnvironmentVariableMayNameSeveralFolders() throws {
    let box = try Sandbox()
    try box.write("a/projects/p/1.jsonl", answer("msg_1"))
    try box.write("b/projects/q/deep/down/2.jsonl", answer("msg_2"))
    try box.write(Self.log, answer("msg_3"))
    let folders = "\(box.path("a")),\(box.path("b/"))"
    #expect(try box.tally("import", environment: ["CLAUDE_CONFIG_DIR": folders]).status == 0)
    #expect(try stored(box).keys.sorted() == ["claude-code:msg_1", "claude-code:msg_2"])
  }

  @Test func aLinkToAFolderAboveIsNotFollowedForEver() throws {
    let box = try Sandbox()
    try box.write(Self.log, answer("msg_1"))
    try FileManager.default.createSymbolicLink(
      atPath: box.path(".claude/projects/p/above"), withDestinationPath: box.path(".claude/projects"))
    #expect(try box.tally("import").errors.hasPrefix("Claude Code: 1 file, "))
  }

  @Test func aLogThatGrewIsReadFromWhereItWas() throws {
    let box = try Sandbox()
    let old = answer("msg_1") + answer("msg_2")
    try box.write(Self.log, old)
    try box.tally("import")
    try box.write(Self.log, old + answer("msg_3"))
    // Foundation writes a new file under the name; the cursor still knows its beginning.
    #expect(try box.tally("import").errors.contains("1 with news (1 kB): 1 event\n"))
    #expect(try stored(box).count == 3)
  }

  @Test func aHalfWrittenLastLineWaitsForItsEnd() throws {
    let box = try Sandbox()
    let next = answer("msg_2")
    try box.write(Self.log, answer("msg_1") + next.prefix(120))
    let first = try box.tally("import")
    #expect(first.status == 0)
    #expect(first.errors.contains("1 event, 1 with an unfinished end\n"))
    try box.write(Self.log, answer("msg_1") + next)
    #expect(try box.tally("import").errors.contains(": 1 event\n"))
    #expect(try stored(box).count == 2)
  }

  @Test func aLastLineWithoutALineFeedCountsWhenItIsWhole() throws {
    let box = try Sandbox()
    try box.write(Self.log, String(answer("msg_1").dropLast()))
    #expect(try box.tally("import").errors.contains(": 1 event\n"))
    try box.write(Self.log, answer("msg_1") + answer("msg_2"))
    #expect(try box.tally("import").errors.contains(": 1 event\n"))
    #expect(try stored(box).count == 2)
  }

  @Test func anAnswerThatGrowsBetweenImportsKeepsItsFirstTimeAndIsNoConflict() throws {
    let box = try Sandbox()
    let early = answer("msg_1", time: "2026-11-19T23:59:59.900Z", output: 3)
    try box.write(Self.log, early)
    try box.tally("import")
    try box.write(Self.log, early + answer("msg_1", time: "2026-11-20T00:00:01.000Z", output: 500))
    try box.tally("import")
    let days = try box.storedLines().map { try object($0)["time"] as? String }
    #expect(Set(days) == ["2026-11-19T23:59:59.900Z"])
    let report = try box.report("models", "--since", "2026-11-19", "--until", "2026-11-20")
    let total = try #require(report["total"] as? [String: Any])
    #expect(total["output_tokens"] as? Int == 500)
    #expect(total["conflicts"] as? Int ?? 0 == 0)
  }

  @Test(arguments: ["truncated", "rewritten", "renamed", "cursor lost", "again"])
  func noNumberChanges(_ event: String) throws {
    let box = try Sandbox()
    let text = answer("msg_1") + answer("msg_2") + answer("msg_3")
    try box.write(Self.log, text)
    try box.tally("import")
    let before = try stored(box)
    var arguments = ["import"]
    switch event {
    case "truncated": try box.write(Self.log, answer("msg_1"))
    case "rewritten": try box.write(Self.log, answer("msg_3") + answer("msg_2") + answer("msg_1"))
    case "renamed":
      try FileManager.default.moveItem(
        atPath: box.path(Self.log), toPath: box.path(".claude/projects/p/old.jsonl"))
    case "cursor lost": try FileManager.default.removeItem(atPath: "\(box.store)/local/cursors")
    default: arguments.append("--again")
    }
    #expect(try box.start(arguments).finish().status == 0)
    #expect(try stored(box) == before)
  }

  @Test func aLogThatWasReplacedByAnotherIsReadWhole() throws {
    let box = try Sandbox()
    try box.write(Self.log, answer("msg_1") + answer("msg_2"))
    try box.tally("import")
    let file = try FileHandle(forWritingTo: URL(filePath: box.path(Self.log)))
    // In place: the inode stays.
    try file.write(contentsOf: Data((answer("msg_7") + answer("msg_8") + answer("msg_9")).utf8))
    try file.close()
    try box.tally("import")
    #expect(try stored(box).keys.sorted() == ["1", "2", "7", "8", "9"].map { "claude-code:msg_\($0)" })
  }

  @Test func aRenamedLogIsNotReadAgain() throws {
    let box = try Sandbox()
    try box.write(Self.log, answer("msg_1"))
    try box.tally("import")
    try FileManager.default.moveItem(
      atPath: box.path(Self.log), toPath: box.path(".claude/projects/p/old.jsonl"))
    #expect(try box.tally("import").errors.contains("(0 kB): 0 events"))
  }

  @Test func aBrokenFileStopsOnlyItself() throws {
    let box = try Sandbox()
    try box.write(".claude/projects/p/1.jsonl", "{\"usage\": oops\n" + answer("msg_1"))
    try box.write(".claude/projects/p/2.jsonl", answer("msg_2"))
    let outcome = try box.tally("import")
    #expect(outcome.status == 65)
    let path = box.path(".claude/projects/p/1.jsonl")
    #expect(outcome.errors.contains("\(path):1: not JSON: expected a value (byte 11)"))
    #expect(try stored(box).count == 2)
    #expect(try box.tally("import").status == 0)
  }

  /// A count near 2^63 in one agent's log once kept all agents' logs from being imported.
  @Test func aHostileCountStopsNoOtherAgent() throws {
    let box = try Sandbox()
    let hostile = Sandbox.root.appending(path: "Fixtures/regressions/gemini-cli.counts-overflow.jsonl")
    try box.write(".gemini/tmp/9f/chats/session-x.jsonl", try Data(contentsOf: hostile))
    try box.write(Self.log, answer("msg_1"))
    try box.write(".qwen/projects/p/chats/x.jsonl", try fixture("qwen-code/chat.jsonl"))
    let outcome = try box.tally("import")
    #expect(outcome.status == 65)
    let path = box.path(".gemini/tmp/9f/chats/session-x.jsonl")
    #expect(
      outcome.errors.contains("\(path):3: tool is no whole number from 0 to 10^12\n"), "\(outcome.errors)")
    #expect(
      try stored(box).keys.map { $0.prefix { $0 != ":" } }.sorted()
        == ["claude-code", "gemini-cli", "gemini-cli", "qwen-code"])
  }

  @Test(arguments: [
    (#""offset":-1"#, #""offset":[0-9]+"#), (#""offset":9223372036854775807"#, #""offset":[0-9]+"#),
    (#""line":-5"#, #""line":[0-9]+"#), (#""size_bytes":-1"#, #""size_bytes":[0-9]+"#),
    (#""inode":-1"#, #""inode":[0-9]+"#), (#""told":"1.1y2p0ij32e8e7.1""#, #""told":"[^"]*""#),
    (#""told":"\#(claudeId).1y2p0ij32e8e7.1""#, #""told":"[^"]*""#),
    (#""told":"\#(claudeId).-1y2p0ij32e8e7.1""#, #""told":"[^"]*""#),
  ])
  func nonsenseInTheCursorIsAsIfItWereNotThere(_ nonsense: String, _ pattern: String) throws {
    let box = try Sandbox()
    try box.write(Self.log, answer("msg_1"))
    try box.tally("import")
    let cursor = try box.read("store/local/cursors/import.jsonl")
    let changed = cursor.replacing(try Regex(pattern), with: nonsense)
    #expect(changed != cursor)
    try box.write("store/local/cursors/import.jsonl", changed)
    try box.write(Self.log, answer("msg_1") + answer("msg_1", output: 500) + answer("msg_2"))
    let outcome = try box.tally("import")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try stored(box) == ["claude-code:msg_1": 500, "claude-code:msg_2": 412])
  }

  /// How a cursor spells the id `msg_1`.
  private static let claudeId = String(XXH64.hash(Array("msg_1".utf8)), radix: 36)

  private func fixture(_ name: String) throws -> Data {
    try Data(contentsOf: Sandbox.root.appending(path: "Fixtures/ingest/\(name)"))
  }

  @Test func nothingThatAPersonWroteIsKept() throws {
    let box = try Sandbox()
    let marked =
      #"{"type":"user","message":{"role":"user","content":"MARKER"},"uuid":"u","cwd":"/MARKER/proj"}"# + "\n"
      + answer("msg_1").replacingOccurrences(of: "/Users/dev/proj", with: "/MARKER/MARKER/proj")
      + answer("msg_2", extra: #","apiKey":"sk-MARKER""#)
      + #"{"type":"assistant","model":"MARKER","user":"MARKER","message":{"usage":{"input_tokens":-1},"model":"m"}}"#
      + "\n" + #"{"usage": MARKER "# + "\n"
    try box.write(Self.log, marked)
    #expect(try box.tally("import").status == 65)
    for (path, data) in try box.files() where !path.hasSuffix(".zst") {
      #expect(!String(decoding: data, as: UTF8.self).contains("MARKER"), "\(path)")
    }
    #expect(!(try box.storedLines().joined().contains("MARKER")))
    #expect(try stored(box).count == 2)
  }

  @Test func explainPrintsWhatEachLineBecameAndStoresNothing() throws {
    let box = try Sandbox()
    try box.write("x.jsonl", "{\"type\":\"user\"}\n" + answer("msg_1") + answer("msg_1") + "{\"usage\":1\n")
    let outcome = try box.tally("import", "--explain", "--as", "claude-code", "x.jsonl")
    #expect(outcome.status == 65)
    #expect(outcome.lines.count == 4)
    #expect(outcome.lines[0] == "1: skipped: no usage in it")
    #expect(outcome.lines[1].hasPrefix("2: event {\"id\":\"msg_1\",\"time\":\"2026-11-19T10:12:31.101Z\","))
    #expect(outcome.lines[2].hasPrefix("3: event, told again {\"id\":\"msg_1\","))
    #expect(outcome.lines[3] == "4: rejected: not JSON: the file ends too early (byte 11)")
    #expect(!FileManager.default.fileExists(atPath: box.store))
  }

  @Test func aDryRunWritesNothing() throws {
    let box = try Sandbox()
    try box.write(Self.log, answer("msg_1"))
    let outcome = try box.tally("import", "--dry-run")
    #expect(
      outcome.errors == "Claude Code: 1 file, 1 with news (1 kB): 1 event\ndry run: 1 accepted, 0 rejected\n")
    #expect(!FileManager.default.fileExists(atPath: box.store))
  }

  @Test func whatCannotBeDoneIsSaid() throws {
    let box = try Sandbox()
    try box.write("notes.txt", "hello\n")
    let unknown = try box.tally("import", "notes.txt")
    #expect(unknown.status == 65)
    #expect(unknown.last.hasPrefix("tally: notes.txt: not a format that tally knows: say which with --as ("))
    let misspelt = try box.tally("import", "notes.txt", "--as", "claude-cod")
    #expect(misspelt.status == 64)
    #expect(misspelt.errors.contains("--as claude-cod: no such format; did you mean claude-code?"))
    let gone = try box.tally("import", "gone.jsonl")
    #expect(gone.status == 66)
    #expect(gone.last == "tally: gone.jsonl: cannot open: No such file or directory")
    let lone = try box.tally("import", "--explain")
    #expect(lone.status == 64)
    #expect(lone.errors.contains("--explain needs a file: tally import --explain FILE"))
    let alone = try box.tally("import", "--as", "claude-code")
    #expect(alone.status == 64)
    #expect(alone.errors.contains("--as needs files: tally import --as claude-code FILE"))
    let when = try box.tally("import", "notes.txt", "--time", "noon")
    #expect(when.status == 64)
    #expect(when.errors.contains("--time noon: not an instant such as 2026-11-20T10:11:12Z"))
  }

  @Test func theCursorMovesOnlyOverWhatIsDurable() throws {
    let box = try Sandbox()
    try box.write(Self.log, answer("msg_1"))
    let failed = try box.tally("import", environment: ["TALLY_FAULT": "write:1:ENOSPC:.zst"])
    #expect(failed.status == 74)
    #expect(try box.tally("import").status == 0)
    #expect(try stored(box).count == 1)
  }

  @Test func anotherImportMustWait() throws {
    let box = try Sandbox()
    try box.write(Self.log, answer("msg_1"))
    try box.tally("import")
    let outcome = try box.shell("exec 9>store/local/locks/import; flock 9; \"$TALLY\" import 9>&-")
    #expect(outcome.status == 75)
    #expect(outcome.last == "tally: another import is running in this store: try again when it is done")
  }

  /// Where each agent keeps its logs, and the fixture that goes there.
  static let agents: [(fixture: String, path: String, events: Int)] = [
    ("claude-code/traps.jsonl", ".config/claude/projects/p/x.jsonl", 6),
    ("codex/rollout.jsonl", ".codex/sessions/2026/11/19/rollout-x.jsonl", 2),
    ("codex/rollout.jsonl", ".codex/archived_sessions/rollout-x.jsonl", 2),
    ("gemini-cli/session.jsonl", ".gemini/tmp/9f/chats/session-x.jsonl", 1),
    ("gemini-cli-json/session.json", ".gemini/tmp/9f/chats/session-x.json", 1),
    ("qwen-code/chat.jsonl", ".qwen/projects/p/chats/x.jsonl", 1),
    ("opencode/message.json", "data/opencode/storage/message/ses_01/msg_01.json", 1),
    ("amp/thread.json", "data/amp/threads/T-x.json", 1),
    ("copilot-cli/events.jsonl", ".copilot/session-state/s1/events.jsonl", 1),
  ]

  @Test(arguments: agents)
  func everyAgentIsFoundWhereItWrites(_ fixture: String, _ path: String, _ events: Int) throws {
    let box = try Sandbox()
    let file = Sandbox.root.appending(path: "Fixtures/ingest/\(fixture)")
    try box.write(path, try Data(contentsOf: file))
    let found = try box.tally("import")
    #expect(found.status == 0)
    #expect(try stored(box).count == events)
    // Named, a file is seen to be what it is.
    let named = try box.tally("import", "--again", "--dry-run", path)
    #expect(named.status == 0, "\(named.errors)")
    #expect(named.errors.contains("\(events) event"))
    #expect(try box.tally("import").errors.contains("nothing new"))
  }

  @Test func oneUseInTwoFilesOfAnAgentCountsOnce() throws {
    let box = try Sandbox()
    let root = Sandbox.root.appending(path: "Fixtures/ingest")
    let rollout = try Data(contentsOf: root.appending(path: "codex/rollout.jsonl"))
    try box.write(".codex/sessions/2026/11/19/rollout-x.jsonl", rollout)
    try box.write(".codex/archived_sessions/rollout-x.jsonl", rollout)
    try box.write(
      ".gemini/tmp/9f/chats/session-x.json",
      try Data(contentsOf: root.appending(path: "gemini-cli-json/session.json")))
    try box.write(
      ".gemini/tmp/9f/chats/session-x.jsonl",
      try Data(contentsOf: root.appending(path: "gemini-cli/session.jsonl")))
    #expect(try box.tally("import").status == 0)
    let report = try box.report("models", "--since", "2026-11-19", "--until", "2026-11-19")
    let total = try #require(report["total"] as? [String: Any])
    #expect(total["requests"] as? Int == 3)
    #expect(total["conflicts"] as? Int ?? 0 == 0)
  }

  @Test func aThreadThatIsWrittenAnewAddsOnlyWhatIsNew() throws {
    let box = try Sandbox()
    let file = Sandbox.root.appending(path: "Fixtures/ingest/amp/thread.json")
    let thread = try String(contentsOf: file, encoding: .utf8)
    try box.write("data/amp/threads/T-x.json", thread)
    try box.tally("import")
    let message =
      #"{"role":"assistant","messageId":3,"usage":{"model":"claude-opus-5","timestamp":"2026-11-19T10:01:00Z","#
      + #""inputTokens":1,"outputTokens":2}},"#
    try box.write(
      "data/amp/threads/T-x.json", thread.replacing(#""messages": ["#, with: #""messages": ["# + message))
    #expect(try box.tally("import").errors.contains(": 1 event, 1 told before\n"))
    #expect(try box.storedLines().count == 2)
  }

  /// An opencode database with some messages, in the mode in which a writer keeps readers out.
  private func makeDatabase(_ box: Sandbox, _ ids: [String]) throws -> String {
    let sqlite = try #require(Tools.path(of: "sqlite3"))
    let message = String(decoding: try fixture("opencode/message.json"), as: UTF8.self)
    let path = box.path("data/opencode/opencode.db")
    try box.write("data/opencode/readme", "")
    let values = ids.map { "('\($0)', 'ses_01', json_remove('\(message)', '$.id', '$.sessionID'))" }
    let sql =
      "CREATE TABLE message (id TEXT, session_id TEXT, data TEXT); INSERT INTO message VALUES "
      + values.joined(separator: ", ")
    _ = try Tools.run(sqlite, [path, sql])
    return path
  }

  /// Puts a script in the place of `sqlite3`, which stands in `$SQLITE`; `started` gets its process's number.
  private func replaceSQLite(_ box: Sandbox, _ script: String) throws {
    let text = "#!/bin/sh\necho $$ > \(box.path("started"))\n\(script)\n"
    // Not written by us: a child that another test starts meanwhile would hold it open, and it could not be executed.
    let install = "mkdir bin; cat > bin/sqlite3; chmod +x bin/sqlite3"
    let shell = try Running("/bin/sh", ["-c", install], box.environment, box.folder)
    try #require(try shell.finish(input: Data(text.utf8)).status == 0)
    box.environment["PATH"] = "\(box.path("bin")):/usr/bin:/bin"
    box.environment["SQLITE"] = Tools.path(of: "sqlite3")
  }

  /// The number of the process that runs in the place of `sqlite3`, once there is one.
  private func child(_ box: Sandbox, of running: Running) throws -> pid_t {
    var id: pid_t?
    _ = running.wait {
      let text = (try? box.read("started")) ?? ""
      id = text.hasSuffix("\n") ? pid_t(text.dropLast()) : nil
      return id != nil
    }
    return try #require(id, "\(running.errors)")
  }

  /// The cursor moves only over what was read whole.
  @Test(arguments: [
    (5, 75, "another program holds its lock: import again when it is done"),
    (
      1, 65,
      "sqlite3 cannot read its messages: update sqlite3 to 3.38 or later, or say what it is with --as"
    ),
  ])
  func aDatabaseThatCouldNotBeReadIsReadAgain(_ code: Int, _ status: Int32, _ message: String) throws {
    let box = try Sandbox()
    let path = try makeDatabase(box, ["msg_01", "msg_02", "msg_03"])
    // One row comes, then the command fails.
    try replaceSQLite(box, "$SQLITE \"$@\" | head -1; exit \(code)")
    let failed = try box.tally("import")
    #expect(failed.status == status)
    #expect(failed.last == "tally: \(path): \(message)")
    #expect(try stored(box).count == 1)
    box.environment["PATH"] = "/usr/bin:/bin"
    let again = try box.tally("import")
    #expect(again.status == 0)
    #expect(try stored(box).count == 3)
    #expect(try box.tally("import").errors == "opencode (database): 1 file, nothing new\n")
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self/syscall")))
  func aLockedDatabaseIsWaitedFor() throws {
    let box = try Sandbox()
    let path = try makeDatabase(box, ["msg_01"])
    let holder = try Running(try #require(Tools.path(of: "sqlite3")), [path], box.environment, box.folder)
    holder.send("BEGIN EXCLUSIVE; SELECT 'locked';\n")
    #expect(holder.wait { holder.output == "locked\n" })
    try replaceSQLite(box, "exec $SQLITE \"$@\"")
    let running = try box.start(["import"])
    let id = try child(box, of: running)
    // It sleeps between two attempts to get the lock: nanosleep or clock_nanosleep.
    let sleeps = running.wait {
      let call = (try? String(contentsOfFile: "/proc/\(id)/syscall", encoding: .utf8)) ?? "gone"
      return call == "gone" || ["35 ", "230 ", "101 ", "115 "].contains { call.hasPrefix($0) }
    }
    #expect(sleeps)
    _ = try holder.finish(input: Data("COMMIT;\n".utf8))
    #expect(try running.finish().status == 0)
    #expect(try stored(box).count == 1)
  }

  /// What the command does when the import is asked to end: nothing, or write more than a pipe holds.
  @Test(arguments: ["exec sleep 1000", "exec yes '{\"role\":\"user\"}'"])
  func aStoppedImportStopsItsCommand(_ script: String) throws {
    let box = try Sandbox()
    _ = try makeDatabase(box, ["msg_01"])
    try replaceSQLite(box, script)
    try box.write(Self.log, answer("msg_1"))
    let running = try box.start(["import"])
    let id = try child(box, of: running)
    running.kill(SIGTERM)
    #expect(try running.finish().status == 0)
    #expect(kill(id, 0) != 0)
    // What was read before is kept, and what was not is read next time.
    #expect(try stored(box).count == 1)
    box.environment["PATH"] = "/usr/bin:/bin"
    #expect(try box.tally("import").status == 0)
    #expect(try stored(box).count == 2)
  }

  /// A command that heeds no error of its writes ends all the same when nobody reads them.
  @Test func aKilledImportLeavesNoCommandBehind() throws {
    let box = try Sandbox()
    _ = try makeDatabase(box, ["msg_01"])
    try replaceSQLite(box, "while :; do echo '{\"role\":\"user\"}'; done")
    let running = try box.start(["import"])
    let id = try child(box, of: running)
    running.kill(SIGKILL)
    #expect(try running.finish().status == 128 + SIGKILL)
    let isGone = running.wait { kill(id, 0) != 0 }
    #expect(isGone)
    if !isGone { kill(id, SIGKILL) }
  }

  @Test func opencodesDatabaseIsReadBySQLite() throws {
    let sqlite = try #require(Tools.path(of: "sqlite3"))
    let box = try Sandbox()
    let fixture = Sandbox.root.appending(path: "Fixtures/ingest/opencode/message.json")
    let message = try String(contentsOf: fixture, encoding: .utf8)
    try box.write("data/opencode/storage/message/ses_01/msg_01.json", message)
    let path = box.path("data/opencode/opencode.db")
    func insert(_ id: String) throws {
      let values = "'\(id)', 'ses_01', json_remove('\(message)', '$.id', '$.sessionID')"
      let sql =
        "PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS message (id TEXT, session_id TEXT, data TEXT);"
        + "INSERT INTO message VALUES (\(values));"
      _ = try Tools.run(sqlite, [path, sql])
    }
    try insert("msg_01")
    try insert("msg_02")
    #expect(try box.tally("import").status == 0)
    #expect(try stored(box).keys.sorted() == ["opencode:msg_01", "opencode:msg_02"])
    #expect(try box.tally("import").errors.contains("opencode (database): 1 file, nothing new"))
    try insert("msg_03")
    #expect(try box.tally("import", path).errors.contains("1 event, 2 told before"))
    try box.write("data/opencode/opencode-next.db", "SQLite format 3\0 and nothing else")
    let broken = try box.tally("import")
    #expect(broken.status == 65)
    #expect(
      broken.last.hasPrefix(
        "tally: \(box.path("data/opencode/opencode-next.db")): sqlite3 cannot read its messages: "))
    let none = try box.tally("import", "--again", environment: ["PATH": "/nowhere"])
    #expect(none.status == 69)
    #expect(
      none.last
        == "tally: sqlite3: not found: install it (apt-get install sqlite3, brew install sqlite) to read databases"
    )
  }
}
