import Foundation
import Testing

/// Whatever ends the process, what was acknowledged is there and the store is sound.
@Suite struct CrashTests {
  @Test func killedAtRandomMomentsNothingAcknowledgedIsMissing() throws {
    let box = try Sandbox()
    var promised: [String] = []
    for round in 0..<5 {
      let running = try box.start(["append", "--ack"])
      var sent: [String] = []
      let pause = UInt32.random(in: 300_000...1_600_000)
      let end = Date().addingTimeInterval(Double(pause) / 1e6)
      // The last one lives until it has promised something.
      while Date() < (round < 4 ? end : end + 30), round < 4 || running.output.isEmpty {
        let lines = (0..<100).map { "r\(round)-\(sent.count + $0)" }
        guard running.send(lines.map { line($0) }.joined()) else { break }
        sent += lines
        usleep(10_000)
      }
      running.kill(SIGKILL)
      let outcome = try running.finish()
      #expect(outcome.status == 128 + SIGKILL)
      let count = outcome.output.hasSuffix("\n") ? outcome.lines.last.flatMap { Int($0) } ?? 0 : 0
      promised += sent.prefix(count)
      let verified = try box.tally("verify")
      if FileManager.default.fileExists(atPath: box.store) {
        #expect(verified.status == 0, "killed after \(pause) µs: \(verified.output)\(verified.errors)")
      }
    }
    try box.tally("append", input: line("last"))
    let stored = Set(
      try box.storedLines().map { String($0.dropFirst(#"{"id":"stdin:"#.count).prefix { $0 != "\"" }) })
    #expect(!promised.isEmpty)
    #expect(promised.allSatisfy(stored.contains))
    #expect(stored.contains("last"))
    #expect(try box.tally("verify").status == 0)
  }

  /// Each makes the n-th such call the last thing the process does.
  static let appendFaults = [
    "write:1:kill", "write:2:kill", "write:4:kill", "sync:1:kill", "sync:4:kill", "syncFolder:3:kill",
    "createFolder:2:kill", "open:1:kill", "open:4:kill", "lock:1:kill", "write:2:killhalf",
    "write:4:killhalf",
  ]

  @Test(arguments: appendFaults)
  func anAppendCutOffAnywhereIsRepeatedByRunningItAgain(_ fault: String) throws {
    let box = try Sandbox()
    try box.tally("append", input: line("before"))
    let input =
      line("a") + line("b", time: "2026-11-19T00:00:00Z") + line("c", time: "2026-11-18T00:00:00Z") + "oops\n"
    let cut = try box.tally("append", input: input, environment: ["TALLY_FAULT": fault])
    #expect(cut.status == 137 || cut.status == 65)
    #expect(try box.tally("verify").status == 0)
    #expect(try box.tally("append", input: input).status == 65)
    #expect(try box.tally("verify").status == 0)
    let total = try box.report("daily", "2026-11")["total"] as? [String: Any]
    #expect(total?["requests"] as? Int == 4)
  }

  static let rollupFaults = [
    "write:1:kill", "write:5:kill", "write:7:kill", "sync:4:kill", "syncFolder:5:kill", "rename:1:kill",
    "rename:2:kill", "rename:4:kill", "rename:7:kill", "open:6:kill", "write:4:killhalf", "write:7:killhalf",
  ]

  @Test(arguments: rollupFaults)
  func aRollupCutOffAnywhereIsMendedByTheNext(_ fault: String) throws {
    let box = try Sandbox()
    try box.tally("append", input: line("a") + line("a") + line("b", time: "2026-11-18T00:00:00Z"))
    let expected = try box.tally("report", "models", "2026-11", "--format", "csv").output
    let cut = try box.tally("rollup", "--seal", "--jobs", "1", environment: ["TALLY_FAULT": fault])
    #expect(cut.status == 137 || cut.status == 0)
    #expect(try box.tally("report", "models", "2026-11", "--format", "csv").output == expected)
    #expect(try box.tally("rollup", "--seal").status == 0)
    #expect(try box.tally("rollup", "--seal").last == "2 days, nothing changed")
    #expect(try box.tally("report", "models", "2026-11", "--format", "csv").output == expected)
    #expect(try box.tally("verify").status == 0)
    let fresh = try box.files("store/rollups").keys.filter {
      !$0.hasSuffix("rollup.parquet") && !$0.hasSuffix(".tmp")
    }
    #expect(fresh.isEmpty)
  }

  @Test func aDiskThatFillsUpDuringARollupIsSaid() throws {
    let box = try Sandbox()
    try box.tally("append", input: line("a"))
    let outcome = try box.tally("rollup", environment: ["TALLY_FAULT": "write:1:ENOSPC:.parquet"])
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains("cannot write: No space left on device\n"))
    #expect(outcome.last == "rolled up 0 of 1 day: 0 events")
    #expect(try box.tally("rollup").last == "rolled up 1 of 1 day: 1 event")
  }
}

/// Several commands at once on one store.
@Suite struct TogetherTests {
  @Test func appendersAndRollupsTakeTurns() throws {
    let box = try Sandbox()
    let appenders = try (0..<4).map { _ in try box.start(["append"]) }
    var rollups: [Running] = []
    for round in 0..<10 {
      for (index, appender) in appenders.enumerated() {
        appender.send((0..<50).map { line("\(index)-\(round)-\($0)", tokens: 1) }.joined())
      }
      if round % 3 == 1 { rollups += [try box.start(["rollup"]), try box.start(["rollup", "--seal"])] }
      usleep(150_000)
    }
    for appender in appenders { #expect(try appender.finish().status == 0) }
    for rollup in rollups {
      let outcome = try rollup.finish()
      #expect(outcome.status == 0 || outcome.status == 66, "\(outcome.errors)")
    }
    func requests() throws -> Int? {
      (try box.report("daily", "2026-11")["total"] as? [String: Any])?["requests"] as? Int
    }
    #expect(try requests() == 2000)
    #expect(try box.tally("rollup").status == 0)
    #expect(try requests() == 2000)
    #expect(try box.tally("verify").last.hasSuffix("2000 events, 1 catalog, 3 rollups: 0 problems"))
  }
}
