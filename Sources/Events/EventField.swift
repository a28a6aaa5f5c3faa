//! The fields of an event, in canonical order: the one table that parsing, writing, validation, rollups and
//! reports share. `Schemas/event.schema.json` is the same list for everybody else; a test holds the two together.

/// A field of an event; raw values are the canonical order of keys.
@usableFromInline
package enum EventField: UInt8, CaseIterable, Sendable {
  case id, time, period, kind
  case provider, service, account, source, model, operation, requestType, serviceTier, user, project, session
  case status
  case requests
  case inputTokens, cacheReadTokens, cacheWriteTokens, cacheWrite1hTokens, cacheWrite12hTokens
  case outputTokens, reasoningTokens
  case inputAudioTokens, outputAudioTokens, inputImageTokens, outputImageTokens
  case unsplitTokens
  case images, audioSeconds, searches, characters
  case credits
  case durationMs
  case cost, currency
  case tokensRemaining, tokensLimit, requestsRemaining, sessionsActive
  case resetsAt
  case revision
  case tags, metadata

  /// What a field's value is.
  package enum Shape: Sendable {
    case text, time, word, count, decimal, currency, object
  }

  /// The key in JSON.
  package var name: String { Self.names[Int(rawValue)] }

  /// What its value is.
  package var shape: Shape {
    switch self {
    case .id, .provider, .service, .account, .source, .model, .operation, .requestType, .serviceTier, .user,
      .project, .session:
      .text
    case .time, .resetsAt: .time
    case .period, .kind, .status: .word
    case .credits, .cost: .decimal
    case .currency: .currency
    case .tags, .metadata: .object
    default: .count
    }
  }

  /// The field with this key.
  package init?(name: String) {
    guard let index = Self.names.firstIndex(of: name) else { return nil }
    self.init(rawValue: UInt8(index))
  }

  /// The raw value, for loops: the cases are counted as they are laid out, and the getter of a raw value is a call.
  @inlinable @inline(__always)
  package var index: Int { Int(unsafeBitCast(self, to: UInt8.self)) }

  /// The bit of this field in a set of fields.
  @inlinable @inline(__always)
  package var bit: UInt64 { 1 &<< UInt64(truncatingIfNeeded: index) }

  /// The dimensions in canonical order.
  package static let dimensions: [EventField] = [
    .provider, .service, .account, .source, .model, .operation, .requestType, .serviceTier, .user, .project,
    .session,
  ]

  /// The counters that rollups sum, in canonical order; `credits` and money are sums too, but decimals.
  package static let counters: [EventField] = [
    .requests, .inputTokens, .cacheReadTokens, .cacheWriteTokens, .cacheWrite1hTokens, .cacheWrite12hTokens,
    .outputTokens, .reasoningTokens, .inputAudioTokens, .outputAudioTokens, .inputImageTokens,
    .outputImageTokens, .unsplitTokens, .images, .audioSeconds, .searches, .characters, .durationMs,
  ]

  /// The token counters that add up to all tokens: disjoint, so without `reasoning_tokens`.
  package static let tokens: [EventField] = [
    .inputTokens, .cacheReadTokens, .cacheWriteTokens, .cacheWrite1hTokens, .cacheWrite12hTokens,
    .outputTokens,
    .inputAudioTokens, .outputAudioTokens, .inputImageTokens, .outputImageTokens, .unsplitTokens,
  ]

  /// What weighs in deciding between two lines of one identity, besides requests: every counter, without subsets and
  /// duration.
  package static let weighed: [EventField] = tokens + [.images, .audioSeconds, .searches, .characters]

  /// What quota events tell.
  package static let quotas: [EventField] = [
    .tokensRemaining, .tokensLimit, .requestsRemaining, .sessionsActive, .resetsAt,
  ]

  /// The fields whose presence makes a usage or billed event worth storing.
  static let measures: UInt64 =
    (counters.filter { $0 != .durationMs } + [.credits, .cost]).reduce(0) { $0 | $1.bit }

  static let quotaMeasures: UInt64 = quotas.reduce(0) { $0 | $1.bit }

  package static let names: [String] = [
    "id", "time", "period", "kind",
    "provider", "service", "account", "source", "model", "operation", "request_type", "service_tier", "user",
    "project", "session",
    "status",
    "requests",
    "input_tokens", "cache_read_tokens", "cache_write_tokens", "cache_write_1h_tokens",
    "cache_write_12h_tokens",
    "output_tokens", "reasoning_tokens",
    "input_audio_tokens", "output_audio_tokens", "input_image_tokens", "output_image_tokens",
    "unsplit_tokens",
    "images", "audio_seconds", "searches", "characters",
    "credits",
    "duration_ms",
    "cost", "currency",
    "tokens_remaining", "tokens_limit", "requests_remaining", "sessions_active",
    "resets_at",
    "revision",
    "tags", "metadata",
  ]
}

/// What an event is; kinds are never added together.
@usableFromInline
package enum EventKind: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case usage, billed, quota

  /// The word in JSON.
  package var name: String { ["usage", "billed", "quota"][Int(rawValue)] }
}

/// How a use ended.
@usableFromInline
package enum EventStatus: UInt8, CaseIterable, Sendable {
  case ok, error, void

  /// The word in JSON.
  package var name: String { ["ok", "error", "void"][Int(rawValue)] }
}

/// The length of a provider's bucket; `instant` is the ordinary event.
@usableFromInline
package enum EventPeriod: UInt8, CaseIterable, BitwiseCopyable, Sendable {
  case instant, minute, hour, day

  /// The word in JSON; empty for an instant.
  package var name: String { ["", "1m", "1h", "1d"][Int(rawValue)] }

  /// The length in milliseconds.
  package var milliseconds: Int64 { [0, 60_000, 3_600_000, 86_400_000][Int(rawValue)] }
}
