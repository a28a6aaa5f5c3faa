import Foundation
import TestSupport
import Testing

@testable import tally

/// `local/statusline`: whatever lies there, nothing is printed but what tally wrote.
@Suite struct StatuslineCacheTests {
  private static let kept = RememberedLine(
    key: "0123456789abcdef", madeMs: 1_795_176_000_000, line: "3.00 USD today · ≥22.00 USD this month")

  @Test func whatIsKeptComesBack() {
    #expect(
      String(decoding: Self.kept.bytes, as: UTF8.self)
        == "181c4874c80faeb1\n0123456789abcdef\n1795176000000\n3.00 USD today · ≥22.00 USD this month\n")
    #expect(RememberedLine(Self.kept.bytes) == Self.kept)
  }

  /// Every flipped bit, every cut and random changes: none, or what was written.
  @Test(arguments: [20_261_130] as [UInt64]) func aDamagedFileIsNone(seed: UInt64) {
    let bytes = Self.kept.bytes
    for at in bytes.indices {
      #expect(RememberedLine(Array(bytes[..<at])) == nil)
      for bit in 0..<8 {
        var changed = bytes
        changed[at] ^= 1 << bit
        #expect(RememberedLine(changed) == nil, "byte \(at), bit \(bit)")
      }
    }
    var random = SeededGenerator(seed)
    for _ in 0..<1500 {
      let mutated = random.mutated(bytes, signs: Array("\n0129af-+\u{1B}\u{0}".utf8) + [0xFF])
      #expect(mutated == bytes || RememberedLine(mutated) == nil, "seed \(seed): \(mutated)")
    }
  }

  /// A checksum can be made to fit.
  @Test(arguments: ["\u{1B}]0;x\u{7}", "\u{9B}2J", "a\u{202E}b", "a\rb", "\u{E0041}"])
  func aLineThatActsIsNone(line: String) {
    #expect(RememberedLine(RememberedLine(key: "k", madeMs: 0, line: line).bytes) == nil)
  }

  @Test(arguments: [Int64.min, -1, 0, .max]) func anyTimeIsRead(ms: Int64) {
    let line = RememberedLine(key: "k", madeMs: ms, line: "x")
    #expect(RememberedLine(line.bytes) == line)
  }

  /// The whole command: a file of any time and content, and the line is made again.
  @Test func theCommandPrintsNothingElse() throws {
    let box = try Sandbox()
    try box.tally("append", input: line("a", #","cost":"3","currency":"USD""#))
    let right = try box.tally("statusline").output
    let path = "store/local/statusline"
    let kept = try #require(RememberedLine(Array(try box.read(path).utf8)))
    #expect("\(kept.line)\n" == right && right.hasPrefix("3.00 USD today"))
    let forged = { (madeMs: Int64, line: String) in
      RememberedLine(key: kept.key, madeMs: madeMs, line: line).bytes
    }
    // Another line would be printed, so that is what the others are not.
    try box.write(path, Data(forged(kept.madeMs, "something else")))
    #expect(try box.tally("statusline").output == "something else\n")
    let files =
      [forged(kept.madeMs, "\u{1B}[2Jx"), forged(.min, "x"), forged(.max, "x"), forged(kept.madeMs + 1, "x")]
      + [
        Array("\(kept.key)\n\(kept.madeMs)\nx\n".utf8), [], [10, 10, 10, 10],
        Array(repeating: 65, count: 100_000),
      ]
      + [kept.bytes.map { $0 == UInt8(ascii: "3") ? UInt8(ascii: "4") : $0 }]
    for file in files {
      try box.write(path, Data(file))
      let outcome = try box.tally("statusline")
      #expect(
        outcome.status == 0 && outcome.output == right, "\(String(decoding: file.prefix(99), as: UTF8.self))")
    }
  }
}
