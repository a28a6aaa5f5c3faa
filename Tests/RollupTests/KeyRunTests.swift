import Events
import StoreFixtures
import Testing

@testable import Rollup

/// Keys are put together from parts of lines; no dimension may get lost or move to another.
@Suite struct KeyRunTests {
  private static let names = RollupSchema.dimensions.map(\.name)

  @Test func partsAreAllDimensions() {
    #expect(KeyRun.parts.flatMap { Array($0) } == Array(RollupSchema.dimensions.indices))
    #expect(KeyRun.parts.map { Self.names[$0].last } == ["source", "service_tier", "project"])
  }

  /// What is no part of a line, as no caller has, is not read beyond its end.
  @Test func aTextWithoutAnEndEndsWithThePart() {
    for text in ["\"provider\":\"open", "\"provider\":\"", "\"provider\":", "", "\"provider\":\"a\""] {
      // The quotes behind it are no part of it.
      let bytes = Array("\(text)behind\"".utf8)
      var found: [String] = []
      KeyRun.forEachText(bytes.span.bytes.extracting(0..<text.utf8.count)) { dimension, range in
        found.append("\(dimension) \(String(decoding: bytes[range], as: UTF8.self))")
      }
      let inside = text.split(separator: "\"", omittingEmptySubsequences: false)
      #expect(found == (inside.count > 3 ? ["0 \(inside[3])"] : []))
    }
  }

  /// Every choice of dimensions, before and behind which there is something else or nothing.
  @Test(arguments: [true, false], [ScanParts.together, .apart])
  func everyChoiceOfDimensions(hasSession: Bool, parts: ScanParts) throws {
    var lines: [String] = []
    var expected: Set<[String?]> = []
    for choice in 0..<(1 << Self.names.count) {
      let texts = Self.names.indices.map { choice >> $0 & 1 == 1 ? "\(Self.names[$0]) \(choice % 7)" : nil }
      var draft = EventDraft(id: "a:\(choice)", time: Int64(someDay) * 86_400_000)
      draft.texts = [:]
      for (name, text) in zip(Self.names, texts) { draft.texts[name] = text }
      if hasSession { draft.texts["session"] = "s" }
      draft.numbers["input_tokens"] = 1
      lines.append(draft.line)
      expected.insert(texts)
    }
    let cut = lines.count / 3
    let rollups = try fold([Array(lines[..<cut]), Array(lines[cut...])], day: someDay, parts: parts)
    let found = rows(rollups.day).map { row in Self.names.map { row[$0] } }
    #expect(Set(found) == expected && found.count == expected.count)
  }
}
