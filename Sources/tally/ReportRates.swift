import Answers
import ArgumentParser
import Calendar
import Configuration
import Files
import Query

/// How fast things are used.
struct RatesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rates",
    abstract: "Requests, tokens and images in a minute or day: now, on average while active, and at most.",
    discussion: """
      Now is the last complete minute, and today so far. Averages are over the minutes, or days, with an event.
      Limits stand in the configuration:
        [[limit]]
        match = "service=openai and model=gpt-5"
        rpm = 500
        tpm = 200000
      """)
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var page: PageOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("What rows stand for (default: service,account,model).", valueName: "fields"))
  var by: [String] = []

  func validate() throws {
    let money = answer.money
    let option = money.currency.map { "--currency \($0)" } ?? money.cost.map { "--cost \($0)" }
    if let option { throw ValidationError("\(option): rates have no amounts: leave it out") }
  }

  func run() throws {
    let settings = try answer.options.settings()
    let by = by.isEmpty ? ["service", "account", "model"] : by
    let dimensions = try SelectionOptions.dimensions([], by: by, settings)
    let limits = try settings.limits.map { try limit($0, settings) }
    try answer.runMinutes("rates", dimensions: dimensions, defaultRange: "7d") { request, _ in
      request.dimensions.append(Instants.dimension)
      request.unit = .day
      // Amounts would split a minute by currency.
      request.showsCost = false
      return RateFold(nowMinuteMs: RatesReport.lastMinute(before: request.now(System.now())))
    } _: { usage, fold, _ in
      let nowMs = usage.request.now(System.now())
      return try page.applied(to: RatesReport(limits: limits, nowMs: nowMs).report(usage, fold))
    }
  }

  private func limit(_ limit: ConfiguredLimit, _ settings: Configuration) throws -> RateLimit {
    let scope = try ConfiguredScope.scope(limit.match, limit.place, settings, answer.options)
    let maxima = limit.rates.compactMap { name, value in Rate(rawValue: name).map { ($0, Int128(value)) } }
    return RateLimit(scope: scope, maxima: Dictionary(maxima) { $1 })
  }
}
