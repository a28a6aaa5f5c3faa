package import Bytes

/// What may be kept of a line that was rejected.
package enum KnownFields {
  /// Appends `,"fields":{…}` with the known scalar fields of `line`, as written.
  ///
  /// Nothing when there are none or the line is no JSON. `tags` and `metadata` are left out: their keys are the sender's.
  package static func append(_ line: RawSpan, to output: inout ByteWriter) {
    var found: [(EventField, Range<Int>)] = []
    do throws(EventFault) {
      try collect(line, &found)
    } catch {
      return
    }
    if found.isEmpty { return }
    output.append(",\"fields\":{")
    for (index, (field, range)) in found.enumerated() {
      if index > 0 { output.append(UInt8(ascii: ",")) }
      output.append("\"\(field.name)\":")
      output.append(line, range)
    }
    output.append(UInt8(ascii: "}"))
  }

  private static func collect(
    _ line: RawSpan, _ found: inout [(EventField, Range<Int>)]
  ) throws(EventFault) {
    guard line.byteCount <= EventFault.lineSizeBytesMax else { throw EventFault("too long") }
    try JSONScanner.checkUTF8(line)
    var at = try JSONScanner.expect("{", line, 0)
    while true {
      let key = try JSONScanner.expect("\"", line, at)
      let keyEnd = try JSONScanner.stringEnd(line, key).end
      let start = JSONScanner.skipSpace(line, try JSONScanner.expect(":", line, keyEnd + 1))
      let end = try JSONScanner.valueEnd(line, start)
      if let field = EventField(name: line.text(key..<keyEnd)), field.shape != .object, end - start <= 258,
        !found.contains(where: { $0.0 == field }), isScalar(JSONScanner.byte(line, start))
      {
        found.append((field, start..<end))
      }
      at = JSONScanner.skipSpace(line, end)
      if at < line.byteCount, JSONScanner.byte(line, at) == UInt8(ascii: "}") {
        at = JSONScanner.skipSpace(line, at + 1)
        if at == line.byteCount { return }
        throw EventFault.notJSON("something follows the object", at: at)
      }
      at = try JSONScanner.expect(",", line, at)
    }
  }

  private static func isScalar(_ first: UInt8) -> Bool {
    first != UInt8(ascii: "{") && first != UInt8(ascii: "[")
  }
}

/// JSON strings of our own messages.
package enum JSONText {
  /// Appends the canonical inside of a JSON string that holds `text`.
  package static func append(_ text: String, to output: inout ByteWriter) {
    CanonicalText.append(plain: text, to: &output)
  }
}

extension JSONText {
  /// The canonical inside of a JSON string that holds `text`.
  package static func bytes(_ text: String) -> [UInt8] {
    var output = ByteWriter(capacity: text.utf8.count)
    append(text, to: &output)
    return output.array
  }

  /// The text that the canonical inside of a JSON string stands for.
  package static func plain(_ bytes: [UInt8]) -> String { CanonicalText.plain(bytes) }
}
