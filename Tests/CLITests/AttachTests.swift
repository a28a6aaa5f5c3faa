import Foundation
import Testing

/// A long-lived script stays attached; tally never hurts it.
@Suite struct AttachTests {
  private func segment(_ box: Sandbox) throws -> Data? {
    try box.files()["segments/date=2026-11-20/w1.jsonl.zst"]
  }

  @Test func whatASlowPipeSentIsSoonDurable() throws {
    let box = try Sandbox()
    let running = try box.start(["append", "--ack"])
    running.send(line("a") + line("b"))
    #expect(running.wait { running.output == "2\n" })
    #expect(try box.storedLines().count == 2)
    // Half a line waits, a bad line is acknowledged once its reject is durable.
    running.send("\noops\n" + line("c").prefix(10))
    _ = running.wait { running.output == "2\n4\n" }
    #expect(try box.files("store/rejected").count == 1)
    running.send(String(line("c").dropFirst(10)))
    let outcome = try running.finish()
    #expect(outcome.status == 65)
    // Every line counts, empty ones too: the sender counts what it sent.
    #expect(outcome.lines == ["2", "4", "5"])
    #expect(outcome.last.contains(": 3 accepted, 1 rejected"))
  }

  @Test(arguments: [SIGTERM, SIGINT, SIGHUP])
  func askedToEndItKeepsWhatItRead(_ signal: Int32) throws {
    let box = try Sandbox()
    let running = try box.start(["append", "--ack"])
    running.send(line("a"))
    _ = running.wait { running.output == "1\n" }
    running.send(line("b"))
    #expect(running.waitUntilRead())
    running.kill(signal)
    // Its input is still open.
    #expect(running.wait { running.errors.contains("accepted") })
    let outcome = try running.finish()
    #expect(outcome.status == 0)
    #expect(outcome.lines == ["1", "2"])
    #expect(outcome.last.hasSuffix(": 2 accepted, 0 rejected"))
    #expect(try box.storedLines().count == 2)
  }

