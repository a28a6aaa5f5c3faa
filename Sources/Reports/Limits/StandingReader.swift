//! Reads what a standing is made of, so that every report that shows or checks it sees the same.

import Bytes
import Calendar
import Exchange
import Money
import Query

extension ReportReader {
  /// Where everything stands now.
  ///
  /// - Parameter countsSessions: whether cards say how many sessions they had, which takes about as long as the rest.
  func standing(_ words: ReportParameters, countsSessions: Bool = true) throws(ReportFailure) -> Standing {
    var request = try words.request("status", context)
    let today = request.days.upperBound
    try words.price(&request, context)
    // Hidden costs must not show in how much of a budget they are.
    let budgets = try context.budgets().filter { request.showsCost || $0.currency == nil }
    let questions = StandingQuestions(
      request: request, words: words, weekStart: try words.firstWeekday(context), budgets: budgets,
      filter: try words.filter(.filter, context))
    var periods: [Budget.Period] = [.month, .day]
    for budget in budgets where !periods.contains(budget.period) { periods.append(budget.period) }
    let requests = try periods.map { (period) throws(ReportFailure) in try questions.request(period, context)
    }
    let shown = try questions.shown(context)
    let sessions = countsSessions ? [try questions.sessions(context)] : []
    let usages = try self.usages(requests + shown + sessions)
    // Without a filter, cards show what budgets are measured by.
    let cards = shown.isEmpty ? usages[...] : usages[requests.count...]
    let nowMs = request.now(context.nowMs)
    var converted = usages
    var states: [BudgetState] = []
    for budget in budgets {
      guard let place = periods.firstIndex(of: budget.period) else { continue }
      var usage = usages[place]
      if budget.needsConversion(usage), let currency = budget.currency.flatMap(Currency.init) {
        // One reading for all budgets in that currency and period, where it is the last one's.
        if budget.needsConversion(converted[place]) {
          converted[place] = try self.converted(requests[place], to: currency) ?? usage
        }
        usage = converted[place]
      }
      states.append(budget.state(usage, nowMs: nowMs))
    }
    var quotaRequest = request
    quotaRequest.days = min(today - 6, usages[0].request.days.lowerBound)...today
    return Standing(
      month: cards[cards.startIndex], today: cards[cards.startIndex + 1],
      sessions: countsSessions ? usages.last : nil, budgets: states, quotas: try quotas(quotaRequest),
      nowMs: nowMs, chosen: questions.filter.map { ($0, usages[0]) })
  }

  /// The sums in one currency; nil without the rates, which only budgets in that currency need.
  private func converted(
    _ request: ReportRequest, to currency: Currency
  ) throws(ReportFailure) -> Usage? {
    var request = request
    request.conversion = try context.conversion(to: currency, request)
    do throws(ReportFailure) {
      return try usages([request])[0]
    } catch {
      if case .exchange = error { return nil }
      throw error
    }
  }
}

/// The requests behind a standing.
private struct StandingQuestions {
  /// About today.
  let request: ReportRequest
  let words: ReportParameters
  let weekStart: Weekday
  let budgets: [Budget]
  /// The events that cards show; budgets are measured by all.
  let filter: Filter?

  /// The use of a period, by service, account and whatever budgets ask about.
  ///
  /// It has no unit: by day, the edge of each day would be folded from events where sessions are asked for.
  func request(_ period: Budget.Period, _ context: ReportContext) throws(ReportFailure) -> ReportRequest {
    var request = request
    request.days = period.days(until: request.days.upperBound, weekStart: weekStart)
    request.needsTimes = period == .session
    let fields = Standing.dimensions + budgets.flatMap(\.scope.fields)
    request.dimensions = (fields + (period == .session ? ["session"] : [])).uniqued
    try words.price(&request, context)
    return request
  }

  /// The month and the day as cards show them, when that is not all.
  func shown(_ context: ReportContext) throws(ReportFailure) -> [ReportRequest] {
    guard let filter else { return [] }
    var requests: [ReportRequest] = []
    for period in [Budget.Period.month, .day] {
      var request = try request(period, context)
      request.filter = filter
      requests.append(request)
    }
    return requests
  }

  /// The sessions of the month, of which only the number is wanted.
  func sessions(_ context: ReportContext) throws(ReportFailure) -> ReportRequest {
    var request = try request(.month, context)
    request.filter = filter
    request.dimensions = Standing.dimensions
    request.details = Standing.details
    request.showsCost = false
    return request
  }
}
