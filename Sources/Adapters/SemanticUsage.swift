import Events

/// The counters of OpenTelemetry's conventions for generative AI.
///
/// Caches are parts of the input by the conventions; emitters that keep them apart show it by larger parts.
enum SemanticUsage {
  /// Reads the counters; whether there are any.
  @discardableResult
  static func read(_ attributes: OTLPAttributes, into event: inout EventDraft) throws(Misread) -> Bool {
    let input = try attributes.counted("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens")
    let output = try attributes.counted("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens")
    guard input != nil || output != nil else { return false }
    let read = try attributes.counted("gen_ai.usage.cache_read.input_tokens") ?? 0
    let written =
      try attributes.counted(
        "gen_ai.usage.cache_creation.input_tokens", "gen_ai.usage.cache_write.input_tokens") ?? 0
    event[.inputTokens] = Disjoint.restIfContained(of: input ?? 0, without: read, written)
    event[.cacheReadTokens] = read
    event[.cacheWriteTokens] = written
    event[.outputTokens] = output
    event[.reasoningTokens] = try attributes.counted("gen_ai.usage.reasoning.output_tokens")
    return true
  }
}
