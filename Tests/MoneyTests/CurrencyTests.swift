import Foundation
import Money
import Testing

@Suite struct CurrencyTests {
  @Test(arguments: [
    "USD", "EUR", "GBP", "JPY", "CHF", "INR", "CNY", "AED", "ZWG", "XCG", "XOF", "VED", "SLE",
  ])
  func knowsWhatIsInForce(code: String) throws {
    let currency = try #require(Currency(code))
    #expect(currency.description == code)
    #expect(Currency(code.lowercased()) == currency)
    #expect(Currency(packed: currency.packed) == currency)
  }

  /// Replaced currencies, metals, test codes, crypto, private units, names and symbols.
  @Test(arguments: [
    "DEM", "HRK", "ZWL", "SLL", "CUC", "ANG", "XAU", "XTS", "XXX", "BTC", "ETH", "AIC", "", "US", "USDT", "$",
    "€",
    "U5D", "us dollar", "ÜSD", " USD", "USD ", "\u{15}SD",
  ])
  func refusesWhatIsNot(code: String) {
    #expect(Currency(code) == nil)
  }

  private static func all() -> [Currency] {
    let letters = (UInt8(ascii: "A")...UInt8(ascii: "Z")).map { String(UnicodeScalar($0)) }
    return letters.flatMap { a in letters.flatMap { b in letters.compactMap { Currency(a + b + $0) } } }
  }

  @Test func theListIsPartOfWhatICUKnows() {
    let known = Set(Locale.Currency.isoCurrencies.map { $0.identifier.uppercased() })
    // Newer than some systems' ICU.
    let recent: Set = ["XCG", "ZWG", "VED", "SLE"]
    let all = Self.all()
    #expect(all.count == 165)
    for currency in all {
      #expect(known.contains(currency.description) || recent.contains(currency.description), "\(currency)")
    }
  }

  @Test func theOrderIsAlphabetical() {
    let all = Self.all()
    #expect(all.shuffled().sorted().map(\.description) == all.map(\.description).sorted())
  }
}
