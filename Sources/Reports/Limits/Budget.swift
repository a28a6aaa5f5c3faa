//! How much may be used, and how much of it is. Pure: what was used comes in as sums; `Level` is what monitors want to
//! know.
//!
//! The state of a budget is a lower bound that says so: unknown costs and rates must not keep a monitor from the
//! rest.

import Bytes
package import Calendar
package import Query

/// How bad it is.
package enum Level: Int, Comparable, CaseIterable, Sendable {
  case ok, warning, critical

  package static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }

  /// The word for it.
  package var name: String {
    switch self {
    case .ok: "OK"
    case .warning: "Warning"
    case .critical: "Critical"
    }
  }

  /// Of a part of a whole: critical from the whole on, a warning from some percent of it.
  package init(_ part: Int128, of whole: Int128, warnPercent: Int128) {
    self = part >= whole ? .critical : part * 100 >= whole * warnPercent ? .warning : .ok
  }
}

/// How much may be used in a stretch of time.
package struct Budget: Sendable {
  package enum Period: String, CaseIterable, Sendable {
    case session, day, week, month

    /// The days that must be read, the last of which is today.
    package func days(until today: CivilDate, weekStart: Weekday) -> ClosedRange<CivilDate> {
      switch self {
      case .session: today - 6...today
      case .day: today...today
      case .week: today.first(ofWeekStartingOn: weekStart)...today
      case .month: today.civilMonth.days.lowerBound...today
      }
    }
  }

  package enum Measure: Equatable, Sendable {
    /// In a currency.
    case cost(String)
    case tokens, requests
  }

  package let name: String
  package let scope: Scope
  package let period: Period
  package let measure: Measure
  /// Pico-units, tokens or requests.
  package let limit: Int128
  package let warnPercent: Int128

  package init(
    name: String, scope: Scope, period: Period, measure: Measure, limit: Int128, warnPercent: Int128
  ) {
    self.name = name
    self.scope = scope
    self.period = period
    self.measure = measure
    self.limit = limit
    self.warnPercent = warnPercent
  }

  /// The currency it is in; nil when it is not about money.
  package var currency: String? {
    if case .cost(let currency) = measure { return currency }
    return nil
  }

  /// The rows that it is about.
  func rows(_ usage: Usage) -> [Usage.Row] {
    usage.rows.filter { scope.covers($0.texts, of: usage.request.dimensions) }
  }

  /// Whether it is in money and something it is about costs other money.
  package func needsConversion(_ usage: Usage) -> Bool {
    guard let currency else { return false }
    return rows(usage).contains { $0.sums.cost != 0 && $0.currency != currency }
  }
}

/// How much of a budget is used.
package struct BudgetState: Sendable {
  package let budget: Budget
  /// Pico-units, tokens or requests; of money the part that is known.
  package let used: Int128
  /// Requests whose cost is not known, where it is about money.
  package let unpriced: Int128
  /// Currencies of amounts that could not be converted, so that they are not in it.
  package let otherCurrencies: [String]
  /// The session it is about, where it is about one.
  package let session: String?

  package var level: Level { Level(used, of: budget.limit, warnPercent: budget.warnPercent) }
  /// Hundredths of a percent, half to even.
  package var share: Int128 { halfEven(used, times: 10_000, budget.limit) ?? 0 }
}

extension Budget {
  /// How long after its last event a session counts as active.
  package static let activeMs: Int64 = 3_600_000

  /// - Parameters:
  ///   - usage: of the period's days, in the budget's currency if it can be; by session and with times where the period
  ///     is one.
  ///   - nowMs: when sessions are active.
  package func state(_ usage: Usage, nowMs: Int64) -> BudgetState {
    let rows = rows(usage)
    guard period == .session else { return state(rows) }
    guard let place = usage.request.dimensions.firstIndex(of: "session") else { return state([]) }
    let sessions = Dictionary(grouping: rows.filter { $0.texts[place] != nil }) { $0.texts[place] }
    // The fullest one; of several the first by name.
    let fullest = sessions.filter { ($0.value.sum.times?.upperBound ?? .min) > nowMs - Self.activeMs }
      .map { state($0.value, session: $0.key?.text) }
      .max { a, b in
        a.used != b.used
          ? a.used < b.used : (b.session ?? "").precedesInBytes(a.session ?? "")
      }
    return fullest ?? state([])
  }

  private func state(_ rows: [Usage.Row], session: String? = nil) -> BudgetState {
    let sum = rows.sum
    let used: Int128
    switch measure {
    case .cost(let currency): used = rows.filter { $0.currency == currency }.sum.cost
    case .tokens: used = sum.tokens
    case .requests: used = sum.requests
    }
    let others = Set(rows.filter { $0.sums.cost != 0 }.compactMap(\.currency)).subtracting([currency ?? ""])
    return BudgetState(
      budget: self, used: used, unpriced: currency == nil ? 0 : sum.unpriced,
      otherCurrencies: currency == nil ? [] : others.sorted(), session: session)
  }
}
