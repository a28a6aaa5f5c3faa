//! OpenAI Codex CLI's rollouts: lines of `session_meta`, `turn_context` (which names the model) and, after each request,
//! `event_msg` of type `token_count` with the last request's counters and those of the session so far.
//!
//! The same snapshot is often written twice; archived and forked sessions copy lines into other files. So a use is
//! named by its instant and its counters, whatever file it stands in. A child session begins by replaying its
//! parent's uses at its own instant: those are not used again. Interleaved sessions count on several totals in one file,
//! so totals are used only where the last request's own counters are missing, and then only what goes beyond the
//! highest seen.

import Bytes
import Events
import JSON

enum Codex {
  static let format = LogFormat(
    name: "codex", title: "Codex CLI", shape: .lines,
    needles: ["\"token_count\"", "\"turn_context\"", "\"session_meta\""],
    places: [
      LogPlace(
        variable: "CODEX_HOME", folders: ["~/.codex"],
        patterns: ["sessions/**/*.jsonl", "archived_sessions/*.jsonl"])
    ],
    recognises: { sample in
      sample.objects.contains { object in
        guard let type = object.string("type"), object.object("payload") != nil else { return false }
        return ["session_meta", "turn_context", "event_msg", "response_item"].contains(type)
      }
    },
    reader: { Reader(state: $0.state) })

  /// The counters of one request or of a session so far.
  struct Counters: Equatable {
    static let names = [
      "input_tokens", "cached_input_tokens", "cache_write_input_tokens", "output_tokens",
      "reasoning_output_tokens",
    ]

    var values: [Int64]

    init(_ values: [Int64]) { self.values = values }

    init(_ node: JSONNode) throws(Misread) {
      values = []
      for name in Self.names { values.append(try node.count(name)) }
    }

    /// Tells these counters from any others.
    var digest: String { Self.digest(values) }

    static func digest(_ values: [Int64]) -> String {
      Hexadecimal.text(XXH64.hash(Array(values.map(String.init).joined(separator: ",").utf8)))
    }

    var isNothing: Bool { values.allSatisfy { $0 == 0 } }

    /// What goes beyond `other`, nowhere below nothing.
    func growth(over other: Counters?) -> Counters {
      guard let other else { return self }
      return Counters(zip(values, other.values).map { max(0, $0 - $1) })
    }

    /// The larger of each.
    func highest(_ other: Counters?) -> Counters {
      guard let other else { return self }
      return Counters(zip(values, other.values).map { max($0, $1) })
    }
  }

  struct Reader: JSONLogReader {
    private var model: String?
    private var project: String?
    private var session: String?
    private var provider = "openai"
    private var previous: Counters?
    private var highest: Counters?
    private var isChild = false
    /// Uses of a child session in this second, milliseconds since 1970, are its parent's.
    private var replaySecond: Int64?
    /// The first use of a child session, until the next one tells whether it is a replay.
    private var first: EventDraft?
    private var isFirstSeen = false

    mutating func read(_ object: JSONNode, _ findings: inout Findings) throws(Misread) {
      guard let payload = object.object("payload") else { return findings.skip("no usage in it") }
      switch object.string("type") {
      case "session_meta": begin(payload)
      case "turn_context":
        model = payload.string("model") ?? model
        project = Project.name(ofPath: payload.string("cwd")) ?? project
      case "event_msg" where payload.string("type") == "token_count":
        return try readCount(object, payload, &findings)
      default: break
      }
      findings.skip("no usage in it")
    }

    mutating func finish(_ findings: inout Findings) {
      if let first { findings.add(first) }
      first = nil
    }

    /// A child's file may repeat its parent's beginning: the first one is its own.
    private mutating func begin(_ payload: JSONNode) {
      if session != nil { return }
      session = payload.string("id")
      project = Project.name(ofPath: payload.string("cwd"))
      provider = payload.string("model_provider").map(ProviderName.normal) ?? provider
      let source = payload.object("source")
      isChild =
        payload.string("forked_from_id") != nil || payload.string("parent_session_id") != nil
        || source?["thread_spawn"] != nil || source?.object("subagent")?["thread_spawn"] != nil
    }

