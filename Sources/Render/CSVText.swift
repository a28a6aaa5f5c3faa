//! A spreadsheet runs a text that begins with `=`, `+`, `-`, `@`, tab, carriage return or line feed as a
//! formula or command. Such a text gets a leading `'`; so does one that begins with `'`, so that removing one
//! `'` always gives the text back. Numbers are never touched.

import Query

/// Cells of CSV.
package enum CSVText {
  static func value(_ cell: ReportCell, _ role: ReportColumn.Role) -> String {
    switch cell {
    case .text(let text): self.text(text)
    case .integer(let number) where role == .percent: NumberText.exactPercent(number)
    case .integer(let number): String(number)
    case .amount(let pico): PicoText.exact(pico)
    case .missing: ""
    }
  }

  /// A text of the data, quoted where it must be.
  package static func text(_ text: String) -> String {
    // By byte: a combining mark must not hide the character before it, and all of these are ASCII.
    let isFormula = text.utf8.first.map(formulaStarts.contains) ?? false
    let safe = isFormula ? "'\(text)" : text
    guard text.utf8.contains(where: special.contains) else { return safe }
    let quote = UInt8(ascii: "\"")
    var quoted = [quote]
    quoted.reserveCapacity(safe.utf8.count + 2)
    for byte in safe.utf8 {
      if byte == quote { quoted.append(quote) }
      quoted.append(byte)
    }
    quoted.append(quote)
    return String(decoding: quoted, as: UTF8.self)
  }

  private static let formulaStarts = Array("=+-@\t\r\n'".utf8)
  private static let special = Array(",\"\r\n".utf8)
}
