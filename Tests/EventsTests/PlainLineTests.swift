//! The fast path agrees with the parser: what it accepts, the parser accepts with the same meaning. It may refuse
//! anything, but not the lines that it is there for.

import Bytes
import Money
import Testing

@testable import Events

@Suite struct PlainLineTests {
  let seed = UInt64.random(in: 0 ... .max)

  /// Everything that a reader of either kind knows of a line.
  private struct Known: Equatable {
    var time: Int64
    var cost: Int128
    var credits: Int128
    var currency: String?
    var isError: Bool
    var key: String
    var texts: [String]
    var numbers: [Int64?]
    var requests: Int64
  }

  private func plain(_ line: [UInt8], _ mode: EventParser.Mode, _ reader: inout PlainLine) -> Known? {
    let alone = known(line, mode, reader.read(line.span.bytes), reader)
    // Among so many bytes that it is read where it stands; what is behind it is no part of it.
    let others = "{\"id\":\"é\",\\\"\n"
    let buffer = line + Array("\n\(String(repeating: others, count: 500))".utf8)
    let end = buffer.withUnsafeBytes { reader.read($0, from: 0) }
    if !line.contains(UInt8(ascii: "\n")) {
      #expect(known(line, mode, end == line.count, reader) == alone, "seed \(seed)")
    }
    return alone
  }

  private func known(
    _ line: [UInt8], _ mode: EventParser.Mode, _ isRead: Bool, _ reader: borrowing PlainLine
  ) -> Known? {
    guard isRead else { return nil }
    if mode == .input, !reader.isAcceptable(now: now) { return nil }
    func text(_ range: Range<Int>) -> String { String(decoding: line[range], as: UTF8.self) }
    return Known(
      time: reader.time, cost: reader.has(.cost) ? reader.cost : 0,
      credits: reader.has(.credits) ? reader.credits : 0,
      currency: reader.has(.currency) ? reader.currency?.description : nil, isError: reader.isError,
      key: text(reader.keyRange), texts: ([.id] + EventField.dimensions).map { text(reader.text($0)) },
      numbers: EventField.counters.map { reader.has($0) ? reader.number($0) : nil },
      requests: reader.requests)
  }

  private func parsed(_ line: [UInt8], _ mode: EventParser.Mode) throws -> Known {
    var parser = EventParser(mode)
    try parser.parse(line.span.bytes, now: now)
    let event = parser.event
    #expect(event.kind == .usage && event.period == .instant && event.status != .void)
    func text(_ field: EventField) -> String {
      String(decoding: parser.bytes(field, line.span.bytes), as: UTF8.self)
    }
    return Known(
      time: event.time, cost: event.cost, credits: event.credits, currency: event.currency?.description,
      isError: event.status == .error, key: String(decoding: line[parser.keyRange], as: UTF8.self),
      texts: ([.id] + EventField.dimensions).map(text),
      numbers: EventField.counters.map { event.has($0) ? event.number($0) : nil }, requests: event.requests)
  }

  private func usual(_ random: inout RandomEvents) -> String {
    var members = [
      "\"id\":\"r:\(random.int(0...99))\"",
      "\"time\":\"\(Timestamp.text(Int64(random.int(1_420_070_400_000...1_795_000_000_000))))\"",
    ]
    for name in ["provider", "account", "source", "model", "user", "project", "session"]
    where random.chance(60) {
      members.append("\"\(name)\":\"\(random.pick(["a", "été", "gpt-5", "user-17@example.com", "日本"]))\"")
    }
    if random.chance(20) { members.append("\"status\":\"error\"") }
    for name in ["requests", "input_tokens", "cache_write_12h_tokens", "output_tokens"]
    where random.chance(70) {
      members.append("\"\(name)\":\(random.int(0...1_000_000))")
    }
    members.append("\"images\":\(random.pick([0, 7, 1_000_000_000_000]))")
    if random.chance(30) { members.append("\"credits\":\"\(random.int(0...9)).5\"") }
    if random.chance(30) { members.append("\"duration_ms\":1200") }
    if random.chance(30) { members += ["\"cost\":\"0.\(random.int(1...9))\"", "\"currency\":\"EUR\""] }
    return "{\(members.joined(separator: ","))}"
  }

  @Test(arguments: [EventParser.Mode.input, .stored])
  func theParserUnderstandsTheSame(mode: EventParser.Mode) throws {
    var random = RandomEvents(seed: seed)
    var reader = PlainLine(mode)
    for _ in 0..<1000 {
      let line = Array(usual(&random).utf8)
      let read = plain(line, mode, &reader)
      let known = try #require(read, "\(String(decoding: line, as: UTF8.self))")
      let expected = try parsed(line, mode)
      #expect(known == expected, "\(String(decoding: line, as: UTF8.self)), seed \(seed)")
    }
  }

