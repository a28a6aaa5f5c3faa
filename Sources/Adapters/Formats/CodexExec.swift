//! What `codex exec --json` prints: a turn's counters when it is completed, without an instant.

import Events
import JSON

enum CodexExec {
  static let format = LogFormat(
    name: "codex-exec", title: "codex exec --json", shape: .lines,
    needles: ["\"thread.started\"", "\"turn.completed\""],
    recognises: { sample in sample.objects.first?.string("type") == "thread.started" },
    reader: { Reader(context: $0) })

  struct Reader: JSONLogReader {
    let context: LogContext
    private var thread: String?

    mutating func read(_ object: JSONNode, _ findings: inout Findings) throws(Misread) {
      if object.string("type") == "thread.started" {
        thread = object.string("thread_id")
        return findings.skip("no usage in it")
      }
      guard let usage = object.object("usage") else { return findings.skip("no usage in it") }
      guard let thread else { throw Misread("a turn before thread.started: its session is not known") }
      guard let time = context.time else {
        throw Misread("no time in it: pipe it as it comes, or say --time")
      }
      let used = try Codex.Counters(usage)
      var event = EventDraft()
      // No two turns of a thread use just the same.
      event.id = "\(thread):\(used.digest)"
      event.time = time
      event[text: .provider] = context.provider.map(ProviderName.normal) ?? "openai"
      event[text: .service] = "codex"
      event[text: .operation] = "chat"
      event[text: .session] = thread
      try CodexUsage.read(used, into: &event)
      findings.add(event)
    }

    var state: String { thread ?? "" }

    init(context: LogContext) {
      self.context = context
      thread = context.state.isEmpty ? nil : context.state
    }
  }
}
