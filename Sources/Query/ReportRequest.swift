package import Calendar
package import Exchange

/// What a report is asked to show.
package struct ReportRequest: Sendable {
  /// Its name, such as `daily`.
  package var name: String
  /// The time buckets of rows; nil for none.
  package var unit: BucketUnit?
  /// What else rows are grouped by: event dimensions or `tag.NAME`.
  package var dimensions: [String]
  /// The dimensions of which each group tells what it used of each value (`Usage`).
  package var details: [String] = []
  /// First and last local day.
  package var days: ClosedRange<CivilDate>
  package var zone: TimeZoneRules
  package var filter: Filter?
  /// The kind of event that counts: kinds are never added together.
  package var kind = "usage"
  /// Which buckets without events get a row of zeros.
  package enum Gaps: Sendable {
    /// Those between the first and the last bucket with events.
    case between
    /// All of the range.
    case everywhere
  }

  package var gaps = Gaps.between
  /// Keep this many groups, the rest becomes Others.
  package var top: Int?
  /// Keep groups with at least this share, in hundredths of a percent.
  package var shareMin: Int?

  /// Other prices, to be shown beside the cost.
  package var comparison: PriceComparison?
  /// Which cost counts; of bills, which hold only what was reported, all but `calculate` are the same.
  package var costMode = CostMode.auto
  /// The one currency of all amounts; nil leaves each in its own.
  package var conversion: Conversion?
  /// Only events up to the end of this local day count; nil counts all.
  package var asOf: CivilDate?
  /// Whether the times of the first and last event of each group are asked for.
  package var needsTimes = false
  /// Whether the sums of each minute are asked for (`ReportRun.minutes`); not by session, whose rollups have none.
  package var needsMinutes = false
  /// The measures to show, in order, by name; nil shows those of the report.
  package var measures: [String]?
  /// Measures to show beside those of the report, by name; without costs those that tell of them are left out.
  package var moreMeasures: [String] = []
  /// The last day that has begun; nil when no measure is about that.
  package var today: CivilDate?
  /// What the measures of a row must fulfil; the rows left are what totals and shares are of.
  package var rowFilter: Filter?
  /// What rows are ordered by before all else.
  package var order: [ReportOrder] = []
  /// How many rows are shown.
  package var limit: Int?
  /// Whether there are amounts at all: without, nothing of the report tells about money.
  package var showsCost = true

  package init(
    name: String, unit: BucketUnit?, dimensions: [String], days: ClosedRange<CivilDate>, zone: TimeZoneRules
  ) {
    self.name = name
    self.unit = unit
    self.dimensions = dimensions
    self.days = days
    self.zone = zone
  }
}

/// A column that orders rows.
package struct ReportOrder: Equatable, Sendable {
  package let column: String
  package let isDescending: Bool

  package init(_ column: String, isDescending: Bool = false) {
    self.column = column
    self.isDescending = isDescending
  }
}

extension ReportRequest {
  /// The instant that is now for the report: the end of the last day whose events count, once that is over.
  package func now(_ clockMs: Int64) -> Int64 {
    min(clockMs, asOf.map { zone.startOfDay($0 + 1) } ?? .max)
  }

  /// Whether rows are kinds of what was counted, at computed cost.
  var isByCounter: Bool { dimensions.first == ReportField.counter }

  /// The measures that are shown and those that rows are chosen by.
  var usedMeasures: [ReportMeasure] {
    let tested = rowFilter?.fields ?? []
    return ReportMeasure.all(self)
      + ReportMeasure.catalogue(showsCost: showsCost).filter { tested.contains($0.column.name) }
  }

  /// The values of single events that its measures need.
  var spreads: Set<Spread.Kind> { Set(usedMeasures.compactMap(\.spread)) }

  /// The dimensions that events have; the others are made of what was summed.
  var storedDimensions: [String] {
    dimensions.filter { $0 != ReportField.counter && $0 != comparison?.dimension }
  }
}

/// The fields reports can group and filter by.
package enum ReportField {
  private static let names = [
    "provider", "service", "account", "source", "model", "operation", "request_type", "service_tier", "user",
    "project", "session",
  ]

  /// The dimension whose values are kinds of tokens and other counters; it stands first.
  package static let counter = "counter"

  /// The percentage of the whole that a row is.
  package static let share = "share"

  /// The measures that can be asked for by name.
  package static func measures(showsCost: Bool) -> [FilterField] {
    ReportMeasure.catalogue(showsCost: showsCost).map(\.field)
  }

  /// What decides prices besides time and counters.
  static let pricing = ["provider", "model", "service_tier", "request_type"]

  /// The names, tags included.
  package static func all(tags: [String]) -> [String] { names + tags.map { "tag.\($0)" } }

  /// The rollup's column of a field.
  static func column(_ field: String) -> String {
    field.hasPrefix("tag.") ? "tag_\(field.dropFirst(4))" : field
  }

  /// The fields of `--where`; `period` besides those one can group by.
  package static func filterFields(tags: [String]) -> [FilterField] {
    (all(tags: tags) + ["period"]).map { FilterField($0) }
  }
}
