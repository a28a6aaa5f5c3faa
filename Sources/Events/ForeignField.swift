//! Usage under another name would be lost if it were dropped like any unknown field, so such names are refused
//! and the message says ours. Three ways to be one: the known names of other tools, a misspelling of ours, and
//! any name with "token" in it that is not a request's parameter. The last two look at the value as well: usage is
//! a number, so `"request_id":"req_1"`, `"request":{…}` and `"session_token":"…"` are no usage and are dropped.

import Bytes

enum ForeignField {
  private static let mends: [String: String] = [
    "prompt_tokens": "tally's name is input_tokens, without the cached part, which is cache_read_tokens",
    "completion_tokens": "tally's name is output_tokens, reasoning included",
    "total_tokens": "give input_tokens and output_tokens, or unsplit_tokens when only a total is known",
    "tokens": "give input_tokens and output_tokens, or unsplit_tokens when only a total is known",
    "cached_tokens": "tally's name is cache_read_tokens",
    "cached_input_tokens": "tally's name is cache_read_tokens",
    "cache_read_input_tokens": "tally's name is cache_read_tokens",
    "cache_creation_input_tokens": "tally's name is cache_write_tokens",
    "cache_creation_tokens": "tally's name is cache_write_tokens",
    "uncached_input_tokens": "tally's name is input_tokens",
    "thinking_tokens": "tally's name is reasoning_tokens, a part of output_tokens",
    "thoughts_token_count": "tally's name is reasoning_tokens, a part of output_tokens",
    "cost_usd": "write \"cost\":\"0.0123\",\"currency\":\"USD\"",
    "costusd": "write \"cost\":\"0.0123\",\"currency\":\"USD\"",
    "total_cost": "write \"cost\":\"0.0123\",\"currency\":\"USD\"",
    "costs": "write \"cost\":\"0.0123\",\"currency\":\"USD\"",
    "price": "write \"cost\":\"0.0123\",\"currency\":\"USD\"",
    "amount": "write \"cost\":\"0.0123\",\"currency\":\"USD\"",
    "spend": "write \"cost\":\"0.0123\",\"currency\":\"USD\"",
    "num_requests": "tally's name is requests",
    "request_count": "tally's name is requests",
    "timestamp": "tally's name is time",
    "created": "tally's name is time",
    "created_at": "tally's name is time",
    "datetime": "tally's name is time",
    "date": "tally's name is time, and it needs an instant such as 2026-11-20T10:11:12Z",
    "ts": "tally's name is time",
  ]

  /// Parameters of a request that tell nothing of its use.
  private static let harmless: Set<String> = [
    "max_tokens", "max_output_tokens", "max_completion_tokens", "max_input_tokens", "budget_tokens",
    "token_type", "tokenizer", "request_id",
  ]

  private static let envelopes: Set<String> = ["usage", "usage_metadata", "usagemetadata"]

  /// Our names that a misspelling is compared with; not `cost` and `time`, whose neighbours (`host`, `tile`) are
  /// words of their own.
  private static let usage: [String] =
    (EventField.counters + [.credits, .currency] + EventField.quotas + [.revision]).map(\.name)

  /// What an unknown field holds, as far as it tells usage from other things.
  enum Value: UInt8 {
    /// A number, or a text that begins like one.
    case number
    case text, object, array, null, other

    /// The bit of this sort in a set of sorts.
    var bit: UInt8 { 1 &<< rawValue }

    init(_ line: RawSpan, _ at: Int) {
      let first = JSONScanner.byte(line, at)
      let isText = first == UInt8(ascii: "\"")
      // In bounds: the value was checked, so a text has a byte after its quote.
      let digit = isText ? JSONScanner.byte(line, at + 1) : first
      switch first {
      case _ where digit &- 48 < 10 || digit == UInt8(ascii: "-"): self = .number
      case UInt8(ascii: "\""): self = .text
      case UInt8(ascii: "{"): self = .object
      case UInt8(ascii: "["): self = .array
      case UInt8(ascii: "n"): self = .null
      default: self = .other
      }
    }
  }

  /// What an unknown name means for its line.
  enum Verdict {
    case harmless
    case refused(EventFault)
    /// Another word for this field: no matter where the line has the field too.
    case refusedWithout(EventField, EventFault)
  }

  /// Judges whether an unknown name is usage in other words.
  static func verdict(_ name: String, _ value: Value) -> Verdict {
    do throws(EventFault) {
      try refuse(name, value)
      return .harmless
    } catch {
      guard let mend = mends[snakeCase(name)] else { return .refused(error) }
      if mend.hasPrefix("tally's name is time") { return .refusedWithout(.time, error) }
      return mend.contains("\"cost\"") ? .refusedWithout(.cost, error) : .refused(error)
    }
  }

  private static func refuse(_ name: String, _ value: Value) throws(EventFault) {
    // Null says nothing under any name.
    if value == .null { return }
    let snake = snakeCase(name)
    let name = EventFault.shown(name)
    if value == .object, envelopes.contains(snake) {
      throw EventFault(
        "\"\(name)\" is an object, as in a provider's response: write its counts as fields of the event, "
          + "such as input_tokens and output_tokens, or append it with --as response")
    }
    if let mend = mends[snake] { throw EventFault("unknown field \"\(name)\": \(mend)") }
    if harmless.contains(snake) { return }
    if value == .other { return }
    if let near = nearest(to: snake, in: usage), value == .number || near == EventField.currency.name {
      throw EventFault("unknown field \"\(name)\": did you mean \(near)?")
    }
    if snake.contains("token"), value != .text {
      throw EventFault(
        "unknown field \"\(name)\": the token fields are input_tokens, cache_read_tokens, cache_write_tokens, output_tokens and those of the README"
      )
    }
  }

  /// `inputTokens`, `Input-Tokens` and `input.tokens` as `input_tokens`.
  private static func snakeCase(_ name: String) -> String {
    var result = ""
    var previousIsLower = false
    for character in name {
      if character == "-" || character == "." || character == " " {
        result.append("_")
      } else if character.isUppercase {
        if previousIsLower { result.append("_") }
        result.append(character.lowercased())
      } else {
        result.append(character)
      }
      previousIsLower = character.isLowercase || character.isNumber
    }
    return result
  }
}
