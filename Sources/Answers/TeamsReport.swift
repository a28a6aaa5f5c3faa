//! Usage by team and cost centre, as the directory has them on the day of each use.

import Bytes
import Calendar
package import Query

/// A row a team and cost centre.
package struct TeamsReport: Sendable {
  /// What must be read, by day.
  package static let dimensions = ["user"]
  /// The team of users whom the directory does not know.
  private static let unallocated: ByteText = "(unallocated)"
  /// How many of those users are named.
  private static let namesMax = 5

  private let directory: Directory

  package init(_ directory: Directory) { self.directory = directory }

  private static let names = ["requests", "input_tokens", "output_tokens", "tokens", "cost"]

  package func report(_ usage: Usage) -> Report {
    let measures = UsageMeasure.named(Self.names, showsCost: usage.request.showsCost)
    let groups = Grouping(usage) { row in
      directory.place(of: row.texts[0], on: usage.buckets[row.bucket].firstDay)
        ?? Directory.Place(team: Self.unallocated, costCentre: nil)
    }
    let total = usage.total
    let columns =
      [ReportColumn("team", .dimension), ReportColumn("cost_centre", .dimension)] + usage.currencyColumns
      + [ReportColumn("users", .count)] + measures.map(\.column) + [ReportColumn("share", .percent)]
    func values(_ rows: [Usage.Row], _ currency: String?) -> [ReportCell] {
      let sums = rows.sum
      return usage.currencyCells(currency) + [rows.distinct(0)]
        + usage.cells(measures, sums, currency: currency)
        + [sums.share(of: total, isOfCost: usage.isShareOfCost)]
    }
    let sorted = groups.rows.sorted { a, b in
      let (x, y) = (a.key.key.team == Self.unallocated, b.key.key.team == Self.unallocated)
      if x != y { return y }
      let sums = [a, b].map { $0.value.sum }
      let (left, right) = ((sums[0].cost, sums[0].tokens), (sums[1].cost, sums[1].tokens))
      if left != right { return left > right }
      let names = [a, b].map {
        [$0.key.key.team, $0.key.key.costCentre, $0.key.currency.map { ByteText($0) }]
      }
      return names[0].precedes(names[1])
    }
    let rows = sorted.map { name, rows in
      ReportRow(cells: [.text(name.key.team), .text(name.key.costCentre)] + values(rows, name.currency))
    }
    let totals = usage.totals(usage.rows) { rows, currency in
      ReportRow(cells: [.missing, .missing] + values(rows, currency))
    }
    var report = usage.report(columns: columns, rows: rows, total: totals.all, totals: totals.each)
    let rest = groups.rows.filter { $0.key.key.team == Self.unallocated }.flatMap(\.value)
    if let note = Self.note(ranked(rest, 0)) { report.notes.append(note) }
    return report
  }

  /// Whom the directory lacks.
  private static func note(_ users: [String]) -> String? {
    if users.isEmpty { return nil }
    let rest = users.count - namesMax
    let more = rest > 0 ? " and \(rest) more" : ""
    return
      "The directory has no team for \(users.prefix(namesMax).joined(separator: ", "))\(more) on some of these days."
  }
}
