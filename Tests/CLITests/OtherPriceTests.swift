import Foundation
import Testing

/// `tally report tokens`, `--list-price` and `tally report what-if`, at the built-in prices.
@Suite struct OtherPriceTests {
  private func filled() throws -> Sandbox {
    let box = try Sandbox()
    // Prices of Claude Opus 4.5: 5, cache read 0.5, 5-minute write 6.25, output 25; of Sonnet 4.5: 3, 0.3, 3.75, 15.
    let lines = [
      #""provider":"anthropic","model":"claude-opus-4-5","input_tokens":1000000,"cache_read_tokens":2000000,"#
        + #""cache_write_tokens":400000,"output_tokens":100000,"requests":20"#,
      #""provider":"openai","model":"gpt-5","input_tokens":100000,"output_tokens":10000"#,
    ].enumerated().map { #"{"time":"2026-11-1\#($0)T10:00:00Z",\#($1)}"# + "\n" }
    try box.tally("append", input: lines.joined())
    return box
  }

  @Test func kindsOfTokensAndWhatTheCacheSaved() throws {
    let box = try filled()
    #expect(
      try box.tally("report", "tokens", "2026-11").output == """
        Tokens · 2026-11-01 to 2026-11-30 · UTC · USD

        Kind             Count  Cost (USD)  As input (USD)  Saved (USD)   Share
        ───────────────────────────────────────────────────────────────────────
        Input        1,100,000        5.12               –            –   45.7%
        Output         110,000        2.60               –            –   23.2%
        Cache write    400,000        2.50            2.00        -0.50   22.3%
        Cache read   2,000,000        1.00           10.00         9.00    8.9%
        ───────────────────────────────────────────────────────────────────────
        Total                –       11.22           12.00         8.50  100.0%

        Cost mode: calculate. Price catalog: built-in 2026-11-21.
        Share is of cost.
        Provisional: the data goes to 2026-11-11T10:00+00:00.

        """)
    let report = try box.report("tokens", "2026-11", "--by", "model")
    #expect(report["cost_mode"] as? String == "calculate" && report["cost_complete"] as? Bool == true)
    let rows = try #require(report["rows"] as? [[String: Any]])
    #expect(rows.count == 6 && rows[0]["counter"] as? String == "input_tokens")
    #expect(rows[0]["model"] as? String == "claude-opus-4-5" && rows[0]["cost"] as? String == "5.00")
    #expect(rows[0]["cost_as_input"] is NSNull && rows[0]["count"] as? Int == 1_000_000)
  }

  @Test func listPricesStandBesideNegotiatedOnes() throws {
    let box = try filled()
    try box.tally("prices", "set", "--provider", "anthropic", "--discount", "10", "--from", "2026-11-01")
    let models = try box.report("models", "2026-11", "--list-price")
    let rows = try #require(models["rows"] as? [[String: Any]])
    #expect(rows.map { $0["cost"] as? String } == ["9.90", "0.225"])
    #expect(rows.map { $0["cost_list"] as? String } == ["11.00", "0.225"])
    #expect(rows.map { $0["cost_list_difference"] as? String } == ["1.10", "0.00"])
    try box.tally("rollup")
    let months = try box.report("monthly", "2026-11", "--list-price")
    #expect((months["total"] as? [String: Any])?["cost_list"] as? String == "11.225")
    try box.tally("report", "month", "2026-11", "--output", "out", "--list-price")
    #expect(try box.read("out/2026-11/days.csv").contains(",cost_list,cost_list_difference,"))
  }

  @Test func aPeriodWithOtherModels() throws {
    let box = try filled()
    let outcome = try box.tally(
      "report", "what-if", "2026-11", "--replace", "claude-opus-4-5=claude-sonnet-4-5", "--replace",
      "foo=gpt-5")
    #expect(
      outcome.output == """
        What if · 2026-11-01 to 2026-11-30 · UTC · USD

        Model            Requests     Tokens  Cost (USD)  What-if cost (USD)  Difference (USD)   Share
        ──────────────────────────────────────────────────────────────────────────────────────────────
        claude-opus-4-5        20  3,500,000       11.00               ≈6.60             -4.40   98.0%
        gpt-5                   1    110,000        0.22                0.22              0.00    2.0%
        ──────────────────────────────────────────────────────────────────────────────────────────────
        Total                  21  3,610,000       11.22               ≈6.82             -4.40  100.0%

        ≈ 20 requests are priced approximately in the what-if cost: their service tier has no price of its own, or one event holds several requests that may differ in price.
        Token counts are taken as they are; another model may count, cache and answer differently.
        Cost mode: calculate. Price catalog: built-in 2026-11-21.
        Share is of cost.
        Provisional: the data goes to 2026-11-11T10:00+00:00.

        """)
    #expect(outcome.errors == "tally: no usage of foo from 2026-11-01 to 2026-11-30\n")
    let cheapest = try box.report(
      "what-if", "2026-11", "--cheapest-of", "claude-opus-4-5,anthropic/claude-haiku-4-5,gpt-5")
    let rows = try #require(cheapest["rows"] as? [[String: Any]])
    #expect(
      rows.map { $0["what_if_model"] as? String } == [
        "anthropic/claude-haiku-4-5", "anthropic/claude-haiku-4-5",
      ])
  }

  @Test(arguments: [
    ("what-if", 64, "Error: what-if: say --replace A=B or --cheapest-of A,B,C"),
    (
      "what-if --replace a", 64,
      "Error: --replace a: write two models, such as claude-opus-4-5=claude-sonnet-4-5"
    ),
    ("what-if --cheapest-of a", 64, "Error: --cheapest-of a: write two models or more, with commas between"),
    (
      "what-if --replace a=gpt-5 --cost auto", 64,
      "Error: --cost auto: computed costs are compared: leave it out"
    ),
    ("what-if --replace a=gpt-5 --no-cost", 64, "Error: --no-cost: what-if tells of nothing but cost"),
    ("what-if --replace a=gpt-5 --kind billed", 64, "Error: --kind billed: bills cannot be priced again"),
    ("what-if --replace a=gpt-5 --list-price", 64, "Error: Unknown option '--list-price'"),
    ("what-if --replace a=gtp-5", 66, "tally: gtp-5: no such model: did you mean gpt-5?"),
    ("tokens --cost display", 64, "Error: --cost display: costs by kind of token are computed: leave it out"),
    (
      "tokens --list-price", 64,
      "Error: Unknown option '--list-price'"
    ),
    ("tokens --kind billed", 64, "Error: --kind billed: bills have no tokens"),
    (
      "daily --kind billed --list-price", 64,
      "tally: --list-price: bills have no list price: leave --list-price or --kind billed out"
    ),
    ("daily --no-cost --list-price", 64, "Error: --no-cost and --list-price: choose one"),
  ])
  func whatCannotBeAskedIsSaid(_ arguments: String, _ status: Int32, _ message: String) throws {
    let box = try Sandbox()
    try box.tally("append", input: line("a"))
    let outcome = try box.start(["report"] + arguments.split(separator: " ").map(String.init)).finish()
    #expect(outcome.status == status && outcome.output == "")
    #expect(outcome.errors.hasPrefix(message + "\n"), "\(outcome.errors)")
  }
}
