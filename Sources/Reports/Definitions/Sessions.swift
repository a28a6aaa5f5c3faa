//! Sessions: what each used, when it began, and how long it took from its first event to its last.

package import Query

/// A row a session, the latest first.
package struct SessionsReport: SumsReport {
  package static let name = "sessions"
  package static let abstract = "A row a session, the latest first: when, how long, models, projects, cost."
  package static let parameters = ReportParameter.shared + ReportParameter.paging

  private static let details = ["service", "project", "user", "model"]

  private static let names = [
    "requests", "input_tokens", "cache_read_tokens", "output_tokens", "tokens", "cost",
  ]

  private let words: ReportParameters

  package init(_ words: ReportParameters) throws(ParameterError) { self.words = try words.checked() }

  package func plan(_ context: ReportContext) throws(ReportFailure) -> ReportPlan<Void> {
    var request = try words.request(Self.name, context, dimensions: ["session"], defaultRange: "7d")
    request.needsTimes = true
    request.details = Self.details
    return ReportPlan(requests: try words.priced([request], context), value: ())
  }

  package func report(_ usages: [Usage], _ value: Void) throws(ReportFailure) -> Report {
    try words.page(rows(usages[0]))
  }

  private func rows(_ usage: Usage) -> Report {
    let measures = UsageMeasure.named(Self.names, showsCost: usage.request.showsCost)
    let groups = Grouping(usage) { $0.texts[0] }
    let columns =
      [ReportColumn("session", .dimension)] + usage.currencyColumns
      + [ReportColumn("start", .dimension), ReportColumn("length_ms", .count)]
      + Self.details.map {
        ReportColumn("\($0)s", .dimension, isBrief: $0 != "user")
      }
      + measures.map(\.column)
    let sorted = groups.sums.sorted { a, b in
      let (left, right) = (a.value.times?.lowerBound ?? .min, b.value.times?.lowerBound ?? .min)
      if left != right { return left > right }
      return a.key.key != b.key.key
        ? a.key.key < b.key.key : (a.key.currency ?? "") < (b.key.currency ?? "")
    }
    let rows = sorted.map { name, sums in
      let times = sums.times
      let cells =
        [ReportCell.text(name.key)] + usage.currencyCells(name.currency)
        + [
          usage.minuteText(times?.lowerBound),
          times.map { .integer(Int128($0.upperBound - $0.lowerBound)) } ?? .missing,
        ]
        + Self.details.map { .text(usage.ranked($0, in: sums).joined(separator: ", ").nonEmpty) }
        + usage.cells(measures, sums, currency: name.currency)
      return ReportRow(cells: cells)
    }
    let totals = usage.totals(groups.rows.values.flatMap(\.self)) { rows, currency in
      ReportRow(
        cells: [.missing] + usage.currencyCells(currency) + [ReportCell](repeating: .missing, count: 6)
          + usage.cells(measures, rows.sum, currency: currency))
    }
    var report = usage.report(columns: columns, rows: rows, total: totals.all, totals: totals.each)
    let rest = usage.rows.reduce(0) { $1.texts[0] == nil ? $0 + $1.sums.requests : $0 }
    if rest > 0 {
      report.notes.append("\(rest) request\(rest == 1 ? " is" : "s are") of no session.")
    }
    return report
  }
}
