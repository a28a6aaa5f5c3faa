//! One day's amounts in one currency. It happens day by day, because each UTC day has its own rate, and before the
//! days are added up, so that rows and Others still add up to the total: each sum of a day, group and currency is
//! rounded once, to the pico-unit, and from then on all is plain addition.

import Calendar
import Exchange
import Money

extension GroupSums {
  /// The sums of a UTC day with every amount in one currency.
  ///
  /// - Returns: them, and the latest day whose rate was needed. Nothing needs no rate.
  func converted(
    _ conversion: Conversion, day: CivilDate
  ) throws(ExchangeError) -> (sums: GroupSums, rateDay: CivilDate?) {
    var result = GroupSums(unpriced: unpriced)
    var rateDay: CivilDate?
    let target = Array(conversion.currency.description.utf8)
    for (key, values) in groups {
      var (key, values) = (key, values)
      if let code = key.currency, code != target {
        let hasMoney = GroupValues.moneyPlaces.contains { values.sums[$0] != 0 }
        if hasMoney || values.spread?.hasCosts == true {
          let used = try Self.convert(&values, code, conversion, day)
          rateDay = [rateDay, used].compactMap(\.self).max()
        }
        key.currency = target
      }
      result.add(values, to: key)
    }
    return (result, rateDay)
  }

  private static func convert(
    _ values: inout GroupValues, _ code: [UInt8], _ conversion: Conversion, _ day: CivilDate
  ) throws(ExchangeError) -> CivilDate? {
    let from = Currency(stored: code)
    let rate = try conversion.rates.rate(from: from, to: conversion.currency, on: day)
    func converted(_ pico: Int128) throws(ExchangeError) -> Int128 {
      guard let converted = rate.converted(pico) else {
        throw .tooLarge(from: from, to: conversion.currency, day: day)
      }
      return converted
    }
    for place in GroupValues.moneyPlaces where values.sums[place] != 0 {
      values.sums[place] = try converted(values.sums[place])
    }
    try values.spread?.changeCosts(converted)
    return rate.day
  }
}
