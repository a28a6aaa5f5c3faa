//! Where every service and account stands: what it used, how much of its budget and of its quota is left, and whether
//! that is bad. Reports, monitors and status lines show the same cards.

package import Bytes
package import Query

/// What a service and account used, or what a budget is about, and how bad that is.
package struct StatusCard: Sendable {
  /// Nil where they are absent, and on cards of budgets that are not about one of both.
  package let service: ByteText?
  package let account: ByteText?
  /// Both, for people; empty where they are absent.
  package var name: String { [service, account].compactMap { $0?.text }.joined(separator: "/") }
  /// Whether it is about nothing but a budget: what it used may stand on other cards too.
  package let isOfBudget: Bool
  /// The budget of the card; nil where there is none.
  package let budget: BudgetState?
  /// The rows of the month and of today.
  let month: [Usage.Row]
  let today: [Usage.Row]
  /// Sessions of the month; nil where nobody counted them.
  let sessions: Int?
  package let quota: QuotaState?
  package let level: Level
  /// Why it is so bad, and what is not known; empty when there is nothing to say.
  package let reasons: [String]

  /// - Parameter budgets: all that are about this card alone.
  init(
    _ name: [ByteText?], budget: BudgetState?, month: [Usage.Row], today: [Usage.Row], sessions: Int?,
    quota: QuotaState?,
    budgets: [BudgetState], isOfBudget: Bool = false
  ) {
    service = name[0]
    account = name[1]
    self.budget = budget
    self.month = month
    self.today = today
    self.sessions = sessions
    self.quota = quota
    self.isOfBudget = isOfBudget
    let level = (budgets.map(\.level) + [quota?.level ?? .ok]).max() ?? .ok
    self.level = level
    let bad = budgets.filter { level > .ok && $0.level == level }.map(\.reason)
    let empty = level > .ok && quota?.level == level ? quota?.reason : nil
    reasons = bad + [empty, quota?.staleness].compactMap(\.self) + budgets.compactMap(\.gap)
  }
}

extension BudgetState {
  fileprivate var reason: String {
    let when = session.map { "session \($0)" } ?? "the \(budget.period.rawValue)"
    return "\(budget.name): \(Percent.text(share)) of \(budget.limitText) in \(when)"
  }

  /// What is not known of it.
  fileprivate var gap: String? {
    var gaps: [String] = []
    if unpriced > 0 { gaps.append("\(unpriced) request\(unpriced == 1 ? " has" : "s have") no cost") }
    if !otherCurrencies.isEmpty {
      let names = otherCurrencies.joined(separator: ", ")
      gaps.append("amounts in \(names) have no rates, see tally fx import")
    }
    return gaps.isEmpty ? nil : "\(budget.name): at least, because \(gaps.joined(separator: " and "))"
  }
}

extension Budget {
  fileprivate var limitText: String {
    switch measure {
    case .cost(let currency): "\(PicoText.exact(limit)) \(currency)"
    case .tokens: "\(limit) tokens"
    case .requests: "\(limit) requests"
    }
  }
}

extension QuotaState {
  fileprivate var reason: String {
    if tokensRemaining == 0 { return "quota: no tokens are left" }
    if requestsRemaining == 0 { return "quota: no requests are left" }
    return "quota: \(Percent.text(share ?? 0)) of \(quota.tokensLimit ?? 0) tokens are used"
  }

  fileprivate var staleness: String? {
    isStale ? "quota: it began anew since its last event, so what is left is not known" : nil
  }
}

private enum Percent {
  /// Hundredths of a percent, as machines write them.
  static func text(_ hundredths: Int128) -> String {
    "\(PicoText.exact(hundredths.clampedTimes(10_000_000_000)))%"
  }
}

/// What is left of a quota at some instant.
package struct QuotaState: Sendable {
  package let quota: Quota
  /// Whether it began anew since, so that nobody knows what is left.
  package let isStale: Bool

  package init(_ quota: Quota, nowMs: Int64) {
    self.quota = quota
    isStale = quota.resetsAtMs.map { $0 <= nowMs } ?? false
  }

  /// From how many percent of a quota on it warns.
  private static let warnPercent: Int128 = 80

  package var tokensRemaining: Int64? { isStale ? nil : quota.tokensRemaining }
  package var requestsRemaining: Int64? { isStale ? nil : quota.requestsRemaining }

  /// Tokens that were used, of how many.
  private var used: (part: Int128, whole: Int128)? {
    guard let remaining = tokensRemaining, let limit = quota.tokensLimit, limit > 0 else { return nil }
    return (Int128(max(0, limit - remaining)), Int128(limit))
  }

  /// The tokens used, in hundredths of a percent of the limit, half to even.
  package var share: Int128? { used.flatMap { halfEven($0.part, times: 10_000, $0.whole) } }

  package var level: Level {
    if tokensRemaining == 0 || requestsRemaining == 0 { return .critical }
    return used.map { Level($0.part, of: $0.whole, warnPercent: Self.warnPercent) } ?? .ok
  }
}

