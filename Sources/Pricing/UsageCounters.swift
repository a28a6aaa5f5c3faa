package import Events

/// What an event used: the counters that can have a price.
package struct UsageCounters: Equatable, Sendable {
  package var requests: Int64 = 1
  package var inputTokens: Int64 = 0
  package var cacheReadTokens: Int64 = 0
  package var cacheWriteTokens: Int64 = 0
  package var cacheWrite1hTokens: Int64 = 0
  package var cacheWrite12hTokens: Int64 = 0
  package var outputTokens: Int64 = 0
  /// A part of `outputTokens`.
  package var reasoningTokens: Int64 = 0
  package var inputAudioTokens: Int64 = 0
  package var outputAudioTokens: Int64 = 0
  package var inputImageTokens: Int64 = 0
  package var outputImageTokens: Int64 = 0
  package var unsplitTokens: Int64 = 0
  package var searches: Int64 = 0
  package var images: Int64 = 0
  package var audioSeconds: Int64 = 0
  package var characters: Int64 = 0
  /// Pico-credits.
  package var credits: Int128 = 0

  package init() {}

  /// The counters of an event.
  package init(_ event: borrowing Event) {
    requests = event.requests
    inputTokens = event.number(.inputTokens)
    cacheReadTokens = event.number(.cacheReadTokens)
    cacheWriteTokens = event.number(.cacheWriteTokens)
    cacheWrite1hTokens = event.number(.cacheWrite1hTokens)
    cacheWrite12hTokens = event.number(.cacheWrite12hTokens)
    outputTokens = event.number(.outputTokens)
    reasoningTokens = event.number(.reasoningTokens)
    inputAudioTokens = event.number(.inputAudioTokens)
    outputAudioTokens = event.number(.outputAudioTokens)
    inputImageTokens = event.number(.inputImageTokens)
    outputImageTokens = event.number(.outputImageTokens)
    unsplitTokens = event.number(.unsplitTokens)
    searches = event.number(.searches)
    images = event.number(.images)
    audioSeconds = event.number(.audioSeconds)
    characters = event.number(.characters)
    credits = event.credits
  }

  /// The prices of what makes up a prompt.
  package static let promptKeys: Set<PriceKey> = [
    .input, .cacheRead, .cacheWrite, .cacheWrite1h, .cacheWrite12h, .inputAudio, .inputImage,
  ]

  /// The prompt, whose size decides the context tier: every input counter.
  var promptTokens: Int128 {
    Int128(inputTokens) + Int128(cacheReadTokens) + Int128(cacheWriteTokens) + Int128(cacheWrite1hTokens)
      + Int128(cacheWrite12hTokens) + Int128(inputAudioTokens) + Int128(inputImageTokens)
  }
}
