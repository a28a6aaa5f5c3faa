//! CSV as RFC 4180 has it, but with line feeds: machine names in the header, exact numbers, missing values
//! empty. There is no total row, so that whoever sums a column gets the total and not twice the total; two
//! last columns, `others` and `approximate`, are `true` or empty.

import Query

extension Report {
  func renderedCSV() -> String {
    var lines = [(columns.map { CSVText.text($0.name) } + ["others", "approximate"]).joined(separator: ",")]
    for row in rows {
      var cells = columns.enumerated().map { CSVText.value(row.cell($0), $1.role) }
      cells.append(row.isOthers ? "true" : "")
      cells.append(row.isApproximate ? "true" : "")
      lines.append(cells.joined(separator: ","))
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
