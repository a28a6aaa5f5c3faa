import Bytes
import Calendar
import Exchange
import Files
import Foundation
import Money
import Testing
import TestSupport

/// Which rate holds on a day, and how files come together.
@Suite struct RatesTests {
  private static let lines = [
    "Date,USD,ISK,JPY", "2026-11-02,1.1,,160", "2026-11-06,1.2,,", "2026-11-20,1.3,130,170",
  ]
  private static func sample() throws -> Rates { try file(lines.joined(separator: "\n")).rates }

  @Test(arguments: [
    ("2026-11-02", "1.1"), ("2026-11-03", "1.1"), ("2026-11-05", "1.1"), ("2026-11-06", "1.2"),
    ("2026-11-13", "1.2"), ("2026-11-20", "1.3"), ("2026-11-27", "1.3"),
  ])
  func theLastKnownRateHolds(_ text: String, _ rate: String) throws {
    #expect(try Decimal.text(Self.sample().known(currency("USD"), on: day(text)).rate) == rate)
  }

  private static let fetch =
    "fetch https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip, unzip it, and tally fx import "
    + "eurofxref-hist.csv"

  static let missing: [(code: String, day: String, message: String)] = [
    ("USD", "2026-11-01", "2026-11-01: no rate of USD: the first known is of 2026-11-02: \(fetch)"),
    (
      "USD", "2026-11-14",
      "2026-11-14: no rate of USD: the last known is of 2026-11-06, more than 7 days before: \(fetch)"
    ),
    (
      "JPY", "2026-11-19",
      "2026-11-19: no rate of JPY: the last known is of 2026-11-02, more than 7 days before: \(fetch)"
    ),
    (
      "AED", "2026-11-20",
      "2026-11-20: no rate of AED: no imported file has any: if the ECB quotes it, \(fetch); else import a CSV "
        + "file of your own: a line \"Date,AED\" and for each day its date and what 1 EUR costs"
    ),
  ]

