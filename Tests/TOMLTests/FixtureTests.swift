import Foundation
import TOML
import TestSupport
import Testing

/// `Fixtures/toml`: documents and what they say, mistakes and what is said about them.
@Suite struct FixtureTests {
  private static let isRecording = ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1"
  private static let folder = Tools.root.appending(path: "Fixtures/toml")

  static func documents(_ kind: String) throws -> [(name: String, bytes: [UInt8])] {
    let folder = folder.appending(path: kind)
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    return try files.filter { $0.pathExtension == "toml" }.sorted { $0.path < $1.path }.map { file in
      (file.deletingPathExtension().lastPathComponent, [UInt8](try Data(contentsOf: file)))
    }
  }

  @Test func whatDocumentsSayIsAsRecorded() throws {
    let documents = try Self.documents("valid")
    #expect(documents.count >= 14)
    for (name, bytes) in documents {
      let file = Self.folder.appending(path: "valid/\(name).json")
      let said = Dump.text(try TOMLTable(parsing: bytes)) + "\n"
      if Self.isRecording { try Data(said.utf8).write(to: file) }
      #expect(said == String(decoding: try Data(contentsOf: file), as: UTF8.self), "\(name)")
    }
  }

  @Test func whatIsSaidAboutMistakesIsAsRecorded() throws {
    let documents = try Self.documents("invalid")
    #expect(documents.count >= 150)
    var said = ""
    for (name, bytes) in documents {
      let error = #expect(throws: TOMLError.self, "\(name)") { try TOMLTable(parsing: bytes) }
      said += "\(name): \(error?.description ?? "nothing")\n"
    }
    let file = Self.folder.appending(path: "invalid/errors.txt")
    if Self.isRecording { try Data(said.utf8).write(to: file) }
    #expect(said == String(decoding: try Data(contentsOf: file), as: UTF8.self))
  }

  /// Whatever the line ends and whether there is a byte order mark: the same values on the same lines.
  @Test func lineEndsAndMarksChangeNothing() throws {
    for (name, bytes) in try Self.documents("valid") where name != "windows" && name != "mark" {
      let windows = bytes.flatMap { $0 == 10 ? [13, 10] : [$0] }
      let said = Dump.text(try TOMLTable(parsing: bytes))
      #expect(try Dump.text(TOMLTable(parsing: windows)) == said, "\(name)")
      #expect(try Dump.text(TOMLTable(parsing: [0xEF, 0xBB, 0xBF] + bytes)) == said, "\(name)")
    }
  }
}
