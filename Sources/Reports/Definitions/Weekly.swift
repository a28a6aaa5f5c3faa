package import Calendar
import Query

/// A row a week.
package struct WeeklyReport: GroupedReport {
  package static let name = "weekly"
  package static let abstract = "A row a week; weeks are ISO weeks unless --week-start says otherwise."
  package static let defaultRange = "12w"
  package static let dimensions: [String] = []

  package let words: ReportParameters

  package init(_ words: ReportParameters) throws(ParameterError) { self.words = try words.checked() }

  package func unit(_ context: ReportContext) throws(ReportFailure) -> BucketUnit? {
    .week(startingOn: try words.firstWeekday(context))
  }
}
