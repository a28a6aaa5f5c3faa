//! Two periods, or two choices of events, side by side, row by row, with the difference.

import Bytes
package import Query

/// A row a group of either period.
package struct CompareReport: Sendable {
  private static let names = ["requests", "tokens", "cost"]

  package init() {}

  /// - Parameters:
  ///   - usage: of the period.
  ///   - before: of the other one, by the same dimensions.
  package func report(_ usage: Usage, before: Usage) -> Report {
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
