import Foundation
import Testing

/// `tally report session`: the events of one session in order, against a recount of what was told.
@Suite struct SessionTests {
  private static let names = [
    "time", "id", "writer", "provider", "model", "user", "session", "status", "input_tokens",
    "cache_read_tokens", "output_tokens", "requests", "duration_ms", "cost", "cost_so_far",
  ]

  private func text(_ row: [String: Any]) -> String {
    Self.names.map { name in row[name].map { $0 is NSNull ? "unknown" : "\($0)" } ?? "absent" }
      .joined(separator: "|")
  }

  @Test(arguments: [UInt64(31), 32], someZones)
  func itsEventsAreThoseThatCount(_ seed: UInt64, _ zone: (name: String, shift: Int)) throws {
    let told = try ToldEvents(seed)
    for isRolledUp in [false, true] {
      if isRolledUp { try told.box.tally("rollup") }
      for (session, range, mode) in [
        ("s0", "2026-11", "auto"), ("s3", "2026-11-12", "calculate"), ("s5", "2026-11", "display"),
      ] {
        let (rows, report) = try told.box.answer(
          ["report", "session", session, range, "--timezone", zone.name, "--cost", mode])
        let mine = told.events.filter { $0.session == session && $0.day(zone.shift).hasPrefix(range) }
        #expect(!mine.isEmpty)
        var (spent, isIncomplete) = (0, false)
        let expected = mine.map { event in
          spent += event.cost(mode) ?? 0
          isIncomplete = isIncomplete || event.cost(mode) == nil
          // Unknown is not zero.
          let soFar = spent == 0 && isIncomplete ? nil : spent
          return [
            event.time(zone.shift), "stdin:\(event.id)", event.writer, event.provider, event.model,
            event.user,
            session, event.isError ? "error" : "ok", "\(event.input)", "\(event.cacheRead)",
            "\(event.output)", "\(event.requests)", "\(event.duration)", ToldEvents.text(event.cost(mode)),
            ToldEvents.text(soFar),
          ].joined(separator: "|")
        }
        #expect(rows.map(text) == expected, "seed \(seed)")
        let total = try #require(report["total"] as? [String: Any])
        #expect(total["cost"] as? String == ToldEvents.text(spent))
        #expect(total["requests"] as? Int == mine.reduce(0) { $0 + $1.requests })
        // The report of sums says the same.
        let sums = try told.box.answer(
          ["report", "sessions", range, "-z", zone.name, "--where", "session=\(session)", "--cost", mode])
        #expect(sums.rows[0]["cost"] as? String == total["cost"] as? String)
        #expect(sums.rows[0]["requests"] as? Int == total["requests"] as? Int)
      }
    }
  }

  /// Each amount is what the converted sum grows by, so that they add up to the converted sum.
  @Test func convertedCostsAddUpToTheConvertedSum() throws {
    let told = try ToldEvents(33, currencies: ["USD", "JPY"])
    try told.box.tally(
      "fx", "import", "-", input: "Date,USD,JPY\n2026-11-10,1.0531,163.13\n2026-11-12,1.0677,161.7\n")
    for session in ["s1", "s2"] {
      let (rows, report) = try told.box.answer(["report", "session", session, "2026-11", "--currency", "EUR"])
      let sum = try told.box.answer(
        ["query", "2026-11", "--measure", "cost", "--where", "session=\(session)", "--currency", "EUR"])
      let total = try #require(report["total"] as? [String: Any])["cost"] as? String
      #expect(total == sum.rows[0]["cost"] as? String && rows.last?["cost_so_far"] as? String == total)
      let picos = rows.compactMap { ($0["cost"] as? String).map(Self.pico) }
      #expect(picos.count > 10 && picos.reduce(0, +) == Self.pico(total ?? ""))
    }
  }

  static func pico(_ text: String) -> Int {
    let parts = text.split(separator: ".")
    if parts.count != 2 { return .min }
    return (Int(parts[0]) ?? 0) * 1_000_000_000_000
      + (Int((parts[1] + String(repeating: "0", count: 12)).prefix(12)) ?? 0)
  }

