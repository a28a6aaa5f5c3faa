import Foundation
import TestSupport
import Testing

/// Random events as several machines told them, some more than once, some revised or taken back; and what a plain
/// recount makes of them, which shares no code with the command.
struct ToldEvents {
  /// One event as it counts.
  struct Told {
    var id: String
    /// Milliseconds since 1970.
    var ms: Int
    var provider: String
    var model: String
    var session: String
    var user: String
    var input: Int
    var cacheRead: Int
    var output: Int
    var duration: Int
    var requests = 1
    var isError = false
    /// What it says it cost, in millionths.
    var micro: Int?
    var currency = "USD"
    var writer: String
    var revision = 0
    var isVoid = false

    /// Pico-units a token of the prices that `filled` sets.
    static let prices = ["m0": (2_000_000, 500_000, 10_000_000), "m1": (250_000, 25_000, 2_000_000)]

    /// Pico-units at those prices; nil where the model has none.
    var computed: Int? {
      guard let (input, read, output) = Self.prices[model] else { return nil }
      return self.input * input + cacheRead * read + self.output * output
    }
    var reported: Int? { micro.map { $0 * 1_000_000 } }
    /// In a cost mode.
    func cost(_ mode: String) -> Int? {
      mode == "display" ? reported : mode == "calculate" ? computed : reported ?? computed
    }
    /// The code of its cost.
    func currency(_ mode: String) -> String? {
      mode != "calculate" && micro != nil ? currency : mode != "display" && computed != nil ? "USD" : nil
    }

    var service: String { provider == "openai" ? "codex" : "claude" }

    var line: String {
      var parts = [
        #""id":"\#(id)""#, #""time":\#(ms)"#, #""provider":"\#(provider)""#, #""service":"\#(service)""#,
        #""model":"\#(model)""#,
        #""session":"\#(session)""#, #""user":"\#(user)""#, #""input_tokens":\#(input)"#,
        #""cache_read_tokens":\#(cacheRead)"#, #""output_tokens":\#(output)"#, #""requests":\#(requests)"#,
      ]
      if duration > 0 { parts.append(#""duration_ms":\#(duration)"#) }
      if isVoid { parts.append(#""status":"void""#) } else if isError { parts.append(#""status":"error""#) }
      if let micro {
        let text = String(1_000_000 + micro % 1_000_000).dropFirst()
        parts.append(#""cost":"\#(micro / 1_000_000).\#(text)","currency":"\#(currency)""#)
      }
      if revision > 0 { parts.append(#""revision":\#(revision)"#) }
      return "{\(parts.joined(separator: ","))}\n"
    }

    /// The local day and the whole time, `shift` minutes east of UTC.
    func time(_ shift: Int) -> String {
      let date = Date(timeIntervalSince1970: Double(ms / 1000 + shift * 60))
      let text = date.formatted(.iso8601).dropLast()
      let rest = String(1000 + ms % 1000).dropFirst()
      return "\(text).\(rest)+\(Self.two(shift / 60)):\(Self.two(shift % 60))"
    }
    func day(_ shift: Int) -> String { String(time(shift).prefix(10)) }

    private static func two(_ number: Int) -> String { String(100 + number).dropFirst().description }
  }

  let box: Sandbox
  /// What counts, by time and id.
  let events: [Told]

  /// A store of four days, told by three machines.
  init(_ seed: UInt64, count: Int = 250, currencies: [String] = ["USD"], reports: Int = 2) throws {
    box = try Sandbox()
    var random = SeededGenerator(seed)
    func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    var lines: [String: [String]] = [:]
    var counted: [Told] = []
    // 2026-11-10T00:00:00Z.
    let start = 1_794_268_800_000
    for index in 0..<count {
      var told = Told(
        id: "e\(number(1000...9999))-\(index)", ms: start + number(0...345_599_999),
        provider: ["openai", "anthropic"][number(0...1)], model: "m\(number(0...2))",
        session: "s\(number(0...6))", user: "u\(number(0...2))", input: number(0...90_000),
        cacheRead: number(0...3) * number(0...50_000), output: number(1...4000),
        duration: number(0...3) == 0 ? 0 : number(1...9000), writer: "w\(number(1...3))")
      // Several at one instant.
      if number(0...4) == 0 { told.ms -= told.ms % 7_200_000 }
      if number(0...9) == 0 { told.requests = number(2...5) }
      told.isError = number(0...7) == 0
      if number(0...3) < reports {
        (told.micro, told.currency) = (number(1...2_000_000), currencies[number(0...currencies.count - 1)])
      }
      var tellings = [told]
      switch number(0...9) {
      case 0: tellings.append(told)
      case 1, 2:
        told.revision = number(1...3)
        told.output += number(1...500)
        told.writer = "w\(number(1...3))"
        tellings.append(told)
      case 3:
        told.revision = 9
        told.isVoid = true
        tellings.append(told)
      default: break
      }
      if !told.isVoid { counted.append(told) }
      for telling in tellings.shuffled(using: &random) {
        lines[telling.writer, default: []].append(telling.line)
      }
    }
    for (writer, lines) in lines.sorted(by: { $0.key < $1.key }) {
      // In two runs, so that segments have several frames.
      for part in [lines.prefix(lines.count / 2), lines.suffix(lines.count - lines.count / 2)] {
        let outcome = try box.tally("append", input: part.joined(), environment: ["TALLY_WRITER": writer])
        #expect(outcome.status == 0, "\(outcome.errors)")
      }
    }
    for (model, price) in Told.prices.sorted(by: { $0.key < $1.key }) {
      func text(_ pico: Int) -> String {
        "\(pico / 1_000_000).\(String(1_000_000 + pico % 1_000_000).dropFirst())"
      }
      for provider in ["openai", "anthropic"] {
        let outcome = try box.tally(
          "prices", "set", model, "input=\(text(price.0))", "cache_read=\(text(price.1))",
          "output=\(text(price.2))", "--provider", provider, "--from", "2026-01-01")
        #expect(outcome.status == 0, "\(outcome.errors)")
      }
    }
    events = counted.sorted { ($0.ms, "stdin:\($0.id)") < ($1.ms, "stdin:\($1.id)") }
  }

  /// Pico-units as machines get them.
  static func text(_ pico: Int?) -> String {
    guard let pico else { return "unknown" }
    var fraction = String(String(1_000_000_000_000 + pico % 1_000_000_000_000).dropFirst())
    while fraction.count > 2, fraction.last == "0" { fraction.removeLast() }
    return "\(pico / 1_000_000_000_000).\(fraction)"
  }
}

extension Sandbox {
  /// A report's rows, and all of it.
  func answer(_ arguments: [String]) throws -> (rows: [[String: Any]], report: [String: Any]) {
    let outcome = try start(arguments + ["--format", "json"]).finish()
    #expect(outcome.status == 0, "\(arguments)\n\(outcome.errors)")
    let report = try #require(JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    return (try #require(report["rows"] as? [[String: Any]]), report)
  }
}

/// The zones of event-level answers: their names, and minutes east of UTC.
let someZones = [("UTC", 0), ("Asia/Kathmandu", 345)]