  /// The half of a line that was read before a signal is no line: neither kept nor acknowledged nor rejected.
  @Test(arguments: [SIGTERM, SIGINT, SIGHUP])
  func halfALineIsNeverAcknowledged(_ signal: Int32) throws {
    let box = try Sandbox()
    let running = try box.start(["append", "--ack"])
    running.send(line("a") + line("b") + line("c") + line("d").prefix(27))
    #expect(running.wait { running.output == "3\n" })
    running.kill(signal)
    // Its input is still open.
    #expect(running.wait { running.errors.contains("accepted") })
    let outcome = try running.finish()
    #expect(outcome.status == 0)
    #expect(outcome.lines == ["3"])
    #expect(
      outcome.errors.hasPrefix(
        "tally: stdin:4: stopped inside this line: its first 27 bytes are not taken in, send it again\n"))
    #expect(outcome.last.hasSuffix(": 3 accepted, 0 rejected"))
    #expect(try box.files("store/rejected").isEmpty)
    #expect(try box.storedLines().count == 3)
  }

  @Test func halfARecordOfAnotherFormatIsNoRejectEither() throws {
    let box = try Sandbox()
    let message =
      #"{"id":"msg_1","type":"message","role":"assistant","model":"claude-opus-5","usage":{"input_tokens":3,"#
      + #""output_tokens":4}}"# + "\n"
    let running = try box.start(["append", "--as", "response"])
    running.send(message + message.prefix(40))
    #expect(try running.wait { try !box.files("store/segments").isEmpty })
    running.kill(SIGTERM)
    let outcome = try running.finish()
    #expect(outcome.status == 0)
    let said = "tally: stdin:2: stopped inside this record: it is not taken in, send it again\n"
    #expect(outcome.errors.hasPrefix(said), "\(outcome.errors)")
    #expect(outcome.last.hasSuffix(": 1 accepted, 0 rejected"))
  }

  @Test func acknowledgementsOnlyGrow() throws {
    let box = try Sandbox()
    let running = try box.start(["append", "--ack"])
    for index in 0..<30 {
      // In tally's own spelling or not: both count.
      let time = index % 2 == 0 ? "2026-11-20T10:11:12.000Z" : "2026-11-20T10:11:12Z"
      running.send((0..<100).map { line("\(index)-\($0)", time: time) }.joined())
      usleep(80_000)
    }
    let counts = try running.finish().lines.compactMap { Int($0) }
    #expect(counts.count >= 2)
    #expect(zip(counts, counts.dropFirst()).allSatisfy(<))
    #expect(counts.last == 3000)
  }

  /// The memory of one day's lines is used for the next day's.
  @Test func linesThatComeDayAfterDayStayInTheirs() throws {
    let box = try Sandbox()
    let running = try box.start(["append", "--ack"])
    for day in 1...5 {
      running.send(line("a", time: "2026-11-0\(day)T10:11:12Z", tokens: day))
      // Written before the next one comes.
      _ = running.wait { running.output.hasSuffix("\(day)\n") }
    }
    #expect(try running.finish().status == 0)
    let segments = try box.files("store/segments").keys.sorted()
    #expect(segments == (1...5).map { "date=2026-11-0\($0)/w1.jsonl.zst" })
    #expect(try box.tally("rollup").last == "rolled up 5 of 5 days: 5 events")
  }

  @Test func teePassesEveryByteOnAtOnce() throws {
    let box = try Sandbox()
    let running = try box.start(["append", "--tee"])
    let parts = [line("a"), "oops\r\n\n", "half a li", "ne\n", "\u{FEFF}é", line("b"), "the end"]
    var sent = ""
    for part in parts {
      running.send(part)
      sent += part
      #expect(running.wait { running.output == sent })
    }
    let outcome = try running.finish()
    #expect(outcome.output == sent)
    #expect(outcome.status == 65)
    #expect(outcome.last.contains(": 1 accepted, 4 rejected"))
  }

  @Test func teeSurvivesItsReader() throws {
    let box = try Sandbox()
    let outcome = try box.shell(
      """
      (for i in 1 2 3 4 5 6 7 8; do
        echo '{"id":"'$i'","time":"2026-11-20T10:11:12Z","input_tokens":1}'; sleep 0.1
      done) | ($TALLY append --tee; echo $? > status) | head -1
      """)
    #expect(outcome.lines.count == 1)
    #expect(try box.read("status") == "0\n")
    #expect(try box.storedLines().count == 8)
  }

  @Test func aReaderThatDoesNotReadKeepsNothingFromBecomingDurable() throws {
    let box = try Sandbox()
    let outcome = try box.shell(
      """
      \(Self.much.replacing("60000", with: "20000")) | ($TALLY append --tee; echo $? > status) | (
        for i in $(seq 100); do
          durable=$(cat store/segments/*/*.zst 2> /dev/null | zstd -dcq | wc -l)
          [ "$durable" -gt 1000 ] && break; sleep 0.1
        done
        echo "$durable" > durable; wc -l)
      """)
    #expect(Int(try box.read("durable").trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0 > 1000)
    #expect(outcome.output.trimmingCharacters(in: .whitespacesAndNewlines) == "20000")
    #expect(try box.read("status") == "0\n")
  }

  @Test func teePassesOnEvenWhenNothingCanBeKept() throws {
    let box = try Sandbox()
    let outcome = try box.tally("append", "--tee", "--writer", ".", input: "one\ntwo")
    #expect(outcome.status == 64)
    #expect(outcome.output == "one\ntwo")
  }

  /// 3 MB, more than any pipe holds.
  private static let much = "yes '{\"time\":\"2026-11-20T10:11:12Z\",\"input_tokens\":1}' | head -60000"

  @Test(arguments: [
    ("echo > store", 73, "tally: STORE: cannot create the folder: Not a directory"),
    (
      "export TALLY_FAULT=write:1:ENOSPC", 74,
      "tally: STORE/segments/date=2026-11-20/w1.jsonl.zst: cannot write: No space left on device"
    ),
    (
      "mkdir -p config/tally; echo 'sotre = \"/x\"' > config/tally/config.toml", 78,
      "tally: CONFIG/tally/config.toml: line 1: unknown key \"sotre\": did you mean store?"
    ),
  ])
  func theSenderIsHeardToItsEndWhateverFails(_ setUp: String, _ status: Int, _ message: String) throws {
    let box = try Sandbox()
    let outcome = try box.shell(
      """
      \(setUp)
      { \(Self.much); echo "${PIPESTATUS[1]}" > sender; } | $TALLY append
      """)
    #expect(outcome.status == status)
    #expect(try box.read("sender") == "0\n")
    let expected = message.replacing("STORE", with: box.store).replacing("CONFIG", with: box.path("config"))
    #expect(outcome.last == expected)
  }

  @Test func whatIsLostIsSaidAndNothingAfterItIsAcknowledged() throws {
    let box = try Sandbox()
    let running = try box.start(["append", "--ack"], environment: ["TALLY_FAULT": "write:2:ENOSPC:.zst"])
    running.send(line("a"))
    _ = running.wait { running.output == "1\n" }
    running.send(line("b"))
    // The flush that fails comes a second after the line, and says nothing yet.
    usleep(3_000_000)
    running.send(line("c"))
    let outcome = try running.finish()
    #expect(outcome.status == 74)
    #expect(outcome.lines == ["1"])
    #expect(outcome.errors.contains(": 2 accepted, 0 rejected, 1 NOT WRITTEN: send them again\n"))
    #expect(try box.storedLines().count == 2)
    // Sending all of it again is the mend.
    #expect(try box.tally("append", input: line("a") + line("b") + line("c")).status == 0)
    #expect(try box.tally("rollup").last == "rolled up 1 of 1 day: 5 events, 2 repeats")
  }

  @Test func aFailedSyncIsWrittenAgain() throws {
    let box = try Sandbox()
    let outcome = try box.tally("append", input: line("a"), environment: ["TALLY_FAULT": "sync:1:EIO"])
    #expect(outcome.status == 0)
    #expect(try box.storedLines().count == 1)
    #expect(try box.tally("verify").status == 0)
  }
}

