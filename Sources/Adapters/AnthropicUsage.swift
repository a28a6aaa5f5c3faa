import Events
package import JSON

/// The `usage` object of Anthropic's Messages API, which agents and clouds copy.
///
/// Its counters are disjoint already: `input_tokens` is what was neither read from nor written to the cache.
package enum AnthropicUsage {
  /// Reads the counters into an event.
  package static func read(_ usage: JSONNode, into event: inout EventDraft) throws(Misread) {
    event[.inputTokens] = try usage.count("input_tokens")
    event[.cacheReadTokens] = try usage.count("cache_read_input_tokens")
    event[.outputTokens] = try usage.count("output_tokens")
    try readCacheWrites(usage, into: &event)
    if let details = usage.object("output_tokens_details") {
      event[.reasoningTokens] = try details.count("thinking_tokens")
    }
    if let tools = usage.object("server_tool_use") {
      event[.searches] = try tools.count("web_search_requests")
    }
    event[text: .serviceTier] = serviceTier(usage)
  }

  /// The split by lifetime where it is given; what it does not explain was written for five minutes.
  private static func readCacheWrites(_ usage: JSONNode, into event: inout EventDraft) throws(Misread) {
    let total = try usage.counted("cache_creation_input_tokens")
    guard let split = usage.object("cache_creation") else {
      event[.cacheWriteTokens] = total
      return
    }
    let hour = try split.count("ephemeral_1h_input_tokens")
    let minutes = try split.count("ephemeral_5m_input_tokens")
    event[.cacheWrite1hTokens] = hour
    event[.cacheWriteTokens] = max(minutes, (total ?? 0) - hour)
  }

  /// Fast mode is priced like a tier of its own; `standard` is what no tier means.
  private static func serviceTier(_ usage: JSONNode) -> String? {
    if usage.string("speed") == "fast" { return "fast" }
    guard let tier = usage.string("service_tier"), tier != "standard" else { return nil }
    return tier
  }
}
