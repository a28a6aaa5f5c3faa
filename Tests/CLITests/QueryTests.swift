import Foundation
import TestSupport
import Testing

/// `tally query`: any measure by anything, against sums that SQLite makes of the same events.
@Suite struct QueryTests {
  private static let columns = [
    "provider", "model", "user", "session", "input_tokens", "cache_read_tokens", "output_tokens", "requests",
    "duration_ms",
  ]

  /// Random events of four days with a cost each, in the store and in SQLite, cost in millionths.
  static func filled(_ seed: UInt64) throws -> Sandbox {
    let box = try Sandbox()
    var random = SeededGenerator(seed)
    var (lines, rows) = ("", "")
    for index in 0..<300 {
      let (day, hour) = (Int.random(in: 10...13, using: &random), Int.random(in: 0...23, using: &random))
      let texts = [
        ["openai", "anthropic"].randomElement(using: &random) ?? "",
        "m\(Int.random(in: 0...4, using: &random))",
        "u\(Int.random(in: 0...2, using: &random))", "s\(Int.random(in: 0...9, using: &random))",
      ]
      let team = Int.random(in: 0...2, using: &random)
      let counts = [900, 5000, 700, 3, 9000].map { Int.random(in: 1...$0, using: &random) }
      let cost = Int.random(in: 1...900_000, using: &random)
      let isError = Int.random(in: 0...5, using: &random) == 0
      let fields =
        zip(columns, texts.map { "\"\($0)\"" } + counts.map(String.init)).map { "\"\($0)\":\($1)" }
        + ["\"cost\":\"0.\(String(String(1_000_000 + cost).dropFirst()))\"", "\"currency\":\"USD\""]
        + (isError ? ["\"status\":\"error\""] : []) + (team > 0 ? ["\"tags\":{\"team\":\"t\(team)\"}"] : [])
      let time = "2026-11-\(day)T\(hour < 10 ? "0" : "")\(hour):15:00Z"
      lines += "{\"id\":\"e\(index)\",\"time\":\"\(time)\",\(fields.joined(separator: ","))}\n"
      let values =
        (["2026-11-\(day)", "\(hour)"] + texts + (team > 0 ? ["t\(team)"] : ["null"]))
        .map { $0 == "null" ? $0 : "'\($0)'" } + (counts + [cost, isError ? counts[3] : 0]).map(String.init)
      rows += "insert into e values (\(values.joined(separator: ",")));\n"
    }
    #expect(try box.tally("append", input: lines).status == 0)
    let names =
      ["day", "hour", "provider", "model", "user", "session", "team"]
      + columns.dropFirst(4) + ["micro", "errors"]
    try box.write(
      "e.sql", "create table e (\(names.joined(separator: ",")));\nbegin;\n\(rows)commit;\n")
    return box
  }

  /// What is asked, and the same in SQL; rows in this order, money in millionths.
  private static let questions: [([String], String)] = [
    (
      [
        "--measure", "cost,output_tokens", "--by", "day,model", "--where", "provider=openai and cost>1.5",
        "--order", "-cost",
      ],
      "select day, model, sum(micro), sum(output_tokens) from e where provider='openai' group by 1, 2 having sum(micro) > 1500000 order by 3 desc"
    ),
    (
      ["--measure", "requests,tokens,errors", "--by", "session", "--order", "session"],
      "select session, sum(requests), sum(input_tokens+cache_read_tokens+output_tokens), sum(errors) from e group by 1 order by 1"
    ),
    (
      ["--measure", "cost", "--by", "tag.team,user", "--order", "tag.team,user", "--where", "not model=m3"],
      "select team, user, sum(micro) from e where model <> 'm3' group by 1, 2 order by team is null, 1, 2"
    ),
    (
      [
        "--measure", "requests", "--by", "user", "--where", "tag.team=t1 or tag.team=none", "--order",
        "-user",
      ],
      "select user, sum(requests) from e where team = 't1' or team is null group by 1 order by 1 desc"
    ),
    (
      ["--measure", "input_tokens", "--by", "month", "--where", "requests >= 100 and requests < 1000"],
      "select '2026-11', sum(input_tokens) from e group by 1 having sum(requests) between 100 and 999"
    ),
    (
      ["--measure", "requests,duration_ms", "--by", "model", "--order", "-duration_ms", "--limit", "2"],
      "select model, sum(requests), sum(duration_ms) from e group by 1 order by 3 desc limit 2"
    ),
    (
      ["--measure", "cost", "--by", "session", "--as-of", "2026-11-11", "--order", "session"],
      "select session, sum(micro) from e where day <= '2026-11-11' group by 1 order by 1"
    ),
  ]

