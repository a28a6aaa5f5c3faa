//! How a number comes about, as rows: each part divides the number otherwise, and its rows add up to the total.

import Calendar
package import Query

/// Rows of parts, and the first events.
package struct ExplainRows: Sendable {
  private let measure: ExplainedMeasure
  /// The fields of the part `by`.
  private let fields: [String]

  package init(_ measure: ExplainedMeasure, by fields: [String]) {
    self.measure = measure
    self.fields = fields
  }

  /// - Parameter usage: the number itself, as reports have it.
  package func report(_ usage: Usage, _ explanation: Explanation) -> Report {
    let layout = ExplainLayout(measure, isMixed: usage.isMixed && measure.isCost)
    let words = ExplainWords(usage.request, fields: fields)
    var rows = explanation.rows.map { row in
      layout.row(words.cells(row, explanation), row.sums, currency: row.name.currency)
    }
    rows += explanation.events.map { event in
      var sums = Explanation.Sums(of: event)
      sums.value = event.value ?? 0
      return layout.row(words.cells(event), sums, currency: event.record.currency)
    }
    rows += explanation.rest.sorted { ($0.key ?? "") < ($1.key ?? "") }.map { currency, sums in
      var row = layout.row(["part": .text(Explanation.Part.event.rawValue)], sums, currency: currency)
      row.isOthers = true
      return row
    }
    let totals = totals(usage, explanation, layout)
    var report = usage.report(columns: layout.columns, rows: rows, total: totals.all, totals: totals.each)
    report.notes = notes(explanation)
    return report
  }

  private func totals(
    _ usage: Usage, _ explanation: Explanation, _ layout: ExplainLayout
  ) -> (all: ReportRow, each: [ReportRow]) {
    let days = explanation.rows.filter { $0.name.part == .day }
    func total(_ rows: [Usage.Row], _ currency: String?) -> ReportRow {
      let mine = days.filter { currency == nil || $0.name.currency == currency }
      let known = UsageMeasure.named([measure.column.name], showsCost: usage.request.showsCost)
      var sums = Explanation.Sums()
      for row in mine { sums += row.sums }
      let isWithoutAmount = layout.isMixed && currency == nil
      let cell = known.first.map { rows.sum.cell($0, isWithoutAmount: isWithoutAmount) } ?? .missing
      return layout.row([:], sums, currency: currency, value: cell)
    }
    guard layout.isMixed else { return (total(usage.rows, nil), []) }
    return usage.totals(usage.rows, total)
  }

  private func notes(_ explanation: Explanation) -> [String] {
    var notes = ["Each part divides the same events otherwise; its rows add up to the total."]
    func sum(_ value: (Explanation.Day) -> UInt64) -> UInt64 { explanation.days.reduce(0) { $0 + value($1) } }
    let (lines, repeats) = (sum(\.lines), sum(\.repeats))
    let (voids, conflicts) = (sum(\.voids), sum(\.conflicts))
    func count(_ number: UInt64, _ one: String, _ many: String) -> String {
      "\(number) \(number == 1 ? one : many)"
    }
    if let first = explanation.days.first, let last = explanation.days.last {
      let days = first.day == last.day ? "\(first.day)" : "\(first.day) to \(last.day)"
      notes.append(
        "Of the UTC days \(days), whatever was asked for, \(count(lines, "line was", "lines were")) read: "
          + "\(count(repeats, "lost to another line of its event", "lost to other lines of their events")), "
          + "\(count(voids, "event was", "events were")) taken back, "
          + "\(count(conflicts, "event was told in different ways", "events were told in different ways")) "
          + "(the fuller telling counts).")
    }
    let rest = explanation.rest.values.reduce(0) { $0 + $1.events }
    if rest > 0 {
      notes.append(
        "\(rest) more event\(rest == 1 ? " is" : "s are") in the row Others: --events all shows them.")
    }
    return notes
  }
}

extension Explanation.Sums {
  fileprivate init(of event: Explanation.Event) {
    self.init(events: 1, requests: event.record.sums.requests, isUnpriced: event.reason != nil)
  }
}

/// The columns of an explanation, and where its cells go.
struct ExplainLayout {
  let isMixed: Bool
  let columns: [ReportColumn]
  private let measure: ExplainedMeasure

  init(_ measure: ExplainedMeasure, isMixed: Bool) {
    self.measure = measure
    self.isMixed = isMixed
    func texts(_ names: [String]) -> [ReportColumn] {
      names.map { ReportColumn($0, .dimension, isBrief: false) }
    }
    let exact = ReportColumn.exact
    var columns = [ReportColumn("part", .dimension), ReportColumn("what", .dimension)]
    if isMixed { columns.append(ReportColumn("currency", .dimension)) }
    columns += [ReportColumn("events", .count), ReportColumn("requests", .count, isBrief: false)]
    if measure.isCost {
      columns += [ReportColumn("count", .count), ReportColumn("unit_price", .amount, decimals: exact)]
    }
    columns.append(ReportColumn(measure.column.name, measure.column.role, decimals: exact))
    columns.append(ReportColumn("about", .dimension))
    columns += texts(["provider", "model", "counter", "source", "writer", "day", "time", "id"])
    if measure.isCost {
      columns += [
        ReportColumn("amount", .amount, isBrief: false),
        ReportColumn("amount_currency", .dimension, isBrief: false),
        ReportColumn("credits", .amount, isBrief: false), ReportColumn("list_price", .amount, isBrief: false),
      ]
      columns += texts(["service_tier", "valid_from", "valid_until", "price_source", "price_date"])
    }
    self.columns = columns
  }

  /// A row of cells by the names of their columns; the others are missing.
  func row(
    _ cells: [String: ReportCell], _ sums: Explanation.Sums, currency: String?, value: ReportCell? = nil
  ) -> ReportRow {
    var cells = cells
    cells["currency"] = .text(currency)
    cells["events"] = .integer(Int128(sums.events))
    cells["requests"] = .integer(sums.requests)
    let isUnknown = sums.value == 0 && sums.unpriced > 0
    let isAmount = measure.column.role == .amount
    cells[measure.column.name] =
      value ?? (isUnknown ? .missing : isAmount ? .amount(sums.value) : .integer(sums.value))
    return ReportRow(cells: columns.map { cells[$0.name] ?? .missing })
  }
}
