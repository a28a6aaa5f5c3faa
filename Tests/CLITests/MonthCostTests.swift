import Foundation
import TestSupport
import Testing

/// `tally prices diff`: what a month would have cost.
@Suite struct MonthCostTests {
  private static let map = """
    {"gpt-5": {"litellm_provider": "openai", "input_cost_per_token": 2.5e-06, "output_cost_per_token": 1e-05},
     "house/new": {"litellm_provider": "house", "input_cost_per_token": 1e-06}}
    """

  private static func event(_ id: String, _ time: String, _ model: String, _ more: String) -> String {
    #"{"id":"\#(id)","time":"\#(time)","provider":"\#(model == "new" ? "house" : "openai")","model":"\#(model)",\#(more)}"#
      + "\n"
  }

  private func filled() throws -> Sandbox {
    let box = try Sandbox()
    try box.write("map.json", Self.map)
    let lines = [
      Self.event("a", "2026-10-05T10:00:00Z", "gpt-5", #""input_tokens":1000000"#),
      // Once only, and by its later revision.
      Self.event("b", "2026-10-05T11:00:00Z", "gpt-5", #""input_tokens":7"#),
      Self.event("b", "2026-10-05T11:00:00Z", "gpt-5", #""input_tokens":7"#),
      Self.event("b", "2026-10-05T11:00:00Z", "gpt-5", #""revision":1,"input_tokens":2000000"#),
      Self.event("c", "2026-10-05T12:00:00Z", "gpt-5", #""input_tokens":1000000"#),
      Self.event("c", "2026-10-05T12:00:00Z", "gpt-5", #""revision":2,"status":"void""#),
      Self.event("d", "2026-10-06T10:00:00Z", "gpt-5", #""input_tokens":5,"cost":"9.99","currency":"USD""#),
      Self.event("e", "2026-10-06T11:00:00Z", "gpt-5", #""status":"error""#),
      Self.event("f", "2026-10-31T23:30:00Z", "new", #""input_tokens":1000000"#),
      Self.event("g", "2026-10-07T10:00:00Z", "gpt-5-mini", #""input_tokens":1000000"#),
      Self.event("h", "2026-10-07T10:00:00Z", "gpt-5-mini", #""kind":"billed","input_tokens":1000000"#),
      Self.event("i", "2026-11-01T00:00:00Z", "gpt-5", #""input_tokens":1000000"#),
      Self.event("j", "2026-10-08T10:00:00Z", "nobody-knows", #""input_tokens":1"#),
    ]
    try box.tally("append", input: lines.joined())
    return box
  }

  @Test func tellsWhatLastMonthWouldHaveCost() throws {
    let box = try filled()
    let diff = try box.tally("prices", "diff", "map.json")
    #expect(diff.status == 0)
    #expect(
      diff.errors == """
        1 model would change from 2026-11-20 on, 1 model would be new
        2026-10: 5 requests, 2 models would have cost something else; 1 request with a cost of its own left out

        """)
    #expect(
      diff.lines.suffix(5) == [
        "provider  model  requests  currency  before  after  difference  unpriced before  unpriced after",
        "house     new           1  USD         0.00   1.00        1.00                1               0",
        "openai    gpt-5         2  USD         3.75   7.50        3.75                0               0",
        "Total     -             1  -              -      -           -                1               1",
        "Total     -             4  USD         4.00   8.75        4.75                1               0",
      ])
    #expect(try box.tally("prices", "list", "--provider", "house").status == 64)
  }

  @Test func csvHoldsTheCostsOfTheMonthThatWasNamed() throws {
    let box = try filled()
    let october = try box.tally("prices", "diff", "map.json", "--month", "2026-10", "--format", "csv")
    #expect(
      october.lines == [
        "provider,model,requests,currency,before,after,difference,unpriced_before,unpriced_after",
        "house,new,1,USD,0.00,1.00,1.00,1,0", "openai,gpt-5,2,USD,3.75,7.50,3.75,0,0",
      ])
    let november = try box.tally("prices", "diff", "map.json", "--month", "2026-11", "--format", "csv")
    #expect(november.lines.dropFirst() == ["openai,gpt-5,1,USD,1.25,2.50,1.25,0,0"])
    let none = try box.tally("prices", "diff", "map.json", "--month", "2026-09", "--format", "csv")
    #expect(none.lines.count == 1)
    #expect(none.last == "2026-09: no usage without a cost of its own")
    // The prices themselves, when no month was named.
    #expect(try box.tally("prices", "diff", "map.json", "--format", "csv").lines[0].hasSuffix("before,after"))
  }

  @Test func jsonHoldsBoth() throws {
    let box = try filled()
    let root = try object(try box.tally("prices", "diff", "map.json", "--format", "json").output)
    let month = try #require(root["month"] as? [String: Any])
    #expect(month["month"] as? String == "2026-10")
    let rows = try #require(month["rows"] as? [[String: Any]])
    #expect(rows.map { $0["model"] as? String } == ["new", "gpt-5"])
    #expect(rows.map { $0["unpriced_before"] as? Int } == [1, 0])
    let totals = try #require(month["totals"] as? [[String: Any]])
    #expect(totals.map { $0["currency"] as? String } == [nil, "USD"])
    #expect(totals.map { $0["after"] as? String } == [nil, "8.75"])
    #expect(totals.map { $0["requests"] as? Int } == [1, 4])
    #expect((root["rows"] as? [Any])?.isEmpty == false)
  }

  @Test func theMonthIsOfTheBillingZone() throws {
    let box = try filled()
    try box.write("config/tally/config.toml", "billing_timezone = \"Pacific/Auckland\"")
    // 2026-10-31T23:30Z is November there.
    let november = try box.tally("prices", "diff", "map.json", "--month", "2026-11", "--format", "csv")
    #expect(november.lines.dropFirst().map { $0.prefix(11) } == ["house,new,1", "openai,gpt-"])
  }

  static let messages: [(arguments: String, status: Int32, message: String)] = [
    (
      "--month soon", 64, "tally: month \"soon\": write a month such as 2026-10, last-month or this-month"
    ),
    ("--format odd", 64, "Error: --format: unknown format \"odd\""),
  ]

  @Test(arguments: messages)
  func says(arguments: String, status: Int32, message: String) throws {
    let box = try filled()
    let words = ["prices", "diff", "map.json"] + arguments.split(separator: " ").map(String.init)
    let outcome = try box.start(words).finish()
    #expect(outcome.status == status)
    #expect(outcome.errors.split(separator: "\n").first.map(String.init) == message)
    #expect(outcome.output == "")
  }

  @Test func damageIsSaid() throws {
    let box = try filled()
    let path = try #require(try box.files().keys.first { $0.contains("date=2026-10-05") })
    var bytes = try Data(contentsOf: URL(filePath: "\(box.store)/\(path)"))
    bytes[40] ^= 1
    try box.write("store/\(path)", bytes)
    let diff = try box.tally("prices", "diff", "map.json")
    #expect(diff.status == 65)
    #expect(diff.last == "tally: 2026-10: the events could not all be read (see above)")
  }

  /// The demo's month, without the costs that its events carry, beside the rules in plain Python.
  @Test(.enabled("needs python3") { Tools.isCI || Tools.anyPython != nil })
  func aMonthCostsWhatTheReferenceSays() throws {
    let box = try Sandbox()
    var seen: Set<String> = []
    var lines = ""
    for line in try String(contentsOfFile: Sandbox.fixture, encoding: .utf8).split(separator: "\n") {
      guard var event = try? object(String(line)), let id = event["id"] as? String, event["kind"] == nil,
        event["time"] is String, event["model"] != nil, seen.insert(id).inserted, event["status"] == nil
      else { continue }
      event["cost"] = nil
      event["currency"] = nil
      lines += String(decoding: try JSONSerialization.data(withJSONObject: event), as: UTF8.self) + "\n"
    }
    try box.tally("append", input: lines)
    try box.write("doubled.json", try Self.doubled())
    let stored = try box.storedLines().filter { $0.contains(#""time":"2026-10-"#) }
    try box.write("events", stored.joined(separator: "\n"))
    let diff = try box.start(["prices", "diff", "doubled.json", "--format", "json"]).finish()
    let month = try #require(try object(diff.output)["month"] as? [String: Any])
    let rows = try #require(month["rows"] as? [[String: Any]])
    for (side, catalog) in [("before", "Sources/CCatalog/catalog.json"), ("after", box.path("doubled.json"))]
    {
      let file = catalog.hasPrefix("/") ? catalog : Tools.root.appending(path: catalog).path
      let expected = try Self.reference(file, box.path("events"), stored)
      #expect(rows.count > 10)
      for row in rows {
        let name = "\(row["provider"] ?? "") \(row["model"] ?? "")"
        let text = try #require(row[side] as? String)
        #expect(Decimal(string: text) == expected[name]?.sum, "\(side) \(name)")
        #expect(row["unpriced_\(side)"] as? Int == expected[name]?.unpriced, "\(side) \(name)")
      }
    }
  }

  /// The built-in catalog with every price of output doubled.
  private static func doubled() throws -> Data {
    func change(_ value: Any) -> Any {
      if let list = value as? [Any] { return list.map(change) }
      guard var object = value as? [String: Any] else { return value }
      for (key, value) in object {
        if key == "output", let text = value as? String, let price = Decimal(string: text) {
          object[key] = "\(price * 2)"
        } else {
          object[key] = change(value)
        }
      }
      return object
    }
    let catalog = try Data(contentsOf: Tools.root.appending(path: "Sources/CCatalog/catalog.json"))
    return try JSONSerialization.data(withJSONObject: change(JSONSerialization.jsonObject(with: catalog)))
  }

  private static func reference(
    _ catalog: String, _ events: String, _ lines: [String]
  ) throws -> [String: (sum: Decimal, unpriced: Int)] {
    let python = try #require(Tools.anyPython)
    let script = Tools.root.appending(path: "Fixtures/prices/reference.py").path
    let printed = String(
      decoding: try Tools.run(python, [script, "--catalog", catalog, events]), as: UTF8.self)
    let costs = printed.split(separator: "\n")
    try #require(costs.count == lines.count)
    var sums: [String: (sum: Decimal, unpriced: Int)] = [:]
    for (line, cost) in zip(lines, costs) {
      let event = try object(line)
      let name = "\(event["provider"] ?? NSNull()) \(event["model"] ?? "")"
      var entry = sums[name] ?? (0, 0)
      if cost.hasPrefix("unpriced") {
        entry.unpriced += 1
      } else {
        entry.sum += try #require(Decimal(string: String(cost.split(separator: " ")[0])))
      }
      sums[name] = entry
    }
    return sums
  }
}
