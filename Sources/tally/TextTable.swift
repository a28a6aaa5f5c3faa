import ArgumentParser
import Bytes
import Files
import Pricing
import Render

/// The option of commands that print a list.
struct ListingOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("table, csv, json or markdown (default: table).", valueName: "format"))
  var format = "table"

  func validate() throws { _ = try reportFormat() }

  /// The format that was asked for.
  func reportFormat() throws -> ReportFormat {
    do throws(ReportFormatError) {
      return try ReportFormat(parsing: format)
    } catch {
      throw ValidationError("\(error)")
    }
  }

  func print(_ table: TextTable) throws { try Terminal.print(table.text(try reportFormat())) }
}

/// What commands list that is no report, such as prices and rates: rows of texts under names.
struct TextTable {
  /// How a column's cells are aligned, and spelled in JSON.
  enum Role { case text, number, count }

  /// `name` is for machines, `head` for people.
  typealias Column = (name: String, head: String, role: Role)

  let columns: [Column]
  /// The other fields of the JSON form, key and JSON value; with none at all it is the rows alone.
  var about: [(key: String, json: String)]
  /// Nil where there is nothing to say.
  var rows: [[String?]] = []

  init(_ columns: [Column], about: [(key: String, json: String)] = []) {
    self.columns = columns
    self.about = about
  }

  /// The table in a format, a line feed at the end.
  func text(_ format: ReportFormat) -> String {
    switch format {
    case .table: aligned
    case .csv: csv
    case .json: json
    case .markdown: markdown
    }
  }

  private var aligned: String {
    let texts = rows.map { row in row.map { PlainText.printable($0 ?? "-") } }
    let lines = [columns.map(\.head)] + texts
    let widths = columns.indices.map { column in lines.map { PlainText.width($0[column]) }.max() ?? 0 }
    return lines.map { line in
      let cells = columns.indices.map { column in
        let space = String(repeating: " ", count: widths[column] - PlainText.width(line[column]))
        return columns[column].role == .text ? line[column] + space : space + line[column]
      }
      var text = cells.joined(separator: "  ")
      while text.last == " " { text.removeLast() }
      return text + "\n"
    }.joined()
  }

  private var csv: String {
    let texts = rows.map { row in
      zip(columns, row).map { $0.role == .text ? CSVText.text($1 ?? "") : $1 ?? "" }
    }
    return ([columns.map(\.name)] + texts).map { $0.joined(separator: ",") + "\n" }.joined()
  }

  private var markdown: String {
    let rule = columns.map { $0.role == .text ? "---" : "---:" }
    let texts = rows.map { row in row.map { MarkdownText.escaped(PlainText.printable($0 ?? "")) } }
    return ([columns.map(\.head), rule] + texts).map { "| \($0.joined(separator: " | ")) |\n" }.joined()
  }

  private var json: String {
    if about.isEmpty { return "\(jsonRows(indent: ""))\n" }
    let fields = about.map { "  \(CatalogWriter.quoted($0.key)): \($0.json),\n" }.joined()
    return "{\n\(fields)  \"rows\": \(jsonRows(indent: "  "))\n}\n"
  }

  /// The rows as a JSON list of objects, its lines but the first indented.
  func jsonRows(indent: String) -> String {
    if rows.isEmpty { return "[]" }
    let objects = rows.map { row in
      let members = zip(columns, row).map { column, cell in
        let value = cell.map { column.role == .count ? $0 : CatalogWriter.quoted($0) } ?? "null"
        return "\(CatalogWriter.quoted(column.name)): \(value)"
      }
      return "\(indent)  {\(members.joined(separator: ", "))}"
    }
    return "[\n\(objects.joined(separator: ",\n"))\n\(indent)]"
  }
}

extension TextTable {
  /// A table of texts whose columns have one name for all.
  init(names: [String], about: [(key: String, json: String)] = []) {
    self.init(names.map { ($0, $0, .text) }, about: about)
  }
}
