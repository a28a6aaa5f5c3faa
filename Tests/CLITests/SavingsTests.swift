import Foundation
import TestSupport
import Testing

/// `report savings`: what caches saved and what was wasted, against what SQLite's windows make of the same events.
@Suite struct SavingsTests {
  /// Dollars a million tokens; in ten-millionths of a dollar a token ten times as many.
  private static let prices = [
    "m": "input=2 output=8 cache_read=0.2 cache_write=2.5",
    "n": "input=1 output=4 cache_read=0.1 cache_write=1.3",
    "k": "input=3 search=0.01",
  ]

  private func priced() throws -> Sandbox {
    let box = try Sandbox()
    for (model, prices) in Self.prices {
      let words = prices.split(separator: " ").map(String.init)
      let set = try box.start(["prices", "set", model, "--provider", "acme", "--from", "2026-01-01"] + words)
        .finish()
      #expect(set.status == 0, "\(set.errors)")
    }
    return box
  }

  /// Random conversations of two days, in the store and in SQLite.
  private func filled(_ seed: UInt64) throws -> Sandbox {
    let box = try priced()
    var random = SeededGenerator(seed)
    var (lines, rows) = ("", "")
    for index in 0..<400 {
      let second = index * 60 + Int.random(in: 0..<60, using: &random)
      let day = 10 + (index % 2)
      let model = ["m", "n"].randomElement(using: &random) ?? ""
      let session = Int.random(in: 0...4, using: &random)
      let isError = Int.random(in: 0...6, using: &random) == 0
      // Few sizes, so that some repeat.
      let counts = [2, 3, 1, 5].map { Int.random(in: 0...$0, using: &random) * 100 }
      let names = ["input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens"]
      let fields = zip(names, counts).map { "\"\($0)\":\($1)" }.joined(separator: ",")
      let clock = [second / 3600, second / 60 % 60, second % 60].map { String(String(100 + $0).dropFirst()) }
      lines +=
        "{\"id\":\"\(index)\",\"time\":\"2026-11-\(day)T\(clock.joined(separator: ":"))Z\",\"provider\":\"acme\","
        + "\"model\":\"\(model)\"\(session > 0 ? ",\"session\":\"s\(session)\"" : ""),\(fields)"
        + (isError ? ",\"status\":\"error\"}\n" : "}\n")
      rows +=
        "insert into e values (\(day),\(second),'\(model)',\(session),\(isError ? 1 : 0),\(counts.map(String.init).joined(separator: ",")));\n"
    }
    #expect(try box.tally("append", input: lines).status == 0)
    try box.write(
      "e.sql",
      "create table e (day, second, model, session, error, i, r, w, o);\nbegin;\n\(rows)commit;\n"
        + "create table p (model, pi, pr, pw, po);\ninsert into p values ('m', 20, 2, 25, 80), ('n', 10, 1, 13, 40);\n"
        + "create view c as select *, i * pi + r * pr + w * pw + o * po as cost, i + r + w as prompt from e join p using (model);\n"
        // Failed requests, those of no session and those without a prompt are in no conversation.
        + "create view l as select *, lead(prompt) over t as next, lead(second) over t - second as gap, "
        + "lag(prompt) over t as prev, second - lag(second) over t as since from c "
        + "where error = 0 and session > 0 and prompt > 0 window t as (partition by day, session, model order by second);\n"
    )
    return box
  }

  private func sql(_ box: Sandbox, _ query: String) throws -> [String] {
    try box.shell("(cat e.sql; echo \"\(query);\") | sqlite3 -separator '|'").lines
  }

  /// A row as SQLite prints it; money in ten-millionths.
  private func text(_ row: [String: Any]) -> String {
    let amounts = ["cost", "cost_saved", "cost_avoidable"].map { name in
      (row[name] as? String).map { "\(Self.tenMillionths($0))" } ?? ""
    }
    let counts = ["requests", "tokens"].map { (row[$0] as? Int).map(String.init) ?? "" }
    return (["saving", "model"].map { row[$0] as? String ?? "" } + counts + amounts).joined(separator: "|")
  }

  private static func tenMillionths(_ text: String) -> Int {
    let isNegative = text.first == "-"
    let parts = text.drop { $0 == "-" }.split(separator: ".")
    let amount = Int(parts[0] + (parts[1] + "0000000").prefix(7)) ?? -1
    return isNegative ? -amount : amount
  }

  @Test(arguments: [UInt64(31), 32, 33]) func savingsAreWhatSQLSays(_ seed: UInt64) throws {
    let box = try filled(seed)
    // What is missed was written again first, and then paid as input.
    let missed = "(min(w, prev - r) * pw + max(prev - r - w, 0) * pi)"
    let questions = [
      "select 'cache_reads', model, '', sum(r), sum(r * pr), sum(r * (pi - pr)), '' from c group by model",
      "select 'cache_writes', model, '', sum(w), sum(w * pw), sum(w * (pi - pw)), '' from c group by model",
      "select 'cache_misses', model, count(*), sum(prev - r), sum(\(missed)), '', sum(\(missed) - (prev - r) * pr) from l "
        + "where prev <= prompt and not (prev = prompt and since <= 120) and prev > r group by model",
      "select 'retries', model, count(*), sum(prompt + o), sum(cost), '', sum(cost) from l where next = prompt and gap <= 120 group by model",
      "select 'errors', model, sum(error), sum(prompt + o), sum(cost), '', sum(cost) from c where error = 1 group by model",
      "select 'cheaper_model', model, count(*), sum(prompt + o), sum(cost), '', sum(cost - i * 10 - r - w * 13 - o * 40) from c where model = 'm' group by model",
    ]
    let theirs = try questions.flatMap { try sql(box, $0) }
    for isRolledUp in [false, true] {
      if isRolledUp { try box.tally("rollup") }
      let report = try box.report("savings", "2026-11")
      let rows = try #require(report["rows"] as? [[String: Any]])
      #expect(Set(rows.map(text)) == Set(theirs), "seed \(seed)")
      #expect(Set(rows.compactMap { $0["saving"] as? String }).count == 6)
      #expect(rows.last?["instead"] as? String == "n")
      // The sums.
      let total = try #require(report["total"] as? [String: Any])
      for name in ["cost_saved", "cost_avoidable"] {
        let sum = rows.compactMap { $0[name] as? String }.reduce(0) { $0 + Self.tenMillionths($1) }
        #expect((total[name] as? String).map(Self.tenMillionths) == sum)
      }
      #expect(
        (total["cost"] as? String).map { "\(Self.tenMillionths($0))" }
          == (try sql(box, "select sum(cost) from c")[0]))
    }
  }

  @Test func aTableSaysWhatToDo() throws {
    let box = try priced()
    func event(_ id: String, _ time: String, _ more: String) -> String {
      line(id, time: "2026-11-10T10:\(time)Z", tokens: 100_000, #","provider":"acme","session":"s"\#(more)"#)
        .replacing("gpt-5", with: "m")
    }
    try box.tally(
      "append",
      input: event("a", "00:00", #","output_tokens":1000"#) + event("b", "01:00", "")
        + event("c", "05:00", #","cache_read_tokens":60000"#)
        + event("d", "06:00", #","status":"error","output_tokens":5"#)
        + line("e", time: "2026-11-10T10:00:00Z", #","provider":"acme""#).replacing("gpt-5", with: "n"))
    let output = try box.tally("report", "savings", "2026-11").output
    #expect(
      output == """
        Savings · 2026-11-01 to 2026-11-30 · UTC · USD

        Saving         Model  Requests   Tokens  Cost (USD)  Saved (USD)  Avoidable (USD)  Instead
        ──────────────────────────────────────────────────────────────────────────────────────────
        Cache reads    m             –   60,000        0.01         0.11                –
        Cache misses   m             1   40,000        0.08            –             0.07
        Retries        m             1  101,000        0.21            –             0.21
        Errors         m             1  100,005        0.20            –             0.20
        Cheaper model  m             4  461,005        0.82            –             0.41  n
        ──────────────────────────────────────────────────────────────────────────────────────────
        Total                        –        –        0.82         0.11             0.89

        A cache miss is what the request before in a session had sent and this one did not read from the cache.
        A retry is a request whose prompt has the same size again within two minutes.
        Cheaper models are used anyway for the same operations, and are compared at base prices; they may answer differently.
        What is avoidable overlaps, so its sum is the most that could be saved.
        Cost mode: auto. Price catalog: built-in 2026-11-21, set 2026-11-20.
        Provisional: the data goes to 2026-11-10T10:06+00:00.

        """)
  }

  /// Which other model would have cost less: one that is used for the same, and that prices all that was used.
  @Test func onlyWhatIsUsedForTheSameIsCheaper() throws {
    func instead(_ models: [(name: String, more: String)]) throws -> [String?] {
      let box = try priced()
      let lines = models.enumerated().map { index, model in
        line(
          "\(index)", time: "2026-11-10T10:00:00Z", tokens: 1_000_000, #","provider":"acme"\#(model.more)"#
        )
        .replacing("gpt-5", with: model.name)
      }
      try box.tally("append", input: lines.joined())
      let rows = try #require(try box.report("savings", "2026-11")["rows"] as? [[String: Any]])
      return rows.filter { $0["saving"] as? String == "cheaper_model" }.map { $0["instead"] as? String }
    }
    #expect(try instead([("m", ""), ("n", "")]) == ["n"])
    let (chat, embeddings) = (#","operation":"chat""#, #","operation":"embeddings""#)
    #expect(try instead([("m", chat), ("n", embeddings)]) == [])
    #expect(try instead([("m", chat), ("n", chat), ("n", embeddings)]) == ["n"])
    // Nobody knows what n asks for a search.
    #expect(try instead([("k", #","searches":5"#), ("n", "")]) == [])
    #expect(try instead([("k", ""), ("n", "")]) == ["n"])
    // A model without a cache takes all as input.
    #expect(try instead([("m", #","cache_write_1h_tokens":5"#), ("n", "")]) == ["n"])
  }

  /// What is counted in tokens as well is charged in tokens, so a price of an image may be missing then.
  @Test func imagesAndSoundsThatAreCountedInTokensAreChargedOnce() throws {
    let box = try Sandbox()
    for (model, prices) in [
      ("dear", "input=5 output_image=40 image=0.04 input_audio=40 audio_second=0.04"),
      ("cheap", "input=2.5 output_image=20 input_audio=20"),
    ] {
      let words = prices.split(separator: " ").map(String.init)
      let set = try box.start(["prices", "set", model, "--provider", "acme", "--from", "2026-01-01"] + words)
        .finish()
      #expect(set.status == 0, "\(set.errors)")
    }
    func event(_ model: String, _ tokens: Int, _ more: String) -> String {
      line(model, time: "2026-11-10T10:00:00Z", tokens: tokens, #","provider":"acme"\#(more)"#)
        .replacing("gpt-5", with: model)
    }
    for more in [
      #","images":100,"output_image_tokens":100000"#, #","audio_seconds":100,"input_audio_tokens":100000"#,
    ] {
      _ = try box.shell("rm -rf store/segments store/rollups store/local")
      try box.tally("append", input: event("dear", 0, more) + event("cheap", 1, ""))
      let models = try #require(try box.report("models", "2026-11")["rows"] as? [[String: Any]])
      #expect(models.first?["cost"] as? String == "4.00")
      let rows = try #require(try box.report("savings", "2026-11")["rows"] as? [[String: Any]])
      #expect(rows.map { $0["cost"] as? String } == ["4.00"], "\(more)")
      #expect(rows.map { $0["cost_avoidable"] as? String } == ["2.00"])
      #expect(rows.map { $0["instead"] as? String } == ["cheap"])
    }
  }

  /// An event of several requests says nothing about which of them came after which.
  @Test func sumsOfRequestsAreNoConversation() throws {
    let box = try priced()
    let lines = (0..<2).map { index in
      line(
        "\(index)", time: "2026-11-10T10:00:0\(index)Z", #","provider":"acme","session":"s","requests":2"#
      ).replacing("gpt-5", with: "m")
    }
    try box.tally("append", input: lines.joined())
    #expect((try box.report("savings", "2026-11")["rows"] as? [Any])?.isEmpty == true)
  }

  /// Each in its own currency, or all in one.
  @Test func currenciesStayApart() throws {
    let box = try priced()
    try box.tally("fx", "import", "-", input: "Date,USD\n2026-11-10,1.25\n")
    let time = "2026-11-10T10:00:00Z"
    try box.tally(
      "append",
      input: line("m", time: time, #","provider":"acme","cache_read_tokens":1000000"#).replacing(
        "gpt-5", with: "m")
        + line("e", time: time, #","status":"error","cost":"3","currency":"EUR""#).replacing(
          "gpt-5", with: "x"))
    let report = try box.report("savings", "2026-11")
    #expect(report["currency"] is NSNull)
    let total = try #require(report["total"] as? [String: Any])
    #expect(total["cost_saved"] is NSNull && total["cost_avoidable"] is NSNull)
    let totals = try #require(report["totals"] as? [[String: Any]])
    func texts(_ name: String) -> [String?] { totals.map { $0[name] as? String } }
    #expect(texts("currency") == ["EUR", "USD"])
    #expect(texts("cost_saved") == ["0.00", "1.80"] && texts("cost_avoidable") == ["3.00", "0.00"])
    let euros = try box.report("savings", "2026-11", "--currency", "EUR")
    #expect(euros["currency"] as? String == "EUR" && euros["totals"] == nil)
    let all = try #require(euros["total"] as? [String: Any])
    #expect(all["cost_saved"] as? String == "1.44" && all["cost_avoidable"] as? String == "3.00")
  }

  @Test(arguments: [
    ("--no-cost", "--no-cost: savings tell of nothing but cost"),
    ("--kind=billed", "--kind billed: bills do not tell what could be saved"),
  ]) func whatCannotBeAskedIsSaid(_ flag: String, _ message: String) throws {
    let outcome = try priced().tally("report", "savings", flag)
    #expect(outcome.status == 64 && outcome.errors.contains("Error: \(message)\n"))
  }

  @Test func hiddenCostsHideIt() throws {
    let box = try priced()
    try box.tally("append", input: line("e"))
    try box.write("config/tally/config.toml", "show_cost = false")
    let outcome = try box.tally("report", "savings")
    #expect(outcome.status == 64 && outcome.output == "")
    #expect(
      outcome.errors
        == "tally: savings: show_cost = false in the configuration hides all costs: change it there\n")
  }
}
