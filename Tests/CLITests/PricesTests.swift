import Foundation
import Testing

/// `tally prices`: what is shown, what is written, and what people are told.
@Suite struct PricesTests {
  private static let liteLLM = Sandbox.root.appending(path: "Fixtures/prices/litellm-sample.json").path

  static let messages: [(command: String, status: Int32, message: String)] = [
    ("show gpt-55", 66, "tally: gpt-55: no such model: did you mean gpt-5.5?"),
    ("show qqqqqqq", 66, "tally: qqqqqqq: no such model: tally prices list shows all"),
    ("show gpt-5 --provider opnai", 64, "tally: --provider opnai: no such provider: did you mean openai?"),
    ("list --provider opnai", 64, "tally: --provider opnai: no such provider: did you mean openai?"),
    ("import nowhere.json", 66, "tally: nowhere.json: cannot open: No such file or directory"),
    (
      "import float.json", 65,
      "tally: float.json:6: write the amount as a text, \"1.25\": numbers may have passed through floating point"
    ),
    (
      "diff other.json", 65,
      "tally: other.json:1: neither LiteLLM's price map, nor models.dev's api.json, nor a catalog of schema_version 1"
    ),
    ("set gpt-5", 64, "tally: prices set: name a model and a price, such as gpt-5 input=1.00"),
    ("set gpt-5 input", 64, "tally: input: write a price as input=1.25"),
    ("set gpt-5 inptu=1", 64, "tally: inptu=1: no such price: did you mean input?"),
    (
      "set gpt-5 input=0.0000001", 64,
      "tally: input=0.0000001: a price is a decimal of at most six places, such as 1.25"
    ),
    ("set gpt-5 input=1", 64, "tally: gpt-5: openai, github have it: name one with --provider"),
    (
      "set zzz input=1", 64,
      "tally: zzz: no such model: name who bills it with --provider to give it a first price"
    ),
    (
      "set zzz input=1 --provider openai --service-tier batch", 64,
      "tally: zzz: it has no price yet: set its standard prices first, without --service-tier, --above and --until"
    ),
    ("set --discount 5", 64, "tally: --discount: name the provider with --provider"),
    ("set gpt-5 --discount 5", 64, "tally: --discount is of a provider: leave gpt-5 out"),
    (
      "set --discount 101 --provider openai", 64,
      "tally: --discount 101: use a percentage from 0 to 100, such as 7.5"
    ),
    ("set gpt-5 input=1 --from soon", 64, "tally: --from soon: write a UTC day such as 2026-12-01"),
    (
      "set gpt-5 input=1 --from 2026-12-01 --until 2026-12-01", 64,
      "tally: --until 2026-12-01 is not after --from 2026-12-01"
    ),
  ]

  @Test(arguments: messages)
  func says(command: String, status: Int32, message: String) throws {
    let sandbox = try Sandbox()
    try sandbox.write("other.json", "{\"a\": 1}\n")
    try sandbox.write(
      "float.json",
      """
      {"schema_version": 1, "name": "x", "version": "1", "currency": "USD",
       "sources": {"s": {"kind": "user", "title": "S", "url": "-", "retrieved": "2026-11-01"}},
       "providers": [{"id": "a", "name": "A"}],
       "models": [{"provider": "a", "model": "m", "prices": [
        {"source": ["s"],
         "per_million_tokens": {"input": 1.25}}]}]}
      """)
    let outcome = try sandbox.start(["prices"] + command.split(separator: " ").map(String.init)).finish()
    #expect(outcome.status == status)
    #expect(outcome.errors == "\(message)\n")
    #expect(outcome.output.isEmpty)
    // What is refused leaves nothing behind.
    #expect(try sandbox.files().isEmpty)
  }

  private static func rows(_ sandbox: Sandbox, _ arguments: String...) throws -> [[String: String?]] {
    let outcome = try sandbox.start(["prices", "show"] + arguments + ["--format", "json"]).finish()
    try #require(outcome.status == 0, "\(outcome.errors)")
    let rows = try #require(object(outcome.output)["rows"] as? [[String: Any]])
    return rows.map { $0.mapValues { $0 as? String } }
  }

  private static func price(
    _ sandbox: Sandbox, _ model: String, _ what: String, from: String?
  ) throws -> [String?] {
    let rows = try rows(sandbox, model, "--provider", "anthropic")
    let row = try #require(rows.first { $0["what"] == what && $0["from"] == from }, "\(rows)")
    return [row["price"] ?? nil, row["list_price"] ?? nil, row["source"] ?? nil]
  }

  @Test func everyPriceHasASourceAndADate() throws {
    let rows = try Self.rows(try Sandbox(), "gpt-5-mini-2025-08-07")
    #expect(rows.count > 5)
    for row in rows {
      #expect(row["source"] != .some(nil))
      #expect(row["as_of"] != .some(nil))
    }
  }

  @Test func importChangesNothingBeforeItsDay() throws {
    let sandbox = try Sandbox()
    let diff = try sandbox.tally("prices", "diff", Self.liteLLM, "--format", "csv")
    #expect(
      diff.errors == """
        12 models would change from 2026-11-20 on, 16 models would be new
        2026-10: no usage without a cost of its own

        """)
    #expect(diff.lines.first == "provider,model,what,before,after")
    #expect(diff.lines.contains("anthropic,claude-sonnet-4-5,input above 200000,6,"))
    #expect(try sandbox.files().isEmpty)

