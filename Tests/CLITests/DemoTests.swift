import Foundation
import Testing

/// The demo month against what was computed without tally, and the month's files.
@Suite struct DemoTests {
  private static let counters = [
    "requests", "errors", "input_tokens", "cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens",
    "cache_write_12h_tokens", "output_tokens", "reasoning_tokens", "input_audio_tokens",
    "output_audio_tokens",
    "input_image_tokens", "output_image_tokens", "unsplit_tokens", "images", "audio_seconds", "searches",
    "characters",
  ]

  /// Sums by a label: counters, credits, and cost by currency.
  private struct Sums: Equatable {
    var counts: [String: Int] = [:]
    var credits = Decimal()
    var costs: [String: Decimal] = [:]

    mutating func add(_ row: [String: String], currency: String) {
      for name in DemoTests.counters {
        let count = Int(row[name] ?? "") ?? 0
        if count != 0 { counts[name, default: 0] += count }
      }
      credits += Decimal(string: row["credits"] ?? "") ?? 0
      if let cost = Decimal(string: row["cost"] ?? ""), cost != 0 { costs[currency, default: 0] += cost }
    }
  }

  private static func expected() throws -> [String: Any] {
    try object(
      String(contentsOf: Sandbox.root.appending(path: "Fixtures/demo/expected.json"), encoding: .utf8))
  }

  /// The sums that should come out, the day of nothing included.
  private static func expectedSums(_ list: String, by label: String) throws -> [String: Sums] {
    let month = try #require(try expected()["month"] as? [String: Any])
    var sums: [String: Sums] = [:]
    for row in month[list] as? [[String: Any]] ?? [] {
      let texts = row.compactMapValues { ($0 as? Int).map(String.init) ?? $0 as? String }
      var sum = Sums()
      sum.add(texts, currency: "")
      for (currency, cost) in row["cost"] as? [String: String] ?? [:] {
        sum.costs[currency] = Decimal(string: cost)
      }
      sums[row[label] as? String ?? ""] = sum
    }
    return sums
  }

  private static func sums(_ rows: [[String: String]], by label: String) -> [String: Sums] {
    var sums: [String: Sums] = [:]
    for row in rows { sums[row[label] ?? "", default: Sums()].add(row, currency: row["currency"] ?? "") }
    return sums
  }

  /// CSV whose cells need no quotes.
  private static func rows(csv: String) -> [[String: String]] {
    let lines = csv.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
  }

  private static func rows(json: String) throws -> [[String: String]] {
    (try object(json)["rows"] as? [[String: Any]] ?? []).map { row in
      row.compactMapValues { ($0 as? Int).map(String.init) ?? $0 as? String }
    }
  }

  private func filled() throws -> Sandbox {
    let box = try Sandbox()
    #expect(try box.tally("append", Sandbox.fixture).status == 65)
    return box
  }

