import ArgumentParser
import Files
import Render

/// The option of commands that print a list.
struct ListingOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("table, csv, json or markdown (default: table).", valueName: "format"))
  var format = "table"

  func validate() throws { _ = try reportFormat() }

  private func reportFormat() throws -> ReportFormat {
    do throws(ReportFormatError) {
      return try ReportFormat(parsing: format)
    } catch {
      throw ValidationError("\(error)")
    }
  }

  func print(_ table: PlainTable) throws { try Terminal.print(table.text(try reportFormat())) }
}

/// A list of what is no usage, such as rates: plain words and numbers that no format needs to quote.
struct PlainTable {
  /// How a column's cells are aligned and spelled.
  enum Role { case text, number, count }

  let columns: [(name: String, head: String, role: Role)]
  var rows: [[String]] = []

  init(_ columns: [(name: String, head: String, role: Role)]) { self.columns = columns }

  func text(_ format: ReportFormat) -> String {
    switch format {
    case .table: aligned
    case .csv: ([columns.map(\.name)] + rows).map { $0.joined(separator: ",") + "\n" }.joined()
    case .json: json
    case .markdown: markdown
    }
  }

  private var aligned: String {
    let lines = [columns.map(\.head)] + rows
    let widths = columns.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
    return lines.map { line in
      let cells = columns.indices.map { column in
        let space = String(repeating: " ", count: widths[column] - line[column].count)
        return columns[column].role == .text ? line[column] + space : space + line[column]
      }
      var text = cells.joined(separator: "  ")
      while text.last == " " { text.removeLast() }
      return text + "\n"
    }.joined()
  }

  private var json: String {
    if rows.isEmpty { return "[]\n" }
    let objects = rows.map { row in
      let members = zip(columns, row).map { "\"\($0.name)\": \($0.role == .count ? $1 : "\"\($1)\"")" }
      return "  {\(members.joined(separator: ", "))}"
    }
    return "[\n\(objects.joined(separator: ",\n"))\n]\n"
  }

  private var markdown: String {
    let rule = columns.map { $0.role == .text ? "---" : "---:" }
    return ([columns.map(\.head), rule] + rows).map { "| \($0.joined(separator: " | ")) |\n" }.joined()
  }
}
