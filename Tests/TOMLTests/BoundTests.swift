import Foundation
import TOML
import TestSupport
import Testing

/// No input ends the process, and none takes long.
@Suite struct BoundTests {
  private static func error(_ bytes: [UInt8]) -> TOMLError? {
    do throws(TOMLError) {
      _ = try TOMLTable(parsing: bytes)
      return nil
    } catch {
      return error
    }
  }

  /// Cut anywhere, or with one byte of any kind anywhere: read or refused, with a place inside.
  @Test func everyCutAndEveryByteIsReadOrRefused() throws {
    for (name, document) in try ["valid", "invalid"].flatMap(FixtureTests.documents)
    where document.count < 800 {
      let lineCount = document.count { $0 == 10 } + 1
      for count in 0...document.count {
        if let error = Self.error(Array(document[..<count])) {
          #expect(
            1...lineCount ~= error.line && 1...document.count + 1 ~= error.column, "\(name) cut to \(count)")
        }
      }
      for at in document.indices {
        for byte in [0x0A, 0x22, 0x5B, 0x7B, 0x5C, 0xFF] as [UInt8] {
          var changed = document
          changed[at] = byte
          if let error = Self.error(changed) { #expect(1...lineCount + 1 ~= error.line, "\(name) at \(at)") }
        }
      }
    }
  }

  @Test func aFileThatIsTooLargeIsRefused() {
    let most = 4 << 20
    #expect(Self.error(Array(repeating: 10, count: most)) == nil)
    #expect(
      Self.error(Array(repeating: 10, count: most + 1))?.description
        == "line 1, column 1: larger than 4 MiB: split it")
  }

  @Test func nestingIsBounded() {
    func nested(_ open: String, _ count: Int, _ close: String) -> [UInt8] {
      Array(
        ("a = " + String(repeating: open, count: count) + "1" + String(repeating: close, count: count) + "\n")
          .utf8)
    }
    for (open, close) in [("[", "]"), ("{ a = ", "}")] {
      #expect(Self.error(nested(open, 63, close)) == nil)
      #expect(Self.error(nested(open, 64, close))?.what == "nested deeper than 64")
      #expect(Self.error(nested(open, 500_000, close))?.what == "nested deeper than 64")
    }
    let dots = Array(repeating: "a", count: 500_000).joined(separator: ".")
    #expect(Self.error(Array("\(dots) = 1".utf8))?.what == "nested deeper than 64")
    #expect(Self.error(Array("[\(dots)]".utf8))?.what == "nested deeper than 64")
  }

  /// Large documents of every shape take time in proportion: each of these would take minutes if it were squared.
  @Test(
    arguments: [
      ("a list", "a = [", "1,", "]"), ("many keys", "", "k# = 1\n", ""),
      ("many tables", "", "[t#]\nx = 1\n", ""),
      ("many elements", "", "[[t]]\nx = 1\n", ""), ("a long text", "a = \"", "\\u00e9x", "\""),
      ("many texts on a line", "a = [", "'x', ", "]"), ("an inline table", "a = {", "k# = 1, ", "z = 1}"),
      ("comments", "", "#\n", ""), ("a long line", "a = \"\"\"", "x\n", "\"\"\""),
    ])
  func largeDocumentsTakeTimeInProportion(name: String, head: String, part: String, tail: String) throws {
    var text = head
    for index in 0..<40_000 { text += part.replacing("#", with: part.hasPrefix("#") ? "#" : "\(index)") }
    _ = try TOMLTable(parsing: Array((text + tail).utf8))
  }
}
