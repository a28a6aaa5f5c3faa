import Foundation
import Testing

/// `tally verify`: what else than segments is in a store.
@Suite struct VerifyTests {
  private func filled() throws -> Sandbox {
    let box = try Sandbox()
    let log = Sandbox.root.appending(path: "Fixtures/ingest/claude-code/session.jsonl")
    try box.write(".claude/projects/p/s.jsonl", try Data(contentsOf: log))
    try box.tally("append", input: line("a"))
    try box.tally("import")
    try box.tally("rollup")
    try box.tally("prices", "set", "gpt-5", "input=1.00", "--provider", "openai", "--from", "2026-11-01")
    try box.tally("fx", "import", "-", input: "Date,USD\n2026-11-20,1.25\n")
    return box
  }

  /// Changes a byte in the middle of the only file below the store whose name ends like this.
  private func damage(_ box: Sandbox, _ suffix: String) throws -> String {
    let (name, data) = try #require(try box.files().first { $0.key.hasSuffix(suffix) })
    var bytes = data
    bytes[bytes.count / 2] ^= 1
    try box.write("store/\(name)", bytes)
    return "\(box.store)/\(name)"
  }

  @Test func everythingInAStoreIsRead() throws {
    let box = try filled()
    let clean = try box.tally("verify")
    #expect(clean.status == 0 && clean.output == "")
    let counts = try #require(
      clean.last.firstMatch(of: /events?, 2 catalogs, 1 exchange rate, (\d+) rollups, 1 cursor: 0 problems$/))
    #expect(try box.files("store/rollups").count == Int(counts.1))
    let paths = [
      try damage(box, "rollups/day/date=2026-11-20/rollup.parquet"), try damage(box, "fx.csv"),
      try #require(
        try box.files().keys.first {
          $0.contains("catalog/") && !$0.contains("built-in") && $0.hasSuffix(".json")
        }),
    ]
    let catalog = try damage(box, paths[2])
    try box.write(
      "store/local/cursors/import.jsonl", try box.read("store/local/cursors/import.jsonl") + "{}\n")
    let outcome = try box.tally("verify")
    #expect(outcome.status == 65)
    try #require(outcome.lines.count == 4, "\(outcome.output)")
    #expect(outcome.lines[0].hasPrefix("\(catalog): it does not match the digest in its name: "))
    #expect(outcome.lines[1].hasPrefix("\(paths[1]): it does not match its checksum in fx.csv.xxh64: "))
    #expect(outcome.lines[2].hasPrefix("\(paths[0]): "))
    #expect(outcome.lines[2].hasSuffix(": remove it, and tally rollup makes it again"))
    #expect(
      outcome.lines[3]
        == "\(box.store)/local/cursors/import.jsonl:2: this is no entry: remove the line, and the file it was about is read again"
    )
    #expect(outcome.last.hasSuffix("1 cursor: 4 problems"))
  }

  /// The costs would be wrong without a word.
  @Test func everyCommandThatNeedsPricesSaysWhichCatalogIsWrong() throws {
    let box = try filled()
    let catalog = try damage(
      box,
      try #require(
        try box.files().keys.first {
          $0.contains("-set-") || $0.contains("gpt")
            || ($0.contains("catalog/") && !$0.contains("built-in") && $0.hasSuffix(".json"))
        }))
    for command in [
      "query --measure cost", "report daily 2026-11", "report month 2026-11 --output out", "rollup",
      "rollup --force",
      "prices list", "prices check", "explain 2026-11-20", "statusline", "overview",
    ] {
      let outcome = try box.start(command.split(separator: " ").map(String.init)).finish()
      #expect(outcome.status == 65, "\(command)")
      #expect(outcome.output == "", "\(command)")
      #expect(
        outcome.last.hasPrefix("tally: \(catalog): it does not match the digest in its name: "),
        "\(command): \(outcome.errors)")
    }
    // What needs none goes on.
    #expect(try box.tally("append", input: line("b")).status == 0)
  }
}
