//! Laws of lines, over random events. A failure prints the seed; put it in `seed` to see it again.

import Bytes
import Foundation
import Testing

@testable import Events

@Suite struct LineLawTests {
  let seed = UInt64.random(in: 0 ... .max)
  private let kept = RandomEvents.keptFields

  @Test func canonicalFormIsAFixedPoint() {
    var random = RandomEvents(seed: seed)
    for _ in 0..<400 {
      let input = random.spell(random.members())
      let first = outcome(input, keptFields: kept)
      #expect(first.message == nil, "\(input), seed \(seed)")
      #expect(outcome(first.line, keptFields: kept) == Outcome(line: first.line), "\(input), seed \(seed)")
      #expect(outcome(first.line, .stored) == Outcome(line: first.line), "\(input), seed \(seed)")
    }
  }

  @Test func orderAndSpacesDoNotMatter() {
    var random = RandomEvents(seed: seed)
    for _ in 0..<300 {
      let members = random.members()
      let first = outcome(random.spell(members), keptFields: kept)
      let second = outcome(random.spell(members.shuffled(using: &random.generator)), keptFields: kept)
      #expect(first.line == second.line && first.message == nil, "seed \(seed)")
      #expect(first.dropped.sorted() == second.dropped.sorted(), "seed \(seed)")
    }
  }

  /// Foundation, which shares no code with our scanner, sees the same names and values.
  @Test func foundationReadsTheSameEvent() throws {
    var random = RandomEvents(seed: seed)
    for _ in 0..<200 {
      let input = random.spell(random.members())
      let theirs = try object(Array(input.utf8))
      let ours = try object(Array(outcome(input, keptFields: kept).line.utf8))
      for name in EventField.dimensions.map(\.name) + ["id"] {
        let text = theirs[name] as? String
        #expect(ours[name] as? String == (text?.isEmpty == true ? nil : text), "\(input), seed \(seed)")
      }
      for field in EventField.counters + [.tokensLimit, .revision] {
        let number = (theirs[field.name] as? NSNumber)?.int64Value
        let isDefault = field == .revision && number == 0
        #expect(
          (ours[field.name] as? NSNumber)?.int64Value == (isDefault ? nil : number), "\(input), seed \(seed)")
      }
      let tags = (theirs["tags"] as? [String: Any])?.compactMapValues { $0 as? String }.filter {
        !$0.value.isEmpty
      }
      #expect((ours["tags"] as? [String: String]) ?? [:] == tags ?? [:], "\(input), seed \(seed)")
    }
  }

  private func object(_ bytes: [UInt8]) throws -> [String: Any] {
    try #require(JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
  }

  /// Any bytes either parse or are refused, and what we take for JSON, Foundation does too.
  ///
  /// Foundation takes more than JSON allows (a comma after the last member, a byte order mark) and refuses numbers
  /// beyond a double; those we only pass over.
  @Test func mutatedLinesAreNeverTakenForJSONWhenTheyAreNot() {
    var random = RandomEvents(seed: seed)
    var acceptedCount = 0
    for _ in 0..<150 {
      let input = Array(random.spell(random.members()).utf8)
      for _ in 0..<25 {
        let bytes = mutate(input, &random)
        let result = outcome(bytes)
        if result.message?.isEmpty == true { Issue.record("a message without words, seed \(seed)") }
        guard result.message == nil else { continue }
        acceptedCount += 1
        let theirs = try? JSONSerialization.jsonObject(with: Data(bytes))
        if !(theirs is [String: Any]), !hasHugeNumber(bytes) {
          Issue.record("\(String(decoding: bytes, as: UTF8.self)), seed \(seed)")
        }
      }
    }
    #expect(acceptedCount > 100, "the mutations are too wild to test anything")
  }

  private func hasHugeNumber(_ bytes: [UInt8]) -> Bool {
    String(decoding: bytes, as: UTF8.self).contains(/[eE]\+?[0-9]{3}/)
  }

  private func mutate(_ input: [UInt8], _ random: inout RandomEvents) -> [UInt8] {
    var bytes = input
    for _ in 0..<random.int(1...2) where !bytes.isEmpty {
      let at = random.int(0...(bytes.count - 1))
      switch random.int(0...4) {
      case 0: bytes[at] = UInt8(random.int(0...255))
      case 1: bytes[at] = random.pick(Array("{}[]\",:\\ \t0-.eE+ntu\u{1}".utf8))
      case 2: bytes.remove(at: at)
      case 3: bytes.insert(random.pick(Array("{}[]\",:\\ \t0-.eE+ntu\u{1}".utf8)), at: at)
      default: bytes.swapAt(at, random.int(0...(bytes.count - 1)))
      }
    }
    return bytes
  }

  @Test func aLineCutAnywhereIsRefused() {
    var random = RandomEvents(seed: seed)
    for _ in 0..<15 {
      let bytes = Array(outcome(random.spell(random.members()), keptFields: kept).line.utf8)
      for count in 0..<bytes.count {
        for mode in [EventParser.Mode.input, .stored]
        where outcome(Array(bytes[..<count]), mode).message == nil {
          Issue.record("cut at \(count): \(String(decoding: bytes, as: UTF8.self)), seed \(seed)")
        }
      }
    }
  }

  /// A parser is used for many lines; nothing of one may be left in the next.
  @Test func aParserRemembersNothing() throws {
    var random = RandomEvents(seed: seed)
    var parser = EventParser(.input, keptFields: kept)
    var output = ByteWriter()
    for _ in 0..<200 {
      let bytes = Array(random.spell(random.members()).utf8)
      try? parser.parse(mutate(bytes, &random).span.bytes, now: now)
      try parser.parse(bytes.span.bytes, now: now)
      output.removeAll()
      CanonicalLine().append(
        parser, line: bytes.span.bytes, id: text(.id, parser, bytes).span.bytes,
        source: text(.source, parser, bytes).span.bytes, time: parser.event.time, to: &output)
      let fresh = outcome(bytes, keptFields: kept)
      #expect(String(decoding: output.array, as: UTF8.self) == fresh.line, "seed \(seed)")
      #expect(parser.dropped.count == fresh.dropped.count, "seed \(seed)")
    }
  }
}
