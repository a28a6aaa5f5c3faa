//! OpenTelemetry's OTLP in JSON, as exporters and collectors write it to files: an object a line or in one file.
//!
//! Events come from logs and from spans of requests, never from metrics, which are sums of what logs tell: together
//! they would count twice. Spans of agents and workflows are sums of their children.

import Events
import JSON

enum OTLP {
  static let format = LogFormat(
    name: "otlp", title: "OTLP (JSON)", shape: .values,
    recognises: { sample in
      guard let first = sample.objects.first else { return false }
      return first["resourceLogs"] ?? first["resourceSpans"] ?? first["resourceMetrics"] != nil
    },
    reader: { _ in Reader() })

  struct Reader: JSONLogReader {
    func read(_ object: JSONNode, _ findings: inout Findings) throws(Misread) {
      if object["resourceMetrics"] != nil { findings.skip("metrics: sums of what logs and spans tell") }
      for (group, scopes, records) in [
        ("resourceLogs", "scopeLogs", "logRecords"), ("resourceSpans", "scopeSpans", "spans"),
      ] {
        for resource in object.elements(of: group) {
          let about = OTLPAttributes(resource.object("resource")?["attributes"])
          for scope in resource.elements(of: scopes) {
            for record in scope.elements(of: records) { read(record, about, &findings) }
          }
        }
      }
    }

    private func read(_ record: JSONNode, _ resource: OTLPAttributes, _ findings: inout Findings) {
      let attributes = OTLPAttributes(record["attributes"])
      let name =
        attributes.string("event.name") ?? record.string("eventName") ?? record.object("body")?.string(
          "stringValue")
        ?? record.string("name") ?? ""
      do throws(Misread) {
        guard let event = try Self.event(name, record, attributes, resource) else {
          return findings.skip("no usage in it")
        }
        findings.add(event)
      } catch {
        findings.fail(error)
      }
    }

    private static func event(
      _ name: String, _ record: JSONNode, _ attributes: OTLPAttributes, _ resource: OTLPAttributes
    ) throws(Misread) -> EventDraft? {
      var event = EventDraft()
      event.time = try time(record, attributes)
      event[text: .session] = attributes.string("session.id", "conversation.id", "gen_ai.conversation.id")
      event[text: .user] = attributes.string("user.email", "enduser.id")
      event[text: .model] = attributes.string("gen_ai.response.model", "model", "gen_ai.request.model")
      event[text: .operation] = "chat"
      switch name {
      case "api_request", "claude_code.api_request": try claudeCode(attributes, &event)
      case "codex.sse_event", "codex.websocket_event":
        guard attributes.string("event.kind") == "response.completed" else { return nil }
        guard try codex(attributes, &event) else { return nil }
      case "gemini_cli.api_response", "qwen-code.api_response": try geminiCLI(attributes, &event)
      default: guard try semantic(record, attributes, resource, &event) else { return nil }
      }
      if event.time == nil { throw Misread("no time in it") }
      if event.id.isEmpty { event.id = "\(event.time ?? 0)-\(event.weight)" }
      return event
    }

    /// Some exporters leave the time 0 and say when they saw it.
    private static func time(_ record: JSONNode, _ attributes: OTLPAttributes) throws(Misread) -> Int64? {
      if let time = attributes.instant("event.timestamp") { return time }
      for key in ["timeUnixNano", "endTimeUnixNano", "startTimeUnixNano", "observedTimeUnixNano"] {
        if let time = try record.time(key), time > 0 { return time }
      }
      return nil
    }

    private static func claudeCode(_ attributes: OTLPAttributes, _ event: inout EventDraft) throws(Misread) {
      event.id = attributes.string("request_id", "client_request_id") ?? ""
      event[text: .provider] = event[text: .model].flatMap(ProviderName.ofModel)
      event[text: .service] = "claude-code"
      event[.inputTokens] = try attributes.counted("input_tokens")
      event[.outputTokens] = try attributes.counted("output_tokens")
      event[.cacheReadTokens] = try attributes.counted("cache_read_tokens")
      event[.cacheWriteTokens] = try attributes.counted("cache_creation_tokens")
      event[.durationMs] = try attributes.counted("duration_ms")
      if attributes.string("speed") == "fast" { event[text: .serviceTier] = "fast" }
      let micros = try attributes.amount("cost_usd_micros", power: -6)
      let dollars = try attributes.amount("cost_usd")
      event.setCost(micros ?? dollars)
    }

    private static func codex(_ attributes: OTLPAttributes, _ event: inout EventDraft) throws(Misread) -> Bool
    {
      guard let input = try attributes.counted("input_token_count") else { return false }
      let cached = try attributes.counted("cached_token_count") ?? 0
      let written = try attributes.counted("cache_write_token_count") ?? 0
      event[text: .provider] = "openai"
      event[text: .service] = "codex"
      event[.inputTokens] = try Disjoint.rest(
        of: input, "input_token_count",
        without: [("cached_token_count", cached), ("cache_write_token_count", written)])
      event[.cacheReadTokens] = cached
      event[.cacheWriteTokens] = written
      event[.outputTokens] = try attributes.counted("output_token_count")
      event[.reasoningTokens] = try attributes.counted("reasoning_token_count")
      return true
    }

    private static func geminiCLI(_ attributes: OTLPAttributes, _ event: inout EventDraft) throws(Misread) {
      let cached = try attributes.counted("cached_content_token_count") ?? 0
      let input = try attributes.counted("input_token_count") ?? 0
      let tool = try attributes.counted("tool_token_count") ?? 0
      let thoughts = try attributes.counted("thoughts_token_count") ?? 0
      let output = try attributes.counted("output_token_count") ?? 0
      event[text: .provider] = "gcp.gemini"
      event[text: .service] = "gemini-cli"
      event[.inputTokens] =
        try Disjoint.rest(
          of: input, "input_token_count", without: [("cached_content_token_count", cached)]) + tool
      event[.cacheReadTokens] = cached
      event[.outputTokens] = output + thoughts
      event[.reasoningTokens] = thoughts
      event[.durationMs] = try attributes.counted("duration_ms")
    }

    /// The conventions for generative AI: of spans only those of requests.
    private static func semantic(
      _ record: JSONNode, _ attributes: OTLPAttributes, _ resource: OTLPAttributes, _ event: inout EventDraft
    ) throws(Misread) -> Bool {
      let operation = attributes.string("gen_ai.operation.name") ?? ""
      let isSpan = record["spanId"] != nil && record["startTimeUnixNano"] != nil
      guard isSpan, ["chat", "text_completion", "embeddings", "generate_content"].contains(operation) else {
        return false
      }
      guard try SemanticUsage.read(attributes, into: &event) else { return false }
      event.id = attributes.string("gen_ai.response.id") ?? record.string("spanId") ?? ""
      event[text: .provider] =
        attributes.string("gen_ai.provider.name", "gen_ai.system").map(ProviderName.normal)
      event[text: .service] = resource.string("service.name")
      event[text: .operation] = operation
      return true
    }
  }
}
