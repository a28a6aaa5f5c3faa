import Foundation
import Testing

/// A segment that was destroyed is named by every command, with how many events are gone, until that is accepted.
@Suite struct LossTests {
  private static let day = "2026-11-18"

  /// Two days, rolled up: five events in three appends on one, one on the other.
  private func filled() throws -> Sandbox {
    let box = try Sandbox()
    let time = "\(Self.day)T10:00:00Z"
    try box.tally("append", input: line("a", time: time, tokens: 1) + line("b", time: time, tokens: 2))
    try box.tally("append", input: line("c", time: time, tokens: 4) + line("d", time: time, tokens: 8))
    try box.tally("append", input: line("e", time: time, tokens: 16) + line("f", tokens: 32))
    try box.tally("rollup")
    return box
  }

  private func segment(_ box: Sandbox) -> String { "\(box.store)/segments/date=\(Self.day)/w1.jsonl.zst" }

  private func message(_ path: String, _ gone: Int, of known: Int = 5) -> String {
    "\(path): \(gone) of \(known) stored events are gone: tally merge brings them back from a copy of "
      + "the store, and tally rollup --accept-loss \(Self.day) goes on without them"
  }

  /// How many events are left.
  private func destroy(_ path: String, _ how: String) throws -> Int {
    let data = try Data(contentsOf: URL(filePath: path))
    func put(_ data: Data) throws { try data.write(to: URL(filePath: path)) }
    switch how {
    case "emptied": try put(Data())
    case "zeros": try put(Data(count: data.count))
    case "random": try put(Data(data.map { _ in UInt8.random(in: 0...255) }))
    case "removed": try FileManager.default.removeItem(atPath: path)
    case "folder removed":
      try FileManager.default.removeItem(at: URL(filePath: path).deletingLastPathComponent())
    default:
      // The first commit, with two events, ends with the first end magic.
      let end = try #require(data.range(of: Data("tallyEND".utf8))?.upperBound)
      try put(data.prefix(end))
      return 2
    }
    return 0
  }

  private func tokens(_ output: String) throws -> Int? {
    (try object(output)["total"] as? [String: Any])?["tokens"] as? Int
  }

