//! One session, event by event.

import Calendar
package import Query

/// A row an event, in order of time.
package struct SessionRows: Sendable {
  /// What must be read of each event.
  package static let dimensions = [
    "session", "provider", "service", "model", "operation", "user", "project", "source",
  ]
  /// What people see of that in a table.
  private static let shown: Set<String> = ["model"]

  private static let names = [
    "input_tokens", "cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens",
    "cache_write_12h_tokens", "output_tokens", "reasoning_tokens", "input_audio_tokens",
    "output_audio_tokens", "input_image_tokens", "output_image_tokens", "unsplit_tokens", "images",
    "audio_seconds", "searches", "characters", "requests", "tokens", "duration_ms", "credits", "cost",
    "unpriced_requests", "approximate_requests",
  ]
  private static let brief: Set<String> = ["duration_ms", "cost"]

  private let session: String

  package init(session: String) { self.session = session }

  /// - Parameters:
  ///   - usage: of the session.
  ///   - records: its events, with the texts of `dimensions`.
  package func report(_ usage: Usage, _ records: [EventRecord]) -> Report {
    let measures = UsageMeasure.named(Self.names, showsCost: usage.request.showsCost)
    let showsCost = usage.request.showsCost
    let cost = UsageMeasure.named(["cost"], showsCost: showsCost)
    var spent: [String?: UsageSums] = [:]
    let rows = records.map { record in
      let currency = usage.isMixed ? record.currency : nil
      spent[currency, default: UsageSums()] += record.sums
      let cells =
        [ReportCell.text(usage.request.zone.timeText(of: record.time))]
        + record.texts.map { .text($0) } + [.text(record.sums.errors > 0 ? "error" : "ok")]
        + [.text(Badge.text(record.sums))] + usage.currencyCells(currency)
        + measures.map { record.sums.cell($0) }
      return ReportRow(
        cells: cells + usage.cells(cost, spent[currency] ?? UsageSums(), currency: currency)
          + [.text(record.id), .text(record.writer)])
    }
    let totals = usage.totals(records.map { $0.row(usage) }) { rows, currency in
      let labels = [ReportCell](repeating: .missing, count: Self.dimensions.count + 3)
      let sums = rows.sum
      return ReportRow(
        cells: labels + usage.currencyCells(currency) + usage.cells(measures + cost, sums, currency: currency)
          + [.missing, .missing])
    }
    var report = usage.report(
      columns: columns(usage, measures), rows: rows, total: totals.all, totals: totals.each)
    report.notes = notes(usage, records)
    return report
  }

  private func columns(_ usage: Usage, _ measures: [UsageMeasure]) -> [ReportColumn] {
    let labels =
      [ReportColumn("time", .dimension)]
      + Self.dimensions.map { ReportColumn($0, .dimension, isBrief: Self.shown.contains($0)) }
      + [ReportColumn("status", .dimension, isBrief: false), ReportColumn("badge", .dimension)]
    let counts = measures.map { measure in
      let column = measure.column
      return ReportColumn(
        column.name, column.role, isBrief: Self.brief.contains(column.name),
        decimals: column.name == "cost" ? ReportColumn.exact : 2)
    }
    return labels + usage.currencyColumns + counts
      + (usage.request.showsCost ? [ReportColumn("cost_so_far", .amount, decimals: ReportColumn.exact)] : [])
      + [ReportColumn("id", .dimension, isBrief: false), ReportColumn("writer", .dimension, isBrief: false)]
  }

  /// What all of it has in common.
  private func notes(_ usage: Usage, _ records: [EventRecord]) -> [String] {
    guard let first = records.first, let last = records.last else { return [] }
    let rows = records.map { $0.row(usage) }
    let times = [first, last].map { usage.request.zone.timeText(of: $0.time) }
    let count = "\(records.count) event\(records.count == 1 ? "" : "s")"
    var notes = [
      "Session \(session): \(count), \(times[0]) to \(times[1]), \(Self.length(last.time - first.time))."
    ]
    for (name, what) in [
      ("model", "Models"), ("service", "Services"), ("project", "Projects"), ("user", "Users"),
    ] {
      guard let place = Self.dimensions.firstIndex(of: name) else { continue }
      let names = ranked(rows, place)
      if !names.isEmpty { notes.append("\(what): \(names.joined(separator: ", ")).") }
    }
    return notes + ["Events were read from the segments: rollups hold sums only."]
  }

  /// `2h 05m 07s`, in whole seconds.
  private static func length(_ ms: Int64) -> String {
    let seconds = ms / 1000
    func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
    if seconds < 60 { return "\(seconds)s" }
    if seconds < 3600 { return "\(seconds / 60)m \(two(seconds % 60))s" }
    return "\(seconds / 3600)h \(two(seconds / 60 % 60))m \(two(seconds % 60))s"
  }
}

extension EventRecord {
  /// The event as a group of its own.
  fileprivate func row(_ usage: Usage) -> Usage.Row {
    Usage.Row(bucket: 0, texts: texts, currency: usage.isMixed ? currency : nil, sums: sums)
  }
}
