import Files
import Foundation
import Testing

@testable import SegmentLog

/// The names under which segments are rewritten are known to all; what lies there is taken away, not written to.
@Suite struct TemporaryNameTests {
  /// A link from a temporary name of a segment to a file that must not change.
  private func planted(_ path: String, _ suffix: String) throws -> String {
    let victim = "\(fastFolder)/tally-victim-\(UUID().uuidString)"
    try Data("precious".utf8).write(to: URL(filePath: victim))
    try Folders.create(Folders.parent(of: path))
    symlink(victim, "\(path).\(suffix).tmp")
    return victim
  }

  private func contents(_ victim: String) throws -> String {
    defer { try? Folders.remove(victim) }
    return try String(contentsOfFile: victim, encoding: .utf8)
  }

  @Test func aMergeFollowsNoLink() throws {
    let source = Store()
    let target = Store()
    try source.append([1, 2], writer: "a")
    let victim = try planted(target.layout.segment(day: Store.day, writer: "a"), "merge")
    let outcome = try SegmentMerge.merge(from: source.layout, into: target.layout, ownWriter: nil)
    #expect(outcome.copied.map(\.writer) == ["a"])
    #expect(try contents(victim) == "precious")
    #expect(try target.numbers(writer: "a") == [1, 2])
  }

  @Test func aSealFollowsNoLink() throws {
    let store = Store()
    try store.append([1])
    try store.append([2])
    let victim = try planted(store.path, "seal")
    #expect(try SealerTests.seal(store) != nil)
    #expect(try contents(victim) == "precious")
    #expect(try store.numbers() == [1, 2])
    #expect(try Folders.list(Folders.parent(of: store.path)) == ["w.jsonl.zst"])
  }
}
