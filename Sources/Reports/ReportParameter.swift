//! The words that a question may be asked with. A command has a flag for each, a query string a key.

/// One parameter of reports.
package struct ReportParameter: Sendable {
  /// The name as a query string spells it, such as `min_share`.
  package let name: String
  /// The word that stands for a value in help; nil for a switch.
  package let valueName: String?
  /// One sentence for help.
  package let help: String
  /// Whether it may be given several times.
  package let isRepeated: Bool

  package init(_ name: String, _ valueName: String?, isRepeated: Bool = false, _ help: String) {
    self.name = name
    self.valueName = valueName
    self.isRepeated = isRepeated
    self.help = help
  }

  /// The same parameter with other words in help, for a report in which it means something of its own.
  package func saying(_ help: String, _ valueName: String? = nil) -> ReportParameter {
    ReportParameter(name, valueName ?? self.valueName, isRepeated: isRepeated, help)
  }

  /// The name as a long flag without its dashes, such as `min-share`.
  package var flag: String { name.replacing("_", with: "-") }
}

extension ReportParameter: Hashable {
  package static func == (a: ReportParameter, b: ReportParameter) -> Bool { a.name == b.name }
  package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

/// The parameters that several reports share; those of one report stand beside its definition.
extension ReportParameter {
  package static let range = ReportParameter(
    "range", "range", "The range: 2026-10, 2026, 2026-W41, last-month, this-week, 7d, yesterday, 2026-10-01 …"
  )
  package static let since = ReportParameter("since", "date", "First day, inclusive.")
  package static let until = ReportParameter("until", "date", "Last day, inclusive.")
  package static let timezone = ReportParameter(
    "timezone", "zone", "IANA name of the zone that cuts days (default: the configured or the system's).")
  package static let weekStart = ReportParameter(
    "week_start", "day", "First day of weeks (default: week_start, else monday).")
  package static let asOf = ReportParameter(
    "as_of", "date", "What the report said at the end of this day: later events do not count.")
  package static let filter = ReportParameter(
    "where", "filter", isRepeated: true,
    "Only events that match, such as 'service=claude and not user=ann@example.com'; of several, all must.")
  package static let kind = ReportParameter(
    "kind", "kind", "Which kind of event: usage or billed; kinds are never added together.")
  package static let by = ReportParameter(
    "by", "fields", isRepeated: true,
    "Group by these fields too, such as model or user,project; may be given several times.")
  package static let every = ReportParameter("every", "time", "A row for each hour, day, week or month too.")
  package static let top = ReportParameter("top", "n", "Keep the N largest, the rest in one row Others.")
  package static let minShare = ReportParameter(
    "min_share", "p", "Keep those with at least P percent, the rest in one row Others.")
  package static let currency = ReportParameter(
    "currency", "code", "Convert all amounts to this currency, at the rates of their days (see tally fx).")
  package static let cost = ReportParameter(
    "cost", "mode",
    "Which cost: auto (as reported, else computed), calculate (computed) or display (as reported).")
  package static let listPrice = ReportParameter(
    "list_price", nil,
    "Show beside the cost what the same usage costs without negotiated prices and discounts.")
  package static let noCost = ReportParameter("no_cost", nil, "Show no amounts, prices and currencies.")
  package static let order = ReportParameter(
    "order", "columns", isRepeated: true, "Columns that order the rows, those with - in front largest first.")
  package static let limit = ReportParameter("limit", "n", "Rows of a page.")
  package static let page = ReportParameter("page", "n", "Which page, from 1; needs --limit.")
}
