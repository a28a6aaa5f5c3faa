//! What GitHub Copilot CLI exports to a file when told to: a span or log record a line, with plain attributes.
//!
//! Only spans of requests are uses: those of agents are sums of them, and log records tell the same again.

import Events
import JSON

enum CopilotOTel {
  static let format = LogFormat(
    name: "copilot-otel", title: "GitHub Copilot CLI (OpenTelemetry file)", shape: .lines,
    needles: ["\"gen_ai.usage."],
    places: [LogPlace(folders: ["~/.copilot"], patterns: ["otel/*.jsonl"])],
    recognises: { sample in
      sample.objects.contains { object in
        object.object("attributes")?["gen_ai.operation.name"] != nil && object["resourceSpans"] == nil
      }
    },
    reader: { _ in Reader() })

  struct Reader: JSONLogReader {
    func read(_ object: JSONNode, _ findings: inout Findings) throws(Misread) {
      let attributes = OTLPAttributes(object["attributes"])
      guard object["startTime"] ?? object["startTimeUnixNano"] != nil, object["endTime"] != nil else {
        return findings.skip("a log record that tells of a span")
      }
      guard attributes.string("gen_ai.operation.name") == "chat" else {
        return findings.skip("a span that is no request")
      }
      guard let id = attributes.string("gen_ai.response.id") ?? object.string("spanId") ?? object.string("id")
      else {
        throw Misread("neither gen_ai.response.id nor spanId")
      }
      let start = try object.time("startTime")
      let nanoseconds = try object.time("startTimeUnixNano")
      guard let time = start ?? nanoseconds else { throw Misread("startTime is missing") }
      var event = EventDraft()
      event.id = id
      event.time = time
      event[text: .provider] = "github"
      event[text: .service] = "copilot"
      event[text: .model] = attributes.string("gen_ai.response.model", "gen_ai.request.model")
      event[text: .operation] = "chat"
      event[text: .session] = attributes.string("gen_ai.conversation.id")
      try SemanticUsage.read(attributes, into: &event)
      event.credits = try attributes.amount("github.copilot.nano_aiu", power: -9)
      findings.add(event)
    }
  }
}
