import Foundation
import Testing

/// `--no-cost` and `show_cost = false`: nothing that is printed or written tells what anything cost.
@Suite struct HiddenCostTests {
  /// Costs whose digits nothing else has.
  private static let costs = [("7351.97", "USD"), ("86421.5", "JPY"), ("0.979797", "CHF")]
  private static let commands = [
    ["daily"], ["weekly"], ["monthly"], ["models"], ["providers"], ["models", "--top", "1"],
    ["daily", "--by", "model"], ["models", "--min-share", "10"], ["daily", "--kind", "billed"],
    // All that match have a cost.
    ["models", "--where", "not model=m3"], ["models", "--where", "model=m0", "--min-share", "1"],
    ["daily", "--by", "session", "--timezone", "Asia/Kathmandu"], ["tokens"],
    ["tokens", "--by", "model", "--top", "2"],
  ]
  private static let queries = [
    ["report", "stats"], ["report", "users"], ["report", "sessions"], ["report", "session", "s0"],
    ["report", "compare"], ["report", "rates"], ["report", "blocks", "--token-limit", "max"],
    // No range: it is about now.
    ["report", "status"], ["overview"],
    ["report", "forecast"], ["report", "forecast", "--by", "model", "--as-of", "2026-11-19"],
    ["report", "performance"], ["report", "services", "--every", "week"],
    ["query", "--by", "day,model"], ["explain", "tokens"], ["explain", "requests", "--by", "session"],
    ["query", "--by", "model", "--measure", "requests,error_rate,share", "--top", "1"],
  ]

  private func filled() throws -> Sandbox {
    let box = try Sandbox()
    var lines = ""
    for (index, (cost, currency)) in Self.costs.enumerated() {
      for kind in ["usage", "billed"] {
        lines +=
          #"{"time":"2026-11-1\#(index)T10:00:00Z","kind":"\#(kind)","session":"s0","model":"m\#(index)","#
          + #""input_tokens":\#(100 << index),"requests":1,"credits":"4646.46","cost":"\#(cost)","currency":"\#(currency)"}"#
          + "\n"
      }
    }
    // One without a cost, too: who is unpriced is about prices.
    lines += #"{"time":"2026-11-12T10:00:00Z","model":"m3","input_tokens":1000}"# + "\n"
    // And one whose cost is known from the catalog.
    lines +=
      #"{"time":"2026-11-12T10:00:00Z","provider":"openai","model":"gpt-5","input_tokens":7654321}"# + "\n"
    #expect(try box.tally("append", input: lines).status == 0)
    try box.tally("fx", "import", "-", input: "Date,USD,JPY,CHF\n2026-11-10,1.0531,163.13,0.9353\n")
    return box
  }

  /// What of a text tells about money: codes, signs, words, and the digits of costs, credits and sums of them.
  private static func traces(_ text: String) -> [String] {
    let words = [
      "cost", "price", "currency", "currencies", "catalog", "credit", "rates_to", "ecb rates", "usd", "jpy",
      "chf", "eur",
      "$", "€",
      "¥", "£", "unknown", "approximate_",
    ]
    let digits = [
      "7351", "7,351", "7361", "7,361", "86421", "86,421", "979797", "0.98", "4646", "4,646", "9292", "13939",
      "13,939",
      "9.567", "9.57",
    ]
    return (words + digits).filter { text.lowercased().contains($0) }
  }

