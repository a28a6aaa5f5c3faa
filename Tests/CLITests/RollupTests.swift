import Foundation
import Testing

/// `tally rollup` and `tally verify`: what they do and what they say.
@Suite struct RollupTests {
  private func filled() throws -> Sandbox {
    let box = try Sandbox()
    try box.tally("append", input: line("a") + line("b", time: "2026-11-18T00:00:00Z"))
    return box
  }

  @Test func onlyDaysThatChangedAreRolledUp() throws {
    let box = try filled()
    #expect(try box.tally("rollup").errors == "rolled up 2 of 2 days: 2 events\n")
    #expect(try box.tally("rollup").errors == "2 days, nothing changed\n")
    try box.tally("append", input: line("c"))
    #expect(try box.tally("rollup").errors == "rolled up 1 of 2 days: 2 events\n")
    let before = try box.files("store/rollups")
    #expect(try box.tally("rollup", "--force").errors == "rolled up 2 of 2 days: 3 events\n")
    #expect(try box.files("store/rollups") == before)
    #expect(try box.tally("rollup", "--quiet").errors == "")
  }

  /// The manifest is taken in, lost, broken: nobody can tell.
  @Test func aManifestIsOnlyAShortcut() throws {
    let box = try filled()
    try box.tally("rollup")
    let before = try box.files("store/rollups")
    // Files must have been left alone for a while.
    Thread.sleep(forTimeInterval: 2.2)
    #expect(try box.tally("rollup").errors == "2 days, nothing changed\n")
    let manifest = try #require(try box.files("store/local")["rollup.manifest"])
    #expect(manifest.starts(with: Data("tallyMAN".utf8)))
    #expect(try box.tally("rollup").errors == "2 days, nothing changed\n")
    try FileManager.default.removeItem(atPath: "\(box.store)/rollups/day/date=2026-11-18/rollup.parquet")
    #expect(try box.tally("rollup").errors == "rolled up 1 of 2 days: 1 event\n")
    try box.write("store/local/rollup.manifest", Data(manifest.reversed()))
    #expect(try box.tally("rollup").errors == "2 days, nothing changed\n")
    try box.tally("append", input: line("c"))
    #expect(try box.tally("rollup").errors == "rolled up 1 of 2 days: 2 events\n")
    try FileManager.default.removeItem(atPath: "\(box.store)/local/rollup.manifest")
    #expect(try box.tally("rollup").errors == "2 days, nothing changed\n")
    #expect(try box.files("store/rollups").keys == before.keys)
  }

  @Test func fromScratchIsTheSameAsBitByBit() throws {
    let box = try filled()
    try box.tally("rollup")
    try box.tally("append", input: line("c") + line("a") + line("d", time: "2026-11-18T00:00:00Z"))
    try box.tally("rollup")
    let before = try box.files("store/rollups")
    try FileManager.default.removeItem(atPath: "\(box.store)/rollups")
    try box.tally("rollup", "--jobs", "1")
    #expect(try box.files("store/rollups") == before)
  }

  @Test func sealingChangesNoLineAndNoRollup() throws {
    let box = try filled()
    for index in 0..<20 {
      try box.tally("append", input: line("\(index)", time: "2026-11-18T00:00:0\(index % 10)Z"))
    }
    try box.tally("rollup")
    let rollups = try box.files("store/rollups")
    let lines = try box.storedLines()
    let outcome = try box.tally("rollup", "--seal", "--seal-level", "3")
    // Today is not closed yet.
    #expect(
      try #require(
        outcome.errors.firstMatch(of: /^2 days, nothing changed; sealed 1 day: (\d+) → (\d+) bytes\n$/)
      ).output.0.count > 0)
    #expect(try box.storedLines() == lines)
    #expect(try box.files("store/rollups") == rollups)
    #expect(
      try box.tally("verify").errors == "2 segments, 2 frames, 22 events, 1 catalog, 6 rollups: 0 problems\n")
    #expect(try box.tally("rollup", "--seal").errors == "2 days, nothing changed\n")
  }

  @Test func aDamagedDayIsNamedAndTheOthersAreRolledUp() throws {
    let box = try filled()
    // Two frames: behind the first there is proof that it was whole once.
    try box.tally("append", input: line("c", time: "2026-11-18T00:00:01Z"))
    let path = "segments/date=2026-11-18/w1.jsonl.zst"
    var bytes = try #require(try box.files()[path])
    bytes[20] ^= 0xFF
    try box.write("store/\(path)", bytes)
    let outcome = try box.tally("rollup")
    #expect(outcome.status == 65)
    #expect(outcome.errors.hasPrefix("tally: \(box.store)/\(path): offset 0: "))
    #expect(outcome.last == "rolled up 1 of 2 days: 1 event")
    let verified = try box.tally("verify")
    #expect(verified.status == 65)
    #expect(
      verified.output == "\(box.store)/\(path): offset 0: the data does not match its commit\n")
    #expect(verified.last == "2 segments, 1 frame, 1 event, 1 catalog, 3 rollups: 1 problem")
    // A report says what it lacks.
    let report = try box.tally("report", "daily", "2026-11")
    #expect(report.status == 65)
    #expect(report.output.contains("Incomplete: the events of 2026-11-18 (UTC) could not all be read."))
    let month = try box.tally("report", "month", "2026-11", "--output", "out")
    #expect(month.status == 65)
    #expect(
      month.last == "tally: out/2026-11: not written: the month's events could not all be read (see above)")
    #expect(try box.files("out").isEmpty)
  }

  @Test func aTornTailIsNoProblemAndTheNextAppendKeepsItAside() throws {
    let box = try filled()
    let path = "segments/date=2026-11-20/w1.jsonl.zst"
    try box.write("store/\(path)", try #require(try box.files()[path]) + Data("torn".utf8))
    let verified = try box.tally("verify")
    #expect(verified.status == 0)
    #expect(verified.output == "")
    #expect(
      verified.errors == """
        \(box.store)/\(path): 4 bytes at the end are not committed: a write under way, or one that was cut off; \
        the next append keeps them aside
        2 segments, 2 frames, 2 events: 0 problems

        """)
    #expect(try box.tally("rollup").last == "rolled up 2 of 2 days: 2 events")
    let outcome = try box.tally("append", input: line("c"))
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("\(path): cut 4 bytes of a torn write at offset "))
    #expect(try box.files("store/rejected").values.first == Data("torn".utf8))
    #expect(
      try box.tally("verify").errors == "2 segments, 3 frames, 3 events, 1 catalog, 6 rollups: 0 problems\n")
  }
}
