package import Calendar
import Query

/// A row a day.
package struct DailyReport: GroupedReport {
  package static let name = "daily"
  package static let abstract = "A row a day."
  package static let dimensions: [String] = []

  package let words: ReportParameters

  package init(_ words: ReportParameters) throws(ParameterError) { self.words = try words.checked() }

  package func unit(_ context: ReportContext) -> BucketUnit? { .day }
}
