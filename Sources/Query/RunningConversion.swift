//! Parts of a sum in another currency. A sum of a UTC day is rounded once (`GroupSums+Exchange`), so parts that were each
//! rounded would not add up to it: each part is what the converted running sum grows by.

package import Calendar
package import Exchange
import Money

extension Conversion {
  /// What one unit of a currency was worth on a UTC day, `2026-10-20`, and the day whose rate that is.
  package func rate(of currency: String, on day: String) -> (pico: Int128, day: CivilDate?)? {
    guard let date = try? DateExpression.parse(day, today: CivilDate(days: 0)).lowerBound,
      let rate = try? rates.rate(from: Currency(stored: currency.utf8), to: self.currency, on: date),
      let pico = rate.converted(Decimal.unit)
    else { return nil }
    return (pico, rate.day)
  }
}

struct RunningConversion {
  private struct Name: Hashable {
    let day: CivilDate
    let currency: String
  }

  private struct State {
    let rate: ExchangeRate
    var sum: Int128 = 0
    var converted: Int128 = 0
  }

  private let conversion: Conversion
  private var states: [Name: State] = [:]

  init(_ conversion: Conversion) { self.conversion = conversion }

  /// The next part of the sum of a day and currency, converted.
  mutating func converted(
    _ pico: Int128, _ currency: String, day: CivilDate
  ) throws(ExchangeError) -> Int128 {
    // What cost nothing needs no rate.
    if pico == 0 { return 0 }
    let name = Name(day: day, currency: currency)
    let from = Currency(stored: currency.utf8)
    var state: State
    if let known = states[name] {
      state = known
    } else {
      state = State(rate: try conversion.rates.rate(from: from, to: conversion.currency, on: day))
    }
    state.sum += pico
    guard let converted = state.rate.converted(state.sum) else {
      throw .tooLarge(from: from, to: conversion.currency, day: day)
    }
    let part = converted - state.converted
    state.converted = converted
    states[name] = state
    return part
  }
}
