//! Who used what, and who has not been seen for a while.

import Bytes
package import Calendar
package import Query

/// A row a user.
package struct UsersReport: Sendable {
  /// How many days after the last use a user is still called active, and then idle.
  package struct Activity: Equatable, Sendable {
    package var activeDays: Int
    package var idleDays: Int

    package init(activeDays: Int = 7, idleDays: Int = 30) {
      self.activeDays = activeDays
      self.idleDays = idleDays
    }
  }

  /// What must be read.
  package static let dimensions = ["user"]
  package static let details = ["session", "model"]

  private let activity: Activity
  /// The day at whose end users are judged.
  private let day: CivilDate
  /// Only users with this text in their name, whatever its case.
  private let search: String?

  package init(activity: Activity, day: CivilDate, search: String? = nil) {
    self.activity = activity
    self.day = day
    self.search = search?.lowercased()
  }

  private static let names = ["requests", "input_tokens", "output_tokens", "tokens", "cost"]

  package func report(_ usage: Usage) -> Report {
    let measures = UsageMeasure.named(Self.names, showsCost: usage.request.showsCost)
    let groups = Grouping(usage) { row in matches(row.texts[0]) ? [row.texts[0]] : nil }
    var total = UsageSums()
    for sums in groups.sums.values { total += sums }
    let columns =
      [ReportColumn("user", .dimension)] + usage.currencyColumns + measures.map(\.column)
      + [
        ReportColumn("sessions", .count), ReportColumn("models", .dimension),
        ReportColumn("last_seen", .dimension),
        ReportColumn("activity", .dimension),
        ReportColumn("share", .percent),
      ]
    let rows = groups.sums.sorted { Self.precedes($0, $1) }.map { name, sums in
      let cells =
        [ReportCell.text(name.key[0])] + usage.currencyCells(name.currency)
        + usage.cells(measures, sums, currency: name.currency)
        + [
          .count(usage.distinctCount("session", in: sums)),
          .text(usage.ranked("model", in: sums).joined(separator: ", ").nonEmpty),
          usage.minuteText(sums.times?.upperBound), .text(status(sums, usage)),
          sums.share(of: total, isOfCost: usage.isShareOfCost),
        ]
      return ReportRow(cells: cells)
    }
    let totals = usage.totals(groups.rows.values.flatMap(\.self)) { rows, currency in
      let sums = rows.sum
      let cells =
        [ReportCell.missing] + usage.currencyCells(currency) + usage.cells(measures, sums, currency: currency)
        + [.count(usage.distinctCount("session", in: sums)), .missing, .missing, .missing]
      return ReportRow(cells: cells + [sums.share(of: total, isOfCost: usage.isShareOfCost)])
    }
    return usage.report(columns: columns, rows: rows, total: totals.all, totals: totals.each)
  }

  private func matches(_ user: ByteText?) -> Bool {
    guard let search else { return true }
    guard let user else { return false }
    return Array(user.text.lowercased().utf8).contains(Array(search.utf8))
  }

  private typealias Group = (key: Grouping<[ByteText?]>.Name, value: UsageSums)

  private static func precedes(_ a: Group, _ b: Group) -> Bool {
    let (left, right) = ((a.value.cost, a.value.tokens), (b.value.cost, b.value.tokens))
    if left != right { return left > right }
    if a.key.key != b.key.key { return a.key.key.precedes(b.key.key) }
    return (a.key.currency ?? "") < (b.key.currency ?? "")
  }

  private func status(_ sums: UsageSums, _ usage: Usage) -> String? {
    guard let last = sums.times?.upperBound else { return nil }
    let days = day - usage.request.zone.localDate(of: last)
    return days <= activity.activeDays ? "active" : days <= activity.idleDays ? "idle" : "inactive"
  }
}

extension String {
  /// Nil when there is nothing in it.
  var nonEmpty: String? { isEmpty ? nil : self }
}
