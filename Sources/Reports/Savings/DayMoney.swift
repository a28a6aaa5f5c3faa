import Calendar
import Exchange
import Money
import Pricing
import Query

/// Amounts at the prices of a UTC day, in the currency of the report where there is a rate, else in that of the prices.
struct DayMoney {
  let day: CivilDate
  private let conversion: Conversion?

  init(_ day: CivilDate, _ request: ReportRequest) {
    self.day = day
    conversion = request.conversion
  }

  private func rate(_ prices: KindPrices) -> ExchangeRate? {
    guard let conversion else { return nil }
    return try? conversion.rates.rate(from: prices.currency, to: conversion.currency, on: day)
  }

  /// The currency of what `converted` returns.
  func currency(_ prices: KindPrices) -> String {
    "\(rate(prices) == nil ? prices.currency : conversion?.currency ?? prices.currency)"
  }

  /// Pico-units; nil when they are too many.
  func converted(_ pico: Int128, _ prices: KindPrices) -> Int128? {
    guard let rate = rate(prices) else { return pico }
    return rate.converted(pico)
  }
}
