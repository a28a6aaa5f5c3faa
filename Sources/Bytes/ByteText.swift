//! Names of people's things: users, models, sessions, tags, files. They are the same when their bytes are. Swift takes
//! differently composed texts for one, such as `é` in one code point and in two; as keys those would be one group, and
//! which spelling it shows would be chance.

/// A text that is compared, hashed and ordered as its UTF-8 bytes are.
package struct ByteText: Hashable, Comparable, Sendable {
  package let text: String

  package init(_ text: String) { self.text = text }

  /// The text of some bytes; what is no UTF-8 in them is replaced.
  package init(_ bytes: some Collection<UInt8>) { text = String(decoding: bytes, as: UTF8.self) }

  package static func == (a: Self, b: Self) -> Bool {
    a.withBytes { x in b.withBytes { y in ByteOrder.isEqual(x, y) } }
  }

  package static func < (a: Self, b: Self) -> Bool {
    a.withBytes { x in b.withBytes { y in ByteOrder.precedes(x, y) } }
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(text.utf8.count)
    withBytes { bytes in bytes.withUnsafeBytes { hasher.combine(bytes: $0) } }
  }

  private func withBytes<R>(_ body: (RawSpan) -> R) -> R {
    // All texts but some of other systems are UTF-8 already.
    let known = text.utf8.withContiguousStorageIfAvailable { body(RawSpan(_unsafeElements: $0)) }
    return known ?? body(Array(text.utf8).span.bytes)
  }
}

extension ByteText: ExpressibleByStringLiteral, CustomStringConvertible {
  package init(stringLiteral text: String) { self.init(text) }

  package var description: String { text }
}

extension String {
  /// Whether both have the same bytes.
  package func hasBytes(of other: String) -> Bool { ByteText(self) == ByteText(other) }

  /// Whether it comes first in the order of bytes.
  package func precedesInBytes(_ other: String) -> Bool { ByteText(self) < ByteText(other) }
}

extension Sequence<String> {
  /// In the order of their bytes.
  package var sortedByBytes: [String] { sorted { $0.precedesInBytes($1) } }

  /// Whether one of them has the bytes of a text.
  package func holds(_ text: String) -> Bool { contains { $0.hasBytes(of: text) } }

  /// Each once, where it stands first.
  package var uniqued: [String] {
    var seen: Set<ByteText> = []
    return filter { seen.insert(ByteText($0)).inserted }
  }
}

extension [ByteText?] {
  /// Whether it comes first, text by text, absent ones first.
  package func precedes(_ other: [ByteText?]) -> Bool {
    for (left, right) in zip(self, other) where left != right {
      guard let left else { return true }
      guard let right else { return false }
      return left < right
    }
    return count < other.count
  }
}
