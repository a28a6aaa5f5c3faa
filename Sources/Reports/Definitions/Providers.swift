/// A row a provider and service.
package struct ProvidersReport: GroupedReport {
  package static let name = "providers"
  package static let abstract = "A row a provider and service."
  package static let dimensions = ["provider", "service"]

  package let words: ReportParameters

  package init(_ words: ReportParameters) throws(ParameterError) { self.words = try words.checked() }
}
