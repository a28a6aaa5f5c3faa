import Adapters
import Events
import Foundation
import TestSupport
import Testing

/// What holds of every format: its fixtures, whole, in pieces and mutated.
@Suite struct FormatTests {
  @Test func everyFormatHasAFixtureAndANameOfItsOwn() {
    for format in LogFormats.all {
      #expect(FormatFixture.all.contains { $0.format.name == format.name }, "\(format.name)")
    }
    #expect(Set(LogFormats.all.map(\.name)).count == LogFormats.all.count)
  }

  @Test(arguments: FormatFixture.all)
  func aFixtureHoldsTheEventsBesideIt(_ fixture: FormatFixture) throws {
    let reading = fixture.reading(Array(try Data(contentsOf: fixture.input)))
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
      try Data((reading.lines.joined(separator: "\n") + "\n").utf8).write(to: fixture.expected)
    }
    let expected = try String(contentsOf: fixture.expected, encoding: .utf8).split(separator: "\n").map(
      String.init)
    #expect(reading.lines == expected)
    #expect(reading.faults == [])
  }

  @Test(arguments: FormatFixture.all, [1, 7, 64])
  func piecesChangeNothing(_ fixture: FormatFixture, _ pieceSize: Int) throws {
    let bytes = Array(try Data(contentsOf: fixture.input))
    let whole = fixture.reading(bytes)
    #expect(fixture.reading(bytes, pieceSize: pieceSize).lines == whole.lines)
  }

  /// What an agent's next version may do to its files without meaning anything by it.
  @Test(arguments: FormatFixture.all.filter { $0.format.shape != .rows }, Mutation.allCases)
  func mutationsThatMeanNothingChangeNothing(_ fixture: FormatFixture, _ mutation: Mutation) throws {
    let bytes = Array(try Data(contentsOf: fixture.input))
    let mutated = try mutation.apply(to: bytes, isLines: fixture.format.shape == .lines)
    let reading = fixture.reading(mutated)
    #expect(reading.lines == fixture.reading(bytes).lines)
    #expect(reading.faults == [])
  }

  /// What adapters do not know is never kept and never said: it may be what a person wrote.
  @Test(arguments: FormatFixture.all.filter { $0.format.shape != .rows })
  func nothingUnknownIsKeptOrSaid(_ fixture: FormatFixture) throws {
    let bytes = Array(try Data(contentsOf: fixture.input))
    let marked = try Mutation.markers.apply(to: bytes, isLines: fixture.format.shape == .lines)
    #expect(String(decoding: marked, as: UTF8.self).contains("MARKER"))
    var random = SeededGenerator(7)
    for cut in [marked.count] + (0..<50).map({ _ in Int.random(in: 0..<marked.count, using: &random) }) {
      let reading = fixture.reading(Array(marked[..<cut]))
      #expect(!(reading.lines + reading.faults + reading.skips).joined().contains("MARKER"))
    }
    #expect(fixture.reading(marked).lines == fixture.reading(bytes).lines)
  }

  /// Neither a truncated nor a scrambled file may crash a reader or make it invent numbers below zero.
  @Test(arguments: FormatFixture.all)
  func whatIsBrokenIsReadWithoutHarm(_ fixture: FormatFixture) throws {
    let bytes = Array(try Data(contentsOf: fixture.input))
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededGenerator(seed)
    for _ in 0..<200 {
      var broken = bytes
      switch Int.random(in: 0..<3, using: &random) {
      case 0: broken = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &random)))
      case 1:
        broken[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      default:
        let start = Int.random(in: 0..<bytes.count, using: &random)
        broken.removeSubrange(start..<min(bytes.count, start + Int.random(in: 1...40, using: &random)))
      }
      for event in fixture.reading(broken).events {
        #expect(EventField.counters.allSatisfy { (event[$0] ?? 0) >= 0 }, "seed \(seed)")
      }
    }
  }
}
