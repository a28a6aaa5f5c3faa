import Query

/// Names for people.
enum Heading {
  /// The head of a column, such as "Cache read" or "Cost (USD)".
  static func head(_ column: ReportColumn, currency: String?) -> String {
    let words = names[column.name] ?? words(column.name)
    guard column.isCost, let currency else { return words }
    return "\(words) (\(currency))"
  }

  /// The columns whose values are names of ours.
  static let namedColumns: Set<String> = ["counter", "rate", "saving", "period"]

  /// The columns of texts that a row may do without; where a dimension is absent, that is news.
  static let optionalColumns: Set<String> = ["budget", "budget_unit", "peak_at", "runs_out_at"]

  /// A value of such a column, such as "Cache read" or "TPM".
  static func value(_ name: String) -> String { names[name] ?? words(name) }

  /// `cost_by_model` as "Cost by model".
  static func words(_ name: String) -> String {
    let spaced = String(name.map { $0 == "_" ? " " : $0 })
    return spaced.prefix(1).uppercased() + spaced.dropFirst()
  }

  private static let names = [
    "input_tokens": "Input",
    "cache_read_tokens": "Cache read",
    "cache_write_tokens": "Cache write",
    "cache_write_1h_tokens": "Cache write 1h",
    "cache_write_12h_tokens": "Cache write 12h",
    "output_tokens": "Output",
    "reasoning_tokens": "Reasoning",
    "input_audio_tokens": "Audio in",
    "output_audio_tokens": "Audio out",
    "input_image_tokens": "Image in",
    "output_image_tokens": "Image out",
    "unsplit_tokens": "Unsplit",
    "total_tokens": "Tokens",
    "audio_seconds": "Audio (s)",
    "duration_ms": "Time (ms)",
    "cost_reported": "Reported cost",
    "cost_computed": "Computed cost",
    "cost_list": "List cost",
    "cost_list_difference": "Above cost",
    "cost_what_if": "What-if cost",
    "cost_what_if_difference": "Difference",
    "what_if_model": "What-if model",
    "cost_per_request": "Cost/request",
    "duration_mean_ms": "Mean time (ms)",
    "output_tokens_per_second": "Output/s",
    "counter": "Kind",
    "duration_p50_ms": "Time p50 (ms)",
    "duration_p95_ms": "Time p95 (ms)",
    "requests_per_day": "Requests/day",
    "length_ms": "Length (ms)",
    "cost_before": "Cost before",
    "cost_as_input": "As input",
    "cost_saved": "Saved",
    "cost_avoidable": "Avoidable",
    "limit_share": "Of limit",
    "tokens_per_minute": "Tokens/min",
    "budget_limit": "Limit",
    "budget_unit": "Unit",
    "budget_share": "Of limit",
    "quota_share": "Of quota",
    "tokens_remaining": "Tokens left",
    "requests_remaining": "Requests left",
    "rpm": "RPM", "rpd": "RPD", "tpm": "TPM", "tpd": "TPD", "ipm": "IPM",
  ]
}
