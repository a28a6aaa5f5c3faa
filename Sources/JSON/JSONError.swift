/// Why a text is no JSON.
package struct JSONError: Error, Equatable, Sendable {
  package let what: String
  /// In bytes from the start of the text.
  package let offset: Int
  /// From 1.
  package let line: Int

  package init(_ what: String, offset: Int, line: Int) {
    self.what = what
    self.offset = offset
    self.line = line
  }

  /// The line, from 1, on which an offset lies.
  package static func line(of offset: Int, in bytes: some Collection<UInt8>) -> Int {
    bytes.prefix(offset).reduce(1) { $1 == 10 ? $0 + 1 : $0 }
  }
}
