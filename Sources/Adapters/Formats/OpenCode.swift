//! opencode's messages: one object a file, written anew while the answer comes. Kilo keeps its own in the same way.

import Events
import JSON

enum OpenCode {
  static let format = LogFormat(
    name: "opencode", title: "opencode", shape: .values, needles: ["\"assistant\""],
    places: [
      LogPlace(
        variable: "OPENCODE_DATA_DIR", folders: ["$XDG_DATA_HOME/opencode"],
        patterns: ["storage/message/*/*.json"]),
      LogPlace(folders: ["$XDG_DATA_HOME/kilo"], patterns: ["storage/message/*/*.json"]),
    ],
    isRewritten: true,
    recognises: { sample in
      guard let first = sample.objects.first else { return false }
      return first.string("sessionID") != nil && first.string("role") != nil && first.object("time") != nil
    },
    reader: { _ in Reader(source: nil) })

  struct Reader: JSONLogReader {
    /// The namespace of the ids, when the format has another name: a message is one use wherever it is kept.
    let source: String?

    func read(_ object: JSONNode, _ findings: inout Findings) throws(Misread) {
      guard object.string("role") == "assistant", let tokens = object.object("tokens") else {
        return findings.skip("no usage in it")
      }
      guard let id = object.string("id") else { throw Misread("id is missing") }
      guard let time = try object.object("time")?.time("created") else {
        throw Misread("time.created is missing")
      }
      var event = EventDraft()
      event.id = id
      event.time = time
      event[text: .source] = source
      event[text: .service] = "opencode"
      event[text: .provider] = object.string("providerID").map(ProviderName.normal)
      event[text: .model] = object.string("modelID")
      event[text: .operation] = "chat"
      event[text: .session] = object.string("sessionID")
      let path = object.object("path")
      event[text: .project] = Project.name(ofPath: path?.string("root") ?? path?.string("cwd"))
      let reasoning = try tokens.count("reasoning")
      event[.inputTokens] = try tokens.count("input")
      event[.outputTokens] = try tokens.count("output") + reasoning
      event[.reasoningTokens] = reasoning
      if let cache = tokens.object("cache") {
        event[.cacheReadTokens] = try cache.count("read")
        event[.cacheWriteTokens] = try cache.count("write")
      }
      if event.weight == 0 { return findings.skip("an answer without tokens, or not yet with them") }
      event[.revision] = event[.outputTokens]
      // What a subscription pays for has the cost 0 there: that is not a price.
      if let cost = try object.amount("cost"), cost > 0 { event.setCost(cost) }
      findings.add(event)
    }
  }
}
