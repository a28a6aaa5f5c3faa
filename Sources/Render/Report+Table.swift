//! The table on a terminal. When it is wider than the terminal it gives way in this order: counts become
//! short (`1.2M`), then the longest names lose their ends, down to eight cells. What is still too wide is
//! printed all the same: a number is never cut.

import Bytes
import Query

extension Report {
  func renderedTable(_ options: RenderOptions) -> String {
    let style = TableStyle(isColored: options.isColored)
    let isASCII = options.isASCII
    var lines = PlainText.wrapped(title(isASCII: isASCII), widthMax: options.columns).map(style.bold)
    lines.append("")
    if rows.isEmpty {
      lines.append(Report.emptyRemark)
    } else {
      lines += tableLines(options, style)
    }
    let remarks = remarks(isASCII: isASCII)
    if !remarks.isEmpty { lines.append("") }
    for remark in remarks {
      lines += PlainText.wrapped(remark, widthMax: options.columns).map(style.dim)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func tableLines(_ options: RenderOptions, _ style: TableStyle) -> [String] {
    let marks = Marks(isASCII: options.isASCII)
    var table = AlignedTable(ReadableTable(self, isASCII: options.isASCII, isShort: false), marks)
    if let columns = options.columns, table.width > columns {
      table = AlignedTable(ReadableTable(self, isASCII: options.isASCII, isShort: true), marks)
      table.narrow(to: columns)
    }
    let rule = style.dim(String(repeating: marks.line, count: table.width))
    let totals = table.texts.totals.map { style.bold(table.line($0)) }
    return [style.bold(table.line(table.texts.heads)), rule] + table.texts.rows.map(table.line)
      + (totals.isEmpty ? [] : [rule] + totals)
  }
}

/// Bold and dim, or nothing.
private struct TableStyle {
  let isColored: Bool

  func bold(_ text: String) -> String { isColored ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
  func dim(_ text: String) -> String { isColored ? "\u{1B}[2m\(text)\u{1B}[0m" : text }
}

/// A readable table with a width for each column.
private struct AlignedTable {
  static let gap = 2
  static let namesWidthMin = 8

  let texts: ReadableTable
  let marks: Marks
  var widths: [Int]

  init(_ texts: ReadableTable, _ marks: Marks) {
    self.texts = texts
    self.marks = marks
    widths = texts.heads.map(PlainText.width)
    for row in texts.rows + texts.totals {
      for (index, text) in row.enumerated() { widths[index] = max(widths[index], PlainText.width(text)) }
    }
  }

  var width: Int { widths.reduce(0, +) + Self.gap * (widths.count - 1) }

  /// Takes from the widest column of names, cell by cell, until the table fits or no name can give more.
  mutating func narrow(to columns: Int) {
    while width > columns {
      let names = widths.indices.filter { texts.isCuttable[$0] && widths[$0] > Self.namesWidthMin }
      guard let widest = names.max(by: { widths[$0] < widths[$1] }) else { return }
      widths[widest] -= 1
    }
  }

  func line(_ cells: [String]) -> String {
    var line = ""
    for (index, cell) in cells.enumerated() {
      let text = PlainText.truncated(cell, widthMax: widths[index], mark: marks.ellipsis)
      let padding = String(repeating: " ", count: max(0, widths[index] - PlainText.width(text)))
      if index > 0 { line += String(repeating: " ", count: Self.gap) }
      line += texts.isNumeric[index] ? padding + text : text + padding
    }
    while line.last == " " { line.removeLast() }
    return line
  }
}
