import CScan

/// Finding a few bytes among many.
package enum ByteSearch {
  /// Whether `needle`, of two bytes or more, is in `bytes`.
  package static func contains(_ needle: StaticString, in bytes: UnsafeRawBufferPointer) -> Bool {
    guard let start = bytes.baseAddress else { return false }
    return tally_contains(start, bytes.count, needle.utf8Start, needle.utf8CodeUnitCount) != 0
  }

  /// Whether `needle`, of two bytes or more, is in the UTF-8 of `text`: `String.contains` takes a hundred times as long.
  package static func contains(_ needle: StaticString, in text: String) -> Bool {
    var text = text
    return text.withUTF8 { contains(needle, in: UnsafeRawBufferPointer($0)) }
  }
}
