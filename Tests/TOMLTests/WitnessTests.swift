import Foundation
import TOML
import TestSupport
import Testing

/// Python's reader as the witness: what it refuses is refused, what it reads says the same.
@Suite struct WitnessTests {
  private static let script = Tools.root.appending(path: "Tests/Interop/toml_values.py").path
  private static let needsPython: ConditionTrait = .enabled("needs python3 with a reader of TOML") {
    guard let python = Tools.anyPython else { return Tools.isCI }
    return Tools.isCI || (try? Tools.run(python, [script, "--is-there"])) != nil
  }

  /// Where the two differ; how many documents were valid.
  private static func differences(_ documents: [[UInt8]]) throws -> (text: String, validCount: Int) {
    var input = ""
    var validCount = 0
    for document in documents {
      let said = try? Dump.text(TOMLTable(parsing: document))
      if said != nil { validCount += 1 }
      input += "[\"\(Data(document).base64EncodedString())\", \(said ?? "null")]\n"
    }
    let output = try Tools.run(#require(Tools.anyPython), [script], input: Data(input.utf8))
    return (String(decoding: output, as: UTF8.self), validCount)
  }

  @Test(needsPython) func bothAgreeOnOurDocuments() throws {
    let documents = try ["valid", "invalid"].flatMap { try FixtureTests.documents($0).map(\.bytes) }
    #expect(try Self.differences(documents).text == "")
  }

  @Test(needsPython, arguments: [20_261_120, 7, 42] as [UInt64])
  func bothAgreeOnRandomAndMutatedDocuments(seed: UInt64) throws {
    var generator = RandomDocuments(random: SeededGenerator(seed))
    var documents: [[UInt8]] = []
    for _ in 0..<1000 {
      let document = Array(generator.document().utf8)
      documents.append(document)
      for _ in 0..<3 { documents.append(generator.mutated(document)) }
    }
    let (differences, validCount) = try Self.differences(documents)
    #expect(differences == "", "seed \(seed)")
    // Neither all nor none, or the test says little.
    #expect(documents.count / 10...documents.count * 9 / 10 ~= validCount, "seed \(seed)")
  }
}
