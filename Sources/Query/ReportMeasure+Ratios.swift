//! Measures that are quotients of sums: a row's is the quotient of its own sums, never a mean of other rows' quotients.

import Rollup

extension ReportMeasure {
  /// Ratios that tell nothing about money.
  static var ratios: [ReportMeasure] {
    [
      percent("cache_hit_rate", of: { $0[.cacheReadTokens] }) { values in
        [.inputTokens, .cacheReadTokens, .cacheWriteTokens, .cacheWrite1hTokens, .cacheWrite12hTokens]
          .reduce(0) { $0 + values[$1] }
      },
      percent("error_rate", of: { $0[.errors] }) { $0[.requests] },
      // Who tells no time was not quick.
      quotient("duration_mean_ms", .count, of: { $0[.durationMs] }) {
        $0[.durationMs] == 0 ? 0 : $0[.requests]
      },
      // Pico-units of tokens a millisecond, so that a second has a thousand times as many.
      quotient(
        "output_tokens_per_second", .amount, of: { $0[.outputTokens] }, times: 1_000_000_000_000_000
      ) {
        $0[.durationMs]
      },
      quotient("requests_per_day", .amount, of: { $0[.requests] }, times: 1_000_000_000_000) { $0.days },
    ]
  }

  /// Percentiles of how long requests took.
  static var durationPercentiles: [ReportMeasure] {
    [50, 95].map { percentile("duration_p\($0)_ms", .count, of: .durations, $0) }
  }

  /// Percentiles of what requests cost.
  static var costPercentiles: [ReportMeasure] {
    [50, 95].map { percentile("cost_p\($0)", .amount, of: .costs, $0) }
  }

  /// Missing where no event tells.
  private static func percentile(
    _ name: String, _ role: ReportColumn.Role, of kind: Spread.Kind, _ percent: Int
  ) -> ReportMeasure {
    let column = ReportColumn(name, role, decimals: 4)
    let cell = { @Sendable (values: GroupValues, isWithoutAmount: Bool) -> ReportCell in
      if isWithoutAmount, kind == .costs { return .missing }
      guard let value = values.spread?.percentile(percent, of: kind) else { return .missing }
      return kind == .costs ? .amount(value) : .integer(value)
    }
    return ReportMeasure(column: column, cell: cell, spread: kind)
  }

  /// The mean cost of the requests whose cost is known.
  static var costPerRequest: ReportMeasure {
    ReportMeasure(column: ReportColumn("cost_per_request", .amount, decimals: 4)) { values, isWithoutAmount in
      if isWithoutAmount { return .missing }
      let known = values[.requests] - values[.unpricedRequests]
      return halfEven(values.cost, known).map { .amount($0) } ?? .missing
    }
  }

  private static func percent(
    _ name: String, of part: @Sendable @escaping (GroupValues) -> Int128,
    in whole: @Sendable @escaping (GroupValues) -> Int128
  ) -> ReportMeasure {
    quotient(name, .percent, of: part, times: 10_000, by: whole)
  }

  /// Missing where nothing was divided by.
  private static func quotient(
    _ name: String, _ role: ReportColumn.Role, of part: @Sendable @escaping (GroupValues) -> Int128,
    times factor: Int128 = 1, by whole: @Sendable @escaping (GroupValues) -> Int128
  ) -> ReportMeasure {
    ReportMeasure(column: ReportColumn(name, role)) { values, _ in
      guard let result = halfEven(part(values), times: factor, whole(values)) else { return .missing }
      return role == .amount ? .amount(result) : .integer(result)
    }
  }
}
