import Foundation
import Testing

/// Responses, tables and formats of one's own: `append --as`, `import csv`, `[format.NAME]`.
@Suite struct ForeignAppendTests {
  private static let chat =
    #"{"id":"chatcmpl-1","object":"chat.completion","created":1795082400,"model":"gpt-5","choices":[{"message":"MARKER"}],"#
    + #""usage":{"prompt_tokens":100,"completion_tokens":20,"total_tokens":120,"prompt_tokens_details":{"cached_tokens":40}}}"#
  private static let groq =
    #"{"id":"chatcmpl-2","object":"chat.completion","created":1795082400,"model":"llama","choices":["MARKER"],"#
    + #""usage":{"queue_time":0.1,"prompt_tokens":7,"completion_tokens":2,"total_tokens":9}}"#
  private static let message =
    #"{"id":"msg_1","type":"message","role":"assistant","model":"claude-opus-5","content":["MARKER"],"#
    + #""usage":{"input_tokens":3,"output_tokens":4}}"#

  @Test func aResponseComesStraightFromCurl() throws {
    let box = try Sandbox()
    let pretty = Self.chat.replacing(",", with: ",\n  ")
    let outcome = try box.tally(
      "append", "--as", "response", input: pretty + "\n" + "[\(Self.groq),\n\(Self.message)]")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(
      try box.storedLines() == [
        #"{"id":"response:chatcmpl-1","time":"2026-11-19T10:00:00.000Z","provider":"openai","service":"openai-api","#
          + #""source":"response","model":"gpt-5","operation":"chat","input_tokens":60,"cache_read_tokens":40,"#
          + #""output_tokens":20,"revision":20}"#,
        #"{"id":"groq:chatcmpl-2","time":"2026-11-19T10:00:00.000Z","provider":"groq","service":"groq","#
          + #""source":"response","model":"llama","operation":"chat","input_tokens":7,"output_tokens":2,"revision":2}"#,
        #"{"id":"anthropic:msg_1","time":"2026-11-20T12:00:00.000Z","provider":"anthropic","service":"anthropic-api","#
          + #""source":"response","model":"claude-opus-5","operation":"chat","input_tokens":3,"output_tokens":4,"#
          + #""revision":4}"#,
      ])
    #expect(!(try box.storedLines().joined().contains("MARKER")))
  }