  /// Nobody knows what the first event cost, so nobody knows what was spent until there is a cost.
  @Test func whatIsSpentIsUnknownUntilACostIsKnown() throws {
    let box = try Sandbox()
    func event(_ id: String, _ more: String) -> String {
      line(id, time: "2026-11-12T10:00:0\(id)Z", #","session":"s"\#(more)"#).replacing("gpt-5", with: "odd")
    }
    try box.tally("append", input: event("1", ""))
    let alone = try box.answer(["report", "session", "s"])
    #expect(alone.rows.map { $0["cost_so_far"] is NSNull } == [true])
    #expect((alone.report["total"] as? [String: Any])?["cost_so_far"] is NSNull)
    #expect(try box.tally("report", "session", "s").output.contains("0.00") == false)
    try box.tally("append", input: event("2", #","cost":"1.5","currency":"USD""#) + event("3", ""))
    let (rows, report) = try box.answer(["report", "session", "s"])
    #expect(rows.map { $0["cost_so_far"] as? String } == [nil, "1.50", "1.50"])
    #expect((report["total"] as? [String: Any])?["cost_so_far"] as? String == "1.50")
  }

  @Test func currenciesStayApart() throws {
    let box = try Sandbox()
    let costs = [("1.5", "USD"), ("200", "JPY"), ("0.25", "USD")]
    let lines = costs.enumerated().map { index, cost in
      line(
        "e\(index)", time: "2026-11-12T10:00:0\(index)Z",
        #","session":"s","cost":"\#(cost.0)","currency":"\#(cost.1)""#)
    }
    try box.tally("append", input: lines.joined())
    let (rows, report) = try box.answer(["report", "session", "s"])
    #expect(rows.map { $0["currency"] as? String } == ["USD", "JPY", "USD"])
    #expect(rows.map { $0["cost_so_far"] as? String } == ["1.50", "200.00", "1.75"])
    #expect((report["total"] as? [String: Any])?["cost_so_far"] is NSNull)
    #expect(
      (report["totals"] as? [[String: Any]])?.map { $0["cost_so_far"] as? String } == ["200.00", "1.75"])
  }

  @Test(arguments: [
    (
      #""input_tokens":200,"cache_read_tokens":950,"cache_write_tokens":50,"output_tokens":850"#,
      "1.2K in / 850 out"
    ),
    (#""input_tokens":999,"output_tokens":0"#, "999 in / 0 out"),
    (#""input_tokens":999950,"output_tokens":2000000,"input_image_tokens":7"#, "1M in / 2M out"),
    (#""images":2"#, "2 images"), (#""images":1,"output_tokens":3"#, "0 in / 3 out, 1 image"),
    (#""audio_seconds":35"#, "35 seconds of audio"), (#""searches":1"#, "1 search"),
    (#""characters":1250"#, "1.2K characters"), (#""unsplit_tokens":1350"#, "1.4K tokens"),
    (#""status":"error","requests":1"#, "error"),
    (#""status":"error","input_tokens":5"#, "error, 5 in / 0 out"), (#""requests":3"#, "3 requests"),
  ]) func aBadgeSaysAnEventInAFewWords(_ fields: String, _ badge: String) throws {
    let box = try Sandbox()
    try box.tally(
      "append",
      input: #"{"id":"e","time":"2026-11-12T10:00:00Z","session":"s","model":"m",\#(fields)}"# + "\n")
    #expect(try box.answer(["report", "session", "s"]).rows.map { $0["badge"] as? String } == [badge])
  }

  @Test func whatItsEventsHaveInCommonIsSaid() throws {
    let box = try Sandbox()
    let more = #","session":"s1","service":"codex","project":"p","user":"ann""#
    try box.tally(
      "append",
      input: line("a", time: "2026-11-12T23:00:00.5Z", tokens: 1, more)
        + line("b", time: "2026-11-13T01:02:03.75Z", tokens: 9, more).replacing("gpt-5", with: "other"))
    let (rows, report) = try box.answer(["report", "session", "s1", "-z", "Asia/Kathmandu"])
    #expect(
      report["notes"] as? [String] == [
        "Session s1: 2 events, 2026-11-13T04:45:00.500+05:45 to 2026-11-13T06:47:03.750+05:45, 2h 02m 03s.",
        "Models: other, gpt-5.", "Services: codex.", "Projects: p.", "Users: ann.",
        "Events were read from the segments: rollups hold sums only.",
      ])
    #expect(rows.count == 2)
    // What happened later is not known yet.
    #expect(try box.answer(["report", "session", "s1", "--as-of", "2026-11-12"]).rows.count == 1)
    #expect(try box.answer(["report", "session", "s1", "--where", "model=other"]).rows.count == 1)
  }

  @Test func anIdMayBeCutShortWhereOneBeginsSo() throws {
    let box = try Sandbox()
    let lines = ["ab", "abc", "abd", "xyz", "x"].map { (id: String) in line(id, #","session":"\#(id)""#) }
    try box.tally("append", input: lines.joined())
    func ids(_ id: String) throws -> [String?] {
      try box.answer(["report", "session", id]).rows.map { $0["session"] as? String }
    }
    #expect(try ids("xy") == ["xyz"])
    // One that is there is meant, whatever else begins so.
    #expect(try ids("ab") == ["ab"])
    #expect(try ids("x") == ["x"])
  }

  @Test(arguments: [
    (
      ["a"], 64, "session \"a\": 6 sessions begin so: write more of it: ab, ac, ad, ae, af and 1 more"
    ),
    (
      ["acc", "7d"], 66,
      "session \"acc\": no event from 2026-11-14 to 2026-11-20 is of it: did you mean ac?"
    ),
    (
      ["zzzz"], 66,
      "session \"zzzz\": no event from 2026-08-23 to 2026-11-20 is of it: tally report sessions lists them, and a range such as 2026 looks further back"
    ),
  ]) func whatIsNotFoundIsSaid(_ arguments: [String], _ status: Int32, _ message: String) throws {
    let box = try Sandbox()
    let lines = "bcdefg".map { (letter: Character) in
      line("\(letter)", time: "2026-11-18T10:00:00Z", #","session":"a\#(letter)""#)
    }
    try box.tally("append", input: lines.joined())
    let outcome = try box.start(["report", "session"] + arguments).finish()
    #expect(outcome.status == status && outcome.output == "")
    #expect(outcome.errors == "tally: \(message)\n")
  }
}
