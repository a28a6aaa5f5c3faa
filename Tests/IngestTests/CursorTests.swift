//! The import cursor is a shortcut that decides nothing: whatever stands in it, what is new is read, and nothing traps.

import Adapters
import Bytes
import Events
import Files
import Foundation
import JSON
import SegmentLog
import TestSupport
import Testing

@testable import Ingest

@Suite struct CursorTests {
  /// A folder with a log in it, and a store.
  private final class Place {
    let folder = FileManager.default.temporaryDirectory.appending(path: "tally-ingest-\(UUID().uuidString)")
    let layout: StoreLayout
    let log: ImportFile
    var cursorPath: String { ImportCursor.path(localFolder: layout.local) }

    init(format: String, ending: String) throws {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      layout = StoreLayout(root: folder.appending(path: "store").path)
      let path = folder.appending(path: "log.\(ending)").path
      log = ImportFile(path: path, format: try #require(LogFormats.named(format)))
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func write(_ text: String) throws {
      try Data(text.utf8).write(to: URL(filePath: log.path))
    }

    /// The ids that an import hands on; a dry one remembers nothing.
    func run(isDry: Bool) -> Set<String> {
      var options = AppendOptions()
      options.isDryRun = isDry
      let session = AppendSession(layout: layout, writer: "w", batch: "b", options: options)
      let run = ImportRun(session: session, layout: layout, options: ImportOptions(), isDryRun: isDry)
      var ids: Set<String> = []
      run.explain = { for event in $0.events { ids.insert(event.id) } }
      run.add(log)
      run.save()
      return ids
    }
  }

  private func answer(_ id: String) -> String {
    #"{"type":"assistant","sessionId":"s","timestamp":"2026-11-19T10:12:31.101Z","message":{"id":"\#(id)","model":"claude-opus-5","#
      + #""usage":{"input_tokens":4,"output_tokens":412}}}"# + "\n"
  }

  private func rollout(_ number: Int) -> String {
    #"{"timestamp":"2026-11-19T10:00:0\#(number).000Z","type":"event_msg","payload":{"type":"token_count","info":"#
      + #"{"total_token_usage":{"input_tokens":\#(number)00,"output_tokens":\#(number)0}}}}"# + "\n"
  }

  @Test func whateverStandsInTheCursorWhatIsNewIsRead() throws {
    let place = try Place(format: "claude-code", ending: "jsonl")
    try place.write(answer("a") + answer("b"))
    #expect(place.run(isDry: false) == ["a", "b"])
    try place.write(answer("a") + answer("b") + answer("c") + answer("d"))
    try everyNonsense(place) { #expect(place.run(isDry: true).isSuperset(of: ["c", "d"]), "\($0)") }
  }

  /// A reader's state is text of ours that somebody may have changed: it may be wrong, and never traps.
  @Test func whateverStateStandsInTheCursorNothingTraps() throws {
    let place = try Place(format: "codex", ending: "jsonl")
    let start = #"{"timestamp":"2026-11-19T10:00:00.000Z","type":"session_meta","payload":{"id":"s"}}"# + "\n"
    try place.write(start + rollout(1))
    #expect(place.run(isDry: false).count == 1)
    try place.write(start + rollout(1) + rollout(2))
    #expect(place.run(isDry: true).count == 1)
    try everyNonsense(place) { _ in _ = place.run(isDry: true) }
  }

  private func everyNonsense(_ place: Place, _ check: (String) -> Void) throws {
    let cursor = try String(contentsOfFile: place.cursorPath, encoding: .utf8)
    let numbers = [
      "-1", "0", "9223372036854775807", "-9223372036854775808", "99999999999999999999", "1e3", "x",
    ]
    for range in cursor.ranges(of: #/-?[0-9a-z]*[0-9][0-9a-z]*/#) {
      for number in numbers {
        try check(put(cursor.replacingCharacters(in: range, with: number), place))
      }
    }
    let seed = UInt64.random(in: 0 ... .max)
    var random = SeededGenerator(seed)
    for _ in 0..<300 {
      var bytes = Array(cursor.utf8)
      let at = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<3, using: &random) {
      case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...20, using: &random)))
      default: bytes.insert(contentsOf: bytes[at...].prefix(9), at: at)
      }
      check(try put(String(decoding: bytes, as: UTF8.self), place) + " seed \(seed)")
    }
  }

  /// Puts a text in the place of the cursor.
  private func put(_ text: String, _ place: Place) throws -> String {
    try Data(text.utf8).write(to: URL(filePath: place.cursorPath))
    return text
  }
}