  @Test(arguments: [UInt64(1), 2, 3]) func everyAnswerIsWhatSQLSays(_ seed: UInt64) throws {
    let box = try Self.filled(seed)
    for isRolledUp in [false, true] {
      if isRolledUp { try box.tally("rollup") }
      for (arguments, sql) in Self.questions {
        let outcome = try box.start(["query", "2026-11", "--format", "csv"] + arguments).finish()
        #expect(outcome.status == 0, "\(outcome.errors)")
        let header = outcome.lines[0].split(separator: ",")
        let ours = outcome.lines.dropFirst().map { line in
          line.split(separator: ",", omittingEmptySubsequences: false).dropLast(2).enumerated().map {
            header[$0] == "cost" ? Self.micro(String($1)) : String($1)
          }
        }
        let answer = try box.shell("(cat e.sql; echo \"\(sql);\") | sqlite3 -csv")
        let theirs = answer.lines.map { $0.components(separatedBy: ",") }
        #expect(!theirs.isEmpty && ours == theirs, "seed \(seed): \(arguments)")
      }
    }
  }

  static func micro(_ cost: String) -> String {
    let parts = cost.split(separator: ".")
    return "\(Int(parts[0] + (parts[1] + "000000").prefix(6)) ?? -1)"
  }

  /// Ratios are of a row's sums; the total's too.
  @Test func ratiosAreQuotientsOfSums() throws {
    let box = try Sandbox()
    let more = [
      #","cache_read_tokens":30,"output_tokens":8,"duration_ms":3000,"cost":"0.1","currency":"USD""#,
      #","status":"error""#, #","requests":0,"cost":"0.2","currency":"USD""#,
    ]
    let lines = more.enumerated().map { line("e\($0)", #","user":"u\#(min($0, 1))"\#($1)"#) }
    try box.tally("append", input: lines.joined())
    let report = try object(
      box.tally(
        "query", "--by", "user", "--measure",
        "cache_hit_rate,error_rate,duration_mean_ms,output_tokens_per_second,cost_per_request,share",
        "--cost", "display", "--order", "user", "-f", "json"
      ).output)
    let rows = try #require(report["rows"] as? [[String: Any]])
    #expect(rows[0]["cache_hit_rate"] as? String == "75.00")
    #expect(rows[0]["error_rate"] as? String == "0.00")
    #expect(rows[0]["duration_mean_ms"] as? Int == 3000)
    #expect(rows[0]["output_tokens_per_second"] as? String == "2.666666666667")
    #expect(rows[0]["cost_per_request"] as? String == "0.10")
    #expect(rows[1]["error_rate"] as? String == "100.00")
    #expect(rows[1]["output_tokens_per_second"] is NSNull)
    let total = try #require(report["total"] as? [String: Any])
    #expect(total["error_rate"] as? String == "50.00")
    #expect(total["cache_hit_rate"] as? String == "50.00")
    #expect(rows[0]["share"] as? String == "70.59")
  }

  /// A tag that rollups lack is read from the events, and that is said.
  @Test func itSaysWhenEventsAreRead() throws {
    let box = try Self.filled(4)
    let note =
      "tag.team is no column of rollups, so events were read: rollup_tags in the configuration makes it one."
    func notes(_ arguments: String...) throws -> [String]? {
      try object(box.start(["query", "-f", "json"] + arguments).finish().output)["notes"] as? [String]
    }
    #expect(try notes("--by", "tag.team") == [note])
    #expect(try notes("--where", "tag.team=t1") == [note])
    #expect(
      try notes("--by", "tag.tea") == [
        note.replacing("team", with: "tea"), "No event shown has the tag tea.",
      ])
    #expect(try notes("--by", "model", "--limit", "2") == ["Only the first 2 of 5 rows are shown."])
    try box.write("config/tally/config.toml", "rollup_tags = [\"team\"]")
    #expect(try notes("--by", "tag.team", "--where", "tag.team != none") == [])
  }

  @Test func hoursAreOfTheZone() throws {
    let box = try Sandbox()
    let times = ["2026-10-25T00:30:00Z", "2026-10-25T01:10:00Z", "2026-10-25T03:59:59Z"]
    try box.tally("append", input: times.enumerated().map { line("e\($0)", time: $1) }.joined())
    let outcome = try box.tally(
      "query", "2026-10-25", "--by", "hour", "-m", "requests", "-z", "Europe/Berlin", "-f", "csv")
    #expect(
      outcome.lines == [
        "hour,requests,others,approximate", "2026-10-25T02:00+02:00,1,,", "2026-10-25T02:00+01:00,1,,",
        "2026-10-25T03:00+01:00,0,,", "2026-10-25T04:00+01:00,1,,",
      ])
  }