  @Test func withoutAsOnlyWhatIsUnmistakableIsTaken() throws {
    let box = try Sandbox()
    let outcome = try box.tally(
      "append", input: [Self.chat, Self.groq, Self.message].joined(separator: "\n"))
    #expect(outcome.status == 65)
    #expect(outcome.errors.hasPrefix("stdin:1: "))
    #expect(outcome.errors.contains("or append it with --as response"))
    #expect(
      try box.storedLines().map { try #require(try object($0)["id"] as? String) } == [
        "groq:chatcmpl-2", "anthropic:msg_1",
      ])
    for (path, data) in try box.files() {
      #expect(!String(decoding: data, as: UTF8.self).contains("MARKER"), "\(path)")
    }
  }

  /// A count near 2^63 once ended the process, and the lines before it were gone.
  @Test(arguments: [[], ["--as", "response"], ["--best-effort"]])
  func aHostileCountCostsOnlyItsLine(_ options: [String]) throws {
    let box = try Sandbox()
    let file = Sandbox.root.appending(path: "Fixtures/regressions/response.gemini-counts-overflow.jsonl")
    let outcome = try box.start(["append"] + options).finish(input: Data(contentsOf: file))
    #expect(outcome.status == (options == ["--best-effort"] ? 0 : 65))
    #expect(
      outcome.errors.contains("stdin:2: candidatesTokenCount is no whole number from 0 to 10^12\n"),
      "\(outcome.errors)")
    #expect(try box.storedLines().count == 2)
  }

  @Test func aResponseWithoutATimeInAFileNeedsOne() throws {
    let box = try Sandbox()
    try box.write("r.json", Self.message)
    let outcome = try box.tally("append", "--as", "response", "r.json")
    #expect(outcome.status == 65)
    #expect(
      outcome.errors.contains(
        #"r.json:1: no time in it: pipe it as it comes, or wrap it as {"time":"…","response":{…}}"#))
    #expect(
      try box.tally("append", "--as", "response", "--time", "2026-11-18T00:00:00Z", "r.json").status == 0)
    #expect(try object(try box.storedLines()[0])["time"] as? String == "2026-11-18T00:00:00.000Z")
  }

  @Test(arguments: [
    (
      #"{"object":"chat.completion","created":1795082400,"model":"llama","usage":{"prompt_tokens":1}}"#,
      "cannot tell whose response this is: say --provider"
    ),
    (#"{"object":"chat.completion","created":1795082400,"model":"gpt-5"}"#, "no usage in it"),
    (#"{"hello":"world"}"#, "no usage in it, and no response that tally knows"),
    ("oops", "not JSON: expected a value (byte 1)"),
    (
      #"{"provider":"openai","time":"2026-11-19T10:00:00Z","usage":{"prompt_tokens":1,"prompt_tokens_details":{"cached_tokens":2}}}"#,
      "cached_tokens and cache_write_tokens are more than the input, which contains them"
    ),
    (
      #"{"provider":"openai","time":"2026-11-19T10:00:00Z","usage":{"prompt_tokens":-1}}"#,
      "prompt_tokens is no whole number from 0 to 10^12"
    ),
    (
      #"{"provider":"openai","time":"2026-11-19T10:00:00Z","usage":{"prompt_tokens":"many"}}"#,
      "prompt_tokens is no number"
    ),
    (
      #"{"provider":"openai","time":"soon","usage":{"prompt_tokens":1}}"#,
      "time is no time: neither RFC 3339 nor a number since 1970"
    ),
    (
      #"data: {"id":"c","object":"chat.completion.chunk","choices":[{"delta":{}}],"usage":null}"#,
      #"a stream without usage: ask for it with "stream_options":{"include_usage":true}"#
    ),
    ("5", "a number, not an object"),
  ])
  func whatIsWrongWithAResponseIsSaid(_ input: String, _ message: String) throws {
    let box = try Sandbox()
    let outcome = try box.tally("append", "--as", "response", input: input + "\n")
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains(": \(message)\n"), "\(outcome.errors)")
  }

  @Test(arguments: [
    (["--ack", "--as", "response"], "--ack counts lines of events: it does not go with --as"),
    (["--provider", "openai"], "--provider and --time go with --as: name the format of the input"),
    (
      ["--as", "response", "--map", "a=b"],
      "--map, --set, --decimal-comma and --input-includes-cache go with csv only"
    ),
    (["--as", "csv", "--map", "time"], "\"time\": write FIELD=NAME, such as time=Date"),
    (["--as", "csv", "--map", "tme=Date"], "no field \"tme\": did you mean time?"),
  ])
  func optionsThatDoNotGoTogetherAreSaid(_ options: [String], _ message: String) throws {
    let box = try Sandbox()
    let outcome = try box.start(["append"] + options).finish()
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains(message))
  }

  private static let table =
    "Date;Model Name;Prompt Tokens;Completion Tokens;Cost;Team\r\n2026-11-19;gpt-5;1.200;300;\"0,0123\";web\r\n"
    + "2026-11-19;\"gpt-5\nmini\";10;5;;web\r\n"

  @Test func columnsAreGuessedShownAndKept() throws {
    let box = try Sandbox()
    try box.write("u.csv", Self.table)
    let dry = try box.tally("import", "csv", "u.csv", "--decimal-comma", "--set", "currency=EUR", "--dry-run")
    #expect(dry.status == 0)
    #expect(
      dry.errors.hasPrefix(
        "u.csv: time ← Date, model ← Model Name, input_tokens ← Prompt Tokens, output_tokens ← Completion Tokens, "
          + "cost ← Cost, currency = EUR; not used: Team\n"))
    #expect(
      dry.lines.first
        == #"{"time":"2026-11-19T00:00:00.000Z","period":"1d","model":"gpt-5","input_tokens":1200,"output_tokens":300,"#
        + #""cost":"0.0123","currency":"EUR"}"#)
    let kept = try box.tally(
      "import", "csv", "u.csv", "--decimal-comma", "--set", "currency=EUR", "--map", "user=Team", "--save",
      "acme")
    #expect(kept.status == 0, "\(kept.errors)")
    #expect(try box.storedLines().count == 2)
    let again = try box.tally("import", "--as", "acme", "u.csv", "--store", box.path("other"))
    #expect(again.status == 0, "\(again.errors)")
    let twice = try box.tally("import", "csv", "u.csv", "--decimal-comma", "--save", "acme", "--again")
    #expect(twice.status == 64)
    #expect(twice.last.hasSuffix("config.toml has [format.acme] already: use another name"))
  }

  /// Whatever a column is called: what `--save` writes is read again, and makes the same events.
  @Test(
    arguments: [
      "Cost\n(in EUR)", "Cost\r\n", "Cost\t\u{1B}[2J", "say \"cost\"", "C:\\Users",
      "Cost \u{7F}\u{85}\u{2028}\u{E0041}",
      "\u{202E}tsoC", "naïve cafe\u{301}", "]} # = '''",
    ])
  func whatIsSavedCanBeRead(column: String) throws {
    let box = try Sandbox()
    let head = column.replacing("\"", with: "\"\"")
    try box.write("u.csv", "Date,Model,\"\(head)\"\n2026-11-19,gpt-5,0.5\n")
    try box.write("config/tally/config.toml", "# mine\nweek_start = \"sunday\"")
    let said = ["--map", "cost=\(column)", "--set", "currency=EUR", "--set", "project=\(column)"]
    let first = try box.start(["import", "csv", "u.csv", "--dry-run"] + said).finish()
    let kept = try box.start(["import", "csv", "u.csv", "--save", "acme"] + said).finish()
    #expect(kept.status == 0, "\(kept.errors)")
    let file = try box.read("config/tally/config.toml")
    #expect(file.hasPrefix("# mine\nweek_start = \"sunday\"\n\n[format.acme]\n"))
    #expect(file.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
    let again = try box.tally("import", "--as", "acme", "u.csv", "--dry-run", "--again")
    #expect(again.status == 0, "\(again.errors)")
    #expect(again.output == first.output && again.lines.count == 1)
  }

  /// What could not be read is not written, and the file stays as it was.
  @Test(
    arguments: [
      (
        ["--set", "provider=a", "--provider", "b"], "", "provider is there twice, first on line 5: remove one"
      ),
      (["--provider", ""], "", "format.acme.set.provider is no text: write provider = \"…\""),
      ([], "format = {}", "format.acme adds to format, which line 1 has set: put it there, or rename one"),
    ])
  func whatCouldNotBeReadIsNotSaved(options: [String], file: String, message: String) throws {
    let box = try Sandbox()
    try box.write("u.csv", "Date,Model,Cost\n2026-11-19,gpt-5,0.5\n")
    let path = try box.write("config/tally/config.toml", file)
    let outcome = try box.start(["import", "csv", "u.csv", "--save", "acme"] + options).finish()
    #expect(outcome.status == 64)
    #expect(outcome.last == "tally: --save acme: [format.acme] cannot be kept in \(path): \(message)")
    #expect(try box.read("config/tally/config.toml") == file)
  }

  @Test func aTableThatGrewAddsOnlyItsNewRows() throws {
    let box = try Sandbox()
    let row = "2026-11-19T10:00:00Z,gpt-5,10\n"
    func write(_ count: Int) throws {
      try box.write("u.csv", "time,model,input_tokens\n" + String(repeating: row, count: count))
    }
    try write(6)
    try box.tally("import", "csv", "u.csv")
    try write(7)
    try box.tally("import", "csv", "u.csv")
    let ids = try box.storedLines().map { try #require(try object($0)["id"] as? String) }
    #expect(ids.count == 7)
    #expect(Set(ids).count == 7)
    try box.tally("import", "csv", "u.csv", "--again")
    #expect(Set(try box.storedLines().map { try #require(try object($0)["id"] as? String) }) == Set(ids))
  }

  @Test(
    arguments: [
      ("a,b\n1,2\n", [], "nothing is mapped to time: say which with --map time=NAME"),
      (
        "Date,b\n1,2\n", [],
        "nothing is mapped to a measure: say which with --map input_tokens=NAME or --map cost=NAME"
      ),
      ("Date,Cost\n1,2\n", ["--map", "cost=Costs"], "no column \"Costs\": did you mean \"Cost\"?"),
    ] as [(String, [String], String)])
  func aTableThatCannotBeMappedIsSaid(_ text: String, _ options: [String], _ message: String) throws {
    let box = try Sandbox()
    try box.write("u.csv", text)
    let outcome = try box.start(["import", "csv", "u.csv"] + options).finish()
    #expect(outcome.status == 65)
    #expect(outcome.last == "tally: u.csv: \(message)")
  }

  @Test(arguments: [
    ("2026-11-19,1,2\n", "3 fields, but the header has 2"),
    ("yesterday,1\n", "Date: no instant with its offset, such as 2026-11-20T10:11:12Z, and no plain date"),
    ("2026-11-19,many\n", "Requests: no whole number from 0 to 10^12"), (",1\n", "Date is empty"),
  ])
  func aRowThatIsNoUseIsSaid(_ row: String, _ message: String) throws {
    let box = try Sandbox()
    try box.write("u.csv", "Date,Requests\n2026-11-18,1\n" + row)
    let outcome = try box.tally("import", "csv", "u.csv")
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains("u.csv:3: \(message)\n"), "\(outcome.errors)")
    #expect(try box.storedLines().count == 1)
  }

  @Test func aFormatOfOnesOwnNeedsNoSwift() throws {
    let box = try Sandbox()
    try box.write(
      "config/tally/config.toml",
      """
      [format.acme]
      each = "items"
      input_includes_cache = true
      set = { provider = "acme", currency = "EUR" }
      map = { time = "t", id = "meta.id", input_tokens = "u[0]", cache_read_tokens = "u[1]", cost = "c" }
      """)
    let input =
      #"{"items":[{"t":1795082400,"meta":{"id":"x1"},"u":[10,4],"c":0.5,"prompt":"MARKER"},{"t":1}]}"#
    let outcome = try box.tally("append", "--as", "acme", input: input)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(
      try box.storedLines() == [
        #"{"id":"acme:x1","time":"2026-11-19T10:00:00.000Z","provider":"acme","source":"acme","input_tokens":6,"#
          + #""cache_read_tokens":4,"cost":"0.5","currency":"EUR"}"#
      ])
    let wrong = try box.tally("append", "--as", "acme", input: #"{"items":[{"t":1795082400,"u":[-1,0]}]}"#)
    #expect(wrong.errors.contains("stdin:1: u[0]: no whole number from 0 to 10^12"))
  }

  @Test(arguments: [
    (
      "[format.codex]\nmap = { time = \"t\" }",
      "format.codex: the name is taken by a format of tally's: use another"
    ),
    ("[format.x]\nmap = { tme = \"t\" }", "format.x: no field \"tme\": did you mean time?"),
    (
      "[format.x]\nmap = { time = \"t\" }",
      "format.x: nothing is mapped to a measure: say which with --map input_tokens=NAME or --map cost=NAME"
    ),
  ])
  func aMistakeInAFormatIsSaid(_ toml: String, _ message: String) throws {
    let box = try Sandbox()
    let path = try box.write("config/tally/config.toml", toml)
    let outcome = try box.tally("append", "--as", "x", input: "{}")
    #expect(outcome.status == 78)
    #expect(outcome.last == "tally: \(path): \(message)")
  }
}
