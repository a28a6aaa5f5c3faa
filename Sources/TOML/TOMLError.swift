/// Why a document is no TOML, and where.
package struct TOMLError: Error, Equatable, Sendable, CustomStringConvertible {
  package let what: String
  /// How to mend it.
  package let mend: String
  /// From 1.
  package let line: Int
  /// In Unicode scalars, from 1.
  package let column: Int

  /// - Parameters:
  ///   - offset: where, in bytes from the start of `bytes`.
  init(_ what: String, _ mend: String, at offset: Int, in bytes: [UInt8]) {
    self.what = what
    self.mend = mend
    let before = bytes.prefix(offset)
    let lineStart = before.lastIndex(of: 10).map { $0 + 1 } ?? (TOMLParser.hasMark(bytes) ? 3 : 0)
    line = 1 + before.count { $0 == 10 }
    // Bytes that continue a scalar begin with 10.
    column = 1 + before.dropFirst(lineStart).count { $0 & 0xC0 != 0x80 }
  }

  package var description: String { "line \(line), column \(column): \(what): \(mend)" }
}

/// Why a word or a key is refused, before its place is known.
struct TOMLFault: Error {
  let what: String
  let mend: String

  init(_ what: String, _ mend: String) {
    self.what = what
    self.mend = mend
  }
}
