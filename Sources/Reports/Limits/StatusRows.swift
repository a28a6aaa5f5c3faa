//! The cards of a status as a report.

package import Query

/// A row a card: services and accounts by name, then what is about a budget alone.
package struct StatusRows: Sendable {
  private let status: Standing

  package init(_ status: Standing) { self.status = status }

  package func report() -> Report {
    let usage = status.month
    let rows = status.cards.map { card in
      let month = usage.cost(card.month)
      let texts = [ReportCell.text(card.service), .text(card.account), .text(card.budget?.budget.name)]
      let spent = usage.isMixed ? [ReportCell.text(month.currency)] : []
      return ReportRow(
        cells: texts + spent + (usage.request.showsCost ? [month.cell] : [])
          + counts(card.today, card.month, card.sessions) + budgetCells(card.budget) + quotaCells(card.quota)
          + [.text(card.level.name), .text(card.reasons.joined(separator: "; ").nonEmpty)])
    }
    let today = status.cards.filter { !$0.isOfBudget }.flatMap(\.today)
    let totals = usage.totals(usage.rows) { rows, currency in
      let cost = usage.cost(rows)
      return ReportRow(
        cells: [.missing, .missing, .missing] + usage.currencyCells(currency)
          + (usage.request.showsCost ? [cost.cell] : [])
          + counts(
            usage.isMixed && currency != nil ? today.filter { $0.currency == currency } : today, rows,
            currency == nil ? status.sessionCount : nil)
          + [ReportCell](repeating: .missing, count: Self.budgetColumns.count + Self.quotaColumns.count + 2))
    }
    var report = usage.report(columns: columns, rows: rows, total: totals.all, totals: totals.each)
    report.notes += notes()
    return report
  }

  private var columns: [ReportColumn] {
    let usage = status.month
    return ["service", "account", "budget"].map { ReportColumn($0, .dimension) } + usage.currencyColumns
      + (usage.request.showsCost ? [ReportColumn("cost_month", .amount)] : [])
      + ["tokens_today", "tokens_month", "sessions"].map { ReportColumn($0, .count) }
      + Self.budgetColumns + Self.quotaColumns
      + [ReportColumn("state", .dimension), ReportColumn("reason", .dimension, isBrief: false)]
  }

  private static let budgetColumns = [
    ReportColumn("period", .dimension, isBrief: false), ReportColumn("budget_used", .amount, isBrief: false),
    ReportColumn("budget_limit", .amount), ReportColumn("budget_unit", .dimension),
    ReportColumn("budget_share", .percent),
  ]
  private static let quotaColumns = [
    ReportColumn("tokens_remaining", .count), ReportColumn("tokens_limit", .count, isBrief: false),
    ReportColumn("quota_share", .percent), ReportColumn("requests_remaining", .count),
    ReportColumn("resets_at", .dimension, isBrief: false),
  ]

  private func counts(_ today: [Usage.Row], _ month: [Usage.Row], _ sessions: Int?) -> [ReportCell] {
    [.integer(today.sum.tokens), .integer(month.sum.tokens), sessions.map { .count($0) } ?? .missing]
  }

  private func budgetCells(_ state: BudgetState?) -> [ReportCell] {
    guard let state else { return [ReportCell](repeating: .missing, count: Self.budgetColumns.count) }
    let budget = state.budget
    let unit: String
    switch budget.measure {
    case .cost(let currency): unit = currency
    case .tokens: unit = "tokens"
    case .requests: unit = "requests"
    }
    // Numbers of one column are written alike, so counts are amounts too.
    let factor: Int128 = budget.currency == nil ? 1_000_000_000_000 : 1
    let isUnknown = state.used == 0 && (state.unpriced > 0 || !state.otherCurrencies.isEmpty)
    return [
      .text(budget.period.rawValue), isUnknown ? .missing : .amount(state.used * factor),
      .amount(budget.limit * factor), .text(unit), isUnknown ? .missing : .integer(state.share),
    ]
  }

  private func quotaCells(_ state: QuotaState?) -> [ReportCell] {
    func number(_ value: Int64?) -> ReportCell { value.map { .integer(Int128($0)) } ?? .missing }
    return [
      number(state?.tokensRemaining), number(state?.quota.tokensLimit),
      state?.share.map { .integer($0) } ?? .missing, number(state?.requestsRemaining),
      status.month.minuteText(state?.quota.resetsAtMs),
    ]
  }

  private func notes() -> [String] {
    var notes = status.warnings
    let usage = status.month
    if usage.isMixed,
      status.cards.contains(where: { usage.cost($0.month).currency == nil && $0.month.sum.cost != 0 })
    {
      notes.append("Amounts of several currencies have no sum: --currency converts them.")
    }
    return notes
  }
}
