import Bytes
import Foundation
import Testing

/// What comes from files and pipes never acts on the terminal of whoever is told of it.
@Suite struct TerminalTests {
  /// Escape, C1, a line break, a direction override, tags, and what is harmless.
  private static let hostile = "é\u{1B}[31m\u{9B}2J\u{202E}\u{E0041}\nx"
  private static let shown = "é\u{FFFD}[31m\u{FFFD}2J\u{FFFD}\u{FFFD}\u{FFFD}x"

  /// Whether nothing of a text acts but its line ends.
  private func isHarmless(_ text: String) -> Bool {
    !text.unicodeScalars.contains { $0 != "\n" && PlainText.acts($0) }
  }

  /// The same as the inside of a JSON string, as a careless encoder writes it.
  private static let json = hostile.replacing("\n", with: "\\n").replacing("\u{1B}", with: "\\u001b")

  @Test func namesOfDroppedFieldsDoNotAct() throws {
    let box = try Sandbox()
    let input = line("a", #","\#(Self.json)":1"#)
    let text = try box.tally("append", input: input)
    #expect(text.status == 0)
    #expect(isHarmless(text.errors))
    #expect(
      text.last.hasSuffix(
        #"unknown fields dropped: é\u001b[31m\#u{FFFD}2J\#u{FFFD}\#u{FFFD}\nx 1"#), "\(text.last)")
    let json = try box.tally("append", "--summary", "json", input: input)
    #expect(isHarmless(json.errors))
    let dropped = try object(json.last)["dropped_fields"] as? [String: Int]
    #expect(dropped?.count == 1)
  }

  @Test func reasonsAndFieldsOfRejectsDoNotAct() throws {
    let box = try Sandbox()
    let outcome = try box.tally("append", input: #"{"\#(Self.json)_tokens":5}"# + "\n")
    #expect(outcome.status == 65)
    #expect(isHarmless(outcome.errors))
    #expect(outcome.errors.hasPrefix("stdin:1: unknown field \"\(Self.shown)_tokens\": "))
  }

  @Test(arguments: [[], ["--dry-run"], ["--explain"], ["--save", "acme"]])
  func columnsDoNotAct(_ options: [String]) throws {
    let box = try Sandbox()
    try box.write("u.csv", "Date,Requests,Model,\"\(Self.hostile)\"\n2026-11-19,1,\"\(Self.hostile)\",x\n")
    let outcome = try box.start(["import", "csv", "u.csv"] + options).finish()
    #expect(outcome.status == 0)
    #expect(isHarmless(outcome.errors) && isHarmless(outcome.output))
    #expect(
      outcome.errors.hasPrefix(
        "u.csv: time ← Date, model ← Model, requests ← Requests; not used: \(Self.shown)\n"))
    if options.first == "--dry-run" {
      // Escaped, it is the same text.
      #expect(try object(outcome.lines[0])["model"] as? String == Self.hostile)
    }
  }

  @Test func whatIsAddedByHandDoesNotAct() throws {
    let box = try Sandbox()
    let outcome = try box.tally("add", "--model", Self.hostile, "--input-tokens", "1", "--dry-run")
    #expect(outcome.status == 0)
    #expect(isHarmless(outcome.output))
    #expect(try object(outcome.output)["model"] as? String == Self.hostile)
  }

  @Test func namesOfFilesDoNotAct() throws {
    let box = try Sandbox()
    let name = String(Self.hostile.dropLast(2))
    try box.write(name, "oops\n")
    let outcome = try box.tally("append", name, "\(name)2")
    #expect(outcome.status == 66)
    #expect(isHarmless(outcome.errors))
    let shown = PlainText.printable(name)
    #expect(outcome.errors.hasPrefix("\(shown):1: not a JSON object"))
    #expect(outcome.last == "tally: \(shown)2: cannot open: No such file or directory")
  }

  @Test func problemsOfAStoreDoNotAct() throws {
    let box = try Sandbox()
    try box.tally("append", input: line("a"))
    try box.write("store/segments/date=2026-11-20/\(Self.hostile).jsonl.zst", "no segment")
    let outcome = try box.tally("verify")
    #expect(outcome.status == 65)
    #expect(outcome.output.contains(Self.shown))
    #expect(isHarmless(outcome.output) && isHarmless(outcome.errors))
  }

  @Test func aRowOfValuesIsNotShownAsAHeader() throws {
    let box = try Sandbox()
    try box.write("u.csv", "2026-11-19T10:00:00Z,gpt-5,12,MARKER\n2026-11-19T10:00:01Z,gpt-5,7,MARKER\n")
    let message = "the first row holds values, not the names of columns: put a row of names above it"
    for options in [[], ["--map", "time=when"]] {
      let named = try box.start(["import", "csv", "u.csv"] + options).finish()
      #expect(named.status == 65)
      #expect(named.errors == "tally: u.csv: \(message)\n")
    }
    let piped = try box.tally("append", "--as", "csv", input: try box.read("u.csv"))
    #expect(piped.status == 65)
    #expect(piped.errors.contains("stdin:2: \(message)\n"))
    for (path, data) in try box.files() {
      #expect(!String(decoding: data, as: UTF8.self).contains("MARKER"), "\(path)")
    }
    // Columns that are named well enough are read, and of the rest nothing is shown either.
    try box.write("v.csv", "Date,Requests,2026\n2026-11-19,1,x\n")
    let mixed = try box.tally("import", "csv", "v.csv")
    #expect(mixed.status == 0)
    #expect(
      mixed.errors.hasPrefix("v.csv: time ← Date, requests ← Requests; not used: 1 of 3 columns\n"))
  }

  @Test func columnsOfOneNameAreSaid() throws {
    let box = try Sandbox()
    try box.write("u.csv", "Date,Requests,requests,T,T,T,,\n2026-11-19,1,2,3,4,5,,\n")
    let said = { (name: String) in "column \"\(name)\" is there more than once: the first is read" }
    let outcome = try box.tally(
      "import", "csv", "u.csv", "--map", "input_tokens=T", "--map", "requests=requests")
    #expect(outcome.status == 0)
    for name in ["Requests", "T"] { #expect(outcome.errors.contains("tally: u.csv: \(said(name))\n")) }
    // By its own spelling a column is found before one that is spelt alike.
    let event = try object(try box.storedLines()[0])
    #expect(event["requests"] as? Int == 2 && event["input_tokens"] as? Int == 3)
    let piped = try box.tally("append", "--as", "csv", input: try box.read("u.csv"))
    #expect(piped.errors.contains("tally: stdin: \(said("T"))\n"))
  }
}
