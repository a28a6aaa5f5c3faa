//! Limits and budgets as the configuration has them, understood.

import Configuration
import Money
import Query

extension ReportContext {
  /// The limits of `[[limit]]`.
  func rateLimits() throws(ReportFailure) -> [RateLimit] {
    try configuration.limits.map { (limit) throws(ReportFailure) in
      let maxima = limit.rates.compactMap { name, value in
        Rate(rawValue: name).map { ($0, Int128(value)) }
      }
      return RateLimit(scope: try scope(limit.match, limit.place), maxima: Dictionary(maxima) { $1 })
    }
  }

  /// The budgets of `[[budget]]`.
  func budgets() throws(ReportFailure) -> [Budget] {
    try configuration.budgets.map { (budget) throws(ReportFailure) in try self.budget(budget) }
  }

  private func budget(_ budget: ConfiguredBudget) throws(ReportFailure) -> Budget {
    let (measure, limit): (Budget.Measure, Int128)
    switch budget.measure {
    case .amount(let amount, let currency):
      var own = currency
      if own == nil { own = try self.currency() }
      (measure, limit) = (.cost(own?.description ?? "USD"), amount)
    case .tokens(let tokens): (measure, limit) = (.tokens, Int128(tokens))
    case .requests(let requests): (measure, limit) = (.requests, Int128(requests))
    }
    return Budget(
      name: budget.name ?? budget.match ?? "everything", scope: try scope(budget.match, budget.place),
      period: Budget.Period(budget.period), measure: measure, limit: limit,
      warnPercent: Int128(budget.warn))
  }

  /// The groups that `match` means; nothing means everything.
  ///
  /// - Parameter place: where it stands, such as `limit[1]`.
  private func scope(_ match: String?, _ place: String) throws(ReportFailure) -> Scope {
    guard let match else { return Scope(nil) }
    let fields = ReportField.all(tags: tags).map { FilterField($0) }
    do throws(FilterError) {
      return Scope(try Filter.parse(match, fields: fields))
    } catch {
      let message = error.message(from: "\(configurationPath): \(place).match")
      throw .configuration(message, excerpt: error.excerpt)
    }
  }
}

extension Budget.Period {
  fileprivate init(_ period: ConfiguredBudget.Period) {
    switch period {
    case .session: self = .session
    case .day: self = .day
    case .week: self = .week
    case .month: self = .month
    }
  }
}