  private func writeMonth(_ box: Sandbox, cost: String = "auto") throws -> [String: Data] {
    let outcome = try box.tally("report", "month", "2026-10", "--output", "out", "--cost", cost)
    #expect(outcome.status == 0)
    // What has no cost is said as well.
    #expect(
      outcome.errors.hasPrefix(
        ["summary.csv", "summary.json", "days.csv", "days.json"].map { "wrote out/2026-10/\($0)\n" }
          .joined()))
    return try box.files("out")
  }

  @Test func whatIsTakenInIsWhatWasExpected() throws {
    let box = try Sandbox()
    let expected = try Self.expected()
    let lines = try #require(expected["lines"] as? [String: Int])
    let outcome = try box.tally("append", "--summary", "json", Sandbox.fixture)
    let summary = try object(outcome.last)
    #expect(summary["accepted"] as? Int == lines["accepted"])
    #expect(summary["rejected"] as? Int == lines["rejected"])
    let rejects = try #require(try box.files("store/rejected").values.first)
    let numbers = try String(decoding: rejects, as: UTF8.self).split(separator: "\n").map {
      try object(String($0))["line"] as? Int
    }
    #expect(numbers == (expected["rejected"] as? [[String: Any]])?.map { $0["line"] as? Int })
    let counts = ["repeats", "voids", "conflicts"].map { "\(expected[$0] as? Int ?? -1)" }
    #expect(
      try box.tally("rollup").last
        == "rolled up 32 of 32 days: \(lines["accepted"] ?? 0) events, \(counts[0]) repeats, \(counts[1]) void, \(counts[2]) conflicts"
    )
  }

  @Test func theMonthsFilesHoldWhatWasExpected() throws {
    let box = try filled()
    let files = try writeMonth(box, cost: "display").mapValues { String(decoding: $0, as: UTF8.self) }
    #expect(
      files.keys.sorted() == [
        "2026-10/days.csv", "2026-10/days.json", "2026-10/summary.csv", "2026-10/summary.json",
      ])
    let days = try Self.expectedSums("days", by: "day")
    let models = try Self.expectedSums("models", by: "model")
    let providers = try Self.expectedSums("providers", by: "provider")
    let dayTables = [
      Self.rows(csv: files["2026-10/days.csv"] ?? ""), try Self.rows(json: files["2026-10/days.json"] ?? ""),
    ]
    for rows in dayTables { #expect(Self.sums(rows, by: "day") == days) }
    let summaries = [
      Self.rows(csv: files["2026-10/summary.csv"] ?? ""),
      try Self.rows(json: files["2026-10/summary.json"] ?? ""),
    ]
    for rows in summaries {
      #expect(Self.sums(rows, by: "model") == models)
      #expect(Self.sums(rows, by: "provider") == providers)
    }
  }

  @Test func theSameEventsGiveTheSameBytes() throws {
    let box = try filled()
    let first = try writeMonth(box)
    #expect(try writeMonth(box) == first)
    try box.tally("append", Sandbox.fixture)
    try box.tally("rollup", "--seal", "--seal-level", "3")
    #expect(try writeMonth(box) == first)
    // Another machine took half of them, in another order, and later all of them again.
    let other = try Sandbox()
    let lines = try String(contentsOfFile: Sandbox.fixture, encoding: .utf8).split(separator: "\n")
    let file = try other.write("half.jsonl", lines.reversed().prefix(1300).joined(separator: "\n"))
    try other.tally("append", "--writer", "w2", file)
    try other.tally("rollup")
    try other.tally("append", Sandbox.fixture)
    #expect(try writeMonth(other) == first)
  }

  @Test func anUnchangedFileIsNotTouchedAndAnOldOneIsReplacedWhole() throws {
    let box = try filled()
    let first = try writeMonth(box)
    let path = box.path("out/2026-10/days.csv")
    let before = try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
    _ = try writeMonth(box)
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int == before)
    try box.write("out/2026-10/days.csv", "old")
    let cut = try box.tally(
      "report", "month", "2026-10", "--output", "out", environment: ["TALLY_FAULT": "write:1:killhalf"])
    #expect(cut.status == 137)
    #expect(try box.read("out/2026-10/days.csv") == "old")
    let full = try box.tally(
      "report", "month", "2026-10", "--output", "out", environment: ["TALLY_FAULT": "write:1:ENOSPC"])
    #expect(full.status == 73)
    #expect(full.last == "tally: out/2026-10/days.csv: cannot write: No space left on device")
    #expect(try writeMonth(box).filter { !$0.key.hasSuffix(".tmp") } == first)
  }

  /// Until all four are written none has changed, so they are of one state of the store.
  @Test(arguments: ["write:1:kill", "write:4:killhalf", "sync:1:kill", "sync:4:kill", "rename:1:kill"])
  func aKilledMonthLeavesFilesOfOneState(fault: String) throws {
    let box = try filled()
    let first = try writeMonth(box)
    try box.tally("append", input: line("more", time: "2026-10-05T10:00:00Z"))
    let cut = try box.tally(
      "report", "month", "2026-10", "--output", "out", environment: ["TALLY_FAULT": "\(fault):out/2026-10"])
    #expect(cut.status == 137)
    #expect(try box.files("out").filter { !$0.key.hasSuffix(".tmp") } == first)
    // The next run has all of the other state, and nothing is left over.
    let second = try writeMonth(box)
    #expect(second.keys == first.keys)
    for (name, text) in first { #expect(second[name] != text, "\(name)") }
  }

  @Test func dayByDayInAnyZoneIsTheRange() throws {
    let box = try filled()
    try box.tally("rollup")
    for zone in ["UTC", "Europe/Berlin", "America/Los_Angeles", "Asia/Kathmandu"] {
      let report = try box.report("daily", "2026-10", "--timezone", zone)
      let models = try box.report("models", "2026-10", "--timezone", zone)
      let total = try #require(report["total"] as? [String: Any])
      let rows = try #require(report["rows"] as? [[String: Any]])
      for name in Self.counters {
        #expect(rows.reduce(0) { $0 + ($1[name] as? Int ?? 0) } == total[name] as? Int, "\(zone) \(name)")
        #expect(total[name] as? Int == (models["total"] as? [String: Any])?[name] as? Int, "\(zone) \(name)")
      }
    }
  }

  @Test(arguments: [1, 5, 100])
  func othersKeepTheTotal(_ count: Int) throws {
    let box = try filled()
    let all = try box.report("models", "2026-10")
    for filter in [["--top", "\(count)"], ["--min-share", "\(count)"]] {
      let running = try box.start(["report", "models", "2026-10", "--format", "json"] + filter)
      let some = try object(running.finish().output)
      let rows = try #require(some["rows"] as? [[String: Any]])
      let total = try #require(some["total"] as? [String: Any])
      #expect(
        NSDictionary(dictionary: total) == NSDictionary(dictionary: all["total"] as? [String: Any] ?? [:]))
      for name in Self.counters {
        #expect(rows.reduce(0) { $0 + ($1[name] as? Int ?? 0) } == total[name] as? Int)
      }
      let shown = Set(rows.filter { $0["others"] == nil }.map { $0["model"] as? String })
      if filter[0] == "--top" { #expect(shown.count == min(count, 15)) }
      #expect(rows.contains { $0["others"] as? Bool == true } == (shown.count < 15))
    }
  }
}