  @Test(
    arguments: ["emptied", "zeros", "random", "cut back", "removed", "folder removed"],
    ["rollup", "rollup and note"])
  func whatIsGoneIsSaidUntilItIsAccepted(how: String, witness: String) throws {
    let box = try filled()
    let left = try destroy(segment(box), how)
    if witness == "rollup" { try FileManager.default.removeItem(atPath: "\(box.store)/local") }
    let expected = message(segment(box), 5 - left)
    let rollups = try box.files("store/rollups")

    let verify = try box.tally("verify")
    #expect(verify.status == 65 && verify.output == "\(expected)\n")
    #expect(verify.last.hasSuffix(": 1 problem"))

    // The last sums that were right, in every report.
    let query = try box.tally("query", "--since", Self.day, "--by", "model", "-f", "json")
    #expect(query.status == 65)
    #expect(try tokens(query.output) == 63)
    let said = "tally: \(Self.day): \(expected); the day is shown as it was rolled up\n"
    #expect(query.errors == said, "\(how)")
    let sessions = try box.tally("query", Self.day, "--by", "session", "-f", "json")
    #expect(sessions.status == 65 && sessions.errors == said)
    #expect(try tokens(sessions.output) == 31)
    #expect(try box.tally("report", "month", "2026-11", "-o", box.path("out")).status == 65)

    for options in [[], ["--force"], ["--seal"]] {
      let rollup = try box.start(["rollup"] + options).finish()
      #expect(rollup.status == 65 && rollup.errors.hasPrefix("tally: \(expected)\n"), "\(rollup.errors)")
      #expect(try box.files("store/rollups") == rollups)
    }

    let other = try box.tally("rollup", "--accept-loss", "2026-11-20")
    #expect(other.status == 65)
    #expect(
      other.errors.contains("tally: --accept-loss 2026-11-20: no stored events are missing there\n"))
    let accepted = try box.tally("rollup", "--accept-loss", Self.day)
    #expect(
      accepted.status == 0 && accepted.errors.contains("accepted what 1 day lost"), "\(accepted.errors)")
    #expect(try box.tally("verify").status == 0)
    let after = try box.tally("query", "--since", Self.day, "--by", "model", "-f", "json")
    #expect(after.status == 0 && after.errors == "")
    #expect(try tokens(after.output) == (left == 0 ? 32 : 35))
    #expect(try box.tally("rollup").status == 0)
    #expect(try box.tally("append", input: line("z", time: "\(Self.day)T11:00:00Z")).status == 0)
  }

  /// Where the events were not rolled up, what the writer noted tells.
  @Test(arguments: ["emptied", "zeros", "random", "cut back", "removed"])
  func anAppendIsRefusedWhereStoredEventsAreGone(how: String) throws {
    let box = try filled()
    try FileManager.default.removeItem(atPath: "\(box.store)/rollups")
    let left = try destroy(segment(box), how)
    let expected = message(segment(box), 5 - left)
    let append = try box.tally("append", input: line("z", time: "\(Self.day)T11:00:00Z") + line("y"))
    #expect(append.status == 65 && append.errors.contains("tally: \(expected)\n"), "\(append.errors)")
    #expect(try box.tally("verify").output == "\(expected)\n")
    let query = try box.tally("query", "--since", Self.day, "--by", "model", "-f", "json")
    if how != "removed" { #expect(query.status == 65 && query.errors == "tally: \(Self.day): \(expected)\n") }
    // The other day goes on.
    #expect(try box.tally("append", input: line("x")).status == 0)
    let rollup = try box.tally("rollup")
    #expect(rollup.status == 65 && rollup.errors.hasPrefix("tally: \(expected)\n"))
    let accepted = try box.tally("rollup", "--accept-loss", "2026-11")
    #expect(accepted.status == 0 && accepted.errors.contains("accepted what 1 day lost"))
    #expect(try box.tally("append", input: line("z", time: "\(Self.day)T11:00:00Z")).status == 0)
    #expect(try box.tally("verify").status == 0)
  }

  /// One flipped bit in the last append: the next one used to cut it, and all was green again.
  @Test func rotInTheLastAppendStaysLoud() throws {
    let box = try filled()
    try FileManager.default.removeItem(atPath: "\(box.store)/rollups")
    let data = try Data(contentsOf: URL(filePath: segment(box)))
    let first = try #require(data.range(of: Data("tallyEND".utf8))?.upperBound)
    let second = try #require(data[first...].range(of: Data("tallyEND".utf8))?.upperBound)
    var rotten = data
    rotten[second + 20] ^= 0x10
    try rotten.write(to: URL(filePath: segment(box)))
    let damage = "\(segment(box)): offset \(second): the data does not match its commit"
    let append = try box.tally("append", input: line("z", time: "\(Self.day)T11:00:00Z"))
    #expect(append.status == 0)
    #expect(append.errors.contains("\(damage); the new events are stored behind it"), "\(append.errors)")
    #expect(try Data(contentsOf: URL(filePath: segment(box))).prefix(data.count) == rotten)
    #expect(!FileManager.default.fileExists(atPath: "\(box.store)/rejected"))
    for _ in 0..<2 {
      #expect(try box.tally("verify").output == "\(damage)\n")
      let query = try box.tally("query", "--since", Self.day, "--by", "model", "-f", "json")
      #expect(query.status == 65 && query.errors.contains(damage))
      #expect(try box.tally("rollup").status == 65)
      try box.tally("append", input: line("y", time: "\(Self.day)T12:00:00Z"))
    }
  }

  @Test func aMergeSaysWhatARewriteTakesAway() throws {
    let (box, other) = (try filled(), try Sandbox())
    let time = "\(Self.day)T10:00:00Z"
    try other.tally("append", input: line("a", time: time, tokens: 1))
    try other.tally("rollup", "--seal")
    let merge = try box.tally("merge", other.store, environment: ["TALLY_WRITER": "w2"])
    #expect(merge.status == 0)
    #expect(
      merge.errors == "tally: \(segment(box)): a rewrite replaces 5 events of writer w1 by 1\n"
        + "\(other.store): 1 segments copied, 0 kept, 0 left out\n")
    #expect(try box.tally("verify").status == 0)
    #expect(try box.tally("rollup").status == 0)
    #expect(try tokens(try box.tally("query", Self.day, "-f", "json").output) == 1)
  }

  /// A file or a folder that is none costs its own day, or its own segment, and nothing else.
  @Test func oddNamesCostTheirOwnDay() throws {
    let box = try filled()
    let file = "\(box.store)/segments/date=2026-11-17"
    try box.write("store/segments/date=2026-11-17", "no folder")
    try box.write("store/segments/date=\(Self.day)/a b.jsonl.zst", "torn")
    let folder = "\(box.store)/segments/date=2026-11-20/z.jsonl.zst"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    let link = "\(box.store)/segments/date=2026-11-20/y.jsonl.zst"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "nowhere")
    try box.tally("append", input: line("g", time: "\(Self.day)T12:00:00Z", tokens: 64))

    let verify = try box.tally("verify")
    #expect(verify.status == 65)
    for path in [file, "\(box.store)/segments/date=\(Self.day)/a b.jsonl.zst", folder, link] {
      #expect(verify.output.contains("\(path): "), "\(verify.output)")
    }
    let rollup = try box.tally("rollup")
    #expect(rollup.status == 65)
    for path in [file, folder, link] { #expect(rollup.errors.contains("tally: \(path): ")) }
    #expect(rollup.last == "rolled up 1 of 3 days: 6 events")
    // What can be read is shown.
    let query = try box.tally("query", "--since", "2026-11-17", "-f", "json")
    #expect(query.status == 65 && query.errors.contains("tally: 2026-11-17: \(file): "))
    #expect(try tokens(query.output) == 127)
    let target = try Sandbox()
    let merge = try target.tally("merge", box.store, environment: ["TALLY_WRITER": "w9"])
    #expect(merge.status == 65 && merge.errors.contains("tally: \(file): "))
    #expect(merge.last == "\(box.store): 2 segments copied, 0 kept, 4 left out")
  }
}
