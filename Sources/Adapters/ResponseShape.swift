package import JSON

/// What a provider's response can only be, by its shape; the first that fits is it.
package enum ResponseShape: Equatable, Sendable {
  case xAI, groq, perplexity, perplexityAgent, openRouter, deepSeek, anthropic, gemini, bedrock
  /// OpenAI's shapes, which many speak.
  case chat, responses, embeddings, images, transcription

  /// The shape of a response that is whole; nil when it is none.
  package static func recognise(_ object: JSONNode) -> ResponseShape? {
    if object.object("usageMetadata") ?? object.object("usage_metadata") != nil { return .gemini }
    let kind = object.string("object")
    let usage = object.object("usage")
    if let special = special(object, kind, usage) { return special }
    if kind == "response" { return .responses }
    if kind == "chat.completion" || kind == "chat.completion.chunk" || kind == "text_completion" {
      return .chat
    }
    if kind == "list", object["data"]?.elements.first(where: { $0.string("object") == "embedding" }) != nil {
      return .embeddings
    }
    guard let usage else { return nil }
    if object.string("type") == "message", object.string("role") == "assistant", usage["input_tokens"] != nil
    {
      return .anthropic
    }
    if usage["inputTokens"] != nil, object.object("metrics")?["latencyMs"] != nil { return .bedrock }
    if object["text"] != nil, usage.string("type") == "tokens" || usage.string("type") == "duration" {
      return .transcription
    }
    return object["created"] != nil && object["data"]?.kind == .array ? .images : nil
  }

  /// Shapes that only one provider has.
  private static func special(_ object: JSONNode, _ kind: String?, _ usage: JSONNode?) -> ResponseShape? {
    if usage?["cost_in_usd_ticks"] != nil { return .xAI }
    if kind == "chat.completion", object.string("model")?.hasPrefix("grok") == true { return .xAI }
    if object["x_groq"] != nil || usage?["queue_time"] != nil { return .groq }
    if usage?.object("cost")?["total_cost"] != nil {
      return kind == "response" ? .perplexityAgent : .perplexity
    }
    if kind != nil, object["search_results"] != nil || object["citations"] != nil { return .perplexity }
    if usage?["cost"]?.kind == .number { return .openRouter }
    if object.string("provider") != nil, object.string("id")?.hasPrefix("gen-") == true { return .openRouter }
    return usage?["prompt_cache_hit_tokens"] != nil ? .deepSeek : nil
  }

  /// The events of a record that is unmistakably one provider's response; nil when it is not.
  package static func events(ofUnmistakable record: RawSpan, time: Int64?) -> Findings? {
    guard let object = try? JSONNode(record: record), recognise(object)?.provider != nil else { return nil }
    var findings = Findings()
    var reader = Response.Reader(context: LogContext(path: "", time: time))
    reader.read(record, &findings)
    reader.finish(&findings)
    return findings
  }

  /// Whose shape this is; nil when several have it.
  package var provider: String? {
    switch self {
    case .xAI: "x_ai"
    case .groq: "groq"
    case .perplexity, .perplexityAgent: "perplexity"
    case .openRouter: "openrouter"
    case .deepSeek: "deepseek"
    case .anthropic: "anthropic"
    case .gemini: "gcp.gemini"
    case .bedrock: "aws.bedrock"
    case .chat, .responses, .embeddings, .images, .transcription: nil
    }
  }

  /// OpenTelemetry's word for what was done.
  var operation: String {
    switch self {
    case .embeddings: "embeddings"
    case .images: "image_generation"
    case .transcription: "transcription"
    default: "chat"
    }
  }

  /// Reads a usage object of this shape.
  func read(_ usage: JSONNode, into event: inout EventDraft) throws(Misread) {
    switch self {
    case .anthropic: try AnthropicUsage.read(usage, into: &event)
    case .gemini: try GeminiUsage.read(usage, into: &event)
    case .bedrock: try BedrockUsage.read(usage, into: &event)
    case .perplexity, .perplexityAgent: try PerplexityUsage.read(usage, into: &event)
    case .xAI: try XAIUsage.read(usage, into: &event)
    case .openRouter: try OpenRouterUsage.read(usage, into: &event)
    case .images: try OpenAIUsage.read(usage, splitsImages: true, into: &event)
    case .groq, .deepSeek, .chat, .responses, .embeddings, .transcription:
      try OpenAIUsage.read(usage, into: &event)
    }
  }

  /// How a provider words a usage object that comes alone, in an envelope.
  static func ofUsage(_ usage: JSONNode, provider: String) -> ResponseShape {
    if usage["promptTokenCount"] ?? usage["prompt_token_count"] != nil { return .gemini }
    if usage["inputTokens"] != nil { return .bedrock }
    let isAnthropic =
      usage["cache_creation_input_tokens"] != nil || usage["cache_read_input_tokens"] != nil
      || usage["cache_creation"] != nil
    switch provider {
    case "anthropic": return .anthropic
    case "gcp.gemini" where !isAnthropic, "gcp.vertex_ai" where !isAnthropic: return .chat
    case "perplexity": return .perplexity
    case "x_ai": return .xAI
    case "openrouter": return .openRouter
    default: return isAnthropic ? .anthropic : .chat
    }
  }
}
