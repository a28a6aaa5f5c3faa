import Foundation
import Testing

/// The first and the last dates that can be written, wherever a date can be given: an answer or an error, never a trap.
@Suite struct ExtremeDateTests {
  static let reports = [
    "report daily", "report weekly", "report monthly", "report models", "report stats", "report users",
    "report sessions", "report session s1", "report compare", "report anomalies", "report forecast",
    "report rates",
    "report blocks", "report savings", "report performance", "report tokens",
    "report what-if --replace gpt-5=gpt-4",
    "report status", "query --by model", "query --every hour", "explain",
  ]

  /// Neither a signal nor an error that nobody worded.
  private func check(_ box: Sandbox, _ command: String, input: String = "") throws {
    let words = command.split(separator: " ").map(String.init)
    let outcome = try box.start(words).finish(input: Data(input.utf8))
    #expect(
      [0, 64, 65, 66].contains(outcome.status), "\(command): \(outcome.status) \(outcome.errors.suffix(300))")
  }

  private func filled() throws -> Sandbox {
    let box = try Sandbox()
    try box.tally("append", input: line("a", #","session":"s1","user":"ann","service":"x""#))
    return box
  }

  @Test(arguments: reports) func rangesOfReports(report: String) throws {
    let box = try filled()
    if report != "report status" {
      for range in ["0000-01-01", "0001-01", "9999-12", "9999-W52", "9999-12-31"] {
        try check(box, "\(report) \(range)")
      }
      try check(box, "\(report) --since 9999-12-31")
      try check(box, "\(report) --since 0000-01-01 --until 0001-01-01")
    }
    for day in ["0000-01-01", "9999-12-31"] {
      for zone in ["Etc/GMT-14", "Etc/GMT+12"] { try check(box, "\(report) --as-of \(day) -z \(zone)") }
    }
  }

  @Test(arguments: ["0000-01-01", "0001-01-01", "9999-12-31"]) func datesOfEverythingElse(day: String) throws
  {
    let box = try filled()
    try box.write(
      "map.json", #"{"gpt-5": {"litellm_provider": "openai", "input_cost_per_token": 7.35197e-06}}"#)
    try box.write("hist.csv", "Date,USD,\n\(day),1.25,\n")
    try box.write("teams.csv", "user,team,from,until\nann,a,\(day),\(day)\n")
    let times = [day, "\(day)T23:59:59.999Z", "\(day)T00:00:00+23:59", "\(day)T23:59:59-23:59"]
    for time in times {
      for zone in ["Etc/GMT-14", "Etc/GMT+12", "Europe/Berlin"] {
        try check(box, "add --requests 1 --dry-run --time \(time) --timezone \(zone)")
      }
      let more = #","kind":"quota","tokens_remaining":3,"resets_at":"\#(time)""#
      try check(box, "append", input: line("b", time: time) + line("c", more))
      try check(
        box, "append --as response --time \(time)", input: #"{"model":"gpt-5","usage":{"prompt_tokens":1}}"#)
    }
    for command in [
      "report month \(day.prefix(7)) --output out", "report teams 2026-11 --directory teams.csv",
      "report status",
      "prices set gpt-5 --provider openai --from \(day) input=1",
      "prices set gpt-5 --provider openai --from 2026-01-01 --until \(day) input=1", "prices show gpt-5",
      "prices list", "prices check", "prices import map.json --from \(day)",
      "prices diff map.json --from \(day)",
      "prices diff map.json --month \(day.prefix(7))", "fx import hist.csv", "fx list",
      "fx show USD --on \(day)",
      "report daily 2026-11 --currency EUR", "verify", "rollup", "statusline", "overview",
    ] { try check(box, command) }
  }
}
