//! Reads what a standing is made of, so that every command that shows or checks it sees the same.

import Answers
import Bytes
import Calendar
import Configuration
import Files
import Money
import Pricing
import Query
import SegmentLog

struct StandingReading {
  let options: StoreOptions
  let calendar: CalendarOptions
  let money: MoneyOptions
  let settings: Configuration
  let layout: StoreLayout
  let prices: Pricer

  init(_ options: StoreOptions, _ calendar: CalendarOptions, _ money: MoneyOptions) throws {
    self.options = options
    self.calendar = calendar
    self.money = money
    settings = try options.settings()
    layout = try ReportStore.layout(options, settings)
    prices = try StorePrices.pricer(layout)
  }

  /// Where everything stands now, and what could not be read.
  ///
  /// - Parameter countsSessions: whether cards say how many sessions they had, which takes about as long as the rest.
  func standing(countsSessions: Bool = true) throws -> (standing: Standing, problems: [ReportProblem]) {
    var request = try calendar.request("status", settings)
    let today = request.days.upperBound
    // Who may not see costs must not see either how much of a budget they are.
    try money.apply(to: &request, settings, options, prices)
    let budgets = try settings.budgets.map(budget).filter { request.showsCost || $0.currency == nil }
    let weekStart = try calendar.firstWeekday(settings)
    let fields = budgets.flatMap(\.scope.fields)
    let dimensions = (Standing.dimensions + fields).uniqued
    func asked(_ period: Budget.Period) throws -> ReportRequest {
      var request = request
      request.days = period.days(until: today, weekStart: weekStart)
      request.needsTimes = period == .session
      request.dimensions = (dimensions + (period == .session ? ["session"] : [])).uniqued
      try money.apply(to: &request, settings, options, prices)
      return request
    }
    var periods: [Budget.Period] = [.month, .day]
    for budget in budgets where !periods.contains(budget.period) { periods.append(budget.period) }
    var sessions = try asked(.month)
    sessions.dimensions = Standing.dimensions
    sessions.details = Standing.details
    // Only their number is wanted.
    sessions.showsCost = false
    let (usages, problems) = try read(periods.map(asked) + (countsSessions ? [sessions] : []))
    let now = request.now(System.now())
    var converted = usages
    var states: [BudgetState] = []
    for budget in budgets {
      guard let place = periods.firstIndex(of: budget.period) else { continue }
      var usage = usages[place]
      if budget.needsConversion(usage), let currency = budget.currency.flatMap(Currency.init) {
        // One reading for all budgets in that currency and period, where it is the last one's.
        if budget.needsConversion(converted[place]) {
          converted[place] = try self.converted(try asked(budget.period), to: currency) ?? usage
        }
        usage = converted[place]
      }
      states.append(budget.state(usage, nowMs: now))
    }
    var quotaRequest = request
    quotaRequest.days = min(today - 6, usages[0].request.days.lowerBound)...today
    let quotas = try ReportStore.quotas(layout, tags: settings.rollupTags, prices, quotaRequest)
    let standing = Standing(
      month: usages[0], today: usages[1], sessions: countsSessions ? usages[periods.count] : nil,
      budgets: states,
      quotas: quotas, nowMs: now)
    return (standing, problems)
  }

  /// The sums in one currency; nil without the rates, which only what is about that currency need.
  private func converted(_ request: ReportRequest, to currency: Currency) throws -> Usage? {
    var request = request
    request.conversion = try MoneyOptions.conversion(to: currency, request, layout)
    do {
      return try read([request]).0[0]
    } catch let failure as Failure where failure.code == .dataError {
      return nil
    }
  }

  private func read(_ requests: [ReportRequest]) throws -> ([Usage], [ReportProblem]) {
    try ReportStore.usage(layout, tags: settings.rollupTags, prices, requests)
  }

  private func budget(_ budget: ConfiguredBudget) throws -> Budget {
    let scope = try ConfiguredScope.scope(budget.match, budget.place, settings, options)
    let period: Budget.Period
    switch budget.period {
    case .session: period = .session
    case .day: period = .day
    case .week: period = .week
    case .month: period = .month
    }
    let (measure, limit): (Budget.Measure, Int128)
    switch budget.measure {
    case .amount(let amount, let currency):
      let own = try currency ?? MoneyOptions.configured(settings, options)
      (measure, limit) = (.cost(own?.description ?? "USD"), amount)
    case .tokens(let tokens): (measure, limit) = (.tokens, Int128(tokens))
    case .requests(let requests): (measure, limit) = (.requests, Int128(requests))
    }
    return Budget(
      name: budget.name ?? budget.match ?? "everything", scope: scope, period: period, measure: measure,
      limit: limit, warnPercent: Int128(budget.warn))
  }
}