/// All cards.
package struct Standing: Sendable {
  /// The dimensions that must be read, besides those that budgets ask about.
  package static let dimensions = ["service", "account"]

  /// What sessions are counted by.
  package static let details = ["session"]

  package let cards: [StatusCard]
  let month: Usage
  /// Of the month, each once.
  let sessionCount: Int

  package var level: Level { cards.map(\.level).max() ?? .ok }

  /// What is bad or not known, the worst first, one sentence each.
  package var warnings: [String] {
    Level.allCases.reversed().flatMap { level in
      cards.filter { $0.level == level && !$0.reasons.isEmpty }.map { card in
        let who = card.name.isEmpty ? "" : "\(card.name): "
        return "\(level.name): \(who)\(card.reasons.joined(separator: "; "))."
      }
    }
  }

  /// - Parameters:
  ///   - month: this month so far.
  ///   - today: the last day of it, by the same dimensions.
  ///   - sessions: of the month, by `dimensions` and with `details`; nil where nobody counts them.
  ///   - budgets: in the order in which they are shown.
  ///   - quotas: the last ones.
  ///   - nowMs: when quotas are stale.
  ///   - chosen: the events that cards show, and the month of all events; then quotas and budgets stand only on cards
  ///     that are shown. Nil when cards show everything.
  package init(
    month: Usage, today: Usage, sessions: Usage?, budgets: [BudgetState], quotas: [Quota], nowMs: Int64,
    chosen: (filter: Filter, everything: Usage)? = nil
  ) {
    self.month = month
    func sessionCount(_ rows: [Usage.Row]) -> Int {
      sessions.map { $0.distinctCount("session", in: rows.sum) } ?? 0
    }
    self.sessionCount = sessionCount(sessions?.rows ?? [])
    func name(_ row: Usage.Row) -> [ByteText?] { Array(row.texts.prefix(2)) }
    let months = Dictionary(grouping: month.rows, by: name)
    let days = Dictionary(grouping: today.rows, by: name)
    let counts = Dictionary(grouping: sessions?.rows ?? [], by: name).mapValues(sessionCount)
    let quotas = Dictionary(
      quotas.map { ([$0.service, $0.account], QuotaState($0, nowMs: nowMs)) }, uniquingKeysWith: { $1 })
    let all = Set(chosen.map { $0.everything.rows.map(name) } ?? Array(months.keys)).union(quotas.keys)
    let scope = Scope(chosen?.filter)
    let isDecided = scope.isDecided(by: Self.dimensions)
    let names = all.filter { name in
      months[name] != nil || chosen == nil || isDecided && scope.covers(name, of: Self.dimensions)
    }.sorted { $0.precedes($1) }
    // The one card that a budget is about.
    let homes = budgets.map { state -> [ByteText?]? in
      let scope = state.budget.scope
      guard scope.isDecided(by: Self.dimensions) else { return nil }
      let covered = all.filter { scope.covers($0, of: Self.dimensions) }
      return covered.count == 1 ? covered.first : nil
    }
    var shown: Set<Int> = []
    let own = names.map { name in
      let indices = budgets.indices.filter { homes[$0] == name }
      let first = indices.max { Self.isLess(budgets[$0], budgets[$1]) }
      if let first { shown.insert(first) }
      return StatusCard(
        name, budget: first.map { budgets[$0] }, month: months[name] ?? [], today: days[name] ?? [],
        sessions: counts[name] ?? 0, quota: quotas[name], budgets: indices.map { budgets[$0] })
    }
    let rest = budgets.indices.filter { index in
      !shown.contains(index) && (chosen == nil || homes[index].map(names.contains) ?? false)
    }
    let others = rest.map { index in
      let state = budgets[index]
      return StatusCard(
        homes[index] ?? [nil, nil], budget: state, month: state.budget.rows(month),
        today: state.budget.rows(today), sessions: nil, quota: nil, budgets: [state], isOfBudget: true)
    }
    cards = own + others
  }

  /// Which of two budgets of a card is shown rather: one of a month in money, else the fuller one.
  private static func isLess(_ a: BudgetState, _ b: BudgetState) -> Bool {
    let isMonthly = [a, b].map { $0.budget.period == .month && $0.budget.currency != nil }
    if isMonthly[0] != isMonthly[1] { return isMonthly[1] }
    return a.share < b.share
  }
}
