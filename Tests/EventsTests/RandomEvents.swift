//! Random events in random spellings: any fields, any order, any white space, any escapes.

import Foundation
import TestSupport

/// One member of an object as it may be spelt.
typealias Member = (key: String, value: String)

struct RandomEvents {
  var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed) }

  static let keptFields = ["kept", "n°"]
  private static let texts = [
    "provider", "service", "account", "model", "operation", "request_type", "service_tier", "user", "project",
    "session",
  ]
  private static let counts = [
    "requests", "input_tokens", "cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens",
    "cache_write_12h_tokens", "output_tokens", "reasoning_tokens", "input_audio_tokens",
    "output_audio_tokens",
    "input_image_tokens", "output_image_tokens", "unsplit_tokens", "images", "audio_seconds", "searches",
    "characters", "duration_ms", "tokens_remaining", "tokens_limit", "requests_remaining", "sessions_active",
    "revision",
  ]

  mutating func int(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
  mutating func chance(_ percent: Int) -> Bool { int(1...100) <= percent }

  mutating func pick<T>(_ items: [T]) -> T { items[int(0...(items.count - 1))] }

  /// The members of one acceptable event, complete with id, time and source.
  mutating func members() -> [Member] {
    var result: [Member] = [
      ("id", "\"t:\(int(0...999_999))\""), ("time", time()), ("source", "\"t\""), ("input_tokens", count()),
    ]
    let kind = pick(["usage", "usage", "billed", "quota"])
    if kind != "usage" || chance(20) { result.append(("kind", "\"\(kind)\"")) }
    if kind == "quota" || chance(10) { result.append(("resets_at", time())) }
    if chance(30) { result.append(("status", pick([#""ok""#, #""error""#, #""void""#, "null"]))) }
    if chance(20) { result.append(("period", pick([#""1m""#, #""1h""#, #""1d""#]))) }
    for name in Self.texts where chance(50) { result.append((name, text())) }
    for name in Self.counts where name != "input_tokens" && chance(25) { result.append((name, count())) }
    if chance(30) { result.append(("credits", amount())) }
    if chance(40) {
      result.append(("cost", amount()))
      result.append(("currency", pick([#""USD""#, #""eur""#, #""JPY""#])))
    }
    if chance(30) { result.append(("tags", object(["team", "été", "", "a\\u0062", "A"], scalars: false))) }
    if chance(30) { result.append(("metadata", object(["kept", "other"], scalars: true))) }
    if chance(30) { result.append(("n°", chance(50) ? text() : "-1.50e+3")) }
    if chance(30) {
      result.append(("unknown", pick(["null", "{\"a\":[1,{}]}", "[]", "\"x\"", "1e5", "true"])))
    }
    return result
  }

  mutating func count() -> String {
    let value = pick([0, 1, int(0...99), int(0...100_000), int(0...1_000_000_000_000)])
    return chance(10) ? "\(value).0" : "\(value)"
  }

  mutating func amount() -> String {
    let digits = "\(int(0...99_999)).\(int(0...999_999_999))"
    let text = chance(30) ? digits + "e-\(int(0...9))" : digits
    return chance(50) ? "\"\(text)\"" : text
  }

  mutating func time() -> String {
    let seconds = int(1_420_070_400...1_795_219_200)
    switch int(0...3) {
    case 0: return "\(seconds)"
    case 1: return "\(seconds).\(int(0...99_999))"
    case 2: return "\(seconds * 1000 + int(0...999))"
    default:
      let formatter = ISO8601DateFormatter()
      formatter.timeZone = TimeZone(secondsFromGMT: int(-14...14) * 1800)
      return "\"\(formatter.string(from: Date(timeIntervalSince1970: Double(seconds))))\""
    }
  }

  /// A text in some spelling, quotes included.
  mutating func text() -> String {
    let units = [
      "a", "Z", "0", " ", "-", "/", "é", "日", "😀", "\u{7F}", #"\""#, #"\\"#, #"\/"#, #"\n"#, #"\t"#,
      #"\u0000"#,
      #"\u001F"#, #"\u00e9"#, #"\u0041"#, #"\ud83d\ude00"#, #"\uFFFD"#, #"\u0022"#,
    ]
    let plain = chance(50)
    let size = int(0...20)
    return "\"" + (0..<size).map { _ in plain ? pick(["a", "b", "-", "7"]) : pick(units) }.joined() + "\""
  }

  mutating func object(_ keys: [String], scalars: Bool) -> String {
    var parts: [String] = []
    for key in keys.shuffled(using: &generator) where chance(60) {
      let value = scalars && chance(50) ? pick(["1", "true", "null", "2.50", "{}"]) : text()
      parts.append("\(space())\"\(key)\"\(space()):\(space())\(value)\(space())")
    }
    return "{" + parts.joined(separator: ",") + "}"
  }

  mutating func space() -> String { chance(70) ? "" : pick([" ", "\t", "\r", "\n", "   "]) }

  /// The members as a line, with random white space.
  mutating func spell(_ members: [Member]) -> String {
    let parts = members.map { "\(space())\"\($0.key)\"\(space()):\(space())\($0.value)\(space())" }
    return space() + "{" + parts.joined(separator: ",") + "}" + space()
  }
}
