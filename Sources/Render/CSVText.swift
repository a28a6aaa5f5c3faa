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
    // By scalar: a combining mark must not hide the character before it.
    let scalars = text.unicodeScalars
    let formulaStarts: [Unicode.Scalar] = ["=", "+", "-", "@", "\t", "\r", "\n", "'"]
    let isFormula = scalars.first.map(formulaStarts.contains) ?? false
    let safe = isFormula ? "'\(text)" : text
    let special: [Unicode.Scalar] = [",", "\"", "\r", "\n"]
    guard scalars.contains(where: special.contains) else { return safe }
    var quoted = "\"".unicodeScalars
    for scalar in safe.unicodeScalars {
      if scalar == "\"" { quoted.append(scalar) }
      quoted.append(scalar)
    }
    quoted.append("\"")
    return String(quoted)
  }
}
