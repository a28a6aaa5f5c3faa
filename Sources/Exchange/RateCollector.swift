import Calendar
import Money

/// Rates as a reader finds them, day by day.
struct RateCollector {
  private var numbers: [UInt32: Int] = [:]
  private var currencies: [Currency?] = []
  private var series: [Rates.Series] = []
  /// The last day on which each currency was found, so that none counts twice.
  private var lastDays: [Int] = []
  private var seenDays: Set<Int> = []
  private var day = 0

  /// Goes on to a day; false when it was there before.
  mutating func begin(_ day: CivilDate) -> Bool {
    self.day = day.days
    return seenDays.insert(day.days).inserted
  }

  /// The number of a currency's code; the letters must be upper case.
  mutating func number(_ code: UInt32) -> Int {
    if let known = numbers[code] { return known }
    let number = currencies.count
    numbers[code] = number
    // What the standard has withdrawn, such as the drachma, can be the currency of no event.
    currencies.append(Currency(Currency(packed: code).description))
    series.append(Rates.Series())
    lastDays.append(.min)
    return number
  }

  /// Adds the rate of a currency on the day; false when it has one there.
  mutating func add(_ number: Int, _ rate: Int128) -> Bool {
    if lastDays[number] == day { return false }
    lastDays[number] = day
    if currencies[number] != nil { series[number].append(day, rate) }
    return true
  }

  /// All that was found.
  consuming func finish() -> RateFile {
    var rates = Rates()
    var withdrawn: [String] = []
    for (code, number) in numbers {
      guard let currency = currencies[number] else {
        withdrawn.append(Currency(packed: code).description)
        continue
      }
      var series = series[number]
      if series.count == 0 { continue }
      series.sort()
      rates.series[currency] = series
    }
    return RateFile(rates: rates, dayCount: seenDays.count, withdrawn: withdrawn.sorted())
  }
}
