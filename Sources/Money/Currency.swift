//! ISO 4217 currency codes in force, and XAU-like metals left out: nobody is billed in gold. The list is the
//! standard's "List one", 2026; crypto and private units are not in it and are rejected by name.

/// A currency of ISO 4217.
package struct Currency: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The three letters in the low 24 bits, first letter highest, so that order is alphabetical.
  package let packed: UInt32

  /// The currency with this packed code, unchecked; for codes that were checked when they were stored.
  @inlinable
  package init(packed: UInt32) { self.packed = packed }

  /// The currency of the three letters of a code that was checked when it was stored.
  package init(stored code: some Sequence<UInt8>) { packed = code.reduce(0) { $0 << 8 | UInt32($1) } }

  /// The currency named by three letters of either case; nil when ISO 4217 has none of that name.
  package init?(_ code: String) {
    let upper = Array(code.utf8).map { $0 & 0xDF }
    guard upper.count == 3, upper.allSatisfy({ (65...90).contains($0) }) else { return nil }
    let packed = UInt32(upper[0]) << 16 | UInt32(upper[1]) << 8 | UInt32(upper[2])
    guard Self.known.contains(packed) else { return nil }
    self.packed = packed
  }

  package var description: String {
    String(
      decoding: [
        UInt8(truncatingIfNeeded: packed >> 16), UInt8(truncatingIfNeeded: packed >> 8),
        UInt8(truncatingIfNeeded: packed),
      ], as: UTF8.self)
  }

  package static func < (a: Currency, b: Currency) -> Bool { a.packed < b.packed }

  private static let known: Set<UInt32> = Set(
    """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF \
    CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD \
    GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP \
    LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB \
    PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB \
    TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER \
    ZAR ZMW ZWG
    """.split(separator: " ").map { code in code.utf8.reduce(0) { $0 << 8 | UInt32($1) } })
}
