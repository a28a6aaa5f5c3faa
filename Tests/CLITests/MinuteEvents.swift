import Foundation
import TestSupport
import Testing

/// Random events to the minute, several in many of them, in the store and as a table of SQLite.
enum MinuteEvents {
  /// Zones, and how many minutes they are ahead of UTC.
  static let zones = [("UTC", 0), ("Asia/Kathmandu", 345)]

  /// Five days of events that end with the sandbox's now; `e.sql` makes the table, with `minute` since 1970, `period`
  /// null where an event is an instant, and money in millionths.
  static func filled(_ seed: UInt64) throws -> Sandbox {
    let box = try Sandbox()
    var random = SeededGenerator(seed)
    let last = Sandbox.noon / 60_000 - 1
    var (lines, rows) = ("", "")
    for index in 0..<500 {
      // One of 200 minutes, so that many hold several events; the last one often.
      let minute = index % 20 == 0 ? last : last - Int.random(in: 0..<200, using: &random) * 36
      func one(_ texts: String?...) -> String? { texts.randomElement(using: &random) ?? nil }
      let texts = [
        one("claude", "openai"), one("a", "b", nil), one("m1", "m2"), one("s1", "s2", "s3", "s4", "s5", nil),
        one("p", "q", nil),
      ]
      let period = Int.random(in: 0...19, using: &random) == 0 ? "1h" : nil
      let counts = [3, 900, 5000, 700].map { Int.random(in: 1...$0, using: &random) }
      let images = texts[0] == "openai" ? Int.random(in: 0...2, using: &random) : 0
      let cost = Int.random(in: 1...900_000, using: &random)
      let milliseconds = minute * 60_000 + Int.random(in: 0..<60_000, using: &random)
      let named = zip(["service", "account", "model", "session", "project", "period"], texts + [period])
      let fields =
        named.compactMap { name, text in text.map { "\"\(name)\":\"\($0)\"" } }
        + zip(
          ["requests", "input_tokens", "cache_read_tokens", "output_tokens", "images"], counts + [images]
        )
        .map { "\"\($0)\":\($1)" }
      lines +=
        "{\"id\":\"e\(index)\",\"time\":\(milliseconds),\(fields.joined(separator: ",")),"
        + "\"cost\":\"0.\(String(String(1_000_000 + cost).dropFirst()))\",\"currency\":\"USD\"}\n"
      let values = (texts + [period]).map { $0.map { "'\($0)'" } ?? "null" }
      let tokens = counts[1...].reduce(0, +)
      let numbers = [minute, counts[0], tokens, images, cost, milliseconds].map(String.init)
      rows += "insert into e values (\((values + numbers).joined(separator: ",")));\n"
    }
    #expect(try box.tally("append", input: lines).last.contains("500 accepted"))
    let names = "service,account,model,session,project,period,minute,requests,tokens,images,micro,ms"
    try box.write("e.sql", "create table e (\(names));\nbegin;\n\(rows)commit;\n")
    return box
  }

  static func sql(_ box: Sandbox, _ query: String) throws -> [String] {
    try box.write("q.sql", query + ";\n")
    let answer = try box.shell("cat e.sql q.sql | sqlite3 -separator '|'")
    #expect(answer.errors == "")
    return answer.lines
  }

  /// A minute as reports write it, in SQL.
  static func text(_ minute: String, ahead: Int) -> String {
    let offset = String(format: "+%02d:%02d", ahead / 60, ahead % 60)
    return "strftime('%Y-%m-%dT%H:%M', (\(minute) + \(ahead)) * 60, 'unixepoch') || '\(offset)'"
  }

  /// A quotient rounded half to even, in SQL.
  static func rounded(_ value: String, _ divisor: String) -> String {
    "((\(value)) / (\(divisor)) + (((\(value)) % (\(divisor))) * 2 > (\(divisor)) or "
      + "(((\(value)) % (\(divisor))) * 2 = (\(divisor)) and ((\(value)) / (\(divisor))) % 2 = 1)))"
  }
}
