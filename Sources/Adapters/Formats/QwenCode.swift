//! Qwen Code's chats: lines, those of type `assistant` with usage in Gemini's words.

import Events
import JSON

enum QwenCode {
  static let format = LogFormat(
    name: "qwen-code", title: "Qwen Code", shape: .lines, needles: ["\"usageMetadata\""],
    places: [LogPlace(folders: ["~/.qwen"], patterns: ["projects/*/chats/*.jsonl"])],
    recognises: { sample in
      sample.objects.contains {
        $0.string("uuid") != nil && $0.string("sessionId") != nil && $0.object("message")?["parts"] != nil
      }
    },
    reader: { _ in Reader() })

  struct Reader: JSONLogReader {
    func read(_ object: JSONNode, _ findings: inout Findings) throws(Misread) {
      guard object.string("type") == "assistant", let usage = object.object("usageMetadata") else {
        return findings.skip("no usage in it")
      }
      guard let id = object.string("uuid") else { throw Misread("uuid is missing") }
      guard let time = try object.time("timestamp") else { throw Misread("timestamp is missing") }
      var event = EventDraft()
      event.id = id
      event.time = time
      event[text: .service] = "qwen-code"
      event[text: .model] = object.string("model")
      // Its own models come from several places; others say whose they are.
      event[text: .provider] = object.string("model").flatMap(ProviderName.ofModel)
      event[text: .operation] = "chat"
      event[text: .session] = object.string("sessionId")
      event[text: .project] = Project.name(ofPath: object.string("cwd"))
      try GeminiUsage.read(usage, into: &event)
      event[.revision] = event[.outputTokens]
      findings.add(event)
    }
  }
}
