//! Texts of all days as numbers: each is looked up once for a column of a day, not once for a row.

import Synchronization

/// Numbers of texts, from 0; texts are equal when their bytes are.
final class TextNumbers: Sendable {
  private let known = Mutex(Numbering<ByteName>())

  /// The numbers of a column's texts, by code.
  func numbers(of column: CodedColumn) -> [Int32] {
    known.withLock { known in
      (0..<Int32(column.textCount)).map { Self.number(column.text($0) ?? [], &known) }
    }
  }

  func number(_ text: [UInt8]) -> Int32 { known.withLock { Self.number(text, &$0) } }

  private static func number(_ text: [UInt8], _ known: inout Numbering<ByteName>) -> Int32 {
    Int32(known.number(ByteName(bytes: text[...])).number)
  }

  /// All of them, by number.
  var texts: [String] { known.withLock { $0.things.map { String(decoding: $0.bytes, as: UTF8.self) } } }
}
