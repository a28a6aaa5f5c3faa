//! Texts of all days as numbers: each is looked up once for a column of a day, not once for a row.

import Synchronization

/// Numbers of texts, from 0; texts are equal when their bytes are.
final class TextNumbers: Sendable {
  private struct Text: Hashable {
    let bytes: [UInt8]

    /// All bytes at once, which takes a fraction of the time.
    func hash(into hasher: inout Hasher) { bytes.withUnsafeBytes { hasher.combine(bytes: $0) } }
  }

  private struct Known {
    var numbers: [Text: Int32] = [:]
    var texts: [String] = []

    mutating func number(_ bytes: [UInt8]) -> Int32 {
      let text = Text(bytes: bytes)
      if let number = numbers[text] { return number }
      let number = Int32(texts.count)
      numbers[text] = number
      texts.append(String(decoding: bytes, as: UTF8.self))
      return number
    }
  }

  private let known = Mutex(Known())

  /// The numbers of a column's texts, by code.
  func numbers(of column: CodedColumn) -> [Int32] {
    known.withLock { known in (0..<Int32(column.textCount)).map { known.number(column.text($0) ?? []) } }
  }

  func number(_ text: [UInt8]) -> Int32 { known.withLock { $0.number(text) } }

  /// All of them, by number.
  var texts: [String] { known.withLock { $0.texts } }
}
