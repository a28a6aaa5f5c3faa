//! Usage objects of providers that only begin like OpenAI's, or not at all.

import Events
package import JSON
import Money

/// Perplexity: searches are counted, the cost is said, and of deep research the reasoning comes on top of the output.
package enum PerplexityUsage {
  package static func read(_ usage: JSONNode, into event: inout EventDraft) throws(Misread) {
    if let details = usage.object("input_tokens_details"), details["cache_read_input_tokens"] != nil {
      return try readAgent(usage, details, &event)
    }
    try OpenAIUsage.read(usage, into: &event)
    if let reasoning = event[.reasoningTokens], reasoning > 0 {
      try event.add(reasoning, to: .outputTokens)
    }
    event[.searches] = try usage.count("num_search_queries")
    if let citations = try usage.counted("citation_tokens"), citations > 0 {
      event.metadata.append(("citation_tokens", "\(citations)"))
    }
    if let size = usage.string("search_context_size"), size != "low" {
      event[text: .serviceTier] = "search_context_\(size)"
    }
    event.setCost(try usage.object("cost")?.amount("total_cost"))
  }

  /// The Agent API's: nobody says whether its input contains the cache, so it does only if it can.
  private static func readAgent(
    _ usage: JSONNode, _ details: JSONNode, _ event: inout EventDraft
  ) throws(Misread) {
    let input = try usage.count("input_tokens")
    let read = try details.count("cache_read_input_tokens")
    let written = try details.count("cache_creation_input_tokens")
    event[.inputTokens] = Disjoint.restIfContained(of: input, without: read, written)
    event[.cacheReadTokens] = read
    event[.cacheWriteTokens] = written
    event[.outputTokens] = try usage.count("output_tokens")
    event[.searches] = try usage.object("tool_calls_details")?.object("web_search")?.count("invocation")
    let cost = usage.object("cost")
    event.setCost(try cost?.amount("total_cost"), cost?.string("currency") ?? "USD")
  }
}

/// xAI: a tick is a ten-thousand-millionth of a dollar.
package enum XAIUsage {
  package static func read(_ usage: JSONNode, into event: inout EventDraft) throws(Misread) {
    try OpenAIUsage.read(usage, into: &event)
    event.setCost(try usage.amount("cost_in_usd_ticks", power: -10))
  }
}

/// OpenRouter: the cost is its own charge; with a key of one's own the provider charges as well.
package enum OpenRouterUsage {
  package static func read(_ usage: JSONNode, into event: inout EventDraft) throws(Misread) {
    try OpenAIUsage.read(usage, into: &event)
    event[.searches] = try usage.object("server_tool_use_details")?.count("web_search_requests")
    guard var cost = try usage.amount("cost") else { return }
    if usage.flag("is_byok") == true {
      cost += try usage.object("cost_details")?.amount("upstream_inference_cost") ?? 0
    }
    event.setCost(cost)
  }
}

/// Bedrock's Converse: disjoint already.
package enum BedrockUsage {
  package static func read(_ usage: JSONNode, into event: inout EventDraft) throws(Misread) {
    event[.inputTokens] = try usage.count("inputTokens")
    event[.outputTokens] = try usage.count("outputTokens")
    event[.cacheReadTokens] = try usage.counted(anyOf: "cacheReadInputTokens", "cacheReadInputTokenCount")
    event[.cacheWriteTokens] = try usage.counted(anyOf: "cacheWriteInputTokens", "cacheWriteInputTokenCount")
  }
}
