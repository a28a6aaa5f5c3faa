import Foundation
import Testing

/// What the README and the pages of reports show is what `tally` prints, of the demo month with a few settings beside it.
///
/// `RECORD_SNAPSHOTS=1` writes the examples anew.
@Suite struct ReadmeTests {
  private static let paths: [URL] = {
    let pages = Sandbox.root.appending(path: "Sources/Reports/Definitions")
    let names = (try? FileManager.default.contentsOfDirectory(atPath: pages.path)) ?? []
    return [Sandbox.root.appending(path: "README.md")]
      + names.filter { $0.hasSuffix(".md") }.sorted().map { pages.appending(path: $0) }
  }()
  private static let configuration = """
    [[budget]]
    name = "Claude Code"
    match = "service=claude-code"
    period = "month"
    amount = "35"

    [[budget]]
    match = "project=website"
    period = "month"
    tokens = 5000000

    [[limit]]
    match = "service=claude-code"
    rpm = 10
    tpm = 1000000
    """
  private static let directory = """
    user,aliases,team,cost_centre,from,until
    ada@example.com,,platform,4711,,
    bo@example.com,,platform,4711,,2026-10-14
    bo@example.com,,search,4712,2026-10-15,
    dina@example.com,,search,4712,,
    """
  private static let rates =
    "Date,USD\n2026-10-01,1.1012\n2026-10-08,1.0936\n2026-10-15,1.0891\n2026-10-22,1.0915\n2026-10-29,1.0977\n"

  private func filled() throws -> Sandbox {
    let box = try Sandbox()
    try box.write("config/tally/config.toml", Self.configuration)
    try box.write("config/tally/directory.csv", Self.directory)
    try box.tally("fx", "import", "-", input: Self.rates)
    try box.tally("append", Sandbox.fixture)
    // Where the sandbox is differs from run to run.
    try FileManager.default.removeItem(atPath: box.path("store/rejected"))
    try box.tally("rollup")
    return box
  }

  /// The blocks that show a command of tally and what it prints.
  private static func examples(_ text: String) -> [(command: String, output: String)] {
    text.components(separatedBy: "```\n").enumerated().filter { $0.offset % 2 == 1 }.compactMap { _, block in
      guard block.hasPrefix("$ tally"), let end = block.firstIndex(of: "\n") else { return nil }
      return (
        String(block[block.index(block.startIndex, offsetBy: 2)..<end]),
        String(block[block.index(after: end)...])
      )
    }
  }

  @Test(arguments: paths) func examplesAreReal(_ path: URL) throws {
    let box = try filled()
    var text = try String(contentsOf: path, encoding: .utf8)
    let isRecording = ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1"
    let examples = Self.examples(text)
    #expect(!examples.isEmpty)
    for (command, output) in examples {
      let outcome = try box.shell("\"$TALLY\" \(command.dropFirst("tally".count))")
      #expect(outcome.status == 0 && outcome.errors == "", "\(command)\n\(outcome.errors)")
      if isRecording {
        text = text.replacing(
          "$ \(command)\n\(output)", with: "$ \(command)\n\(outcome.output)", maxReplacements: 1)
      } else {
        #expect(outcome.output == output, "\(command)")
      }
    }
    if isRecording { try text.write(to: path, atomically: true, encoding: .utf8) }
  }
}
