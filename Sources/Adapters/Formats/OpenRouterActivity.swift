//! OpenRouter's activity: sums of a UTC day by model and endpoint. A replayed answer may have more cached tokens than
//! its prompt.

import Bytes
import Events
import JSON

enum OpenRouterActivity {
  static let format = LogFormat(
    name: "openrouter-activity", title: "OpenRouter activity", shape: .values,
    recognises: { sample in
      guard let row = Reader.first(sample) else { return false }
      return row["date"] != nil && row["model_permaslug"] != nil && row["requests"] != nil
    },
    reader: { _ in Reader() })

  struct Reader: JSONListReader {
    static let lists = ["data"]

    func readOne(_ row: JSONNode, _ findings: inout Findings) throws(Misread) {
      guard let date = row.string("date"), let day = NumberText.time(String(date.prefix(10))), day.isDay
      else {
        throw Misread("date is no day")
      }
      var event = EventDraft()
      let names = [
        "model_permaslug", "endpoint_id", "provider_name", "api_key_hash", "user_id", "workspace_id",
      ]
      let key = names.map { row.string($0) ?? "" }.joined(separator: "\n")
      event.id = "\(date.prefix(10)):\(Hexadecimal.text(XXH64.hash(Array(key.utf8))))"
      event.time = day.time
      event[text: .period] = "1d"
      event[text: .provider] = "openrouter"
      event[text: .service] = "openrouter"
      event[text: .model] = row.string("model")
      event[text: .user] = row.string("user_id")
      event[text: .project] = row.string("workspace_id")
      event[.requests] = try row.counted("requests")
      let prompt = try row.count("prompt_tokens")
      let cached = min(prompt, try row.count("cached_tokens"))
      event[.inputTokens] = prompt - cached
      event[.cacheReadTokens] = cached
      event[.outputTokens] = try row.count("completion_tokens")
      event[.reasoningTokens] = try row.count("reasoning_tokens")
      event[.revision] = event[.requests]
      let own = try row.amount("byok_usage_inference") ?? 0
      if let cost = try row.amount("usage") { event.setCost(cost + own) }
      findings.add(event)
    }
  }
}
