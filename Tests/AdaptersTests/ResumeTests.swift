import Adapters
import Foundation
import TestSupport
import Testing

/// A file may be read in parts: a reader that is told the state of the one before goes on as if there were none.
@Suite struct ResumeTests {
  @Test(arguments: FormatFixture.all.filter { $0.format.shape != .values })
  func aFileThatIsCutAtAnyLineHoldsTheSame(_ fixture: FormatFixture) throws {
    // A child session may be cut in its replay: then its first use is taken for its own.
    if fixture.input.lastPathComponent == "fork.jsonl" { return }
    let text = try String(contentsOf: fixture.input, encoding: .utf8)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { "\($0)\n" }
    func read(_ lines: some Sequence<String>, state: String) -> FormatReading {
      let context = LogContext(path: "x", time: 1_795_082_400_000, state: state)
      return FormatReading(fixture.format, Array(lines.joined().utf8), context: context)
    }
    let whole = read(lines, state: "")
    for cut in 1..<lines.count {
      let first = read(lines[..<cut], state: "")
      let second = read(lines[cut...], state: first.state)
      let both = FormatReading(merging: first.events + second.events)
      #expect(both.lines == whole.lines, "cut before line \(cut + 1)")
    }
  }
}