  /// Lines that are nearly plain, and any others: whatever is accepted means the same.
  @Test(arguments: [EventParser.Mode.input, .stored])
  func nothingIsTakenForPlainThatIsNot(mode: EventParser.Mode) throws {
    var random = RandomEvents(seed: seed)
    var reader = PlainLine(mode)
    var accepted = 0
    for _ in 0..<400 {
      let canonical = outcome(random.spell(random.members())).line
      for text in [usual(&random), usual(&random), canonical] {
        for _ in 0..<10 {
          let line = mutate(Array(text.utf8), &random)
          guard let known = plain(line, mode, &reader) else { continue }
          accepted += 1
          let shown = "\(String(decoding: line, as: UTF8.self)), seed \(seed)"
          do {
            let expected = try parsed(line, mode)
            #expect(known == expected, "\(shown)")
          } catch {
            Issue.record("\(error): \(shown)")
          }
        }
      }
    }
    #expect(accepted > 500, "the mutations are too wild to test anything, seed \(seed)")
  }

  private func mutate(_ input: [UInt8], _ random: inout RandomEvents) -> [UInt8] {
    var bytes = input
    let at = random.int(0...(bytes.count - 1))
    let other = random.pick(Array("{}[]\",:\\ 0-.eE1anZT\u{1}".utf8) + [0xC3, 0xA9, 0xFF])
    switch random.int(0...4) {
    case 0: bytes[at] = other
    case 1: bytes[at] ^= 1 << UInt8(random.int(0...7))
    case 2: bytes.remove(at: at)
    case 3: bytes.insert(other, at: at)
    default: bytes.swapAt(at, random.int(0...(bytes.count - 1)))
    }
    return bytes
  }

  /// Texts end at their quote wherever it is marked, across words of marks and up to the longest.
  @Test(arguments: [EventParser.Mode.input, .stored])
  func textsOfEveryLengthEndAtTheirQuote(mode: EventParser.Mode) throws {
    var reader = PlainLine(mode)
    for size in Array(1...200) + Array(1020...1024) {
      for before in [1, 30, 64, 900] {
        let names = ["provider", "service", "account", "user"]
        let texts = names.map {
          "\"\($0)\":\"\(String(repeating: "x", count: $0 == "user" ? size : before))\""
        }
        let line = Array(
          "{\"id\":\"a:1\",\"time\":\"2026-10-01T00:00:01.000Z\",\(texts.joined(separator: ",")),\"images\":1}"
            .utf8)
        let read = try #require(plain(line, mode, &reader), "\(size) behind \(before)")
        #expect(try parsed(line, mode) == read, "\(size) behind \(before)")
      }
    }
  }

  /// What is too long to be marked is the parser's.
  @Test func longLinesAreNotTakenForPlain() {
    var reader = PlainLine(.input)
    let texts = ["id", "provider", "service", "account", "model", "operation"].map {
      "\"\($0)\":\"\(String(repeating: "x", count: 1000))\""
    }
    let line = Array("{\(texts.joined(separator: ",")),\"images\":1}".utf8)
    let read = plain(line, .input, &reader)
    #expect(read == nil)
  }

