//! Delimited text (RFC 4180, and what spreadsheets make of it): quoted fields with doubled quotes and line ends inside,
//! commas, semicolons or tabs. Our own, because it must read bytes as they stream in, row by row: `RecordCutter` cuts
//! the rows, and the Swift libraries for it want the whole text in memory.

package enum DelimitedText {
  private static let delimiters: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: ";"), 9, UInt8(ascii: "|")]

  /// What separates the fields of a header: the one of the usual that stands there most often, outside quotes.
  package static func delimiter(ofHeader record: RawSpan) -> UInt8 {
    var counts = [Int](repeating: 0, count: delimiters.count)
    var isQuoted = false
    for byte in bytes(record) {
      if byte == 0x22 { isQuoted.toggle() }
      if !isQuoted, let index = delimiters.firstIndex(of: byte) { counts[index] += 1 }
    }
    let most = counts.max() ?? 0
    return most == 0 ? delimiters[0] : delimiters[counts.firstIndex(of: most) ?? 0]
  }

  /// The fields of a row, without white space around those that are not quoted.
  package static func fields(of record: RawSpan, delimiter: UInt8) throws(Misread) -> [String] {
    let bytes = bytes(record)
    var fields: [String] = []
    var at = 0
    while true {
      let (field, end) = try field(bytes, at, delimiter)
      fields.append(field)
      if end >= bytes.count { return fields }
      at = end + 1
    }
  }

  /// One field, and where it ends: at a delimiter or at the end of the row.
  private static func field(_ bytes: [UInt8], _ start: Int, _ delimiter: UInt8) throws(Misread) -> (
    String, Int
  ) {
    guard start < bytes.count, bytes[start] == 0x22 else {
      let end = bytes[start...].firstIndex(of: delimiter) ?? bytes.count
      return (trimmed(bytes[start..<end]), end)
    }
    var text: [UInt8] = []
    var at = start + 1
    while at < bytes.count {
      if bytes[at] == 0x22 {
        guard at + 1 < bytes.count, bytes[at + 1] == 0x22 else { break }
        at += 1
      }
      text.append(bytes[at])
      at += 1
    }
    guard at < bytes.count else { throw Misread("a quoted field has no end") }
    let end = at + 1
    guard end == bytes.count || bytes[end] == delimiter else { throw Misread("text behind a quoted field") }
    return (String(decoding: text, as: UTF8.self), end)
  }

  /// Without the mark in front that some programs write.
  private static func bytes(_ record: RawSpan) -> [UInt8] {
    let bytes = record.withUnsafeBytes { Array($0) }
    return bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
    let bare = bytes.drop { $0 == 0x20 }
    let count = bare.reversed().prefix { $0 == 0x20 }.count
    return String(decoding: bare.dropLast(count), as: UTF8.self)
  }
}