  private func check(_ box: Sandbox, _ flags: [String]) throws {
    for command in Self.commands.map({ ["report"] + $0 }) + Self.queries {
      for format in ["table", "csv", "json", "markdown"] {
        let range = ["status", "overview"].contains(command.last) ? [] : ["2026-11"]
        let arguments = command + range + ["--format", format]
        let outcome = try box.start(arguments + flags).finish()
        #expect(outcome.status == 0)
        #expect(
          outcome.output.contains("2026") || outcome.output.contains("m0")
            || outcome.output.contains("requests") || outcome.output.contains("input_tokens")
            || outcome.output.contains("actual_tokens"))
        #expect(Self.traces(outcome.output + outcome.errors).isEmpty, "\(arguments)\n\(outcome.output)")
        // A file is no other than the terminal.
        _ = try box.start(arguments + flags + ["--output", "out.\(format)"]).finish()
        #expect(Self.traces(try box.read("out.\(format)")).isEmpty)
      }
    }
    let line = try box.start(["statusline"] + flags).finish()
    #expect(line.output.contains("tokens today") && Self.traces(line.output + line.errors).isEmpty)
    #expect(try box.start(["report", "month", "2026-11", "--output", "out"] + flags).finish().status == 0)
    let files = try box.files("out")
    #expect(files.count == 4)
    for (name, data) in files {
      #expect(Self.traces(String(decoding: data, as: UTF8.self)).isEmpty, "\(name)")
    }
  }

  @Test func nothingTellsOfMoneyWithTheFlag() throws { try check(filled(), ["--no-cost"]) }

  @Test func nothingTellsOfMoneyWhenSoConfigured() throws {
    let box = try filled()
    // Budgets of money would tell how much of them is used.
    let budgets = ["m0", "m1"].map {
      "[[budget]]\nname = \"cost of \($0)\"\nmatch = \"model=\($0)\"\nperiod = \"month\"\namount = 10\n"
    }
    try box.write(
      "config/tally/config.toml", "show_cost = false\ncurrency = \"EUR\"\n" + budgets.joined())
    try check(box, [])
    let refused = try box.tally("report", "daily", "--currency", "EUR")
    #expect(refused.status == 64 && refused.output == "")
    #expect(
      refused.errors
        == "tally: --currency EUR: show_cost = false in the configuration hides all costs: change it there\n")
    for (command, option) in [
      ("daily --list-price", "--list-price"), ("what-if --replace m0=gpt-5", "what-if"),
    ] {
      let refused = try box.start(["report"] + command.split(separator: " ").map(String.init)).finish()
      #expect(refused.status == 64 && refused.output == "")
      #expect(
        refused.errors
          == "tally: \(option): show_cost = false in the configuration hides all costs: change it there\n")
    }
    #expect(
      try box.tally("report", "daily", "--cost", "auto").errors
        == "tally: --cost auto: show_cost = false in the configuration hides all costs: change it there\n")
  }

  @Test(arguments: [
    "prices list", "prices show gpt-5", "prices diff map.json", "prices check",
    "prices import map.json --verbose",
    "fx list", "fx show USD --on 2026-11-10",
  ])
  func whatShowsPricesRefuses(command: String) throws {
    let box = try filled()
    try box.write("config/tally/config.toml", "show_cost = false")
    try box.write(
      "map.json", #"{"gpt-5": {"litellm_provider": "openai", "input_cost_per_token": 7.35197e-06}}"#)
    let words = command.split(separator: " ").map(String.init)
    let name = words.prefix(2).joined(separator: " ") + (words.contains("--verbose") ? " --verbose" : "")
    for format in words.contains("check") || words.contains("import") ? [[]] : [[], ["--format", "json"]] {
      let refused = try box.start(words + format).finish()
      #expect(refused.status == 78)
      #expect(refused.output == "")
      let path = box.path("config/tally/config.toml")
      #expect(
        refused.errors == "tally: \(name): show_cost = false in \(path) hides all prices: change it there\n")
    }
  }

  @Test func whatOnlyTakesPricesInSaysNoneOfThem() throws {
    let box = try filled()
    try box.write("config/tally/config.toml", "show_cost = false")
    try box.write(
      "map.json", #"{"gpt-5": {"litellm_provider": "openai", "input_cost_per_token": 7.3519712345678e-06}}"#)
    for arguments in [
      ["prices", "import", "map.json"], ["prices", "update", "--url", "map.json", "--from", "2026-01-01"],
      ["prices", "set", "gpt-5", "input=7351.97", "--provider", "openai"],
      ["fx", "import", "-"], ["fx", "import", "-", "--replace"],
    ] {
      let rates = "Date,USD,JPY,CYP\n2026-11-10,7351.97,163.13,1\n"
      let outcome = try box.start(arguments).finish(input: Data(rates.utf8))
      #expect(outcome.output + outcome.errors != "")
      // The folder's name is drawn by chance, and may have any digits.
      let said = (outcome.output + outcome.errors).replacing(box.folder.path, with: "")
      let words = ["USD", "JPY", "CYP", "7.35", "7351", "163"]
      #expect(words.filter(said.contains).isEmpty, "\(arguments)\n\(said)")
    }
  }

  /// The words and digits looked for are those that a report without the flag has.
  @Test func theTracesAreThere() throws {
    let box = try filled()
    let table = try box.tally("report", "daily", "2026-11", "--by", "model").output
    for trace in [
      "cost", "price", "currency", "currencies", "usd", "jpy", "chf", "7,351", "86,421", "4,646", "unknown",
    ] {
      #expect(Self.traces(table).contains(trace), "\(trace)")
    }
    let json = try box.tally("report", "monthly", "2026-11", "--format", "json").output
    for trace in [
      "cost", "price", "currency", "catalog", "credit", "approximate_", "7361", "86421", "979797", "4646",
      "13939",
    ] {
      #expect(Self.traces(json).contains(trace), "\(trace)")
    }
  }

  /// The order of models must not tell which costs most: m0 costs more dollars, m3 has the most tokens.
  @Test func theOrderIsOfTokens() throws {
    let box = try filled()
    let lines = try box.tally("report", "models", "2026-11", "--no-cost", "--format", "csv").lines
    #expect(lines.dropFirst().map { $0.prefix(2) } == ["gp", "m3", "m2", "m1", "m0"])
  }
}