  /// Every mistake, and what is said: the place under a caret.
  private static let mistakes: [([String], String)] = [
    (
      ["--measure", "cost,outptu_tokens"],
      "--measure: unknown measure \"outptu_tokens\" at 6: did you mean \"output_tokens\"?\ncost,outptu_tokens\n     ^"
    ),
    (
      ["--measure", "cost,,tokens"],
      "--measure: expected a measure at 6: write for example requests\ncost,,tokens\n     ^"
    ),
    (
      ["--by", "day, modle"],
      "--by: unknown field \"modle\" at 6: did you mean \"model\"?\nday, modle\n     ^"
    ),
    (["--by", "model,model"], "--by: \"model\" is there twice at 7: leave one out\nmodel,model\n      ^"),
    (["--by", "day,month"], "--by day,month: two stretches of time: choose one"),
    (
      ["--by", "model", "--order", "-cots"],
      "--order: unknown column \"-cots\" at 1: did you mean \"cost\"?\n-cots\n^"
    ),
    (
      ["--where", "model = gpt-5 and costt > 1"],
      "--where: unknown field \"costt\" at 19: did you mean \"cost\"?\nmodel = gpt-5 and costt > 1\n                  ^"
    ),
    (
      ["--where", "model = a or cost > 1"],
      "--where: cost is of rows, and joined to what events say by other than and at 14: join them by and, outside of not and or\nmodel = a or cost > 1\n             ^"
    ),
    (
      ["--where", "cost > much"],
      "--where: \"much\" is no number that cost can be at 8: write a decimal such as 12.50\ncost > much\n       ^"
    ),
    (
      ["--no-cost", "--measure", "tokens,cost"],
      "--measure cost: costs are hidden: leave --no-cost or show_cost = false out"
    ),
    (["--as-of", "soon"], "--as-of: cannot read the date \"soon\"; use 2026-10-01,"),
  ]

  @Test(arguments: mistakes) func mistakesAreShownAtTheirPlace(_ arguments: [String], _ message: String)
    throws
  {
    let box = try Sandbox()
    try box.tally("append", input: line("e"))
    let outcome = try box.start(["query"] + arguments).finish()
    #expect(outcome.status == 64 && outcome.output == "")
    #expect(outcome.errors.hasPrefix("tally: \(message)"), "\(outcome.errors)")
  }

