import Bytes

/// How a report is written: for people (`table`, `markdown`) or for machines (`csv`, `json`).
package enum ReportFormat: String, CaseIterable, Sendable {
  case table, csv, json, markdown

  /// Reads the word given to `--format`.
  package init(parsing text: String) throws(ReportFormatError) {
    guard let format = ReportFormat(rawValue: text) else { throw ReportFormatError(text: text) }
    self = format
  }
}

/// A word that names no format.
package struct ReportFormatError: Error, Equatable, CustomStringConvertible {
  /// What was given.
  package let text: String

  package var description: String {
    let choices = ReportFormat.allCases.map(\.rawValue).joined(separator: ", ")
    return "--format: unknown format \"\(PlainText.printable(text))\"\nuse one of \(choices)"
  }
}

/// What the place that shows a report can do; the caller finds out, Render only obeys.
package struct RenderOptions: Equatable, Sendable {
  /// Width of the terminal in cells; nil when nothing limits it.
  package var columns: Int?
  /// Whether bold and dim may be used.
  package var isColored: Bool
  /// Whether only ASCII may be written; other characters of the data become `?`.
  package var isASCII: Bool

  package init(columns: Int? = nil, isColored: Bool = false, isASCII: Bool = false) {
    self.columns = columns
    self.isColored = isColored
    self.isASCII = isASCII
  }
}
