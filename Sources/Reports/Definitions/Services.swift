/// A row a service.
package struct ServicesReport: GroupedReport {
  package static let name = "services"
  package static let abstract = "A row a service."
  package static let dimensions = ["service"]

  package let words: ReportParameters

  package init(_ words: ReportParameters) throws(ParameterError) { self.words = try words.checked() }
}
