//! Files of rates as the European Central Bank publishes them:
//!
//! - `eurofxref-daily.xml`, `eurofxref-hist-90d.xml`, `eurofxref-hist.xml`: `<Cube time='2026-11-20'>` around one
//!   `<Cube currency='USD' rate='1.0832'/>` for each currency;
//! - `eurofxref.csv`: `Date, USD, JPY, …` and one line with a date such as `20 November 2026`;
//! - `eurofxref-hist.csv`: the same with ISO dates, a line a day, `N/A` where there is no rate.
//!
//! What is not exactly of these shapes is refused with its line: a rate that was misread is worse than none.

package import Calendar

/// What a file of rates holds.
package struct RateFile: Equatable, Sendable {
  package let rates: Rates
  package let dayCount: Int
  /// Codes that ISO 4217 does not have any more, whose rates were left out.
  package let withdrawn: [String]

  /// The whole history is a tenth of this.
  package static let sizeBytesMax = 64 << 20

  /// Reads the bytes of a file of any of the shapes.
  ///
  /// - Parameters:
  ///   - path: what messages call the file.
  ///   - days: the days that are wanted of a CSV file; then there may be none, and others are not checked.
  package init(
    _ bytes: [UInt8], path: String, days: ClosedRange<CivilDate>? = nil
  ) throws(RateFileError) {
    let mend = "name the eurofxref files of the ECB, .xml or .csv"
    if bytes.starts(with: [0x50, 0x4B, 3, 4]) {
      throw RateFileError(
        path: path, line: nil, what: "this is a zip file", mend: "unzip it first, and import the .csv in it")
    }
    let start = bytes.firstIndex { !Byte.isSpace($0) && !Byte.mark.contains($0) }
    switch start.map({ bytes[$0] }) {
    case nil: throw RateFileError(path: path, line: nil, what: "the file is empty", mend: mend)
    case UInt8(ascii: "<"):
      var reader = RateXMLReader(bytes, path: path)
      self = try reader.read()
    case UInt8(ascii: "D"):
      var reader = RateCSVReader(bytes, path: path, days: days)
      self = try reader.read()
    default: throw RateFileError(path: path, line: 1, what: "this is no file of exchange rates", mend: mend)
    }
    if rates.isEmpty, days == nil {
      throw RateFileError(path: path, line: nil, what: "the file holds no rates", mend: "fetch it again")
    }
  }

  init(rates: Rates, dayCount: Int, withdrawn: [String]) {
    self.rates = rates
    self.dayCount = dayCount
    self.withdrawn = withdrawn
  }
}

/// What bytes are.
enum Byte {
  /// The byte order mark.
  static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

  @inline(__always)
  static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 10 || byte == 13 || byte == 9 }

  @inline(__always)
  static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }
}
