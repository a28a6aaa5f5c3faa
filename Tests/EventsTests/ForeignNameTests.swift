//! What is remembered of names that are not ours changes no verdict, no byte and no count.

import Bytes
import TestSupport
import Testing

@testable import Events

@Suite struct ForeignNameTests {
  let seed = UInt64.random(in: 0 ... .max)

  private static let harmless = ["trace_id", "region", "request_id", "max_tokens", "n°", "a", "build-number"]
  private static let foreign = [
    "prompt_tokens", "input_token", "costUSD", "created_at", "usage", "tokens_in", "currancy", "image",
  ]
  private static let values = [
    "1", "-0.5", #""7""#, #""-x""#, #""text""#, #""""#, "{}", #"{"a":[1]}"#, "[]", "true", "null", #""é""#,
    #""a b c d e f g h i j k l m n o p q r s t u v w x y z a b c d e f g h i j k l m n o p q r s t u v w x y z""#,
  ]

  /// A member under a name that is not ours, often one that was there before.
  private func member(_ random: inout RandomEvents, _ names: [String]) -> String {
    let name = random.chance(90) ? random.pick(names) : "field_\(random.int(0...3000))"
    return "\"\(name)\":\(random.pick(Self.values))"
  }

  @Test func aParserThatHasSeenMuchSaysTheSameAsAFreshOne() {
    var random = RandomEvents(seed: seed)
    var parser = EventParser(.input, keptFields: ["kept"])
    for _ in 0..<6000 {
      let names = Self.harmless + Self.foreign + ["kept", "a" + String(repeating: "b", count: 100)]
      let members = (0...random.int(0...4)).map { _ in member(&random, names) }
      let line = #"{"time":1795000000,"requests":1,"#.dropLast() + "," + members.joined(separator: ",") + "}"
      let bytes = Array(String(line).utf8)
      let fresh = outcome(bytes, keptFields: ["kept"])
      do throws(EventFault) {
        try parser.parse(bytes.span.bytes, now: now)
        #expect(fresh.message == nil, "\(line), seed \(seed)")
        let dropped = parser.dropped.map { String(decoding: bytes[$0], as: UTF8.self) }
        #expect(dropped == fresh.dropped, "\(line), seed \(seed)")
        #expect(parser.event.has(.metadata) == fresh.line.contains("metadata"), "\(line), seed \(seed)")
      } catch {
        #expect(fresh.message == error.message, "\(line), seed \(seed)")
      }
    }
  }

  /// Counts are by name up to a thousand names, in the order in which names come.
  @Test func countsAreAsIfEachWereCountedAlone() throws {
    var random = RandomEvents(seed: seed)
    var parser = EventParser(.input)
    var expected: [ByteText: UInt64] = [:]
    for number in 0..<3000 {
      let names = [
        "often", "field_\(number / 2)", "f\(random.int(0...400))",
        "long_\(random.int(0...9))" + String(repeating: "x", count: random.int(40...90)),
      ]
      let line = Array(
        ("{\"requests\":1," + names.map { "\"\($0)\":\"x\"" }.joined(separator: ",") + "}").utf8)
      try parser.parse(line.span.bytes, now: now)
      parser.countDropped(line.span.bytes)
      for name in names.map({ ByteText($0) }) {
        let isOther = expected.count >= 1000 && expected[name] == nil
        expected[isOther ? "(other names)" : name, default: 0] += 1
      }
    }
    #expect(parser.names?.dropCounts == expected, "seed \(seed)")
  }

