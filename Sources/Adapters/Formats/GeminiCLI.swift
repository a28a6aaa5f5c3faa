//! Gemini CLI's chats: today lines, of which the first names the session; before that one object with a list. A message
//! is written again under its id when its tokens are known; resuming an old chat rewrites it as lines. What is
//! rewound was used all the same.

import Events
import JSON

enum GeminiCLI {
  private static let name = "gemini-cli"

  private static func places(_ ending: String) -> [LogPlace] {
    [
      LogPlace(
        folders: ["~/.gemini"], patterns: ["tmp/*/chats/**/*.\(ending)"])
    ]
  }

  static let format = LogFormat(
    name: name, title: "Gemini CLI", shape: .lines, needles: ["\"tokens\"", "\"sessionId\""],
    places: places("jsonl"),
    recognises: { sample in
      guard let first = sample.objects.first else { return false }
      return first.string("sessionId") != nil && first.string("projectHash") != nil
        && first["messages"] == nil
    },
    reader: { Reader(session: $0.state) })

  /// Chats as they were written before.
  static let legacy = LogFormat(
    name: "gemini-cli-json", title: "Gemini CLI (before 2026)", shape: .values, places: places("json"),
    isRewritten: true,
    recognises: { sample in
      guard let first = sample.objects.first else { return false }
      return first.string("sessionId") != nil && first["messages"]?.kind == .array
        && first["projectHash"] != nil
    },
    reader: { Reader(session: $0.state) })

  struct Reader: JSONLogReader {
    private var session: String

    init(session: String) { self.session = session }

    var state: String { session }

    mutating func read(_ object: JSONNode, _ findings: inout Findings) throws(Misread) {
      if let id = object.string("sessionId") { session = id }
      let messages = object["messages"] ?? object.object("$set")?["messages"]
      guard let messages else { return try readMessage(object, &findings) }
      for message in messages.elements {
        do throws(Misread) {
          try readMessage(message, &findings)
        } catch {
          findings.fail(error)
        }
      }
    }

    private func readMessage(_ message: JSONNode, _ findings: inout Findings) throws(Misread) {
      guard message.string("type") == "gemini", let tokens = message.object("tokens") else {
        return findings.skip("no usage in it")
      }
      guard let id = message.string("id") else { throw Misread("id is missing") }
      guard let time = try message.time("timestamp") else { throw Misread("timestamp is missing") }
      var event = EventDraft()
      event.id = id
      event.time = time
      event[text: .source] = GeminiCLI.name
      event[text: .provider] = "gcp.gemini"
      event[text: .service] = "gemini-cli"
      event[text: .model] = message.string("model")
      event[text: .operation] = "chat"
      event[text: .session] = session
      let cached = try tokens.count("cached")
      let thoughts = try tokens.count("thoughts")
      event[.inputTokens] =
        try Disjoint.rest(of: try tokens.count("input"), "input", without: [("cached", cached)])
        + tokens.count("tool")
      event[.cacheReadTokens] = cached
      event[.outputTokens] = try tokens.count("output") + thoughts
      event[.reasoningTokens] = thoughts
      event[.revision] = event[.outputTokens]
      findings.add(event)
    }
  }
}