  @Test func countsOfEveryLengthAreRead() throws {
    var reader = PlainLine(.input)
    for digits in 1...14 {
      for number in ["1234567890123", "9000000000000", "1000000000000"].map({ String($0.prefix(digits)) }) {
        for zeros in ["", "0"] {
          let text = zeros + number
          let line = Array(
            "{\"id\":\"a:1\",\"time\":\"2026-10-01T00:00:01.000Z\",\"input_tokens\":\(text),\"images\":7}"
              .utf8)
          let isCount = zeros.isEmpty && Int64(number).map { $0 <= 1_000_000_000_000 } == true
          let read = plain(line, .input, &reader)
          #expect((read != nil) == isCount, "\(text)")
          if isCount { #expect(try parsed(line, .input) == read, "\(text)") }
        }
      }
    }
  }

  /// Each byte of each key counts, also of the longest.
  @Test func everyByteOfAKeyCounts() {
    let line = Array(
      "{\"id\":\"a:1\",\"time\":\"2026-10-01T00:00:01.000Z\",\"cache_write_12h_tokens\":1,\"output_tokens\":2}"
        .utf8)
    var reader = PlainLine(.input)
    let isPlain = reader.read(line.span.bytes)
    #expect(isPlain)
    for (at, byte) in line.enumerated() where byte != UInt8(ascii: ":") && at > 46 {
      var other = line
      other[at] = byte == UInt8(ascii: "x") ? UInt8(ascii: "y") : UInt8(ascii: "x")
      let isRefused = !reader.read(other.span.bytes)
      #expect(isRefused, "byte \(at)")
      // And the next line finds nothing of it.
      let isRead = reader.read(line.span.bytes)
      #expect(isRead)
    }
  }

  @Test(
    arguments: [
      "{}", "{", "", "{\"id\"", "{\"id\":\"\"}", "{\"id\":\"a\",\"id\":\"a\"}",
      "{\"metadata\":{},\"metadata\":{}}",
      "{\"time\":\"2026-02-29T00:00:00.000Z\",\"requests\":1}",
      "{\"time\":\"2026-10-01T24:00:00.000Z\",\"requests\":1}",
      "{\"time\":\"2026-10-01T00:60:00.000Z\",\"requests\":1}",
      "{\"time\":\"2026-10-01T00:00:60.000Z\",\"requests\":1}",
      "{\"time\":\"2026-10-01t00:00:00.000Z\",\"requests\":1}",
      "{\"time\":\"2026-10-01T00:00:00.000z\",\"requests\":1}", "{\"requests\":01}", "{\"requests\":-1}",
      "{\"requests\":1.0}", "{\"requests\":1000000000001}",
      // 2^64 + 1: the digits alone say that it is too much.
      "{\"requests\":18446744073709551617}", "{\"cost\":\"-1\",\"currency\":\"USD\"}",
      "{\"model\":\"\(String(repeating: "m", count: 1025))\"}",
      "{\"revision\":0}", "{\"cost\":\"1\"}",
      "{\"cost\":\"1.0\",\"currency\":\"USD\"}", "{\"cost\":\"1\",\"currency\":\"usd\"}", "{\"requests\":1,}",
      "{\"requests\":1} ", "{\"requests\": 1}", "{\"tokens_limit\":1}",
      "{\"output_tokens\":1,\"input_tokens\":1}",
      "{\"model\":\"\\u0061\"}", "{\"model\":\"a\u{1}\"}",
    ])
  func whatIsNotPlain(line: String) {
    for mode in [EventParser.Mode.input, .stored] {
      var reader = PlainLine(mode)
      // The date of the lines is one that is known already.
      let isDateKnown = reader.read(Array("{\"time\":\"2026-10-01T00:00:01.000Z\"}".utf8).span.bytes)
      #expect(isDateKnown)
      let isRead = reader.read(Array(line.utf8).span.bytes)
      #expect(!isRead)
    }
  }

  /// Tags and metadata from outside may be spelt in any way, which only the parser mends.
  @Test(arguments: ["tags", "metadata"])
  func objectsArePlainInStoredLinesOnly(name: String) {
    let line = Array("{\"requests\":1,\"\(name)\":{\"b\":\"2\"}}".utf8)
    for (mode, expected) in [(EventParser.Mode.input, false), (.stored, true)] {
      var reader = PlainLine(mode)
      let isRead = reader.read(line.span.bytes)
      #expect(isRead == expected)
    }
  }

  /// Keys have one order, so the line with a source is plain only if the source stands in its place.
  @Test func aSourceIsPutWhereItBelongs() {
    var random = RandomEvents(seed: seed)
    var reader = PlainLine(.input)
    for _ in 0..<200 {
      let line = Array(usual(&random).utf8)
      let isRead = reader.read(line.span.bytes)
      #expect(isRead)
      if reader.has(.source) { continue }
      let whole = line[..<reader.sourceAt] + Array(",\"source\":\"s\"".utf8) + line[reader.sourceAt...]
      let isWholeRead = reader.read(Array(whole).span.bytes)
      #expect(isWholeRead, "\(String(decoding: whole, as: UTF8.self)), seed \(seed)")
    }
  }

  @Test(
    arguments: [
      ("{\"images\":1}\n", 12), ("{\"images\":1}\n{\"images\":2}\n", 12), ("{\"images\":1}", nil),
      ("{\"images\":1}x\n", nil), ("{\"images\":1}\r\n", nil), ("{\"images\":1\n}\n", nil),
      ("{\"model\":\"a\n\"}\n", nil),
    ] as [(String, Int?)])
  func aLineEndsAtItsLineFeed(text: String, end: Int?) {
    var reader = PlainLine(.input)
    // It begins behind something else.
    let found = Array("{\n\(text)".utf8).withUnsafeBytes { reader.read($0, from: 2) }
    #expect(found == end.map { $0 + 2 })
  }
}