    private mutating func readCount(
      _ object: JSONNode, _ payload: JSONNode, _ findings: inout Findings
    ) throws(Misread) {
      guard let info = payload.object("info") else { return findings.skip("limits without usage") }
      guard let time = try object.time("timestamp") else { throw Misread("timestamp is missing") }
      var total: Counters?
      if let node = info.object("total_token_usage") { total = try Counters(node) }
      if let total, total == previous { return findings.skip("a snapshot told before") }
      var used = total?.growth(over: highest)
      if let node = info.object("last_token_usage") { used = try Counters(node) }
      guard let used else { throw Misread("neither last_token_usage nor total_token_usage") }
      let event = used.isNothing ? nil : try draft(used, total, time, info)
      // A record that is refused leaves no trace: what the next total counts beyond the last good one is used.
      previous = total ?? previous
      highest = total?.highest(highest) ?? highest
      guard let event else { return findings.skip("a request that used nothing") }
      take(event, time, &findings)
    }

    /// Hands on a use, unless it is one that a child session replays.
    private mutating func take(_ event: EventDraft, _ time: Int64, _ findings: inout Findings) {
      let second = time - time % 1000
      if isChild, !isFirstSeen {
        isFirstSeen = true
        first = event
        return
      }
      if let held = first {
        first = nil
        if let heldTime = held.time, heldTime - heldTime % 1000 == second {
          replaySecond = second
          findings.skip("replayed from the parent session")
        } else {
          findings.add(held)
        }
      }
      if second == replaySecond { return findings.skip("replayed from the parent session") }
      findings.add(event)
    }

    private func draft(
      _ used: Counters, _ total: Counters?, _ time: Int64, _ info: JSONNode
    ) throws(Misread) -> EventDraft {
      var event = EventDraft()
      event.id = "\(time)-\(Counters.digest(used.values + (total?.values ?? [])))"
      event.time = time
      event[text: .provider] = provider
      event[text: .service] = "codex"
      // Builds of September 2025 did not name the model, and used this one.
      event[text: .model] = model ?? info.string("model") ?? "gpt-5"
      event[text: .operation] = "chat"
      event[text: .project] = project
      event[text: .session] = session
      try CodexUsage.read(used, into: &event)
      return event
    }

    // What a reader of the lines behind must know.

    var state: String {
      func joined(_ counters: Counters?) -> String {
        (counters?.values ?? []).map(String.init).joined(separator: ",")
      }
      let parts = [
        model ?? "", project ?? "", session ?? "", provider, joined(previous), joined(highest),
        isChild ? "1" : "", isFirstSeen ? "1" : "", replaySecond.map(String.init) ?? "",
      ]
      return parts.joined(separator: "\n")
    }

    init(state: String) {
      let parts = state.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 9 else { return }
      func text(_ index: Int) -> String? { parts[index].isEmpty ? nil : parts[index] }
      func counters(_ index: Int) -> Counters? {
        let values = parts[index].split(separator: ",").compactMap { Int64($0).flatMap(Count.of) }
        return values.count == Counters.names.count ? Counters(values) : nil
      }
      (model, project, session, provider) = (text(0), text(1), text(2), parts[3])
      (previous, highest) = (counters(4), counters(5))
      (isChild, isFirstSeen) = (text(6) != nil, text(7) != nil)
      replaySecond = Int64(parts[8])
    }
  }
}

/// What Codex counts: input with what came from and went into the cache, output with the reasoning.
enum CodexUsage {
  static func read(_ used: Codex.Counters, into event: inout EventDraft) throws(Misread) {
    let values = used.values
    event[.inputTokens] = try Disjoint.rest(
      of: values[0], "input_tokens",
      without: [("cached_input_tokens", values[1]), ("cache_write_input_tokens", values[2])])
    event[.cacheReadTokens] = values[1]
    event[.cacheWriteTokens] = values[2]
    event[.outputTokens] = values[3]
    event[.reasoningTokens] = values[4]
  }
}
