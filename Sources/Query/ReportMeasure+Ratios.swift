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
      quotient("output_tokens_per_second", .amount, of: { $0[.outputTokens] * 1_000_000_000_000_000 }) {
        $0[.durationMs]
      },
    ]
  }

  /// The mean cost of the requests whose cost is known.
  static var costPerRequest: ReportMeasure {
    ReportMeasure(column: ReportColumn("cost_per_request", .amount)) { values, isWithoutAmount in
      if isWithoutAmount { return .missing }
      let known = values[.requests] - values[.unpricedRequests]
      return halfEven(values.cost, known).map { .amount($0) } ?? .missing
    }
  }

  private static func percent(
    _ name: String, of part: @Sendable @escaping (GroupValues) -> Int128,
    in whole: @Sendable @escaping (GroupValues) -> Int128
  ) -> ReportMeasure {
    quotient(name, .percent, of: { part($0) * 10_000 }, by: whole)
  }

  /// Missing where nothing was divided by.
  private static func quotient(
    _ name: String, _ role: ReportColumn.Role, of part: @Sendable @escaping (GroupValues) -> Int128,
    by whole: @Sendable @escaping (GroupValues) -> Int128
  ) -> ReportMeasure {
    ReportMeasure(column: ReportColumn(name, role)) { values, _ in
      guard let result = halfEven(part(values), whole(values)) else { return .missing }
      return role == .amount ? .amount(result) : .integer(result)
    }
  }
}

/// The quotient rounded half to even; nil unless the divisor is positive.
package func halfEven(_ value: Int128, _ divisor: Int128) -> Int128? {
  if divisor <= 0 { return nil }
  let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
  let twice = remainder.magnitude * 2
  let isUp = twice > divisor.magnitude || (twice == divisor.magnitude && quotient % 2 != 0)
  return isUp ? quotient + (remainder < 0 ? -1 : 1) : quotient
}
