//! GitHub Copilot CLI's sessions: when one ends, or pauses, its log says what each model used since it began or was
//! resumed. Answers themselves tell only their output, so a session that crashed is not counted, and said.

import Events
import JSON

enum CopilotCLI {
  static let format = LogFormat(
    name: "copilot-cli", title: "GitHub Copilot CLI", shape: .lines,
    needles: ["\"session.start\"", "\"session.resume\"", "\"session.shutdown\""],
    places: [
      LogPlace(
        folders: ["~/.copilot"],
        patterns: [
          "session-state/*/events.jsonl", "session-state/*.jsonl", "history-session-state/*.jsonl",
        ])
    ],
    recognises: { sample in
      sample.objects.contains {
        $0.string("type") == "session.start" && $0.object("data")?["sessionId"] != nil
      }
    },
    reader: { Reader(state: $0.state) })

  struct Reader: JSONLogReader {
    private var session = ""
    private var project = ""

    var state: String { "\(session)\n\(project)" }

    init(state: String) {
      let parts = state.split(separator: "\n", omittingEmptySubsequences: false)
      if parts.count == 2 { (session, project) = (String(parts[0]), String(parts[1])) }
    }

    mutating func read(_ object: JSONNode, _ findings: inout Findings) throws(Misread) {
      guard let data = object.object("data") else { return findings.skip("no usage in it") }
      session = data.string("sessionId") ?? session
      project = Project.name(ofPath: data.object("context")?.string("cwd")) ?? project
      guard object.string("type") == "session.shutdown", let models = data.object("modelMetrics") else {
        return findings.skip("no usage in it")
      }
      guard let id = object.string("id") else { throw Misread("id is missing") }
      guard let time = try object.time("timestamp") else { throw Misread("timestamp is missing") }
      for (key, metrics) in models.members {
        guard let usage = metrics.object("usage") else { continue }
        var event = EventDraft()
        event.id = "\(id):\(key.text)"
        event.time = time
        event[text: .provider] = "github"
        event[text: .service] = "copilot"
        event[text: .model] = key.text
        event[text: .operation] = "chat"
        event[text: .session] = session
        event[text: .project] = project
        event[.requests] = try metrics.object("requests")?.counted("count")
        try Self.read(usage, into: &event)
        findings.add(event)
      }
    }

    /// Nobody documents whether the input contains the cache: it does unless the cache is larger.
    private static func read(_ usage: JSONNode, into event: inout EventDraft) throws(Misread) {
      let input = try usage.count("inputTokens")
      let read = try usage.count("cacheReadTokens")
      let write = try usage.count("cacheWriteTokens")
      event[.inputTokens] = Disjoint.restIfContained(of: input, without: read, write)
      event[.cacheReadTokens] = read
      event[.cacheWriteTokens] = write
      event[.outputTokens] = try usage.count("outputTokens")
    }
  }
}