  /// Lines that are plain but for harmless members are read where they stand, once the parser knows the names.
  @Test func whatIsPlainButForHarmlessMembersIsCopiedAroundThem() throws {
    var random = RandomEvents(seed: seed)
    let parser = ParserBox()
    var reader = PlainLine(.input, names: parser.names)
    var (plain, notPlain) = (0, 0)
    for _ in 0..<4000 {
      var members = [
        #""id":"t:\#(random.int(0...99))""#, #""time":"2026-10-01T00:00:0\#(random.int(0...9)).000Z""#,
        #""source":"t""#,
      ]
      for name in ["model", "user", "session"] where random.chance(50) { members.append("\"\(name)\":\"é\"") }
      for name in ["input_tokens", "output_tokens", "images"] where random.chance(80) {
        members.append("\"\(name)\":\(random.int(0...1_000_000))")
      }
      members.append(#""searches":1"#)
      for _ in 0..<random.int(0...6) {
        let names = random.chance(97) ? Self.harmless : Self.foreign
        members.insert(member(&random, names), at: random.int(0...members.count))
      }
      let line = Array("{\(members.joined(separator: ","))}".utf8)
      let shown = "\(String(decoding: line, as: UTF8.self)), seed \(seed)"
      let buffer = line + Array("\n\(String(repeating: "{\"id\":\"é\",\n", count: 500))".utf8)
      for end in [
        reader.read(line.span.bytes) ? line.count : nil, buffer.withUnsafeBytes { reader.read($0, from: 0) },
      ] {
        guard end != nil else {
          notPlain += 1
          continue
        }
        #expect(end == line.count, "\(shown)")
        plain += 1
        let fresh = outcome(line)
        #expect(fresh.message == nil, "\(shown)")
        #expect(kept(line, reader) == fresh.line, "\(shown)")
        #expect(reader.foreignCount == fresh.dropped.count, "\(shown)")
      }
      // What the reader refuses the parser reads, and learns.
      parser.parse(line)
    }
    #expect(plain > notPlain, "seed \(seed)")
  }

  /// A line's bytes without the members that were passed over, copied in two pieces as append does.
  private func kept(_ line: [UInt8], _ reader: borrowing PlainLine) -> String {
    let id = reader.text(.id)
    var output = ByteWriter()
    output.append("{\"id\":\"")
    for range in [id.lowerBound..<reader.sourceAt, reader.sourceAt..<line.count] {
      reader.appendKept(line.span.bytes, range, to: &output)
    }
    return String(decoding: output.array, as: UTF8.self)
  }

  /// A parser to learn from.
  private final class ParserBox {
    private var parser = EventParser(.input)
    var names: ForeignNames? { parser.names }
    func parse(_ line: [UInt8]) { try? parser.parse(line.span.bytes, now: now) }
  }

  @Test func aNameThatMeansSomethingIsNeverPassedOver() throws {
    let parser = ParserBox()
    var reader = PlainLine(.input, names: parser.names)
    func isPlain(_ fields: String) -> Bool {
      let line = Array(#"{"id":"a","time":"2026-10-01T00:00:00.000Z",\#(fields)}"#.utf8)
      parser.parse(line)
      return reader.read(line.span.bytes)
    }
    // With a text it is harmless, with a number it is usage; inside metadata our own names are foreign.
    #expect(isPlain(#""images":1,"tokens_in":"x""#))
    #expect(!isPlain(#""images":1,"tokens_in":5"#))
    #expect(!isPlain(#""images":1,"prompt_tokens":5"#))
    #expect(!isPlain(#""images":1,"prompt_tokens":"x""#))
    #expect(!isPlain(#""created_at":5,"images":1"#))
    #expect(!isPlain(#""images":1,"metadata":{"tags":1,"kind":"x"}"#))
    #expect(!isPlain(#""images":1,"tags":null"#))
    #expect(!isPlain(#""kind":"quota","images":1"#))
    // Whatever is not quite JSON is the parser's.
    for value in ["01", "tru", "[1", #""a"#, #"{"a":}"#, "", #""a\n""#, #""x" "#] {
      #expect(!isPlain(#""images":1,"region":\#(value)"#), "\(value)")
    }
    #expect(isPlain(#""images":1,"region":[1,{"a":null}]"#))
    #expect(!isPlain(#""images":1,"region":"x","images":2"#))
  }

  @Test func soManyMembersAreTheParsers() throws {
    let parser = ParserBox()
    var reader = PlainLine(.input, names: parser.names)
    for count in [1, 63, 64, 65, 100] {
      let members = (0..<count).map { "\"f\($0 % 10)\":1" }.joined(separator: ",")
      let line = Array(#"{"id":"a","time":"2026-10-01T00:00:00.000Z","images":1,\#(members)}"#.utf8)
      parser.parse(line)
      #expect(reader.read(line.span.bytes) == (count <= 64), "\(count)")
    }
  }
}
