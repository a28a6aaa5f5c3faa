package import Query

extension Report {
  /// The whole text of the report, ending in a line feed.
  ///
  /// The options matter to tables only.
  package func rendered(as format: ReportFormat, options: RenderOptions = RenderOptions()) -> String {
    switch format {
    case .table: renderedTable(options)
    case .csv: renderedCSV()
    case .json: renderedJSON()
    case .markdown: renderedMarkdown()
    }
  }
}

extension ReportRow {
  /// The cell of a column; a row that is too short is missing its last cells.
  func cell(_ column: Int) -> ReportCell {
    cells.indices.contains(column) ? cells[column] : .missing
  }
}

extension ReportColumn {
  /// Whether the cells name the row rather than measure something.
  var isLabel: Bool { role == .bucket || role == .dimension }
  /// Whether a missing cell says that there is nothing, rather than that it is unknown.
  var isKnownEverywhere: Bool { !isCost || Self.elsewhereNothing.contains(name) }

  /// The costs that are not of every row.
  private static let elsewhereNothing: Set<String> = [
    "cost_as_input", "cost_saved", "cost_avoidable", "cost_p50", "cost_p95", "cost_usual", "projected_cost",
    "hourly_cost",
  ]
}
