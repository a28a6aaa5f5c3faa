import Bytes
import Pricing
package import Query

extension ReportParameter {
  /// Of `what-if`.
  package static let replace = ReportParameter(
    "replace", "a=b", isRepeated: true,
    "Price usage of one model as another's; may be given several times.")
  package static let cheapestOf = ReportParameter(
    "cheapest_of", "a,b,c", "Price usage of these models as the cheapest of them.")
}

/// What a period would have cost with other models.
package struct WhatIfReport: GroupedReport {
  package static let name = "what-if"
  package static let abstract = "What a period would have cost with other models."
  package static let discussion = """
    Every event is priced once more, with its own counters, time and service tier:
      tally report what-if 2026-10 --replace claude-opus-4-5=claude-sonnet-4-5
      tally report what-if 2026-10 --cheapest-of gpt-5,gpt-5-mini --by project
    With --cheapest-of the usage of the models listed goes, in each row, to the one of them that costs least.
    Write PROVIDER/MODEL where several providers have a model. Token counts stay as they are, though another model
    may count and answer differently.
    """
  package static let parameters = ReportParameter.grouped + [.replace, .cheapestOf]
  package static let dimensions = ["model"]

  package let words: ReportParameters
  /// The models whose usage is priced otherwise, and what stands in their place; with `cheapest_of` each of the models
  /// stands in the place of all.
  private let choices: Choices

  private enum Choices: Sendable {
    case replacements([(from: String, to: String)])
    case cheapest([String])
  }

  package init(_ words: ReportParameters) throws(ParameterError) {
    let rules = words[all: .replace]
    guard rules.isEmpty == words.has(.cheapestOf) else {
      throw ParameterError(.replace, "what-if", mend: "say \(.replace) A=B or \(.cheapestOf) A,B,C")
    }
    if let text = words[.cheapestOf] {
      let names = text.split(separator: ",").map(String.init)
      if names.count < 2 {
        throw ParameterError(
          .cheapestOf, "\(.cheapestOf) \(text)", mend: "write two models or more, with commas between")
      }
      choices = .cheapest(names)
    } else {
      choices = .replacements(try rules.map(Self.replacement))
    }
    if let cost = words[.cost], cost != CostMode.calculate.rawValue {
      throw ParameterError(.cost, "\(.cost) \(cost): computed costs are compared", mend: "leave it out")
    }
    if words[isOn: .noCost] {
      throw ParameterError(.noCost, "\(.noCost): what-if tells of nothing but cost")
    }
    if let kind = words[.kind], kind != "usage" {
      throw ParameterError(.kind, "\(.kind) \(kind)", mend: "bills cannot be priced again")
    }
    self.words = try words.checked()
  }

  private static func replacement(_ rule: String) throws(ParameterError) -> (from: String, to: String) {
    let parts = rule.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else {
      throw ParameterError(
        .replace, "\(.replace) \(rule)", mend: "write two models, such as claude-opus-4-5=claude-sonnet-4-5")
    }
    return (parts[0], parts[1])
  }

  package func run(_ reader: ReportReader) throws(ReportFailure) -> Report {
    let candidates = try candidates(reader.context)
    let request = try plan(reader.context, candidates)
    let report = try reader.reports([request])[0]
    let used = candidates.reduce(into: Set<ByteText>()) { $0.formUnion($1.source.replaced) }
    for name in froms where !used.contains(ByteText(name)) {
      reader.remark("no usage of \(name) from \(report.from) to \(report.to)")
    }
    return report
  }

  private func plan(
    _ context: ReportContext, _ candidates: [(label: String, source: ReplacingPrices)]
  ) throws(ReportFailure) -> ReportRequest {
    var request = try plan(context)
    guard request.showsCost else {
      throw .parameter(ReportContext.costsAreHidden(.replace, "what-if"))
    }
    request.costMode = .calculate
    var comparison = PriceComparison(
      name: "what_if", candidates: candidates.map { .init(label: $0.label, prices: $0.source) })
    comparison.isAlone = true
    request.comparison = comparison
    if candidates.count > 1 { request.dimensions.append("what_if_model") }
    return request
  }

  /// The models whose usage is priced otherwise.
  private var froms: [String] {
    switch choices {
    case .replacements(let rules): rules.map(\.from)
    case .cheapest(let names): names
    }
  }

  private func candidates(
    _ context: ReportContext
  ) throws(ReportFailure) -> [(label: String, source: ReplacingPrices)] {
    let book: PriceBook
    do throws(PricingError) {
      book = try context.prices.book()
    } catch {
      throw .prices(error)
    }
    switch choices {
    case .replacements(let replacements):
      let rules = try replacements.map { (rule) throws(ReportFailure) in
        ReplacingPrices.Rule(from: rule.from, to: try Self.model(rule.to, book))
      }
      return [("", ReplacingPrices(context.prices, rules))]
    case .cheapest(let names):
      return try names.map { (name) throws(ReportFailure) in
        let model = try Self.model(name, book)
        return (name, ReplacingPrices(context.prices, names.map { .init(from: $0, to: model) }))
      }
    }
  }

  /// The one model that a name means.
  private static func model(_ name: String, _ book: PriceBook) throws(ReportFailure) -> ReplacingPrices.Model
  {
    let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
    if parts.count == 2,
      case .model(let provider, let model) = book.match(provider: parts[0], model: parts[1])
    {
      return .init(provider: provider.id, model: model.model)
    }
    let all = book.models(named: name)
    if all.isEmpty { throw .noModel(name, nearest: nearest(to: name, in: book.models.map(\.model))) }
    // The maker of a model comes before its resellers.
    let makers = all.filter { book.provider($0.provider)?.isReseller == false }
    let found = makers.isEmpty ? all : makers
    guard found.count == 1, let model = found.first else {
      let names = found.map { "\($0.provider)/\(name)" }.joined(separator: " or ")
      throw .parameter(.replace, "\(name): several providers have it", mend: "write \(names)")
    }
    return .init(provider: model.provider, model: model.model)
  }
}
