//! Who used what, and who has not been seen for a while.

import Bytes
import Calendar
import Configuration
package import Query

extension ReportParameter {
  /// Of `users`.
  package static let search = ReportParameter(
    "search", "text", "Only users with this in their name, in any case.")
}

/// A row a user.
package struct UsersReport: SumsReport {
  package static let name = "users"
  package static let abstract = "A row a user: usage, models, when last seen, and whether active."
  package static let discussion = """
    A user is active up to 7 days after the last use, then idle, and after 30 days inactive; active_days and
    idle_days of [users] in the configuration say otherwise. Days are counted to the end of the range, but not
    beyond today or --as-of.
    """
  package static let by = ReportParameter.by.saying(
    "Divide each user by these fields too, such as model; may be given several times.")
  package static let parameters = ReportParameter.shared + ReportParameter.paging + [.search, by]

  /// How many days after the last use a user is still called active, and then idle.
  package struct Activity: Equatable, Sendable {
    package var activeDays: Int
    package var idleDays: Int

    package init(activeDays: Int = 7, idleDays: Int = 30) {
      self.activeDays = activeDays
      self.idleDays = idleDays
    }
  }

  /// The day at whose end users are judged, and how.
  package struct Value: Sendable {
    let activity: Activity
    let day: CivilDate
  }

  private static let names = ["requests", "input_tokens", "output_tokens", "tokens", "cost"]

  private let words: ReportParameters
  /// Only users with this text in their name, whatever its case.
  private let search: String?

  package init(_ words: ReportParameters) throws(ParameterError) {
    self.words = try words.checked()
    search = words[.search]?.lowercased()
  }

  package func plan(_ context: ReportContext) throws(ReportFailure) -> ReportPlan<Value> {
    let dimensions = try words.dimensions(context, beside: ["user"])
    var request = try words.request(Self.name, context, dimensions: dimensions, defaultRange: "90d")
    request.needsTimes = true
    request.details = ["session", "model"]
    let settings = context.configuration
    var activity = Activity()
    activity.activeDays = settings.activeDays ?? activity.activeDays
    activity.idleDays = max(settings.idleDays ?? activity.idleDays, activity.activeDays)
    // Events after the range are not read, so users cannot be judged by them.
    let day = min(request.days.upperBound, request.asOf ?? request.zone.localDate(of: context.nowMs))
    return ReportPlan(
      requests: try words.priced([request], context), value: Value(activity: activity, day: day))
  }

  package func report(_ usages: [Usage], _ value: Value) throws(ReportFailure) -> Report {
    try words.page(rows(usages[0], value))
  }

  private func rows(_ usage: Usage, _ value: Value) -> Report {
    let measures = UsageMeasure.named(Self.names, showsCost: usage.request.showsCost)
    let groups = Grouping(usage) { row in matches(row.texts[0]) ? row.texts : nil }
    var total = UsageSums()
    for sums in groups.sums.values { total += sums }
    let columns =
      usage.request.dimensions.map { ReportColumn($0, .dimension) } + usage.currencyColumns
      + measures.map(\.column)
      + [
        ReportColumn("sessions", .count), ReportColumn("models", .dimension),
        ReportColumn("last_seen", .dimension),
        ReportColumn("activity", .dimension),
        ReportColumn("share", .percent),
      ]
    let rows = groups.sums.sorted { Self.precedes($0, $1) }.map { name, sums in
      let cells =
        name.key.map { ReportCell.text($0) } + usage.currencyCells(name.currency)
        + usage.cells(measures, sums, currency: name.currency)
        + [
          .count(usage.distinctCount("session", in: sums)),
          .text(usage.ranked("model", in: sums).joined(separator: ", ").nonEmpty),
          usage.minuteText(sums.times?.upperBound), .text(status(sums, usage, value)),
          sums.share(of: total, isOfCost: usage.isShareOfCost),
        ]
      return ReportRow(cells: cells)
    }
    let totals = usage.totals(groups.rows.values.flatMap(\.self)) { rows, currency in
      let sums = rows.sum
      let cells =
        usage.request.dimensions.map { _ in ReportCell.missing } + usage.currencyCells(currency)
        + usage.cells(measures, sums, currency: currency)
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

  private func status(_ sums: UsageSums, _ usage: Usage, _ value: Value) -> String? {
    guard let last = sums.times?.upperBound else { return nil }
    let days = value.day - usage.request.zone.localDate(of: last)
    return days <= value.activity.activeDays
      ? "active" : days <= value.activity.idleDays ? "idle" : "inactive"
  }
}

extension String {
  /// Nil when there is nothing in it.
  var nonEmpty: String? { isEmpty ? nil : self }
}
