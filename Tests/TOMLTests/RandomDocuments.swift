import TOML
import TestSupport

/// Documents that a seed decides: most follow the grammar, and few keys are used, so that many say something twice.
struct RandomDocuments {
  var random: SeededGenerator

  private mutating func one<T>(_ choices: [T]) -> T {
    choices[Int.random(in: 0..<choices.count, using: &random)]
  }
  private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
  private mutating func count(_ most: Int) -> Int { Int.random(in: 0...most, using: &random) }

  private static let keys = ["a", "b", "c", "d-1", "é", "e\u{301}", "x.y", "", "two words", "\"", "\n"]
  private static let words = [
    "0", "-0", "+7", "1_000", "0xF_f", "0o17", "0b10", "9223372036854775807", "-9223372036854775808", "1.5",
    "-0.0",
    "1e9", "2.5E-3", "1_0.0_1", "inf", "-nan", "true", "false", "2026-11-20", "10:11:12", "10:11:12.5",
    "2026-11-20T10:11:12Z", "2026-11-20 10:11:12", "2024-02-29t00:00:00.123456+05:30",
    "1.0000000000000000000001",
  ]
  private static let characters = [
    "a", "Z", " ", "\t", "é", "e\u{301}", "日", "😀", "#", "=", "[", "'", "\\", "\"", "\u{0}", "\u{7F}",
    "\u{85}", "\n",
    "\r\n", "\u{202E}", "\u{FFFD}",
  ]

  private mutating func blank() -> String { one(["", "", " ", "  ", "\t"]) }
  private mutating func lineEnd() -> String { one(["\n", "\n", "\n", "\r\n", " # note\n", "\n\n"]) }

  mutating func document() -> String {
    var text = ""
    for _ in 0...count(7) {
      switch count(9) {
      case 0...1: text += "\(blank())[\(blank())\(path())\(blank())]"
      case 2: text += "[[\(path())]]"
      case 3: text += one(["", "# é 日 \"", "  "])
      default: text += pair(0)
      }
      text += lineEnd()
    }
    return text
  }

  private mutating func pair(_ depth: Int) -> String { "\(path())\(blank())=\(blank())\(value(depth))" }

  private mutating func path() -> String {
    let parts = (0...one([0, 0, 0, 1, 1, 2])).map { _ in
      chance(80) ? one(["a", "b", "c"]) : TOMLText.key(one(Self.keys))
    }
    return parts.joined(separator: one([".", ".", " . "]))
  }

  private mutating func value(_ depth: Int) -> String {
    switch count(depth > 3 ? 6 : 9) {
    case 0...3: return one(Self.words)
    case 4: return TOMLText.string(signs(12))
    case 5: return quoted("'", signs(8))
    case 6: return long()
    case 7: return inline(depth)
    default: return list(depth)
    }
  }

  private mutating func signs(_ most: Int) -> String {
    var text = ""
    for _ in 0..<count(most) { text += one(Self.characters) }
    return text
  }

  private func quoted(_ quote: String, _ text: String) -> String { quote + text + quote }

  private mutating func long() -> String {
    let escapes = ["\\n", "\\\n  ", "\\u00e9", "\"\"x", "\\\"", "\n"]
    var text = one(["", "\n", "\r\n"])
    for _ in 0..<count(5) { text += chance(50) ? one(escapes) : one(["a", " ", "\t", "日", "'", "\n"]) }
    return chance(70) ? "\"\"\"\(text)\"\"\"" : "'''\(text)'''"
  }

  private mutating func inline(_ depth: Int) -> String {
    var pairs: [String] = []
    for _ in 0..<count(3) { pairs.append(pair(depth + 1)) }
    return "{\(blank())\(pairs.joined(separator: ",\(blank())"))\(blank())}"
  }

  private mutating func list(_ depth: Int) -> String {
    var text = "["
    let values = count(3)
    for index in 0..<values {
      text += one(["", " ", "\n", "\r\n\t", " # note\n"]) + value(depth + 1)
      if index + 1 < values || chance(20) { text += one([",", " ,", ",\n"]) }
    }
    return text + one(["", "\n"]) + "]"
  }

  private static let signs =
    Array("\"'[]{}=.,#\\\n\r\t _-+:0129aeEnTxZu\u{0}\u{7F}".utf8) + [0xC3, 0xFF, 0x80]

  mutating func mutated(_ bytes: [UInt8]) -> [UInt8] { random.mutated(bytes, signs: Self.signs) }
}
