import ArgumentParser
import Bytes
import Pricing
import Query

/// What a period would have cost with other models.
struct WhatIfReport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "what-if",
    abstract: "What a period would have cost with other models.",
    discussion: """
      Every event is priced once more, with its own counters, time and service tier:
        tally report what-if 2026-10 --replace claude-opus-4-5=claude-sonnet-4-5
        tally report what-if 2026-10 --cheapest-of gpt-5,gpt-5-mini --by project
      With --cheapest-of the usage of the models listed goes, in each row, to the one of them that costs least.
      Write PROVIDER/MODEL where several providers have a model. Token counts stay as they are, though another model
      may count and answer differently.
      """)
  @OptionGroup var report: ReportOptions

  @Option(
    help: ArgumentHelp("Price usage of one model as another's; may be given several times.", valueName: "a=b")
  )
  var replace: [String] = []

  @Option(help: ArgumentHelp("Price usage of these models as the cheapest of them.", valueName: "a,b,c"))
  var cheapestOf: String?

  func validate() throws {
    guard replace.isEmpty == (cheapestOf != nil) else {
      throw ValidationError("what-if: say --replace A=B or --cheapest-of A,B,C")
    }
    for rule in replace where rule.split(separator: "=", omittingEmptySubsequences: false).count != 2 {
      throw ValidationError("--replace \(rule): write two models, such as claude-opus-4-5=claude-sonnet-4-5")
    }
    if let cheapestOf, Self.names(cheapestOf).count < 2 {
      throw ValidationError("--cheapest-of \(cheapestOf): write two models or more, with commas between")
    }
    if let cost = report.money.cost, cost != CostMode.calculate.rawValue {
      throw ValidationError("--cost \(cost): computed costs are compared: leave it out")
    }
    if report.money.listPrice { throw ValidationError("--list-price: what-if has none: leave it out") }
    if report.money.noCost { throw ValidationError("--no-cost: what-if tells of nothing but cost") }
    if report.events.kind != "usage" {
      throw ValidationError("--kind \(report.events.kind): bills cannot be priced again")
    }
  }

  private static func names(_ text: String) -> [String] { text.split(separator: ",").map(String.init) }

  func run() throws {
    let store = try PriceStore(report.options)
    var sources: [ReplacingPrices] = []
    let result = try report.run("what_if", nil, ["model"], defaultRange: "this-month") { request, prices in
      guard request.showsCost else {
        throw Failure(
          "what-if: show_cost = false in the configuration hides all costs: change it there", .usage)
      }
      request.costMode = .calculate
      let candidates = try candidates(store, prices)
      sources = candidates.map(\.source)
      var comparison = PriceComparison(
        name: "what_if", candidates: candidates.map { .init(label: $0.label, prices: $0.source) })
      comparison.isAlone = true
      request.comparison = comparison
      if candidates.count > 1 { request.dimensions.append("what_if_model") }
    }
    let used = sources.reduce(into: Set<ByteText>()) { $0.formUnion($1.replaced) }
    for name in froms where !used.contains(ByteText(name)) {
      report.options.say("tally: no usage of \(name) from \(result.from) to \(result.to)")
    }
  }

  /// The models whose usage is priced otherwise.
  private var froms: [String] {
    cheapestOf.map(Self.names)
      ?? replace.map { String($0.split(separator: "=", omittingEmptySubsequences: false)[0]) }
  }

  private func candidates(
    _ store: PriceStore, _ prices: Pricer
  ) throws -> [(label: String, source: ReplacingPrices)] {
    guard let cheapestOf else {
      let rules = try replace.map { text in
        let parts = text.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
        return ReplacingPrices.Rule(from: parts[0], to: try model(parts[1], store))
      }
      return [("", ReplacingPrices(prices, rules))]
    }
    let names = Self.names(cheapestOf)
    return try names.map { name in
      let model = try model(name, store)
      return (name, ReplacingPrices(prices, names.map { ReplacingPrices.Rule(from: $0, to: model) }))
    }
  }

  /// The one model that a name means.
  private func model(_ name: String, _ store: PriceStore) throws -> ReplacingPrices.Model {
    let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
    if parts.count == 2,
      case .model(let provider, let model) = store.book.match(provider: parts[0], model: parts[1])
    {
      return .init(provider: provider.id, model: model.model)
    }
    let all = try store.models(name, provider: nil)
    // Who made a model comes before those who resell it.
    let makers = all.filter { store.book.provider($0.provider)?.isReseller == false }
    let found = makers.isEmpty ? all : makers
    guard found.count == 1, let model = found.first else {
      let names = found.map { "\($0.provider)/\(name)" }.joined(separator: " or ")
      throw Failure("\(name): several providers have it: write \(names)", .usage)
    }
    return .init(provider: model.provider, model: model.model)
  }
}
