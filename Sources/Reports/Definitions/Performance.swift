package import Query

extension ReportParameter {
  /// Of `performance`.
  package static let noPercentiles = ReportParameter(
    "no_percentiles", nil, "Leave out the median and the 95th percentile, which need every event.")
}

/// How well services answer.
package struct PerformanceReport: GroupedReport {
  package static let name = "performance"
  package static let abstract = "Requests a day, errors, time and tokens per second by service and model."
  package static let discussion = """
    The mean time is of all requests, those that tell no time included; the median and the 95th percentile are of events
    that are one request and tell its time.
    """
  package static let parameters = ReportParameter.grouped + [.listPrice, .noPercentiles]
  package static let dimensions = ["service", "model"]

  package let words: ReportParameters

  package init(_ words: ReportParameters) throws(ParameterError) { self.words = try words.checked() }

  package func finish(_ request: inout ReportRequest, _ context: ReportContext) {
    request.measures =
      ["requests", "requests_per_day", "errors", "error_rate", "duration_mean_ms"]
      + (words[isOn: .noPercentiles] ? [] : ["duration_p50_ms", "duration_p95_ms"])
      + ["output_tokens", "output_tokens_per_second"]
  }
}