  @Test(arguments: [
    (["--limit", "0"], "--limit 0: use 1 or more"), (["--top", "0"], "--top 0: use 1 or more"),
    (["--kind", "quota"], "--kind quota: use usage or billed"),
    (["--list-price"], "Unknown option '--list-price'"),
  ]) func optionsAreChecked(_ arguments: [String], _ message: String) throws {
    let box = try Sandbox()
    let outcome = try box.start(["query"] + arguments).finish()
    #expect(outcome.status == 64 && outcome.errors.contains("Error: \(message)\n"))
  }
}

/// `--as-of`: what a report says with only the events whose time is not after that day.
@Suite struct AsOfTests {
  private static func day(_ day: Int, _ hour: Int) -> String {
    "2026-11-\(day < 10 ? "0" : "")\(day)T\(hour < 10 ? "0" : "")\(hour):30:00Z"
  }

  /// The other store never had the later events.
  @Test(arguments: ["UTC", "Asia/Tokyo", "America/Los_Angeles"])
  func itIsTheReportOfTheEventsUntilThen(_ zone: String) throws {
    let (full, part) = (try Sandbox(), try Sandbox())
    // The end of the 7th in each zone is this hour of the 7th or 8th in UTC.
    let end = ["UTC": 24, "Asia/Tokyo": 15, "America/Los_Angeles": 32][zone] ?? 0
    let hours = (24 * 3..<24 * 13).filter { $0 % 5 == 0 }
    let lines = hours.map { hour in
      (
        hour,
        line("e\(hour)", time: Self.day(hour / 24, hour % 24), tokens: hour, #","session":"s\#(hour % 7)""#)
      )
    }
    try full.tally("append", input: lines.map(\.1).joined())
    try part.tally("append", input: lines.filter { $0.0 < 24 * 7 + end }.map(\.1).joined())
    let commands = [
      ["report", "daily", "2026-11"], ["report", "weekly", "2026-11"], ["report", "monthly", "2026-11"],
      ["report", "models", "2026-11", "--by", "session"], ["report", "tokens", "2026-11"],
      ["report", "providers"], ["report", "models", "7d"], ["query", "--by", "hour"],
      ["report", "what-if", "2026-11", "--replace", "gpt-5=gpt-5-mini"],
    ]
    for command in commands {
      let arguments = command + ["--timezone", zone, "--as-of", "2026-11-07", "--format", "json"]
      let outcomes = try [full, part].map { try $0.start(arguments).finish() }
      #expect(outcomes[0].output == outcomes[1].output && outcomes[0].status == 0, "\(command)")
      #expect(outcomes[0].output.contains("\n  \"as_of\": \"2026-11-07\",\n"))
    }
    for box in [full, part] {
      try box.tally(
        "report", "month", "2026-11", "--output", "out", "--as-of", "2026-11-07", "--timezone", zone)
    }
    #expect(try full.files("out") == part.files("out") && full.files("out").count == 4)
  }

  @Test func rangesAreCountedFromThen() throws {
    let box = try Sandbox()
    try box.tally("append", input: line("e", time: "2026-10-03T10:00:00Z"))
    let report = try box.report("daily", "--as-of", "2026-10-04")
    #expect(report["from"] as? String == "2026-10-01" && report["to"] as? String == "2026-10-31")
    #expect((report["rows"] as? [Any])?.count == 1)
    #expect(try box.report("daily", "2d", "--as-of", "2026-10-03")["from"] as? String == "2026-10-02")
    #expect((try box.report("daily", "2026-10", "--as-of", "2026-09-03")["rows"] as? [Any])?.count == 0)
    let table = try box.tally("report", "daily", "--as-of", "2026-10")
    #expect(table.lines[0] == "Daily · 2026-10-01 to 2026-10-31 · as of 2026-10-31 · UTC · USD")
  }
}
