import Events
import Parquet
import StoreFixtures
import TestSupport
import Testing

@testable import Rollup

/// A day of many repeats takes as much memory as its different events, and comes to the same.
@Suite struct ManyRepeatsTests {
  private static let day = Int64(someDay) * 86_400_000

  private func block(_ count: Int, _ change: (inout EventDraft, Int) -> Void = { _, _ in }) -> [String] {
    (0..<count).map { index in
      var draft = EventDraft(id: "a:\(index)", time: Self.day + Int64(index))
      draft.numbers["input_tokens"] = Int64(index)
      draft.texts["model"] = "model-\(index % 7)"
      change(&draft, index)
      return draft.line
    }
  }

  /// How many rows of a scan are held at most, and at last, while blocks come.
  private func rows(_ blocks: [[String]], roomBytes: Int) throws -> (most: Int, lines: Int) {
    var scan = DayScan(day: someDay, tags: [], expected: 1_000_000_000, roomBytes: roomBytes)
    var most = 0
    for block in blocks {
      try scan.add(Array(block.map { $0 + "\n" }.joined().utf8).span.bytes)
      most = max(most, scan.eventCount)
    }
    return (most, scan.lineCount)
  }

  /// Ordinary lines, lines with metadata, voids, and such as only the parser reads; each block three hundred times.
  @Test(arguments: ["", "metadata", "void", "escapes", "quota", "revisions"])
  func rowsAreThoseOfDifferentEvents(what: String) throws {
    let blocks = (0..<300).map { round in
      let block = block(200) { draft, index in
        switch what {
        case "void": draft.status = "void"
        case "escapes": draft.texts["user"] = "\\\"\(index)"
        case "quota":
          draft.kind = "quota"
          draft.numbers = ["tokens_limit": Int64(index)]
        // Each telling is another line, and wins.
        case "revisions": draft.revision = Int64(round)
        default: break
        }
      }
      return what == "metadata"
        ? block.map { $0.dropLast() + ",\"metadata\":{\"a\":\"\($0.utf8.count)\"}}" } : block
    }
    let roomBytes = 100_000
    let (most, lines) = try rows(blocks, roomBytes: roomBytes)
    #expect(lines == 60_000)
    // A row takes 42 bytes or more. There may be as many as there is room for, before the rests of lines are kept, and then
    // twice as many.
    #expect(most < 3 * (roomBytes / 42 + 200), "\(most) rows")
    let expected = try fold(blocks, day: someDay, roomBytes: .max)
    #expect(expected.statistics.repeats == 59_800)
    for parts in [ScanParts.together, .apart] {
      #expect(try fold(blocks, day: someDay, parts: parts, roomBytes: roomBytes) == expected)
    }
  }

  /// Whatever lines come in whatever order, giving up lines changes neither rows nor what is counted beside them, nor
  /// which line it was that won.
  @Test func givingUpLinesChangesNothing() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed)
    for round in 0..<60 {
      var generator = EventGenerator(seed: random.next(), day: someDay)
      var lines = generator.lines(60)
      if round % 2 == 0 {
        lines = lines.map {
          Bool.random(using: &random) ? $0 : $0.dropLast() + ",\"metadata\":{\"a\":\"b\"}}"
        }
      }
      lines += (0..<200).compactMap { _ in lines.randomElement(using: &random) }
      lines.shuffle(using: &random)
      let blocks = (0..<8).map { Array(lines[(lines.count * $0 / 8)..<(lines.count * ($0 + 1) / 8)]) }
      let expected = try settle(blocks, day: someDay, tags: ["team"], roomBytes: .max)
      let events = DayEvents(expected)
      let numbers = events.values(DayEvents.line, 0..<events.count)
      let rollups = try fold(blocks, day: someDay, tags: ["team"], roomBytes: .max)
      for parts in [ScanParts.together, .apart] {
        for (roomBytes, contestBytes) in [(0, 0), (3000, 1 << 20), (0, 1 << 20), (.max, 300)] {
          let settled = try settle(
            blocks, day: someDay, tags: ["team"], parts: parts, roomBytes: roomBytes,
            contestBytes: contestBytes)
          #expect(try settled.rollups() == rollups, "seed \(seed), \(parts), \(roomBytes), \(contestBytes)")
          let events = DayEvents(settled)
          #expect(events.values(DayEvents.line, 0..<events.count) == numbers, "seed \(seed)")
        }
      }
    }
  }

  /// A line that is none is named by its place among all, those that were given up included.
  @Test func placesOfLinesAreThoseOfAllLines() throws {
    var scan = DayScan(day: someDay, tags: [], expected: 1, roomBytes: 0)
    for _ in 0..<3 { try scan.add(Array(block(4).map { $0 + "\n" }.joined().utf8).span.bytes) }
    #expect(scan.lineCount == 12 && scan.eventCount == 4)
    let wrong = Array((block(2) + ["{}"]).map { $0 + "\n" }.joined().utf8)
    #expect(throws: FoldError.malformed(line: 3, reason: "it does not begin with its id")) {
      try scan.add(wrong.span.bytes)
    }
  }

  /// What a segment says of itself sizes nothing: only lines do.
  @Test func roomIsMadeForLinesOnly() throws {
    let (most, lines) = try rows([block(3)], roomBytes: 1 << 20)
    #expect(most == 3 && lines == 3)
  }
}
