import Calendar
import Exchange
import Money
import Testing

/// A file of rates from its text.
func file(_ text: String, _ path: String = "f") throws -> RateFile {
  try RateFile(Array(text.utf8), path: path)
}

/// Rates from the lines of a CSV file.
func rates(_ lines: String...) throws -> Rates { try file(lines.joined(separator: "\n")).rates }

func currency(_ code: String) throws -> Currency { try #require(Currency(code)) }

func day(_ text: String) throws -> CivilDate { try #require(CivilDate(text)) }

/// The days and rates of a currency as texts.
func series(_ rates: Rates, _ code: String) throws -> [String] {
  guard let series = rates.series[try currency(code)] else { return [] }
  return zip(series.days, series.rates).map { "\(CivilDate(days: $0)) \(Decimal.text($1))" }
}

/// The envelope around days, as published.
func envelope(_ days: String, quote: String = "'") -> String {
  """
  <?xml version="1.0" encoding="UTF-8"?>
  <gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" \
  xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
  \t<gesmes:subject>Reference rates</gesmes:subject>
  \t<gesmes:Sender>
  \t\t<gesmes:name>European Central Bank</gesmes:name>
  \t</gesmes:Sender>
  \t<Cube>
  \(days)
  \t</Cube>
  </gesmes:Envelope>
  """
}
