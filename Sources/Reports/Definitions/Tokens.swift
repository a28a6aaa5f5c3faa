package import Query

/// A row a kind of token.
package struct TokensReport: GroupedReport {
  package static let name = "tokens"
  package static let abstract =
    "A row a kind of token: input, cache reads, output …, and what the cache saved."
  package static let discussion = """
    Costs are computed at catalog prices, because a reported cost does not say what of it is for which tokens.
    Saved is what cached tokens would have cost as input, less what they cost: writing to a cache costs more than
    input, reading less.
    """
  package static let parameters = ReportParameter.grouped
  package static let dimensions = [ReportField.counter]

  package let words: ReportParameters

  package init(_ words: ReportParameters) throws(ParameterError) {
    self.words = try words.checked()
    if let cost = words[.cost], cost != CostMode.calculate.rawValue {
      throw ParameterError(
        .cost, "\(.cost) \(cost): costs by kind of token are computed", mend: "leave it out")
    }
    if let kind = words[.kind], kind != "usage" {
      throw ParameterError(.kind, "\(.kind) \(kind)", mend: "bills have no tokens")
    }
  }

  package func finish(_ request: inout ReportRequest, _ context: ReportContext) {
    request.costMode = .calculate
  }
}