    let outcome = try sandbox.tally("prices", "import", Self.liteLLM)
    #expect(outcome.status == 0)
    #expect(
      outcome.errors.contains(
        "litellm-sample.json: 16 new models, 12 changed, 13 as before; in force from 2026-11-20: "))
    #expect(
      outcome.errors.contains("3 without a price, 2 left out, 4 prices rounded, 15 fields not supported"))
    // The built-in catalog is pinned below.
    #expect(try sandbox.files().count == 2)
    let before = try Self.price(sandbox, "claude-sonnet-4-5", "input above 200000", from: nil)
    #expect(before.first == "6")
    let rows = try Self.rows(sandbox, "claude-sonnet-4-5", "--provider", "anthropic")
    #expect(!rows.contains { $0["from"] == "2026-11-20" && $0["what"] == "input above 200000" })
    #expect(
      try Self.price(sandbox, "claude-sonnet-4-5", "input", from: "2026-11-20")
        == ["3", "3", "LiteLLM model price map"])

    let again = try sandbox.tally("prices", "import", Self.liteLLM)
    #expect(again.last.hasSuffix("0 new models, 0 changed, 41 as before; nothing to do"))
    #expect(try sandbox.files().count == 2)
  }

  @Test func whatAnImportLeavesOutIsCountedAndNamed() throws {
    let short = try Sandbox().tally("prices", "import", Self.liteLLM)
    #expect(
      short.errors.contains(
        "3 without a price, 2 left out, 4 prices rounded, 15 fields not supported (--verbose names them)\n"))
    #expect(!short.errors.contains("citation_cost_per_token"))
    let long = try Sandbox().tally("prices", "import", Self.liteLLM, "--verbose").errors.split(
      separator: "\n")
    #expect(long.contains("not supported: citation_cost_per_token of 1 model"))
    #expect(long.contains("left out: example/negative: input_cost_per_token is negative"))
    #expect(long.contains("rounded: example/half-a-pico: input_cost_per_token 2.5e-12 is 0.000000000002"))
    #expect(long.count { $0.hasPrefix("not supported: ") } == 15)
  }

  @Test func aNegotiatedPriceBesideTheListPrice() throws {
    let sandbox = try Sandbox()
    let set = try sandbox.tally(
      "prices", "set", "claude-sonnet-5", "input=1.5", "--provider", "anthropic", "--from", "2026-12-01")
    #expect(set.status == 0)
    try sandbox.tally("prices", "set", "--provider", "anthropic", "--discount", "10", "--from", "2026-12-01")
    #expect(
      try Self.price(sandbox, "claude-sonnet-5", "input", from: "2026-12-01") == [
        "1.5", "2", "tally prices set",
      ])
    #expect(
      try Self.price(sandbox, "claude-sonnet-5", "output", from: "2026-12-01") == [
        "9", "10", "tally prices set",
      ])
    #expect(try Self.price(sandbox, "claude-sonnet-5", "output", from: nil).first == "10")
  }

  @Test func aModelOfOnesOwn() throws {
    let sandbox = try Sandbox()
    #expect(try sandbox.tally("prices", "set", "house-model", "input=0.2", "--provider", "house").status == 0)
    let list = try sandbox.tally("prices", "list", "--provider", "house", "--format", "csv")
    #expect(
      list.lines == [
        "provider,model,input,cache_read,cache_write,output,currency,from,source",
        "house,house-model,0.2,,,,USD,,tally prices set",
      ])
    #expect(try sandbox.tally("prices", "check").status == 0)
  }

  @Test func checkFindsAGapAndSaysAge() throws {
    let sandbox = try Sandbox()
    try sandbox.write(
      "store/catalog/2026-01-01-x.json",
      """
      {"schema_version": 1, "name": "x", "version": "2026-01-01", "currency": "USD", "recorded": "2026-01-01T00:00:00Z",
       "sources": {"s": {"kind": "user", "title": "S", "url": "-", "retrieved": "2026-01-01"}},
       "providers": [{"id": "a", "name": "A"}],
       "models": [{"provider": "a", "model": "m", "prices": [
        {"per_million_tokens": {"input": "1"}, "until": "2026-02-01", "source": ["s"]},
        {"per_million_tokens": {"input": "100"}, "from": "2026-03-01", "source": ["t"]}]}]}
      """)
    let check = try sandbox.tally(
      "prices", "check", environment: ["TALLY_NOW": "\(Sandbox.noon + 90 * 86_400_000)"])
    #expect(check.status == 65)
    #expect(check.lines.contains("gap: a m: no price from 2026-02-01 to 2026-03-01"))
    #expect(check.lines.contains("jump: a m: input goes from 1 to 100 on 2026-03-01"))
    #expect(check.lines.contains("reference: a m: no source \"t\" in x 2026-01-01"))
    #expect(
      check.lines.contains(
        "age: the newest prices are 89 days old: tally prices import brings in a newer price list"))
    let list = try sandbox.tally(
      "prices", "list", environment: ["TALLY_NOW": "\(Sandbox.noon + 90 * 86_400_000)"])
    #expect(
      list.last
        == "tally: the newest prices are 89 days old: tally prices import brings in a newer price list")
    #expect(try !sandbox.tally("prices", "list").errors.contains("days old"))
  }
}
