//! `Schemas/event.schema.json` is the same contract as the field table, and a validator that is not ours takes
//! every canonical line and refuses broken ones.

import Events
import Foundation
import TestSupport
import Testing

private let schemaPath = Tools.root.appending(path: "Schemas/event.schema.json").path

/// Prints `1` or `0` for each line of standard input.
private let script = """
  import json, sys
  from jsonschema import Draft202012Validator
  schema = json.load(open(sys.argv[1], encoding="utf-8"))
  Draft202012Validator.check_schema(schema)
  validator = Draft202012Validator(schema)
  lines = sys.stdin.buffer.read().decode("utf-8").split("\\n")
  print("".join("1" if validator.is_valid(json.loads(line)) else "0" for line in lines))
  """

private let needsPython: ConditionTrait = .enabled("needs a Python with jsonschema") {
  Tools.isCI || Tools.python != nil
}

@Suite struct SchemaTests {
  private func verdicts(_ lines: [String]) throws -> [Bool] {
    let path = try #require(Tools.python, "no Python with jsonschema: run make setup")
    let input = Data(lines.joined(separator: "\n").utf8)
    let printed = String(
      decoding: try Tools.run(path, ["-c", script, schemaPath], input: input), as: UTF8.self)
    let verdicts = printed.filter { $0 != "\n" }.map { $0 == "1" }
    try #require(verdicts.count == lines.count)
    return verdicts
  }

  /// JSON objects have no order once they are read, so the order of the properties is that of their places.
  @Test func propertiesAreTheFieldsInOrder() throws {
    let text = try String(contentsOfFile: schemaPath, encoding: .utf8)
    let schema = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let properties = try #require(schema["properties"] as? [String: Any])
    #expect(Set(properties.keys) == Set(EventField.names))
    let start = try #require(text.range(of: "\n  \"properties\": {")?.upperBound)
    let places = try EventField.names.map { name in
      try #require(text.range(of: "\n    \"\(name)\": {", range: start..<text.endIndex)?.lowerBound)
    }
    #expect(places == places.sorted())
  }

  @Test func theTableOfTheDocumentNamesTheFieldsInOrder() throws {
    let document = try String(
      contentsOfFile: Tools.root.appending(path: "Schemas/event.md").path, encoding: .utf8)
    let rows = document.components(separatedBy: "## Canonical form")[0].components(separatedBy: "\n")
      .filter { $0.hasPrefix("| `") }
    let names = rows.flatMap { row in
      row.split(separator: "|")[0].matches(of: /`([a-z0-9_]+)`/).map { String($0.1) }
    }
    #expect(names == EventField.names)
  }

  @Test(needsPython)
  func canonicalLinesAreValid() throws {
    let seed = UInt64.random(in: 0 ... .max)
    var random = RandomEvents(seed: seed)
    var lines = [CanonicalLineTests.whole, canonical(#""status":"void""#)]
    for _ in 0..<200 {
      lines.append(outcome(random.spell(random.members()), keptFields: RandomEvents.keptFields).line)
    }
    for (input, output) in CanonicalLineTests.fields {
      #expect(outcome(line(input)).line == canonical(output))
      lines.append(canonical(output))
    }
    for (line, isValid) in zip(lines, try verdicts(lines)) where !isValid {
      Issue.record("\(line), seed \(seed)")
    }
  }

  static let amounts = [
    "00", "01", "-0", "1.", ".5", "1.50", "0.0", "1e3", "+1", "", "1.0000000000001", "1000000000000001",
    "10000000000000000", "1000000000000000.5", "abc",
  ]

  @Test(needsPython)
  func brokenLinesAreNot() throws {
    var lines = [
      #"{"time":"2026-11-20T00:00:00.000Z","source":"t","requests":1}"#,
      #"{"id":"t:1","source":"t","requests":1}"#,
      #"{"id":"t:1","time":"2026-11-20T00:00:00.000Z","requests":1}"#,
      #"{"id":"1","time":"2026-11-20T00:00:00.000Z","source":"t","requests":1}"#,
      #"{"id":"t:1","time":"2026-11-20T00:00:00Z","source":"t","requests":1}"#,
      #"{"id":"t:1","time":1795132800,"source":"t","requests":1}"#, "[]",
    ]
    lines += [
      "", #""model":"m""#, #""duration_ms":1"#, #""requests":-1"#, #""requests":1.5"#, #""requests":"1""#,
      #""requests":1000000000001"#, #""requests":1,"model":"""#, #""requests":1,"model":null"#,
      #""requests":1,"status":"ok""#, #""requests":1,"kind":"usage""#, #""requests":1,"revision":0"#,
      #""requests":1,"period":"5m""#, #""requests":1,"tags":{}"#, #""requests":1,"tags":{"a":1}"#,
      #""requests":1,"tags":{"a":""}"#, #""requests":1,"metadata":{"a":[]}"#,
      #""requests":1,"metadata":{"a":null}"#,
      #""requests":1,"prompt_tokens":1"#, #""requests":1,"currency":"usd""#, #""cost":"1""#,
      #""cost":1,"currency":"USD""#, #""cost":"-1","currency":"USD""#, #""credits":"-1""#,
      #""kind":"quota","requests":1"#,
      #""requests":1,"model":"\#(String(repeating: "x", count: 1025))""#,
    ].map { canonical($0) }
    lines += Self.amounts.map { canonical(#""cost":"\#($0)","currency":"USD""#) }
    for (line, isValid) in zip(lines, try verdicts(lines)) where isValid { Issue.record("\(line)") }
  }
}
