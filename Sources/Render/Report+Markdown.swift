//! GitHub-flavoured Markdown: the same table as on a terminal, to paste into an issue or a wiki. Characters
//! that Markdown would act on are escaped, so a name shows as it is.

import Query

extension Report {
  func renderedMarkdown() -> String {
    var lines = ["**\(MarkdownText.escaped(title(isASCII: false)))**", ""]
    if rows.isEmpty {
      lines.append(Report.emptyRemark)
    } else {
      let table = ReadableTable(self, isASCII: false, isShort: false)
      lines.append(MarkdownText.line(table.heads))
      lines.append("| " + table.isNumeric.map { $0 ? "---:" : "---" }.joined(separator: " | ") + " |")
      lines += table.rows.map { MarkdownText.line($0) }
      lines += table.totals.map { MarkdownText.line($0, isBold: true) }
    }
    let remarks = remarks(isASCII: false)
    if !remarks.isEmpty { lines.append("") }
    lines += remarks.map { "- \(MarkdownText.escaped($0))" }
    return lines.joined(separator: "\n") + "\n"
  }
}

package enum MarkdownText {
  static func line(_ cells: [String], isBold: Bool = false) -> String {
    let texts = cells.map { cell in
      // Bold of nothing would show its stars.
      isBold && !cell.isEmpty ? "**\(escaped(cell))**" : escaped(cell)
    }
    return "| " + texts.joined(separator: " | ") + " |"
  }

  package static func escaped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\\", "|", "`", "*", "_", "[", "]", "<", ">", "~", "&": result.append("\\")
      default: break
      }
      result.append(scalar)
    }
    return String(result)
  }
}
