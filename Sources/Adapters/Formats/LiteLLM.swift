//! LiteLLM's spend logs: rows as its interface answers them, or one a line. Counters are in OpenAI's words, for all
//! providers, cache included.

import Events
import JSON

enum LiteLLM {
  static let format = LogFormat(
    name: "litellm", title: "LiteLLM spend logs", shape: .values,
    recognises: { sample in
      guard let row = Reader.first(sample) else { return false }
      return row["request_id"] != nil && row["startTime"] != nil && row["spend"] != nil
    },
    reader: { _ in Reader() })

  struct Reader: JSONListReader {
    static let lists = ["data"]

    func readOne(_ row: JSONNode, _ findings: inout Findings) throws(Misread) {
      guard let id = row.string("request_id") else { throw Misread("request_id is missing") }
      guard let time = try row.time("startTime") else { throw Misread("startTime is missing") }
      var event = EventDraft()
      event.id = id
      event.time = time
      let model = row.string("model")
      event[text: .provider] =
        row.string("custom_llm_provider").map(ProviderName.normal) ?? model.flatMap(ProviderName.ofModel)
      event[text: .service] = "litellm"
      event[text: .model] = model
      event[text: .operation] = row.string("call_type")?.contains("embedding") == true ? "embeddings" : "chat"
      event[text: .user] = row.string("end_user") ?? row.string("user")
      event[text: .account] = row.string("organization_id")
      event[text: .session] = row.string("session_id")
      if let team = row.string("team_id") { event.tags.append(("team", team)) }
      if row.string("status") == "failure" { event[text: .status] = "error" }
      event[.durationMs] = try row.counted("request_duration_ms")
      try OpenAIUsage.read(Self.usage(row) ?? row, into: &event)
      let isCached = row.string("cache_hit")?.lowercased() == "true" || row.flag("cache_hit") == true
      // Nothing spent on tokens means that it knew no price, unless the answer came from its own cache.
      if let spend = try row.amount("spend"), spend > 0 || isCached { event.setCost(spend) }
      findings.add(event)
    }

    /// The provider's own counters; the metadata may be a text that holds an object.
    private static func usage(_ row: JSONNode) -> JSONNode? {
      guard let metadata = row.member("metadata") else { return nil }
      let object = metadata.kind == .text ? try? JSONDocument(Array(metadata.text.utf8)).root : metadata
      return object?.object("usage_object")
    }
  }
}
