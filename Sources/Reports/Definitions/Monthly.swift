package import Calendar
import Query

/// A row a month.
package struct MonthlyReport: GroupedReport {
  package static let name = "monthly"
  package static let abstract = "A row a month."
  package static let defaultRange = "this-year"
  package static let dimensions: [String] = []

  package let words: ReportParameters

  package init(_ words: ReportParameters) throws(ParameterError) { self.words = try words.checked() }

  package func unit(_ context: ReportContext) -> BucketUnit? { .month }
}
