//! Claude Code's session logs: a JSON object a line, those of type `assistant` with the usage of an answer.
//!
//! One answer is written as several lines, one for each block of its content, with the same `message.id`; input and
//! cache repeat, `output_tokens` grows. Sessions that are resumed or forked copy old lines into new files, and side
//! chains replay them under a new `requestId`. So a message's own id is the identity, and the largest output wins:
//! it is the revision.

import Bytes
import Events
import JSON

enum ClaudeCode {
  static let format = LogFormat(
    name: "claude-code", title: "Claude Code", shape: .lines, needles: ["\"usage\""],
    places: [
      LogPlace(
        variable: "CLAUDE_CONFIG_DIR", isList: true, folders: ["~/.config/claude", "~/.claude"],
        patterns: ["projects/**/*.jsonl"])
    ],
    recognises: { sample in
      sample.objects.contains { object in
        guard let message = object.object("message"), object.string("type") != nil else { return false }
        // Qwen Code's lines are alike, but for the words inside the message.
        return object.string("sessionId") != nil && message["parts"] == nil
          && message["content"] ?? message["usage"] != nil
      }
    },
    reader: { _ in Reader() })

  struct Reader: JSONLogReader {
    func read(_ object: JSONNode, _ findings: inout Findings) throws(Misread) {
      // Progress of a subagent wraps its lines.
      let entry = object.object("data")?.object("message") ?? object
      guard let message = entry.object("message"), let usage = message.object("usage") else {
        return findings.skip("no usage in it")
      }
      if entry.flag("isApiErrorMessage") == true { return findings.skip("an error message of the agent") }
      guard let model = message.string("model"), model != "<synthetic>" else {
        return findings.skip("an answer of the agent itself, not of a model")
      }
      var event = EventDraft()
      event.id = try Self.identity(entry, message)
      guard let time = try entry.time("timestamp") else { throw Misread("timestamp is missing") }
      event.time = time
      event[text: .provider] = Self.provider(model: model, id: event.id)
      event[text: .service] = "claude-code"
      event[text: .model] = model
      event[text: .operation] = "chat"
      event[text: .session] = entry.string("sessionId") ?? object.string("sessionId")
      event[text: .project] = Project.name(ofPath: entry.string("cwd") ?? object.string("cwd"))
      try AnthropicUsage.read(usage, into: &event)
      event[.revision] = event[.outputTokens]
      event.setCost(try entry.amount("costUSD"))
      findings.add(event)
    }

    /// Anthropic's own ids are unique; those that a router makes up need the request beside them.
    private static func identity(_ entry: JSONNode, _ message: JSONNode) throws(Misread) -> String {
      let request = entry.string("requestId")
      guard let id = message.string("id") else {
        guard let other = request ?? entry.string("uuid") else {
          throw Misread("no id: neither of message nor of line")
        }
        return other
      }
      guard let request, !id.hasPrefix("msg_") else { return id }
      return "\(id):\(request)"
    }

    /// Who bills: the shapes of model and ids tell Anthropic's own service from the clouds that resell it.
    private static func provider(model: String, id: String) -> String? {
      func isMarked(_ mark: StaticString) -> Bool {
        ByteSearch.contains(mark, in: id) || ByteSearch.contains(mark, in: model)
      }
      if isMarked("_vrtx_") || model.utf8.contains(UInt8(ascii: "@")) { return "gcp.vertex_ai" }
      if isMarked("_bdrk_") || isMarked("anthropic.") { return "aws.bedrock" }
      return model.utf8.starts(with: "claude".utf8) ? "anthropic" : nil
    }
  }
}