/// `--best-effort`: exit 0 whatever happens; what cannot be written now is written by the next append.
@Suite struct BestEffortTests {
  @Test func whatCannotBeWrittenIsSpooledAndDrainedExactlyOnce() throws {
    let box = try Sandbox()
    try box.write("store", "in the way")
    for id in ["a", "b"] {
      let outcome = try box.tally("append", "--best-effort", input: line(id) + line(nil))
      #expect(outcome.status == 0)
      #expect(outcome.errors.contains(": 0 accepted, 0 rejected, 2 spooled for the next append\n"))
      #expect(outcome.last == "tally: \(box.store): cannot create the folder: Not a directory")
      #expect(!FileManager.default.fileExists(atPath: "\(box.store)/segments"))
    }
    try FileManager.default.removeItem(atPath: box.store)
    let drained = try box.tally("append", input: line("c"))
    #expect(drained.status == 0)
    #expect(drained.last.hasSuffix(": 1 accepted, 0 rejected, 4 from the spool"))
    let ids = try box.storedLines().map { try object($0)["id"] as? String ?? "" }
    #expect(ids.count == 5)
    #expect(Set(ids).isSuperset(of: ["stdin:a", "stdin:b", "stdin:c"]))
    let spool = try box.files("state/tally/spool").keys.filter { !$0.hasSuffix("lock") }
    #expect(spool.isEmpty)
    #expect(try !box.tally("append").last.contains("spool"))
  }

  /// One day's trouble is no other day's.
  @Test func onlyTheDayThatCannotBeWrittenIsSpooled() throws {
    let box = try Sandbox()
    let blocked = try box.write("store/segments/date=2026-11-19", "in the way")
    let outcome = try box.tally(
      "append", "--best-effort", input: line("a", time: "2026-11-19T00:00:00Z") + line("b") + line("c"))
    #expect(outcome.errors.contains(": 2 accepted, 0 rejected, 1 spooled for the next append\n"))
    try FileManager.default.removeItem(atPath: blocked)
    #expect(try box.tally("append").last.hasSuffix(": 0 accepted, 0 rejected, 1 from the spool"))
    let ids = try box.storedLines().map { try object($0)["id"] as? String ?? "" }
    #expect(ids == ["stdin:a", "stdin:b", "stdin:c"])
  }

