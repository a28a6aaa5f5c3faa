//! How a report shows money: each amount in its own currency, all in one, or none at all.

import Calendar
import Configuration
import Exchange
import Money
import Pricing
import Query
import SegmentLog

extension ReportParameter {
  static let money: [ReportParameter] = [.currency, .cost, .noCost]
}

extension ReportParameters {
  private static let mendMode = "use auto, calculate or display"
  private static let mendCurrency = "use a code of ISO 4217, such as EUR or USD"

  /// Checks what can be checked without a store.
  func checkMoney() throws(ParameterError) {
    if self[isOn: .noCost] {
      for other in [ReportParameter.currency, .cost] {
        guard let text = self[other] else { continue }
        throw ParameterError(.noCost, "\(.noCost) and \(other) \(text)", mend: "choose one")
      }
      if self[isOn: .listPrice] {
        throw ParameterError(.noCost, "\(.noCost) and \(.listPrice)", mend: "choose one")
      }
    }
    if let cost = self[.cost], CostMode(rawValue: cost) == nil {
      throw ParameterError(.cost, "\(.cost) \(cost)", mend: "\(Self.mendMode)")
    }
    if let code = self[.currency], Currency(code) == nil {
      throw ParameterError(.currency, "\(.currency) \"\(code)\"", mend: "\(Self.mendCurrency)")
    }
  }

  /// Sets which cost a request shows, and in which currency.
  func price(_ request: inout ReportRequest, _ context: ReportContext) throws(ReportFailure) {
    try ReportFailure.wrap(checkMoney)
    request.showsCost = request.showsCost && context.configuration.showCost && !self[isOn: .noCost]
    guard request.showsCost else { return try refuseMoney() }
    request.costMode = try mode(request.kind, context)
    if self[isOn: .listPrice] {
      if request.kind == "billed" {
        throw .parameter(
          .listPrice, "\(.listPrice): bills have no list price",
          mend: "leave \(.listPrice) or \(.kind) billed out")
      }
      request.comparison = PriceComparison(
        name: "list", candidates: [.init(label: "list", prices: ListPriceSource(context.prices))])
    }
    var target = self[.currency].flatMap { Currency($0) }
    if target == nil { target = try context.currency() }
    if let target { request.conversion = try context.conversion(to: target, request) }
  }

  /// Hidden costs must not be asked for.
  private func refuseMoney() throws(ReportFailure) {
    for parameter in [ReportParameter.currency, .cost, .listPrice] where has(parameter) {
      let value = parameter.valueName == nil ? "" : " \(self[parameter] ?? "")"
      throw .parameter(ReportContext.costsAreHidden(parameter, "\(parameter)\(value)"))
    }
  }

  private func mode(_ kind: String, _ context: ReportContext) throws(ReportFailure) -> CostMode {
    let text = context.configuration.costMode
    let configured = text.flatMap(CostMode.init)
    if let text, configured == nil {
      throw .configuration("\(context.configurationPath): cost_mode \"\(text)\": \(Self.mendMode)")
    }
    let mode = self[.cost].flatMap(CostMode.init)
    // Bills say what they say; nothing is computed from them.
    guard kind == "billed" else { return mode ?? configured ?? .auto }
    if mode == .calculate {
      throw .parameter(
        .cost, "\(.cost) calculate: bills have no computed cost",
        mend: "leave \(.cost) or \(.kind) billed out")
    }
    return .display
  }
}

extension ReportContext {
  /// The currency of reports; nil when each amount keeps its own.
  func currency() throws(ReportFailure) -> Currency? {
    guard let configured = configuration.currency else { return nil }
    guard let currency = Currency(configured) else {
      throw .configuration(
        "\(configurationPath): currency \"\(configured)\": use a code of ISO 4217, such as EUR or USD")
    }
    return currency
  }

  /// The rates that bring the amounts of a request into one currency.
  func conversion(to currency: Currency, _ request: ReportRequest) throws(ReportFailure) -> Conversion {
    // The days of a zone reach into the UTC days around them.
    let days = request.days.lowerBound - 1...request.days.upperBound + 1
    do throws(RateStoreError) {
      return Conversion(to: currency, try RateStore(layout).read(for: days))
    } catch {
      throw .rates(error)
    }
  }

  /// The one refusal of a question about hidden costs.
  static func costsAreHidden(_ parameter: ReportParameter, _ subject: ParameterText) -> ParameterError {
    ParameterError(
      parameter, "\(subject): show_cost = false in the configuration hides all costs", mend: "change it there"
    )
  }
}
