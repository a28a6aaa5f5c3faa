//! Dated exchange rates as the European Central Bank publishes them: for each day and currency what 1 EUR costs.
//! Every other pair goes over the euro, so A → EUR → B and A → B are the same rate.
//!
//! There are no rates on weekends and holidays; then the last known one before holds, as it does at every bank. The
//! longest run of days without rates is five (Good Friday to Easter Monday; Christmas next to a weekend), so a rate
//! that is older than seven days means that something was not imported or is not quoted any more. That is an
//! error, never a guess: a currency can lose half its worth in a month.

package import Calendar
package import Money

/// Rates by currency and day.
package struct Rates: Equatable, Sendable {
  /// How old the last known rate may be.
  package static let ageDaysMax = 7
  /// The currency that every rate is the price of.
  package static let base = Currency(packed: 0x45_55_52)
  /// The first day that has rates.
  package static let firstDay = CivilDate(days: CivilDate.days(year: 1999, month: 1, day: 1))

  /// The rates of one currency, days ascending, each once.
  package struct Series: Equatable, Sendable {
    /// Days since 1970.
    package internal(set) var days: [Int] = []
    /// Pico-units of the currency for 1 EUR, above zero.
    package internal(set) var rates: [Int128] = []

    package var count: Int { days.count }

    /// How many of the days are not after this one.
    func count(through day: Int) -> Int {
      var low = 0
      var high = days.count
      while low < high {
        let middle = (low + high) / 2
        if days[middle] <= day { low = middle + 1 } else { high = middle }
      }
      return low
    }
  }

  /// None of them is empty, and none is of the euro.
  package internal(set) var series: [Currency: Series] = [:]

  package init() {}

  package var isEmpty: Bool { series.isEmpty }

  /// The currencies, in order of their codes.
  package var currencies: [Currency] { series.keys.sorted() }

  /// A rate and the day it is of.
  package struct Known: Equatable, Sendable {
    package let day: CivilDate?
    /// Pico-units for 1 EUR.
    package let rate: Int128
  }

  /// What 1 EUR costs: the last rate on or before the day.
  package func known(_ currency: Currency, on day: CivilDate) throws(ExchangeError) -> Known {
    if currency == Self.base { return Known(day: nil, rate: Decimal.unit) }
    guard let series = series[currency] else {
      throw .noRate(currency, day: day, known: isEmpty ? .nothing : .others)
    }
    let index = series.count(through: day.days) - 1
    guard index >= 0 else {
      throw .noRate(currency, day: day, known: .first(CivilDate(days: series.days[0])))
    }
    let last = CivilDate(days: series.days[index])
    guard day - last <= Self.ageDaysMax else { throw .noRate(currency, day: day, known: .last(last)) }
    return Known(day: last, rate: series.rates[index])
  }

  /// The rate between two currencies on a day; between a currency and itself none needs to be known.
  package func rate(
    from: Currency, to: Currency, on day: CivilDate
  ) throws(ExchangeError) -> ExchangeRate {
    if from == to { return ExchangeRate(from: 1, to: 1, day: nil) }
    let (source, target) = (try known(from, on: day), try known(to, on: day))
    return ExchangeRate(
      from: source.rate, to: target.rate, day: [source.day, target.day].compactMap(\.self).max())
  }
}

/// What amounts are converted to, and how.
package struct Conversion: Sendable {
  package let currency: Currency
  package let rates: Rates

  package init(to currency: Currency, _ rates: Rates) {
    self.currency = currency
    self.rates = rates
  }
}
