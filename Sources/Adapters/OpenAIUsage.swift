import Events
package import JSON

/// The `usage` of OpenAI's interfaces (chat, Responses, embeddings, images, transcription) and of all who copy them:
/// Groq, Mistral, DeepSeek, xAI, OpenRouter, LiteLLM.
///
/// Input contains what came from the cache and what went into it; output contains the reasoning, unless the total
/// says that it comes on top (xAI).
package enum OpenAIUsage {
  /// Reads the counters into an event.
  ///
  /// - Parameter splitsImages: whether tokens of pictures have a price of their own, as where pictures are made.
  package static func read(
    _ usage: JSONNode, splitsImages: Bool = false, into event: inout EventDraft
  ) throws(Misread) {
    if usage.string("type") == "duration" {
      event[.audioSeconds] = try usage.seconds("seconds")
      return
    }
    let input = try usage.counted(anyOf: "prompt_tokens", "input_tokens")
    let output = try usage.counted(anyOf: "completion_tokens", "output_tokens")
    let total = try usage.counted("total_tokens")
    if input == nil, output == nil, let total {
      event[.unsplitTokens] = total
      return
    }
    try readInput(usage, input ?? 0, splitsImages, &event)
    try readOutput(usage, output ?? 0, total.map { $0 - (input ?? 0) }, splitsImages, &event)
  }

  private static func details(_ usage: JSONNode, _ names: String...) -> JSONNode? {
    for name in names { if let details = usage.object(name) { return details } }
    return nil
  }

  private static func readInput(
    _ usage: JSONNode, _ input: Int64, _ splitsImages: Bool, _ event: inout EventDraft
  ) throws(Misread) {
    let details = details(usage, "prompt_tokens_details", "input_tokens_details", "input_token_details")
    let elsewhere = try usage.counted(
      anyOf: "prompt_cache_hit_tokens", "num_cached_tokens", "cache_read_input_tokens")
    let cached = try details?.counted("cached_tokens") ?? elsewhere ?? 0
    let creation = try usage.counted("cache_creation_input_tokens")
    let written = try details?.counted(anyOf: "cache_write_tokens", "cache_creation_tokens") ?? creation ?? 0
    let half = try details?.object("cache_write_tokens_details")?.count("ttl_12h_tokens") ?? 0
    var rest = try Disjoint.rest(
      of: input, "the input", without: [("cached_tokens", cached), ("cache_write_tokens", written)])
    // Of pictures and sound some may have come from the cache: what is left cannot be more than the rest.
    let audio = min(rest, try details?.count("audio_tokens") ?? 0)
    rest -= audio
    let images = splitsImages ? min(rest, try details?.count("image_tokens") ?? 0) : 0
    event[.inputTokens] = rest - images
    event[.cacheReadTokens] = cached
    event[.cacheWriteTokens] = try Disjoint.rest(
      of: written, "cache_write_tokens", without: [("ttl_12h_tokens", half)])
    event[.cacheWrite12hTokens] = half
    event[.inputAudioTokens] = audio
    event[.inputImageTokens] = images
  }

  /// - Parameter said: what the total leaves for the output.
  private static func readOutput(
    _ usage: JSONNode, _ output: Int64, _ said: Int64?, _ splitsImages: Bool, _ event: inout EventDraft
  ) throws(Misread) {
    let details = details(usage, "completion_tokens_details", "output_tokens_details")
    let elsewhere = try usage.count("reasoning_tokens")
    let reasoning = try details?.counted("reasoning_tokens") ?? elsewhere
    let isOnTop = reasoning > 0 && said == output + reasoning
    let all = isOnTop ? output + reasoning : output
    let audio = try details?.count("audio_tokens") ?? 0
    let images = splitsImages ? try details?.count("image_tokens") ?? 0 : 0
    event[.outputTokens] = try Disjoint.rest(
      of: all, "the output", without: [("audio_tokens", audio), ("image_tokens", images)])
    event[.outputAudioTokens] = audio
    event[.outputImageTokens] = images
    event[.reasoningTokens] = reasoning
  }
}