  @Test(arguments: missing)
  func aMissingRateIsAnErrorNeverAGuess(_ code: String, _ text: String, _ message: String) throws {
    for (from, to) in [(code, "EUR"), ("EUR", code)] {
      let error = try #require(throws: ExchangeError.self) {
        try Self.sample().rate(from: currency(from), to: currency(to), on: day(text))
      }
      #expect(error.description == message)
    }
  }

  @Test func withoutAnyRates() throws {
    let error = try #require(throws: ExchangeError.self) {
      try Rates().rate(from: currency("USD"), to: currency("EUR"), on: day("2026-11-20"))
    }
    #expect(
      error.description == "2026-11-20: no rate of USD: no exchange rates were imported: \(Self.fetch)")
    // Nothing is converted, so nothing needs to be known.
    #expect(
      try Rates().rate(from: currency("AED"), to: currency("AED"), on: day("2015-01-01")).converted(7) == 7)
  }

  @Test func theRateSaysWhichDayItIsOf() throws {
    let rates = try rates("Date,USD,JPY", "2026-11-19,1.1,160", "2026-11-20,1.2,N/A")
    func of(_ from: String, _ to: String) throws -> String? {
      try rates.rate(from: currency(from), to: currency(to), on: day("2026-11-22")).day?.description
    }
    #expect(try of("USD", "EUR") == "2026-11-20")
    #expect(try of("EUR", "JPY") == "2026-11-19")
    #expect(try of("JPY", "USD") == "2026-11-20")
    #expect(try of("EUR", "EUR") == nil)
  }

  @Test func mergingAddsAndSaysWhatIsDifferent() throws {
    var known = try rates("Date,USD,JPY", "2026-11-19,1.1,160", "2026-11-20,1.2,")
    let other = try rates(
      "Date,USD,JPY,CHF", "2026-11-18,1,,0.9", "2026-11-19,1.15,160.0,", "2026-11-20,1.3,161,")
    var replaced = known
    let kept = known.merge(other, isReplacing: false)
    #expect(kept.added == 3 && kept.same == 1)
    #expect(
      kept.changes.map { "\($0.day) \($0.currency) \(Decimal.text($0.old)) \(Decimal.text($0.new))" } == [
        "2026-11-19 USD 1.1 1.15", "2026-11-20 USD 1.2 1.3",
      ])
    #expect(try series(known, "USD") == ["2026-11-18 1", "2026-11-19 1.1", "2026-11-20 1.2"])
    #expect(try series(known, "JPY") == ["2026-11-19 160", "2026-11-20 161"])
    #expect(try series(known, "CHF") == ["2026-11-18 0.9"])
    #expect(replaced.merge(other, isReplacing: true) == kept)
    #expect(try series(replaced, "USD") == ["2026-11-18 1", "2026-11-19 1.15", "2026-11-20 1.3"])
    #expect(replaced.merge(other, isReplacing: false).changes.isEmpty)
  }

  /// Whatever was merged in whatever order, a set of rates has one spelling, and that reads as the same rates.
  @Test func theStoresSpellingIsReadAsWritten() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed)
    let codes = ["AUD", "CHF", "GBP", "JPY", "USD"]
    var lines: [[String]] = []
    for day in 20_700..<20_760 where Int.random(in: 0..<5, using: &random) > 0 {
      let cells = codes.map { _ in
        Bool.random(using: &random)
          ? "N/A" : Decimal.text(Int128(Int64.random(in: 1...Int64.max, using: &random)))
      }
      lines.append([CivilDate(days: day).description] + cells)
    }
    let header = (["Date"] + codes).joined(separator: ",")
    let whole = try file(([header] + lines.map { $0.joined(separator: ",") }).joined(separator: "\n")).rates
    var merged = Rates()
    for line in lines.shuffled(using: &random)
    where line.contains(where: { $0.first?.isNumber == true && !$0.contains("-") }) {
      _ = merged.merge(try file(header + "\n" + line.joined(separator: ",")).rates, isReplacing: false)
    }
    #expect(merged == whole, "seed \(seed)")
    #expect(merged.csv.array == whole.csv.array, "seed \(seed)")
    #expect(try RateFile(whole.csv.array, path: "f").rates == whole, "seed \(seed)")
  }

  @Test func theStoreKeepsWhatItIsGiven() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "tally-fx-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "catalog/fx.csv").path
    let store = RateStore(path: path, lock: folder.appending(path: "local/fx.lock").path)
    #expect(try store.read().isEmpty)
    let first = try rates("Date,USD,JPY", "2026-11-20,1.20,160", "2026-11-19,1.1,")
    #expect(try store.merge(first, isReplacing: false).added == 3)
    #expect(
      try String(contentsOfFile: path, encoding: .utf8)
        == "Date,JPY,USD\n2026-11-19,,1.1\n2026-11-20,160,1.2\n")
    #expect(try store.read() == first)
    // Of a day that rates are asked for, those of the week before it are read, and no others.
    for (text, count) in [
      ("2026-11-18", 0), ("2026-11-19", 1), ("2026-11-20", 2), ("2026-11-26", 2), ("2026-11-27", 1),
      ("2026-11-28", 0),
    ] {
      let day = try day(text)
      #expect(try store.read(for: day...day).series[currency("USD")]?.count ?? 0 == count, "\(text)")
    }
    let other = try rates("Date,USD", "2026-11-20,1.3", "2026-11-21,1.4")
    #expect(try store.merge(other, isReplacing: false).changes.count == 1)
    #expect(try store.read().known(currency("USD"), on: day("2026-11-20")).rate == 1_200_000_000_000)
    #expect(try store.merge(other, isReplacing: true).changes.count == 1)
    #expect(try store.read().known(currency("USD"), on: day("2026-11-20")).rate == 1_300_000_000_000)
    let before = try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int
    #expect(try store.merge(other, isReplacing: true).same == 2)
    #expect(try FileManager.default.attributesOfItem(atPath: path)[.systemFileNumber] as? Int == before)
    try Data("Date,USD\n2026-11-20,x\n".utf8).write(to: URL(filePath: path))
    #expect(throws: RateStoreError.self) { try store.read() }
    #expect(throws: RateStoreError.self) { try store.merge(other, isReplacing: true) }
  }
}
