//! Responses in which several models took part: one event each, so that each has its own price.

import Events
import JSON

/// Counters that one part of a response replaces.
extension EventDraft {
  /// The same use without what it counted.
  fileprivate func emptied(suffix: String) -> EventDraft {
    var event = self
    for field in EventField.counters { event[field] = nil }
    event.setCost(nil)
    event.id = id.isEmpty ? "" : id + suffix
    event[.requests] = 0
    return event
  }
}

/// Anthropic's iterations: what compaction used is not in the totals; other models have other prices.
enum AnthropicIterations {
  static func parts(of event: EventDraft, _ iterations: JSONNode) throws(Misread) -> [EventDraft] {
    var main = event.emptied(suffix: "")
    main[.requests] = nil
    main[.searches] = event[.searches]
    main[text: .serviceTier] = event[text: .serviceTier]
    var others: [EventDraft] = []
    for node in iterations.elements {
      let model = node.string("model") ?? event[text: .model]
      var part = event.emptied(suffix: "#\(others.count + 1)")
      try AnthropicUsage.read(node, into: &part)
      if model == event[text: .model] {
        for field in EventField.tokens + [.reasoningTokens] { try main.add(part[field] ?? 0, to: field) }
      } else {
        part[text: .model] = model
        part[.revision] = part[.outputTokens]
        others.append(part)
      }
    }
    main[.revision] = main[.outputTokens]
    return [main] + others
  }
}

/// Groq's compounds: the models that really worked.
enum GroqBreakdown {
  static func parts(of event: EventDraft, _ models: JSONNode) throws(Misread) -> [EventDraft] {
    var parts: [EventDraft] = []
    for node in models.elements {
      guard let usage = node.object("usage") else { continue }
      var part = event.emptied(suffix: parts.isEmpty ? "" : "#\(parts.count)")
      try OpenAIUsage.read(usage, into: &part)
      part[text: .model] = node.string("model")
      part[.revision] = part[.outputTokens]
      if parts.isEmpty { part[.requests] = nil }
      parts.append(part)
    }
    // One model: the response itself tells more of it.
    if parts.count == 1, parts[0][text: .model] == event[text: .model] { return [event] }
    return parts.isEmpty ? [event] : parts
  }
}
