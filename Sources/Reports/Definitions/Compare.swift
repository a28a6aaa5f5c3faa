//! Two periods, or two choices of events, side by side, row by row, with the difference.

import Bytes
import Calendar
package import Query

extension ReportParameter {
  /// Of `compare`.
  package static let with = ReportParameter("with", "range", "The other period.")
  package static let withWhere = ReportParameter(
    "with_where", "filter", isRepeated: true,
    "The events of the other side, in place of those of --where; of several, all must match.")
}

/// A row a group of either period.
package struct CompareReport: SumsReport {
  package static let name = "compare"
  package static let abstract = "Two periods, or two services or the like, side by side, with the difference."
  package static let discussion = """
    tally report compare 2026-10 --with 2026-09 --by service
    tally report compare 2026-10 --where service=claude-code --with-where service=codex --by user
    Without --with it is the period before: the month before a month, else as many days; with --with-where the same
    period.
    """
  package static let by = ReportParameter.by.saying(
    "What rows stand for (default: service,model; with --with-where user).")
  package static let parameters =
    ReportParameter.shared + ReportParameter.paging + [by, .with, .withWhere]

  private static let names = ["requests", "tokens", "cost"]

  private let words: ReportParameters

  package init(_ words: ReportParameters) throws(ParameterError) { self.words = try words.checked() }

  package func plan(_ context: ReportContext) throws(ReportFailure) -> ReportPlan<Void> {
    let usual = words.has(.withWhere) ? ["user"] : ["service", "model"]
    let dimensions = try words.dimensions(context, usual: usual)
    let request = try words.request(Self.name, context, dimensions: dimensions, defaultRange: "this-month")
    var before = request
    before.days = try otherDays(request, context)
    if words.has(.withWhere) { before.filter = try words.filter(.withWhere, context) }
    return ReportPlan(requests: try words.priced([request, before], context), value: ())
  }

  private func otherDays(
    _ request: ReportRequest, _ context: ReportContext
  ) throws(ReportFailure) -> ClosedRange<CivilDate> {
    guard let with = words[.with] else {
      return words.has(.withWhere) ? request.days : StatsReport.previous(request.days)
    }
    let today = request.asOf ?? request.zone.localDate(of: context.nowMs)
    return try ReportParameters.days(with, .with, today: today, weekStart: try words.firstWeekday(context))
  }

  /// - Parameter usages: of the period, and of the other one, by the same dimensions.
  package func report(_ usages: [Usage], _ value: Void) throws(ReportFailure) -> Report {
    try words.page(rows(usages[0], before: usages[1]))
  }

  private func rows(_ usage: Usage, before: Usage) -> Report {
    let measures = UsageMeasure.named(Self.names, showsCost: usage.request.showsCost)
    let periods = Usage.aligned([usage, before])
    let (usage, isMixed) = (periods[0], periods[0].isMixed)
    let groups = periods.map { Grouping($0) { $0.texts } }
    let names = Set(groups.flatMap { $0.sums.keys })
    let columns =
      usage.request.dimensions.map { ReportColumn($0, .dimension) }
      + usage.currencyColumns
      + measures.flatMap { measure in
        let column = measure.column
        return [
          column, ReportColumn("\(column.name)_before", column.role),
          ReportColumn("\(column.name)_difference", column.role),
        ]
      }
    func cells(_ now: UsageSums, _ then: UsageSums, isWithoutAmount: Bool) -> [ReportCell] {
      measures.flatMap { measure in
        let pair = [now, then].map { $0.cell(measure, isWithoutAmount: isWithoutAmount) }
        return pair + [StatsReport.difference(pair[0], pair[1])]
      }
    }
    let sorted = names.map { name in
      (name: name, sums: groups.map { $0.sums[name] ?? UsageSums() })
    }.sorted { a, b in
      let changes = [a, b].map { row in
        [row.sums[0].cost - row.sums[1].cost, row.sums[0].tokens - row.sums[1].tokens].map(\.magnitude)
      }
      if changes[0] != changes[1] { return changes[1].lexicographicallyPrecedes(changes[0]) }
      return Self.texts(a.name).precedes(Self.texts(b.name))
    }
    let rows = sorted.map { name, sums in
      ReportRow(
        cells: name.key.map { .text($0) } + usage.currencyCells(name.currency)
          + cells(sums[0], sums[1], isWithoutAmount: isMixed && name.currency == nil))
    }
    func total(_ currency: String?, _ parts: [[Usage.Row]]) -> ReportRow {
      ReportRow(
        cells: usage.request.dimensions.map { _ in .missing } + usage.currencyCells(currency)
          + cells(parts[0].sum, parts[1].sum, isWithoutAmount: isMixed && currency == nil))
    }
    let currencies = Set(names.map(\.currency)).sorted { ($0 ?? "") < ($1 ?? "") }
    let each = currencies.map { currency in
      total(currency, periods.map { $0.rows.filter { $0.currency == currency } })
    }
    var report = usage.report(
      columns: columns, rows: rows, total: total(nil, periods.map(\.rows)),
      totals: isMixed && each.count > 1 ? each : [])
    let days = "\(before.request.days.lowerBound) to \(before.request.days.upperBound)"
    // Of two services neither was before the other.
    let filters = [before, usage].map { ByteText($0.request.filter.map { "\($0)" } ?? "all") }
    let other = filters[0] == filters[1] ? "" : ", where \(filters[0])"
    report.notes.append("Before is \(days)\(other).")
    return report
  }

  private static func texts(_ name: Grouping<[ByteText?]>.Name) -> [ByteText?] {
    name.key + [name.currency.map { ByteText($0) }]
  }
}
