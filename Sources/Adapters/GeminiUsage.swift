import Events
package import JSON

/// Gemini's `usageMetadata`, which Qwen Code copies; snake_case as Python writes it is the same.
///
/// The prompt contains what came from the cache; what tools put into the prompt comes on top of it; thoughts come on
/// top of the candidates, unless the total says that they are in them.
package enum GeminiUsage {
  /// Reads the counters into an event.
  package static func read(_ usage: JSONNode, into event: inout EventDraft) throws(Misread) {
    let prompt = try usage.counted(anyOf: "promptTokenCount", "prompt_token_count") ?? 0
    let cached = try usage.counted(anyOf: "cachedContentTokenCount", "cached_content_token_count") ?? 0
    let tool = try usage.counted(anyOf: "toolUsePromptTokenCount", "tool_use_prompt_token_count") ?? 0
    let candidates =
      try usage.counted(
        anyOf: "candidatesTokenCount", "candidates_token_count", "responseTokenCount", "response_token_count")
      ?? 0
    let thoughts = try usage.counted(anyOf: "thoughtsTokenCount", "thoughts_token_count") ?? 0
    let total = try usage.counted(anyOf: "totalTokenCount", "total_token_count")
    event[.inputTokens] =
      try Disjoint.rest(of: prompt, "promptTokenCount", without: [("cachedContentTokenCount", cached)]) + tool
    event[.cacheReadTokens] = cached
    let isInside = thoughts > 0 && total == prompt + tool + candidates
    event[.outputTokens] = isInside ? candidates : candidates + thoughts
    event[.reasoningTokens] = thoughts
  }
}
