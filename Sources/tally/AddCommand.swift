import ArgumentParser
import Events

/// Adds one event by hand.
struct AddCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Add one event by hand, for services without an API.",
    discussion: """
      tally add --service perplexity --model sonar-pro --input-tokens 1200 --output-tokens 300 --time yesterday
      tally add --kind quota --service claude --tokens-remaining 40000 --tokens-limit 100000
      """)

  @OptionGroup var options: StoreOptions

  @Option(help: "When: now, yesterday, 14:30, 2026-10-01, \"2026-10-01 14:30\", or RFC 3339 (default: now).")
  var time: String?

  @Option(help: "The zone of a time without one (default: the configured or the system's).")
  var timezone: String?

  @OptionGroup var fields: EventOptions

  @Flag(help: "Check the event and print it without writing anything.")
  var dryRun = false

  func run() throws {
    try Addition(
      options: options, time: time, timezone: timezone, values: fields.values, tags: fields.tag,
      isDryRun: dryRun
    ).run()
  }
}

/// Event fields as options, named as in JSON with dashes.
struct EventOptions: ParsableArguments {
  @Option(help: "usage (default), billed or quota.") var kind: String?
  @Option(help: "Your own id, with --time: adding it twice counts once.") var id: String?
  @Option(help: "Who bills: openai, anthropic …") var provider: String?
  @Option(help: "What people call it: ChatGPT, Claude …") var service: String?
  @Option(help: "The login or key at the service.") var account: String?
  @Option(help: "How the event came in (default: manual).") var source: String?
  @Option(help: "The model.") var model: String?
  @Option(help: "chat, embeddings …") var operation: String?
  @Option(name: .customLong("request-type")) var requestType: String?
  @Option(name: .customLong("service-tier")) var serviceTier: String?
  @Option(help: "Who used it.") var user: String?
  @Option(help: "What for.") var project: String?
  @Option(help: "The conversation.") var session: String?
  @Option(help: "ok (default), error or void.") var status: String?
  @Option(help: "1m, 1h or 1d when this is a provider's bucket.") var period: String?
  @Option var requests: String?
  @Option(help: "Uncached input.") var inputTokens: String?
  @Option var cacheReadTokens: String?
  @Option var cacheWriteTokens: String?
  @Option(name: .customLong("cache-write-1h-tokens")) var cacheWrite1hTokens: String?
  @Option(name: .customLong("cache-write-12h-tokens")) var cacheWrite12hTokens: String?
  @Option(help: "All output, reasoning included.") var outputTokens: String?
  @Option(help: "The part of the output that was reasoning.") var reasoningTokens: String?
  @Option var inputAudioTokens: String?
  @Option var outputAudioTokens: String?
  @Option var inputImageTokens: String?
  @Option var outputImageTokens: String?
  @Option(help: "When only a total is known.") var unsplitTokens: String?
  @Option var images: String?
  @Option var audioSeconds: String?
  @Option var searches: String?
  @Option var characters: String?
  @Option(help: "Plan credits, a decimal.") var credits: String?
  @Option var durationMs: String?
  // A refund on a bill is negative.
  @Option(parsing: .unconditional, help: "What it cost, a decimal; needs --currency.") var cost: String?
  @Option(help: "ISO 4217 code.") var currency: String?
  @Option(help: "On quota events.") var tokensRemaining: String?
  @Option(help: "On quota events.") var tokensLimit: String?
  @Option(help: "On quota events.") var requestsRemaining: String?
  @Option(help: "On quota events.") var sessionsActive: String?
  @Option(help: "On quota events: an RFC 3339 instant.") var resetsAt: String?
  @Option(help: "Higher replaces lower of the same id.") var revision: String?
  @Option(help: ArgumentHelp("A tag; may be given several times.", valueName: "key=value")) var tag:
    [String] = []

  /// Those that are given.
  var values: [EventField: String] {
    let all: [(EventField, String?)] =
      [
        (.kind, kind), (.id, id), (.provider, provider), (.service, service), (.account, account),
        (.source, source),
        (.model, model), (.operation, operation), (.requestType, requestType), (.serviceTier, serviceTier),
        (.user, user), (.project, project), (.session, session), (.status, status), (.period, period),
        (.requests, requests), (.inputTokens, inputTokens), (.cacheReadTokens, cacheReadTokens),
        (.cacheWriteTokens, cacheWriteTokens), (.cacheWrite1hTokens, cacheWrite1hTokens),
        (.cacheWrite12hTokens, cacheWrite12hTokens), (.outputTokens, outputTokens),
        (.reasoningTokens, reasoningTokens), (.inputAudioTokens, inputAudioTokens),
        (.outputAudioTokens, outputAudioTokens), (.inputImageTokens, inputImageTokens),
        (.outputImageTokens, outputImageTokens), (.unsplitTokens, unsplitTokens), (.images, images),
        (.audioSeconds, audioSeconds), (.searches, searches), (.characters, characters), (.credits, credits),
        (.durationMs, durationMs), (.cost, cost), (.currency, currency), (.tokensRemaining, tokensRemaining),
        (.tokensLimit, tokensLimit), (.requestsRemaining, requestsRemaining),
        (.sessionsActive, sessionsActive),
        (.resetsAt, resetsAt), (.revision, revision),
      ]
    return Dictionary(uniqueKeysWithValues: all.compactMap { field, value in value.map { (field, $0) } })
  }
}
