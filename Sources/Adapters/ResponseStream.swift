//! The parts of a response that comes in pieces. Usage in a stream is never summed: each telling replaces the one
//! before. Anthropic tells the input when a message starts and the output, so far, with each delta; OpenAI tells all
//! once, in the last chunk, if asked to.

import Events
import JSON

struct ResponseStream {
  /// A response that is complete.
  struct Whole {
    let object: JSONNode
    /// Counters told later than those of the object.
    var lastUsage: JSONNode?
    var isBatch = false
  }

  enum Taken {
    case whole(Whole)
    /// More will come.
    case part
    /// A message of several parts is complete, or there was none.
    case ended(Whole?)
  }

  /// A message of Anthropic's that is open.
  private var open: Whole?
  /// The id of the last chunk of OpenAI's that had no usage.
  private var chunkWithout: String?

  /// Lines of an event stream that hold no data.
  static func isControl(_ record: RawSpan) -> Bool {
    record.withUnsafeBytes { bytes in
      let starts: [StaticString] = ["event:", "id:", "retry:", ":", "DONE]"]
      return starts.contains { start in
        bytes.count >= start.utf8CodeUnitCount
          && zip(bytes, UnsafeRawBufferPointer(start: start.utf8Start, count: start.utf8CodeUnitCount))
            .allSatisfy { $0 == $1 }
      }
    }
  }

  /// Takes in an object: a whole response, a line of a batch, or an event of a stream.
  mutating func take(_ object: JSONNode) throws(Misread) -> Taken {
    if object["custom_id"] != nil { return try batch(object) }
    let type = object.string("type") ?? ""
    switch type {
    case "message_start":
      let before = open
      open = object.object("message").map { Whole(object: $0) }
      return .ended(before)
    case "message_delta":
      if let usage = object.object("usage") { open?.lastUsage = usage }
      return .part
    case "message_stop":
      defer { open = nil }
      return .ended(open)
    case "response.completed", "response.incomplete", "response.failed":
      guard let response = object.object("response") else { throw Misread("response is missing") }
      return .whole(Whole(object: response))
    case "ping", "content_block_start", "content_block_delta", "content_block_stop": return .part
    case _ where type.hasPrefix("response."): return .part
    default: break
    }
    if object.string("object") == "chat.completion.chunk" { return try chunk(object) }
    return .whole(Whole(object: object))
  }

  /// What is open when the input ends.
  mutating func finish() throws(Misread) -> Whole? {
    if chunkWithout != nil {
      chunkWithout = nil
      throw Misread("a stream without usage: ask for it with \"stream_options\":{\"include_usage\":true}")
    }
    defer { open = nil }
    return open
  }

  private mutating func chunk(_ object: JSONNode) throws(Misread) -> Taken {
    let id = object.string("id") ?? ""
    let isNew = chunkWithout != nil && chunkWithout != id
    if object.object("usage") ?? object.object("x_groq")?.object("usage") != nil {
      chunkWithout = nil
      return .whole(Whole(object: object))
    }
    // Usage comes in the last chunk, behind those of the answer; a chunk with choices after it belongs to the same.
    if object["choices"]?.elements.first(where: { $0.string("finish_reason") == nil }) != nil {
      chunkWithout = id
    }
    if isNew {
      throw Misread("a stream without usage: ask for it with \"stream_options\":{\"include_usage\":true}")
    }
    return .part
  }

  /// A line of a batch's results, OpenAI's or Anthropic's.
  private func batch(_ object: JSONNode) throws(Misread) -> Taken {
    if let message = object.object("result")?.object("message") {
      return .whole(Whole(object: message, isBatch: true))
    }
    if let body = object.object("response")?.object("body") {
      return .whole(Whole(object: body, isBatch: true))
    }
    return .part
  }

  /// Replaces counters by those that were told later.
  static func overlay(_ usage: JSONNode, on event: inout EventDraft) throws(Misread) {
    var later = EventDraft()
    try AnthropicUsage.read(usage, into: &later)
    event[.outputTokens] = later[.outputTokens]
    if let count = later[.reasoningTokens] { event[.reasoningTokens] = count }
    if let count = later[.searches] { event[.searches] = count }
    if usage.member("input_tokens") != nil { event[.inputTokens] = later[.inputTokens] }
    if usage.member("cache_read_input_tokens") != nil { event[.cacheReadTokens] = later[.cacheReadTokens] }
    if usage.member("cache_creation_input_tokens") != nil, usage.object("cache_creation") != nil {
      event[.cacheWriteTokens] = later[.cacheWriteTokens]
      event[.cacheWrite1hTokens] = later[.cacheWrite1hTokens]
    }
  }
}
