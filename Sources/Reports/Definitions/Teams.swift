//! Usage by team and cost centre, as the directory has them on the day of each use.

import Bytes
import Calendar
import Configuration
import Files
package import Query

extension ReportParameter {
  /// Of `teams`.
  package static let directory = ReportParameter("directory", "file", "The table of users and teams.")
}

/// A row a team and cost centre.
package struct TeamsReport: SumsReport {
  package static let name = "teams"
  package static let abstract = "A row a team and cost centre, as directory.csv has its users."
  package static let discussion = """
    directory.csv lies beside the configuration file, or where directory in it says:
      user,aliases,team,cost_centre,from,until
      ann@example.com,ann;ann-laptop,search,4711,,2026-09-30
      ann@example.com,ann;ann-laptop,platform,4712,2026-10-01,
    Only user and team must be there. Users it does not know are (unallocated).
    """
  package static let parameters = ReportParameter.shared + ReportParameter.paging + [.directory]

  /// The team of users whom the directory does not know.
  private static let unallocated: ByteText = "(unallocated)"
  /// How many of those users are named.
  private static let namesMax = 5

  private let words: ReportParameters

  package init(_ words: ReportParameters) throws(ParameterError) { self.words = try words.checked() }

  /// Reads the directory too: who is in which team decides what rows stand for.
  package func plan(_ context: ReportContext) throws(ReportFailure) -> ReportPlan<Directory> {
    let directory = try Directory.read(words[.directory], context)
    var request = try words.request(Self.name, context, dimensions: ["user"], defaultRange: "this-month")
    // Teams change from day to day.
    request.unit = .day
    return ReportPlan(requests: try words.priced([request], context), value: directory)
  }

  package func report(_ usages: [Usage], _ directory: Directory) throws(ReportFailure) -> Report {
    try words.page(rows(usages[0], directory))
  }

  private static let names = ["requests", "input_tokens", "output_tokens", "tokens", "cost"]

  private func rows(_ usage: Usage, _ directory: Directory) -> Report {
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
