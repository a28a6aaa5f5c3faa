//! What the answers share: groups that are coarser than what was read, and rows in the order and part that people want.

import Bytes
import Calendar
package import Query

/// Sums of rows by something coarser, each with the rows it is made of.
struct Grouping<Key: Hashable> {
  /// A group of one currency.
  struct Name: Hashable {
    let key: Key
    let currency: String?
  }

  private(set) var sums: [Name: UsageSums] = [:]
  private(set) var rows: [Name: [Usage.Row]] = [:]

  init(_ usage: Usage, by key: (Usage.Row) -> Key?) {
    for row in usage.rows {
      guard let key = key(row) else { continue }
      let name = Name(key: key, currency: usage.isMixed ? row.currency : nil)
      sums[name, default: UsageSums()] += row.sums
      rows[name, default: []].append(row)
    }
  }
}

/// Which rows are shown, and in which order.
package struct RowChoice: Sendable {
  /// Columns to order by, before the report's own order.
  package var order: [ReportOrder]
  /// How many rows a page has; nil shows all.
  package var limit: Int?
  /// Which page, from 1.
  package var page: Int

  package init(order: [ReportOrder] = [], limit: Int? = nil, page: Int = 1) {
    self.order = order
    self.limit = limit
    self.page = page
  }

  /// The report with these rows; it says which when they are not all.
  package func applied(to report: Report) -> Report {
    var report = report
    let rows = ReportOrder.sorted(report.rows, by: order, report.columns)
    let limit = limit ?? rows.count
    let (before, isBeyond) = limit.multipliedReportingOverflow(by: page - 1)
    let first = isBeyond ? rows.count : min(before, rows.count)
    let last = first + min(limit, rows.count - first)
    report.rows = Array(rows[first..<last])
    if last - first < rows.count {
      let shown = first == last ? "No rows" : "Rows \(first + 1) to \(last)"
      report.notes.append("\(shown) of \(rows.count) are shown.")
    }
    return report
  }
}

extension Usage {
  /// The column of currencies, when there are several.
  var currencyColumns: [ReportColumn] { isMixed ? [ReportColumn("currency", .dimension)] : [] }

  /// The cell of that column.
  func currencyCells(_ currency: String?) -> [ReportCell] { isMixed ? [.text(currency)] : [] }

  /// The cells of some measures.
  func cells(_ measures: [UsageMeasure], _ sums: UsageSums, currency: String?) -> [ReportCell] {
    measures.map { sums.cell($0, isWithoutAmount: isMixed && currency == nil) }
  }

  /// The total of all rows, and one for each currency when there are several.
  func totals(_ rows: [Row], _ row: ([Row], String?) -> ReportRow) -> (all: ReportRow, each: [ReportRow]) {
    let all = row(rows, nil)
    if !isMixed { return (all, []) }
    let names = Set(rows.map(\.currency)).sorted { ($0 ?? "") < ($1 ?? "") }
    if names.count < 2 { return (all, []) }
    return (all, names.map { name in row(rows.filter { $0.currency == name }, name) })
  }

  /// What rows cost, and the currency of it: missing where it is of several, or not known at all.
  func cost(_ rows: [Row]) -> (cell: ReportCell, currency: String?) {
    let currencies = Set(rows.filter { $0.sums.cost != 0 }.compactMap(\.currency))
    if currencies.count > 1 { return (.missing, nil) }
    let sum = rows.sum
    return (sum.cost == 0 && sum.unpriced > 0 ? .missing : .amount(sum.cost), currencies.first)
  }

  /// An instant as the report's zone writes it, to the minute.
  func minuteText(_ ms: Int64?) -> ReportCell {
    .text(ms.map { request.zone.minuteText(of: $0) })
  }
}

extension ReportCell {
  /// A text; missing when there is none.
  static func text(_ text: String?) -> ReportCell { text.map { .text($0) } ?? .missing }
  static func text(_ text: ByteText?) -> ReportCell { text.map { .text($0.text) } ?? .missing }

  static func count(_ count: Int) -> ReportCell { .integer(Int128(count)) }
}

extension [Usage.Row] {
  /// All of them together.
  var sum: UsageSums { reduce(into: UsageSums()) { $0 += $1.sums } }

  /// How many texts there are in a place.
  func distinct(_ place: Int) -> ReportCell { .count(Set(compactMap { $0.texts[place] }).count) }
}

/// Texts of rows, most used first.
func ranked(_ rows: [Usage.Row], _ place: Int) -> [String] {
  var tokens: [ByteText: (Int128, Int128)] = [:]
  for row in rows {
    guard let text = row.texts[place] else { continue }
    let known = tokens[text] ?? (0, 0)
    tokens[text] = (known.0 + row.sums.tokens, known.1 + row.sums.requests)
  }
  return Usage.mostUsedFirst(tokens.map { ($0.key.text, $0.value.0, $0.value.1) })
}
