//! What an event tells: its numbers, its requests, its weight, the bytes that key its rollup row.

import Bytes
import Foundation
import Money
import Testing

@testable import Events

@Suite struct EventTests {
  private func event(_ line: String, _ mode: EventParser.Mode = .input) throws -> Event {
    var parser = EventParser(mode)
    try parser.parse(Array(line.utf8).span.bytes, now: now)
    return parser.event
  }

  @Test(arguments: [
    (#"{"input_tokens":5}"#, 1), (#"{"requests":0,"images":1}"#, 0), (#"{"requests":7}"#, 7),
    (#"{"kind":"billed","cost":1,"currency":"USD"}"#, 0), (#"{"kind":"billed","requests":3}"#, 3),
    (#"{"kind":"quota","tokens_limit":5}"#, 0), (#"{"status":"error"}"#, 1),
    (#"{"id":"a","time":"2026-11-20T10:00:00Z","status":"void"}"#, 1),
  ])
  func requestsAreOneOnUsage(line: String, requests: Int64) throws {
    #expect(try event(line).requests == requests)
  }

  /// Requests and every counter once; no subset, no duration, no money, no quota.
  @Test func weighsEveryCounterOnce() throws {
    #expect(try event(#"{"input_tokens":5}"#).weight == 6)
    #expect(try event(#"{"requests":0,"images":2}"#).weight == 2)
    var expected: Int128 = 0
    var fields: [String] = []
    let unweighed: Set<EventField> = [.reasoningTokens, .durationMs]
    for (index, field) in EventField.counters.enumerated() {
      fields.append("\"\(field.name)\":\(1 << index)")
      if !unweighed.contains(field) { expected += 1 << index }
    }
    let rest = #","credits":9,"cost":9,"currency":"USD","tokens_limit":9,"sessions_active":9,"revision":9}"#
    #expect(try event("{" + fields.joined(separator: ",") + rest).weight == expected)
  }

  @Test func weightHasRoomForTheLargestCounts() throws {
    let fields = EventField.counters.map { "\"\($0.name)\":1000000000000" }
    #expect(try event("{" + fields.joined(separator: ",") + "}").weight == 16_000_000_000_000)
  }

  @Test func storedLinesHaveTheSameNumbersAndTexts() throws {
    var random = RandomEvents(seed: UInt64.random(in: 0 ... .max))
    for _ in 0..<200 {
      let input = random.spell(random.members())
      let bytes = Array(input.utf8)
      let stored = Array(outcome(bytes).line.utf8)
      var first = EventParser(.input)
      var second = EventParser(.stored)
      try first.parse(bytes.span.bytes, now: now)
      try second.parse(stored.span.bytes)
      let (a, b) = (first.event, second.event)
      #expect(
        (a.time, a.resetsAt, a.revision, a.period, a.kind) == (
          b.time, b.resetsAt, b.revision, b.period, b.kind
        ))
      #expect(a.cost == b.cost && a.credits == b.credits && a.currency == b.currency && a.status == b.status)
      #expect(a.weight == b.weight && a.requests == b.requests)
      for field in EventField.dimensions + [.id] {
        #expect(text(field, first, bytes) == text(field, second, stored), "\(field.name) of \(input)")
      }
      for field in EventField.counters {
        #expect(a.number(field) == b.number(field) && a.has(field) == b.has(field))
      }
    }
  }

  @Test func theKeyIsFromPeriodToProject() throws {
    func key(_ line: String) throws -> String {
      let bytes = Array(line.utf8)
      var parser = EventParser(.stored)
      try parser.parse(bytes.span.bytes)
      return String(decoding: bytes[parser.keyRange], as: UTF8.self)
    }
    let whole = CanonicalLineTests.whole
    let start = try #require(whole.range(of: #""period""#)?.lowerBound)
    let end = try #require(whole.range(of: #","session""#)?.lowerBound)
    #expect(try key(whole) == String(whole[start..<end]))
    #expect(try key(canonical(#""requests":1"#)) == #""source":"t""#)
    #expect(try key(canonical(#""model":"m","session":"s","requests":1"#)) == #""source":"t","model":"m""#)
    #expect(
      try key(canonical(#""project":"p\"","requests":1"#, before: #""kind":"quota""#))
        == #""kind":"quota","source":"t","project":"p\"""#)
    #expect(try key(#"{"id":"a","time":"2026-11-20T00:00:00.000Z","requests":1}"#).isEmpty)
  }

  @Test func namesAreThoseOfTheFields() {
    #expect(EventField.names.count == EventField.allCases.count && EventField.allCases.count <= 64)
    #expect(Set(EventField.names).count == EventField.names.count)
    for field in EventField.allCases { #expect(EventField(name: field.name) == field) }
    #expect(EventField(name: "prompt_tokens") == nil)
    #expect(EventField.tokens.allSatisfy { EventField.counters.contains($0) })
    let disjoint = EventField.counters.filter { $0.name.hasSuffix("_tokens") && $0 != .reasoningTokens }
    #expect(EventField.tokens == disjoint)
  }

  /// Every name is found, no part of one and nothing longer is.
  @Test func theTableFindsWholeNamesOnly() {
    let table = FieldTable()
    for field in EventField.allCases {
      let name = Array(field.name.utf8)
      #expect(table.field(name.span.bytes, 0, name.count) == field)
      let longer = name + [UInt8(ascii: "x")]
      #expect(table.field(longer.span.bytes, 0, name.count) == field)
      #expect(table.field(longer.span.bytes, 0, longer.count) == nil)
      #expect(table.field(name.span.bytes, 1, name.count) == nil)
      for at in name.indices {
        var other = name
        other[at] ^= 1
        let found = table.field(other.span.bytes, 0, other.count)
        #expect(found == EventField(name: String(decoding: other, as: UTF8.self)))
      }
    }
    #expect(table.field([UInt8]().span.bytes, 0, 0) == nil)
  }

  /// A parser expects the keys of the line before; each byte of them counts.
  @Test(arguments: EventField.allCases.filter { $0.shape == .count })
  func aKeyThatIsNearlyTheExpectedOneIsAnother(field: EventField) throws {
    func line(_ name: [UInt8]) -> [UInt8] {
      Array("{\"id\":\"a\",\"requests\":1,\"".utf8) + name + Array("\":7,\"tags\":{}}".utf8)
    }
    if field == .requests { return }
    let name = Array(field.name.utf8)
    for at in name.indices {
      var parser = EventParser(.stored)
      let right = line(name)
      try parser.parse(right.span.bytes)
      var other = name
      other[at] ^= 1
      let wrong = line(other)
      try parser.parse(wrong.span.bytes)
      #expect(!parser.event.has(field), "\(String(decoding: other, as: UTF8.self))")
    }
  }

  @Test func fieldsAreLaidOutInTheirOrder() {
    for field in EventField.allCases {
      #expect(field.index == Int(field.rawValue) && field.bit == 1 << UInt64(field.rawValue))
    }
  }
}
