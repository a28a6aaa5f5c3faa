import Events
import Money

/// A reader of delimited text.
protocol RowLogReader: LogReader {
  var rows: RowTable { get set }

  /// Reads a row.
  mutating func read(_ row: RowTable.Row, _ findings: inout Findings) throws(Misread)
}

extension RowLogReader {
  package var state: String { rows.state }

  package mutating func read(_ record: RawSpan, _ findings: inout Findings) {
    do throws(Misread) {
      guard let row = try rows.row(record) else {
        for name in rows.repeatedNames {
          findings.remark("column \"\(EventFault.shown(name))\" is there more than once: the first is read")
        }
        return findings.skip("the header")
      }
      try read(row, &findings)
    } catch {
      findings.fail(error)
    }
  }
}

/// The rows of delimited text under their header; the first record is the header.
struct RowTable {
  private(set) var header: [String] = []
  private var delimiter: UInt8 = 0

  /// Names that several columns have, in any case of letters, each once.
  var repeatedNames: [String] {
    var counts: [String: Int] = [:]
    for name in header where !name.isEmpty { counts[name.lowercased(), default: 0] += 1 }
    return header.filter { counts.updateValue(1, forKey: $0.lowercased()) ?? 1 > 1 }
  }

  /// What a reader of the rows behind must know.
  var state: String { header.isEmpty ? "" : ([String(delimiter)] + header).joined(separator: "\u{1F}") }

  init(state: String) {
    let parts = state.split(separator: "\u{1F}", omittingEmptySubsequences: false).map(String.init)
    guard let first = parts.first, let delimiter = UInt8(first) else { return }
    (self.delimiter, header) = (delimiter, Array(parts.dropFirst()))
  }

  /// The row of a record; nil when it is the header.
  mutating func row(_ record: RawSpan) throws(Misread) -> Row? {
    if header.isEmpty {
      delimiter = DelimitedText.delimiter(ofHeader: record)
      header = try DelimitedText.fields(of: record, delimiter: delimiter)
      return nil
    }
    let fields = try DelimitedText.fields(of: record, delimiter: delimiter)
    guard fields.count == header.count else {
      throw Misread("\(fields.count) fields, but the header has \(header.count)")
    }
    return Row(header: header, fields: fields)
  }

  /// A row.
  struct Row {
    let header: [String]
    let fields: [String]

    /// A field that is not empty: of the first column of this name, else of the first whose letters are alike in
    /// another case.
    subscript(name: String) -> String? {
      let same = header.firstIndex(of: name)
      guard let index = same ?? header.firstIndex(where: { $0.lowercased() == name.lowercased() }) else {
        return nil
      }
      let text = fields[index]
      return text.isEmpty ? nil : text
    }

    /// A count; 0 when the field is empty or not there.
    func count(_ name: String) throws(Misread) -> Int64 {
      guard let text = self[name] else { return 0 }
      guard let count = NumberText.count(text) else { throw Misread("\(name) is no \(Count.description)") }
      return count
    }

    /// An amount in pico-units.
    func amount(_ name: String) throws(Misread) -> Int128? {
      guard let text = self[name] else { return nil }
      guard let amount = NumberText.amount(text) else { throw Misread("\(name) is no amount") }
      return amount
    }
  }
}
