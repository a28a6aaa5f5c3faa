import ArgumentParser
import Bytes
import Pricing

/// How a list is written.
enum ListFormat: String, ExpressibleByArgument, CaseIterable {
  case table, csv, json, markdown
}

/// Rows of texts under names: what commands list that is no report.
struct TextTable {
  let columns: [String]
  /// Nil where there is nothing to say.
  var rows: [[String?]] = []

  /// The table in a format, a line feed at the end; `about` are the other fields of its JSON form.
  func text(_ format: ListFormat, about: [(key: String, value: String)] = []) -> String {
    switch format {
    case .table: aligned
    case .csv: csv
    case .json: json(about)
    case .markdown: markdown
    }
  }

  private var aligned: String {
    let all = [columns.map(Optional.some)] + rows
    let widths = columns.indices.map { column in all.map { ($0[column] ?? "-").count }.max() ?? 0 }
    let lines = all.map { row -> String in
      var line = ""
      for (index, cell) in row.enumerated() {
        let text = cell ?? "-"
        line += text
        if index + 1 < row.count { line += String(repeating: " ", count: widths[index] - text.count + 2) }
      }
      return line
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private var markdown: String {
    func line(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |\n" }
    let body = rows.map { row in line(row.map { ($0 ?? "").split(separator: "|").joined(separator: "\\|") }) }
    return line(columns) + line(columns.map { _ in "---" }) + body.joined()
  }

  private var csv: String {
    func cell(_ text: String?) -> String {
      var text = text ?? ""
      // No spreadsheet shall run a text as a formula.
      if let first = text.first, "=+-@'\t\r\n".contains(first) { text = "'\(text)" }
      guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
      return "\"\(text.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
    }
    return ([columns.map(Optional.some)] + rows).map { $0.map(cell).joined(separator: ",") + "\n" }.joined()
  }

  private func json(_ about: [(key: String, value: String)]) -> String {
    func quoted(_ text: String?) -> String { text.map(CatalogWriter.quoted) ?? "null" }
    let lines = rows.map { row in
      "    {" + zip(columns, row).map { "\(quoted($0)): \(quoted($1))" }.joined(separator: ", ") + "}"
    }
    let fields = about.map { "  \(quoted($0.key)): \(quoted($0.value)),\n" }.joined()
    let body = lines.isEmpty ? "[]" : "[\n\(lines.joined(separator: ",\n"))\n  ]"
    return "{\n\(fields)  \"rows\": \(body)\n}\n"
  }
}
