//! Everything at a glance: today, this month, what it will come to, what needs attention, and what to type next. A bare
//! `tally` shows it as a table, a status line in one line.

package import Calendar
package import Query

/// Today and this month, once for each currency.
package struct Overview: Sendable {
  /// The amounts of one currency, or all of them.
  package struct Line: Sendable {
    /// nil when there are no amounts.
    package let currency: String?
    package let today: UsageSums
    package let month: UsageSums
    /// What the month will come to.
    package let outlook: Outlook
  }

  /// Something about the store that a command would mend.
  package enum Chore: Equatable, Sendable {
    /// Days of this month and the last, without today, that have no rollups.
    case rollUp(days: Int)
    /// Files with rejected input of the last seven days.
    case rejects(files: Int, folder: String)
  }

  package let lines: [Line]
  package let standing: Standing
  package var showsCost: Bool { standing.month.request.showsCost }
  private let today: CivilDate

  /// - Parameters:
  ///   - history: the days that the forecast needs, by day.
  ///   - today: the last day that is known.
  package init(_ standing: Standing, _ forecast: ForecastRows, _ history: Usage, today: CivilDate) {
    self.standing = standing
    self.today = today
    let month = standing.month
    let days = standing.cards.filter { !$0.isOfBudget }.flatMap(\.today)
    let outlooks = forecast.total(history)
    // Currencies of months before this one are no news.
    let used = Set(month.rows.compactMap(\.currency))
    let shown = outlooks.filter { $0.currency.map(used.contains) ?? true }
    let isMixed = shown.count > 1
    lines = (shown.isEmpty ? Array(outlooks.prefix(1)) : shown).map { outlook in
      func sum(_ rows: [Usage.Row]) -> UsageSums {
        rows.filter { !isMixed || $0.currency == outlook.currency }.sum
      }
      return Line(
        currency: outlook.currency ?? month.currency, today: sum(days), month: sum(month.rows),
        outlook: outlook)
    }
  }

  /// As a report.
  package func report(_ chores: [Chore]) -> Report {
    let usage = standing.month
    let measures = UsageMeasure.named(["requests", "tokens", "cost"], showsCost: usage.request.showsCost)
    let unit = ForecastUnit(usage)
    let isMixed = lines.count > 1
    func row(_ period: String, _ line: Line, _ sums: UsageSums, _ forecast: [ReportCell]) -> ReportRow {
      ReportRow(
        cells: [.text(period)] + (isMixed ? [.text(line.currency)] : []) + measures.map { sums.cell($0) }
          + forecast)
    }
    let nothing = [ReportCell](repeating: .missing, count: 5)
    let rows = lines.flatMap { line in
      [
        row("today", line, line.today, nothing),
        row("this_month", line, line.month, ForecastRows.cells(line.outlook.forecast, unit)),
      ]
    }
    let columns =
      [ReportColumn("period", .dimension)] + (isMixed ? [ReportColumn("currency", .dimension)] : [])
      + measures.map(\.column) + ["projected", "low", "high"].map(unit.column)
      + [ReportColumn("confidence", .count), ReportColumn("reason", .remark)]
    let total = ReportRow(cells: columns.map { _ in .missing })
    var report = usage.report(columns: columns, rows: rows, total: total)
    (report.from, report.to) = ("\(today.firstOfMonth)", "\(today)")
    report.notes += standing.warnings + chores.map(\.note) + next(chores)
    return report
  }

  /// What to type next, at most three.
  private func next(_ chores: [Chore]) -> [String] {
    let mends = chores.compactMap(\.command)
    let status = standing.level > .ok ? ["tally report status shows all budgets and quotas"] : []
    let usual = [
      "tally report models shows where it goes", "tally report forecast what each account will come to",
      "tally --help all commands",
    ]
    return (mends + status + usual).prefix(3).map { "Next: \($0)." }
  }
}

extension Overview.Chore {
  fileprivate var note: String {
    switch self {
    case .rollUp(let days): "\(days) day\(days == 1 ? " is" : "s are") not rolled up, so reports take longer."
    case .rejects(let files, let folder):
      "Input was rejected in the last 7 days: \(files) file\(files == 1 ? "" : "s") in \(folder)."
    }
  }

  fileprivate var command: String? {
    if case .rollUp = self { return "tally rollup makes them" }
    return nil
  }
}
