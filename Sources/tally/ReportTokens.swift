import ArgumentParser
import Query

/// A row a kind of token.
struct TokensReport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tokens",
    abstract: "A row a kind of token: input, cache reads, output …, and what the cache saved.",
    discussion: """
      Costs are computed at catalog prices, because a reported cost does not say what of it is for which tokens.
      Saved is what cached tokens would have cost as input, less what they cost: writing to a cache costs more than
      input, reading less.
      """)
  @OptionGroup var report: ReportOptions

  func validate() throws {
    if let cost = report.money.cost, cost != CostMode.calculate.rawValue {
      throw ValidationError("--cost \(cost): costs by kind of token are computed: leave it out")
    }
    if report.money.listPrice {
      throw ValidationError("--list-price: this report has none: tally report models --list-price has")
    }
    if report.events.kind != "usage" {
      throw ValidationError("--kind \(report.events.kind): bills have no tokens")
    }
  }

  func run() throws {
    try report.run("tokens", nil, [ReportField.counter], defaultRange: "this-month") { request, _ in
      request.costMode = .calculate
    }
  }
}
