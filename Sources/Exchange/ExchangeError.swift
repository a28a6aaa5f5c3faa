package import Calendar
package import Money

/// Why an amount cannot be converted.
package enum ExchangeError: Error, Equatable, Sendable {
  /// What is known instead of the rate that is missing.
  package enum Known: Equatable, Sendable {
    /// No rates were ever imported.
    case nothing
    /// Rates, but none of this currency.
    case others
    /// The last one before is too old.
    case last(CivilDate)
    /// The first one comes later.
    case first(CivilDate)
  }

  case noRate(Currency, day: CivilDate, known: Known)
  /// The amount in the other currency is beyond all sense.
  case tooLarge(from: Currency, to: Currency, day: CivilDate)

  /// The UTC day whose rate was asked for.
  package var day: CivilDate {
    switch self {
    case .noRate(_, let day, _), .tooLarge(_, _, let day): day
    }
  }
}

extension ExchangeError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noRate(let currency, let day, .nothing):
      "\(day): no rate of \(currency): no exchange rates were imported: \(Self.fetch)"
    case .noRate(let currency, let day, .others):
      "\(day): no rate of \(currency): no imported file has any: if the ECB quotes it, \(Self.fetch); else import a "
        + "CSV file of your own: a line \"Date,\(currency)\" and for each day its date and what 1 EUR costs"
    case .noRate(let currency, let day, .last(let last)):
      "\(day): no rate of \(currency): the last known is of \(last), more than \(Rates.ageDaysMax) days before: "
        + Self.fetch
    case .noRate(let currency, let day, .first(let first)):
      "\(day): no rate of \(currency): the first known is of \(first): \(Self.fetch)"
    case .tooLarge(let from, let to, let day):
      "\(day): the amount in \(from) is too large to be converted to \(to): look for the event with "
        + "tally report daily \(day) --by source"
    }
  }

  private static let fetch =
    "fetch https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip, unzip it, and tally fx import "
    + "eurofxref-hist.csv"
}

/// Why a file of rates cannot be read: file, line, what, how to mend it.
package struct RateFileError: Error, Equatable, Sendable, CustomStringConvertible {
  package let path: String
  /// From 1; nil when it is about the whole file.
  package let line: Int?
  package let what: String
  package let mend: String

  package var description: String {
    "\(path)\(line.map { ":\($0)" } ?? ""): \(what): \(mend)"
  }
}
