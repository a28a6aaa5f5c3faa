import Bytes
import Calendar
import Money

/// Reads the CSV files of the ECB, and the store's own, which is one.
struct RateCSVReader {
  private let bytes: [UInt8]
  private let path: String
  private var at = 0
  private var line = 0
  private var fields: [Range<Int>] = []
  /// The numbers of the columns' currencies, without the date's.
  private var columns: [Int] = []
  /// The days that are wanted; lines of others are not looked at.
  private let days: ClosedRange<CivilDate>?
  private var collector = RateCollector()

  init(_ bytes: [UInt8], path: String, days: ClosedRange<CivilDate>? = nil) {
    self.bytes = bytes
    self.days = days
    self.path = path
    if bytes.starts(with: Byte.mark) { at = Byte.mark.count }
  }

  mutating func read() throws(RateFileError) -> RateFile {
    while columns.isEmpty, nextLine() { try header() }
    skipUnwanted()
    while nextLine() {
      try row()
      skipUnwanted()
    }
    return collector.finish()
  }

  /// Moves behind the lines of days that nobody wants.
  private mutating func skipUnwanted() {
    guard let days else { return }
    while at + 10 <= bytes.count, let day = RateText.day(bytes, at..<(at + 10)), !days.contains(day) {
      line += 1
      at = bytes.withUnsafeBytes { LineSplitter.lineFeed($0, from: at) }.map { $0 + 1 } ?? bytes.count
    }
  }

  private func error(_ what: String, _ mend: String) -> RateFileError {
    RateFileError(path: path, line: line, what: what, mend: mend)
  }

  /// Cuts the next line into fields without the space around them; false at the end.
  private mutating func nextLine() -> Bool {
    while at < bytes.count {
      line += 1
      fields.removeAll(keepingCapacity: true)
      var start = at
      while at < bytes.count, bytes[at] != 10 {
        if bytes[at] == UInt8(ascii: ",") {
          fields.append(trimmed(start..<at))
          start = at + 1
        }
        at &+= 1
      }
      fields.append(trimmed(start..<at))
      at += 1
      if fields.count > 1 || !fields[0].isEmpty { return true }
    }
    return false
  }

  private func trimmed(_ range: Range<Int>) -> Range<Int> {
    var (low, high) = (range.lowerBound, range.upperBound)
    while low < high, Byte.isSpace(bytes[low]) { low += 1 }
    while high > low, Byte.isSpace(bytes[high - 1]) { high -= 1 }
    return low..<high
  }

  private mutating func header() throws(RateFileError) {
    guard let first = fields.first, bytes[first].elementsEqual("Date".utf8) else {
      throw error(
        "the header begins with \(RateText.quoted(bytes, fields[0])), not with Date",
        "name the eurofxref files of the ECB, .xml or .csv")
    }
    // Published lines end in a comma.
    if fields.last?.isEmpty == true { fields.removeLast() }
    var known: Set<Int> = []
    for field in fields.dropFirst() {
      guard let code = RateText.code(bytes, field) else {
        throw error("\(RateText.quoted(bytes, field)) is no currency", "write three capital letters")
      }
      if code == Rates.base.packed {
        throw error("EUR has a column, but rates are prices of 1 EUR", "take the column out")
      }
      let number = collector.number(code)
      guard known.insert(number).inserted else {
        throw error("\(RateText.quoted(bytes, field)) has two columns", "fetch the file again")
      }
      columns.append(number)
    }
    if columns.isEmpty { throw error("the header names no currency", "fetch the file again") }
  }

  private mutating func row() throws(RateFileError) {
    if fields.count == columns.count + 2, fields.last?.isEmpty == true { fields.removeLast() }
    guard fields.count == columns.count + 1 else {
      throw error(
        "\(fields.count) fields under a header of \(columns.count + 1)",
        "the file was cut or edited: fetch it again")
    }
    guard let day = RateText.day(bytes, fields[0]) else {
      throw error(
        "\(RateText.quoted(bytes, fields[0])) is no day with rates",
        "write a day since 1999 as 2026-11-20 or 20 November 2026")
    }
    guard collector.begin(day) else { throw error("\(day) is there twice", "fetch the file again") }
    for (index, column) in columns.enumerated() {
      let field = fields[index + 1]
      // Looked at first: hardly any field begins with an N.
      if field.isEmpty { continue }
      if bytes[field.lowerBound] == UInt8(ascii: "N"), bytes[field].elementsEqual("N/A".utf8) { continue }
      guard let rate = RateText.rate(bytes, field) else {
        throw error(
          "\(RateText.quoted(bytes, field)) is no rate",
          "write a decimal above 0 with at most 12 digits behind the point, or N/A")
      }
      _ = collector.add(column, rate)
    }
  }
}
