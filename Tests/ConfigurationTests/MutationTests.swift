import Configuration
import Foundation
import TestSupport
import Testing

/// Whatever stands in the file, it is read or refused with its line; nothing ends the process.
@Suite struct MutationTests {
  private static let whole = """
    store = "/srv/tally"
    timezone = 'Europe/Berlin' # of reports
    rollup_tags = [
      "customer", "team",
    ]
    seal_level = 16
    show_cost = true
    users = { active_days = 7, idle_days = 30 }
    [format.acme]
    type = "csv"
    decimal_comma = true
    map = { time = "Date", cost = "Cost \\u0028EUR\\u0029", model = \"\"\"
    Model\"\"\" }
    set = { provider = "acme" }
    [[budget]]
    name = "Claude Code"
    match = "service=claude-code"
    period = "month"
    amount = 35.50
    warn = 80
    [[budget]]
    period = "session"
    tokens = 5_000_000
    [[limit]]
    rpm = 10
    tpm = 1e6
    [prices]
    url = "https://example.com/prices.json"

    """
  private static let signs = Array("\"'[]{}=.,#\\\n\r _-+:0129abetrue\u{0}\u{1B}".utf8) + [0xC3, 0xFF]

  /// The error's words; nil when it is read.
  private static func error(_ bytes: [UInt8]) -> String? {
    do throws(ConfigurationError) {
      _ = try Configuration(toml: bytes, path: "c")
      return nil
    } catch {
      return error.description
    }
  }

  @Test(arguments: [20_261_130] as [UInt64]) func everyMutationIsReadOrRefused(seed: UInt64) {
    var random = SeededGenerator(seed)
    // Its last number is no whole one.
    #expect(
      Self.error(Array(Self.whole.utf8))
        == "c: line 26: limit[1].tpm is no whole number from 1 to 1000000000000")
    let document = Array(Self.whole.replacing("1e6", with: "1_000_000").utf8)
    #expect(Self.error(document) == nil)
    var refusedCount = 0
    for _ in 0..<1500 {
      let mutated = random.mutated(document, signs: Self.signs)
      guard let error = Self.error(mutated) else { continue }
      refusedCount += 1
      let line = error.split(separator: " ").dropFirst(2).first.flatMap { Int($0.prefix { $0.isNumber }) }
      #expect(error.hasPrefix("c: line ") && (line ?? 0) > 0, "seed \(seed): \(error)")
      #expect((line ?? 0) <= mutated.count { $0 == 10 } + 1, "seed \(seed): \(error)")
    }
    #expect(300...1400 ~= refusedCount, "seed \(seed)")
  }

  /// Files that once ended the process.
  @Test func whatCrashedIsRefused() throws {
    let folder = Tools.root.appending(path: "Fixtures/regressions")
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { $0.lastPathComponent.hasPrefix("config.") }
    #expect(!files.isEmpty)
    for file in files { #expect(Self.error([UInt8](try Data(contentsOf: file))) != nil, "\(file)") }
  }
}
