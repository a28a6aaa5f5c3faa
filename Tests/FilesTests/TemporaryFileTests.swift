import Bytes
import Foundation
import Testing

@testable import Files

/// Files on their way to publication: nobody's link is followed, nobody's leftover stays, and nothing in use goes.
@Suite final class TemporaryFileTests {
  let folder = "\(fastFolder)/tally-temporary-\(UUID().uuidString)"

  init() throws { try Folders.create(folder) }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func replace(_ name: String, _ text: String = "new") throws(FileError) {
    try Publish.replace("\(folder)/\(name)", with: Array(text.utf8).span.bytes)
  }

  @Test func whatAKilledProcessLeftGoesWithTheNextPublication() async throws {
    for fault in ["write:1:killhalf", "sync:1:kill", "rename:1:kill"] {
      await #expect(processExitsWith: .exitCode(137)) {
        [folder = folder as String, fault = fault as String] in
        Faults.arm([try #require(Fault(parsing: fault))])
        try Publish.replace("\(folder)/killed", with: Array("new".utf8).span.bytes)
      }
      #expect(
        try Folders.list(folder).filter { $0.hasPrefix("killed.tally-") && $0.hasSuffix(".tmp") }.count == 1)
      try replace("other")
      #expect(try Folders.list(folder) == ["other"])
    }
  }

  @Test func whatAnotherProcessIsWritingStays() throws {
    let other = try TemporaryFile(for: "\(folder)/other")
    try replace("ours")
    #expect(try Folders.list(folder).count == 2)
    try other.publish(Array("theirs".utf8).span.bytes)
    #expect(try Folders.list(folder) == ["other", "ours"])
    #expect(try Publish.contents("\(folder)/other") == Array("theirs".utf8))
  }

  @Test func onlyOurOwnNamesAreLeftovers() throws {
    let names = [
      "a.tmp", "a.tally-.tmp", "a.tally-0123456789abcdef", "a.tally-0123456789ABCDEF.tmp",
      "a.tally-0123456789abcde.tmp", "a-tally-0123456789abcdef.tmp", "a.tally-0123456789abcdef.tmp.gz",
    ]
    for name in names { try File("\(folder)/\(name)", .create).sync() }
    let ours = "a.tally-0123456789abcdef.tmp"
    try File("\(folder)/\(ours)", .create).sync()
    try Folders.create("\(folder)/b.tally-0123456789abcdef.tmp")
    symlink("\(folder)/a.tmp", "\(folder)/c.tally-0123456789abcdef.tmp")
    try replace("x")
    #expect(
      Set(try Folders.list(folder))
        == Set(names + ["x", "b.tally-0123456789abcdef.tmp", "c.tally-0123456789abcdef.tmp"]))
  }

  @Test func aNameThatIsTakenIsNotWrittenTo() throws {
    try replace("victim", "precious")
    let name = "\(folder)/a.tally-0123456789abcdef.tmp"
    for target in ["victim", "missing"] {
      symlink("\(folder)/\(target)", name)
      #expect(throws: FileError(.open, "\(folder)/a", code: EEXIST)) {
        _ = try TemporaryFile(for: "\(self.folder)/a") { _ in name }
      }
      try Folders.remove(name)
    }
    #expect(try text("victim") == "precious")
    #expect(try Folders.list(folder) == ["victim"])
    #expect(TemporaryFile.name(for: "a") != TemporaryFile.name(for: "a"))
  }

  private func text(_ name: String) throws -> String {
    String(decoding: try Publish.contents("\(folder)/\(name)"), as: UTF8.self)
  }

  @Test func manyPublishSideBySide() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<8 {
        group.addTask { [folder] in
          for round in 0..<50 {
            try Publish.replace("\(folder)/\(number)", with: Array("\(round)".utf8).span.bytes)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try Folders.list(folder) == (0..<8).map(String.init))
    for number in 0..<8 { #expect(try text("\(number)") == "49") }
  }
}