  @Test func aSpooledLineIsNotAcknowledged() throws {
    let box = try Sandbox()
    try box.write("store", "in the way")
    let outcome = try box.tally("append", "--best-effort", "--ack", input: line("a"))
    #expect(outcome.status == 0)
    #expect(outcome.output == "")
  }

  @Test func storesOfOneNameHaveTheirOwnSpools() throws {
    let box = try Sandbox()
    try box.write("one/log", "in the way")
    let script =
      "mkdir -p one two; cd one; echo '\(line("a").dropLast())' | $TALLY append --store log --best-effort"
    #expect(try box.shell(script).status == 0)
    #expect(try !box.shell("cd two; $TALLY append --store log < /dev/null").last.contains("spool"))
    #expect(
      try box.shell("cd one; rm log; $TALLY append --store log < /dev/null").last.contains("1 from the spool")
    )
  }

  @Test func evenTheSpoolMayFail() throws {
    let box = try Sandbox()
    try box.write("store", "in the way")
    try box.write("state", "in the way")
    let outcome = try box.tally("append", "--best-effort", "--tee", input: line("a"))
    #expect(outcome.status == 0)
    #expect(outcome.output == line("a"))
    let errors = outcome.errors.split(separator: "\n").map(String.init)
    try #require(errors.count == 4)
    let spool = "\(box.path("state"))/tally/spool/"
    #expect(errors[0].hasPrefix("tally: the spool cannot be read: \(spool)"))
    #expect(errors[0].hasSuffix(": cannot list: Not a directory"))
    #expect(
      errors[1]
        == "tally: the spool cannot be written either: \(box.path("state")): cannot create the folder: Not a directory"
    )
    #expect(errors[2].hasSuffix(": 0 accepted, 0 rejected, 1 NOT WRITTEN: send them again"))
    #expect(errors[3] == "tally: \(box.store): cannot create the folder: Not a directory")
  }

  /// What is wrong with the settings keeps lines from the store, not from the spool.
  @Test(arguments: [
    ("config", [], "CONFIG/tally/config.toml: line 1: unknown key \"stor\": did you mean store?"),
    (
      "", ["--writer", "."],
      #"writer ".": use 1 to 64 letters, digits, "-", "_" or ".", not starting with a dot or "-""#
    ),
  ])
  func withoutSettingsLinesAreSpooledByDefaults(
    _ file: String, _ options: [String], _ message: String
  ) throws {
    let box = try Sandbox()
    if !file.isEmpty { try box.write("config/tally/config.toml", "stor = 1") }
    let input = (0..<100).map { line("\($0)") }.joined()
    let outcome = try box.start(["append", "--best-effort", "--tee"] + options)
      .finish(input: Data("\(input)oops\n".utf8))
    #expect(outcome.status == 0)
    #expect(outcome.output == "\(input)oops\n")
    let lines = outcome.errors.split(separator: "\n").map(String.init)
    #expect(lines.first == "tally: " + message.replacing("CONFIG", with: box.path("config")))
    #expect(lines.contains { $0.hasPrefix("stdin:101: not a JSON object") })
    #expect(outcome.last.hasSuffix(": 0 accepted, 1 rejected, 100 spooled for the next append"))
    #expect(!FileManager.default.fileExists(atPath: box.store))
    try? FileManager.default.removeItem(atPath: box.path("config"))
    #expect(try box.tally("append").last.hasSuffix(": 0 accepted, 0 rejected, 100 from the spool"))
    #expect(try box.storedLines().count == 100)
  }

  /// Where the configuration names the store, its spool waits for the configuration.
  @Test func aStoreThatOnlyTheConfigurationNamesGetsItsLinesLater() throws {
    let box = try Sandbox()
    box.environment["TALLY_STORE"] = nil
    let settings = "store = \"\(box.store)\"\n"
    try box.write("config/tally/config.toml", settings + "[oops")
    let outcome = try box.tally("append", "--best-effort", input: line("a"))
    #expect(outcome.last.hasSuffix(": 0 accepted, 0 rejected, 1 spooled for the next append"))
    // Another store is not concerned.
    let other = try box.tally("append", "--config", "/dev/null", "--store", box.path("b"))
    #expect(!other.last.contains("spool"))
    try box.write("config/tally/config.toml", settings)
    #expect(try box.tally("append").last.hasSuffix(": 0 accepted, 0 rejected, 1 from the spool"))
    #expect(try box.storedLines().count == 1)
  }

  @Test func whatCannotEvenBeReadIsCounted() throws {
    let box = try Sandbox()
    let outcome = try box.tally("append", "--best-effort", "--as", "nonsense", input: "a\n\nb")
    #expect(outcome.status == 0)
    #expect(outcome.errors.hasPrefix("tally: --as nonsense: no such format; "))
    #expect(outcome.last == "nothing can be kept: 0 accepted, 0 rejected, 3 NOT WRITTEN: send them again")
    let json = try box.tally("append", "--best-effort", "--as", "x", "--summary", "json", input: "a\n")
    #expect(try object(json.last)["lost"] as? Int == 1)
  }

  /// A spool that fills up in the middle of a write keeps whole lines and no part of one.
  ///
  /// Where it cannot even be cut, what was written whole comes back; nothing is glued to it.
  @Test(arguments: [
    ("write:1:half:/spool/", ["b", "c"]), ("write:1:half:/spool/,truncate:1:EIO:/spool/", ["a", "b", "c"]),
  ])
  func aTornSpoolLosesOnlyWhatWasSaid(_ fault: String, _ kept: [String]) throws {
    let box = try Sandbox()
    try box.write("store", "in the way")
    let running = try box.start(["append", "--best-effort"], environment: ["TALLY_FAULT": fault])
    running.send(line("a") + line("lost", tokens: 1_000_000_000))
    #expect(
      try running.wait { try box.files("state/tally/spool").keys.contains { $0.hasSuffix(".jsonl") } })
    running.send(line("b") + line("c"))
    let outcome = try running.finish()
    #expect(outcome.status == 0)
    #expect(
      outcome.errors.contains(
        ": 0 accepted, 0 rejected, 2 spooled for the next append, 2 NOT WRITTEN: send them again\n"),
      "\(outcome.errors)")
    try FileManager.default.removeItem(atPath: box.store)
    let drained = try box.tally("append")
    #expect(drained.last.hasSuffix(": 0 accepted, 0 rejected, \(kept.count) from the spool"))
    let ids = try box.storedLines().map { try object($0)["id"] as? String ?? "" }
    #expect(ids == kept.map { "stdin:\($0)" })
  }

  /// What a killed run left torn is said and set aside whole, beside the rejects of its own run.
  @Test func aTornLineOfTheSpoolIsSetAside() throws {
    let box = try Sandbox()
    let blocked = try box.write("store/segments/date=2026-11-19", "in the way")
    try box.tally("append", "--best-effort", input: "oops\n" + line("a", time: "2026-11-19T00:00:00Z"))
    let files = try box.files("state/tally/spool")
    let name = try #require(files.keys.first { $0.hasSuffix(".jsonl") })
    let torn = #"{"id":"stdin:b","time":"2026-"#
    try box.write("state/tally/spool/\(name)", try #require(files[name]) + Data(torn.utf8))
    try FileManager.default.removeItem(atPath: blocked)
    let drained = try box.tally("append")
    let rejects = try #require(try box.files("store/rejected").first)
    let place = "\(box.store)/rejected/\(rejects.key)"
    let said = "tally: the spool: lines that are no events: 1; they are kept in \(place)\n"
    #expect(drained.errors.hasPrefix(said), "\(drained.errors)")
    #expect(drained.last.hasSuffix(": 0 accepted, 0 rejected, 1 from the spool"))
    let lines = String(decoding: rejects.value, as: UTF8.self).split(separator: "\n").map(String.init)
    #expect(try lines.map { try object($0)["input"] as? String } == ["stdin", "spool"])
    #expect(try object(lines[1])["text"] as? String == torn)
    #expect(try box.files("state/tally/spool").keys.filter { !$0.hasSuffix("lock") }.isEmpty)
  }

  @Test func rejectedLinesAreNoReasonToFailEither() throws {
    let box = try Sandbox()
    #expect(try box.tally("append", "--best-effort", input: "oops\n").status == 0)
  }
}
