import Bytes
import Money

extension ResolvedPeriod {
  /// The tables of a period under a service tier; nil is the standard one.
  init(_ list: PriceList, serviceTier name: String?) {
    from = list.from
    until = list.until
    currency = list.currency
    let special = list.serviceTiers.first { $0.name == name }
    isTierMissing = name != nil && special == nil
    creditsPerRequest = list.creditsPerRequest
    windows = list.windows
    thresholds = Set((list.tiers + (special?.tiers ?? [])).map(\.aboveInputTokens)).sorted()
    for window in list.windows.map({ Optional($0.prices) }) + [nil] {
      // The level below the first threshold is that of a prompt that exceeds none.
      for threshold in [0] + thresholds {
        func context(_ tiers: [ContextTier]) -> PriceTable? {
          tiers.last { $0.aboveInputTokens <= threshold }?.prices
        }
        let tables = [
          context(special?.tiers ?? []), context(list.tiers), special?.prices, window, list.prices,
        ]
        self.tables.append(ResolvedPrices(tables.compactMap(\.self)))
      }
    }
    units = ResolvedUnits([special?.prices, list.prices].compactMap(\.self))
    digest = contentDigest
  }

  private var contentDigest: UInt64 {
    var text = ByteWriter(capacity: 512)
    text.append(littleEndian: currency.packed)
    text.append(UInt8(isTierMissing ? 1 : 0))
    text.append(littleEndian: creditsPerRequest ?? -1)
    for unit in [units.request, units.search, units.image, units.audioSecond, units.character] {
      text.append(littleEndian: unit)
    }
    text.append(littleEndian: Int64(thresholds.count))
    for threshold in thresholds { text.append(littleEndian: threshold) }
    text.append(littleEndian: Int64(windows.count))
    for window in windows {
      text.append(window.weekdays)
      text.append(littleEndian: Int64(window.hours.count))
      for hours in window.hours { text.append(littleEndian: Int64(hours.from * 1440 + hours.to)) }
    }
    for table in tables {
      text.append(UInt8(table.isReasoningApart ? 1 : 0))
      for index in table.tokens.indices { text.append(littleEndian: table.tokens[index]) }
    }
    return text.withBytes { XXH64.hash($0) }
  }
}

extension ResolvedPrices {
  /// The prices of every key by the first table that has one, and then by what counters without a price cost.
  fileprivate init(_ tables: [PriceTable]) {
    func price(_ key: PriceKey) -> Int64? {
      for table in tables {
        // The reader admits prices of a token below 2^63 only.
        if let pico = table[key] { return Int64(clamping: pico) }
      }
      return nil
    }
    for key in PriceKey.tokens { tokens[Int(key.rawValue)] = price(key) ?? Self.none }
    isReasoningApart = price(.reasoning) != nil
    var likeInput: [PriceKey] = [.cacheRead, .cacheWrite, .inputAudio, .inputImage]
    if price(.cacheWrite) == nil { likeInput += [.cacheWrite1h, .cacheWrite12h] }
    for key in likeInput where price(key) == nil { tokens[Int(key.rawValue)] = price(.input) ?? Self.none }
  }
}

extension ResolvedUnits {
  fileprivate init(_ tables: [PriceTable]) {
    func price(_ key: PriceKey) -> Int128? {
      for table in tables {
        if let pico = table[key] { return pico }
      }
      return nil
    }
    request = price(.request) ?? -1
    search = price(.search) ?? -1
    image = price(.image) ?? -1
    character = price(.character) ?? -1
    // As published; the second's price is rounded once, then multiplied.
    audioSecond =
      price(.audioSecond) ?? price(.audioMinute).map { Decimal.dividedHalfEven($0, by: 60) }
      ?? price(.audioHour).map { Decimal.dividedHalfEven($0, by: 3600) } ?? -1
  }
}

extension PricedModel {
  /// A digest of every price that applies on a UTC day: the same digest, the same costs.
  ///
  /// Where a price is from does not enter, nor do prices of other days; two periods that charge the same are one.
  package func digest(day: Int) -> UInt64 {
    let span = Self.span(ofDay: day)
    var text = ByteWriter(capacity: 128)
    var before: UInt64?
    var end = Int64.min
    for period in periods.clipped(from: span.lowerBound).clipped(until: span.upperBound) {
      if period.digest != before || period.from != end {
        text.append(littleEndian: period.from)
        text.append(littleEndian: period.digest)
      }
      before = period.digest
      end = period.until
    }
    text.append(littleEndian: end)
    for price in credits.clipped(from: span.lowerBound).clipped(until: span.upperBound) {
      text.append(littleEndian: price.from)
      text.append(littleEndian: price.pico)
      text.append(littleEndian: price.currency.packed)
    }
    return text.withBytes { XXH64.hash($0) }
  }
}

extension ResolvedPeriod: Dated {}
