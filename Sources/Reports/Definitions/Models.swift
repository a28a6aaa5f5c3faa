package import Query

extension ReportParameter {
  /// Of `models`.
  package static let percentiles = ReportParameter(
    "percentiles", nil,
    "Show the median and the 95th percentile of the cost of a request too; reads every event.")
}

/// A row a model.
package struct ModelsReport: GroupedReport {
  package static let name = "models"
  package static let abstract = "A row a model: usage, cost, cache hit rate and cost per request."
  package static let parameters = ReportParameter.grouped + [.listPrice, .percentiles]
  package static let dimensions = ["model"]

  package let words: ReportParameters

  package init(_ words: ReportParameters) throws(ParameterError) { self.words = try words.checked() }

  package func finish(
    _ request: inout ReportRequest, _ context: ReportContext
  ) throws(ReportFailure) {
    request.moreMeasures = ["cache_hit_rate", "cost_per_request"]
    guard words[isOn: .percentiles] else { return }
    if !request.showsCost {
      throw .parameter(
        .percentiles, "\(.percentiles): costs are hidden",
        mend: "leave \(.noCost) or show_cost = false out")
    }
    request.moreMeasures += ["cost_p50", "cost_p95"]
  }
}
