//! Most models have one price list all day, no windows, no fees, and a threshold that few prompts exceed. Then the cost
//! of an event is a sum of products that needs no decision, and a whole day is priced in one loop over its columns.

import Events
package import Money

/// Prices of a model that hold for every event of a day that used tokens only and whose prompt is not too long.
package struct FlatPrices: Sendable {
  package let currency: Currency
  /// Pico-units a token, by `PriceKey`; `none` where there is no price.
  ///
  /// What `reasoning` holds is charged on top of output.
  package let tokens: [Int64]
  /// Longer prompts belong to another context tier.
  package let promptTokensMax: Int64

  package static let none = ResolvedPrices.none
}

extension PricedModel {
  /// The instants of a UTC day.
  static func span(ofDay day: Int) -> Range<Int64> {
    let start = Int64(day) * Timestamp.day
    return start..<start + Timestamp.day
  }

  /// The prices of a UTC day, when they are so simple; nil otherwise.
  package func flatPrices(day: Int) -> FlatPrices? {
    let span = Self.span(ofDay: day)
    guard let period = periods.first(where: { $0.from <= span.lowerBound && $0.until >= span.upperBound }),
      period.windows.isEmpty, !period.isTierMissing, period.creditsPerRequest == nil,
      period.units.request <= 0, let table = period.tables.first
    else { return nil }
    var tokens = table.tokens.indices.map { table.tokens[$0] }
    let (output, reasoning) = (Int(PriceKey.output.rawValue), Int(PriceKey.reasoning.rawValue))
    if table.isReasoningApart {
      if tokens[output] == ResolvedPrices.none || tokens[reasoning] == ResolvedPrices.none { return nil }
      tokens[reasoning] -= tokens[output]
    } else {
      tokens[reasoning] = 0
    }
    return FlatPrices(
      currency: period.currency, tokens: tokens, promptTokensMax: period.thresholds.first ?? .max)
  }

  /// The currency of the first price that applies on a UTC day; nil when none does.
  package func currency(day: Int) -> Currency? {
    let span = Self.span(ofDay: day)
    return credits.first { $0.from < span.upperBound && $0.until > span.lowerBound }?.currency
      ?? periods.first { $0.from < span.upperBound && $0.until > span.lowerBound }?.currency
  }
}
