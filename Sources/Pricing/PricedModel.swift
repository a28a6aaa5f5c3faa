//! A model under one service tier, ready to be multiplied: every period with its tables resolved, so that an event
//! costs a search for its period, a comparison with the thresholds, and a sum of products. No event allocates.
//!
//! "Which table" is decided when the model is resolved, not for each event: a price is looked up in the service
//! tier's context tier, the standard context tier, the service tier, the window, the standard table, and then the
//! rules for counters without a price. What is left to ask for an event is its time, its window and its prompt.

import Calendar
import Money

/// Resolved prices of one period, window and context tier.
struct ResolvedPrices: Sendable {
  /// Stands for "no price": there are no negative ones.
  static let none = Int64.min

  /// Pico-units a token, by `PriceKey`.
  var tokens: InlineArray<12, Int64> = InlineArray(repeating: none)
  /// Whether reasoning is taken out of output.
  var isReasoningApart = false
}

/// Pico-units a unit; negative stands for "no price".
struct ResolvedUnits: Sendable {
  var request: Int128 = -1
  var search: Int128 = -1
  var image: Int128 = -1
  var audioSecond: Int128 = -1
  var character: Int128 = -1
}

/// One period of a priced model.
struct ResolvedPeriod: Sendable {
  var from: Int64
  var until: Int64
  var currency: Currency
  /// Whether the period lacks the service tier that was asked for.
  var isTierMissing = false
  /// Ascending; `tables` holds one more than there are thresholds, for each window and for none (which is the last).
  var thresholds: [Int64] = []
  var windows: [PriceWindow] = []
  var tables: [ResolvedPrices] = []
  var units = ResolvedUnits()
  /// Pico-credits a request.
  var creditsPerRequest: Int128?
  /// Of everything above but the times.
  var digest: UInt64 = 0
}

/// A provider's model under one service tier.
package final class PricedModel: Sendable {
  package let provider: String
  /// The catalog's name for the model; nil when only the provider's credits are known.
  package let model: String?
  /// The word with which the service tier was asked for; nil where none was.
  package let tierWord: String?
  let periods: [ResolvedPeriod]
  let credits: [CreditPrice]

  init(
    provider: String, model: String?, tierWord: String? = nil, periods: [ResolvedPeriod],
    credits: [CreditPrice]
  ) {
    self.provider = provider
    self.model = model
    self.tierWord = tierWord
    self.periods = periods
    self.credits = credits
  }

  /// What `usage` at an instant costs; `spanMs` is the length of a provider's bucket, 0 for an event.
  package func cost(of usage: UsageCounters, at time: Int64, spanMs: Int64 = 0) -> Cost {
    switch way(of: usage, at: time, spanMs: spanMs) {
    case .credits(let credits, let isCutShort): creditCost(credits, at: time, isApproximate: isCutShort)
    case .period(let index, let isCutShort):
      periods[index].cost(of: usage, at: time, isBucket: spanMs > 0, isApproximate: isCutShort)
    case .unpriced(let reason): .unpriced(reason)
    }
  }

  /// What an event is charged by.
  enum Way {
    /// Pico-credits; and whether a provider's bucket reaches beyond the period.
    case credits(Int128, isCutShort: Bool)
    /// A period's prices.
    case period(Int, isCutShort: Bool)
    case unpriced(UnpricedReason)
  }

  @inline(__always)
  func way(of usage: UsageCounters, at time: Int64, spanMs: Int64) -> Way {
    if usage.credits != 0, !credits.isEmpty { return .credits(usage.credits, isCutShort: false) }
    guard let index = periodIndex(at: time) else {
      return .unpriced(model == nil ? .unknownModel : .noPeriod)
    }
    let isCutShort = spanMs > 0 && time &+ spanMs > periods[index].until
    guard let multiplier = periods[index].creditsPerRequest else {
      return .period(index, isCutShort: isCutShort)
    }
    let (spent, overflow) = multiplier.multipliedReportingOverflow(by: Int128(usage.requests))
    return overflow ? .unpriced(.tooLarge) : .credits(spent, isCutShort: isCutShort)
  }

  /// The period of an instant, by halving.
  private func periodIndex(at time: Int64) -> Int? {
    var low = 0
    var high = periods.count
    while low < high {
      let middle = (low + high) / 2
      if periods[middle].from <= time { low = middle + 1 } else { high = middle }
    }
    return low > 0 && time < periods[low - 1].until ? low - 1 : nil
  }

  func creditCost(_ credits: Int128, at time: Int64, isApproximate: Bool) -> Cost {
    guard let price = self.credits.inForce(at: time) else { return .unpriced(.noPeriod) }
    // Whole credits and the rest apart, so that no product outgrows 128 bits; only the rest can need rounding.
    let (whole, rest) = credits.quotientAndRemainder(dividingBy: Decimal.unit)
    let (units, hasOverflow) = whole.multipliedReportingOverflow(by: price.pico)
    guard !hasOverflow, units.magnitude <= Decimal.magnitudeMax.magnitude else { return .unpriced(.tooLarge) }
    let pico = units + Decimal.dividedHalfEven(rest * price.pico, by: Decimal.unit)
    return isApproximate ? .approximate(pico, price.currency) : .exact(pico, price.currency)
  }
}

extension ResolvedPeriod {
  /// The sum of counter × price.
  func cost(of usage: UsageCounters, at time: Int64, isBucket: Bool, isApproximate: Bool) -> Cost {
    let choice = choice(for: usage, at: time)
    let isApproximate =
      isApproximate || isTierMissing || (isBucket && !windows.isEmpty) || choice.mayBeOver
    var sum = CostSum()
    forEachToken(of: usage, tables[choice.table]) { sum.add($1, $2, $0) }
    forEachUnit(of: usage) { sum.add($1, unit: $2, $0) }
    if let missing = sum.missing { return .unpriced(.noPrice(missing)) }
    guard !sum.hasOverflow, sum.pico <= Decimal.magnitudeMax else { return .unpriced(.tooLarge) }
    return isApproximate ? .approximate(sum.pico, currency) : .exact(sum.pico, currency)
  }

  /// Which table an event is charged by.
  struct Choice {
    /// How many thresholds its prompt exceeds.
    var level = 0
    /// The window it lies in; their number when in none.
    var window: Int
    /// Whether one of its requests may be over a threshold; which, nobody knows.
    var mayBeOver = false
    var table: Int
  }

  @inline(__always)
  func choice(for usage: UsageCounters, at time: Int64) -> Choice {
    var choice = Choice(window: windows.count, table: 0)
    if let first = thresholds.first {
      let prompt = usage.promptTokens
      if usage.requests == 1 {
        while choice.level < thresholds.count, prompt > thresholds[choice.level] { choice.level += 1 }
      } else if prompt > first {
        choice.mayBeOver = true
      }
    }
    for index in windows.indices where windows[index].contains(time) {
      choice.window = index
      break
    }
    choice.table = choice.window * (thresholds.count + 1) + choice.level
    return choice
  }

  /// Brings what is charged by the token, with its price as the table holds it.
  @inline(__always)
  func forEachToken(
    of usage: UsageCounters, _ prices: ResolvedPrices, _ body: (PriceKey, Int64, Int64) -> Void
  ) {
    func charge(_ count: Int64, _ key: PriceKey) { body(key, count, prices.tokens[Int(key.rawValue)]) }
    let reasoning = prices.isReasoningApart ? min(usage.reasoningTokens, usage.outputTokens) : 0
    charge(usage.inputTokens, .input)
    charge(usage.cacheReadTokens, .cacheRead)
    charge(usage.cacheWriteTokens, .cacheWrite)
    charge(usage.cacheWrite1hTokens, .cacheWrite1h)
    charge(usage.cacheWrite12hTokens, .cacheWrite12h)
    charge(usage.outputTokens - reasoning, .output)
    charge(reasoning, .reasoning)
    charge(usage.inputAudioTokens, .inputAudio)
    charge(usage.outputAudioTokens, .outputAudio)
    charge(usage.inputImageTokens, .inputImage)
    charge(usage.outputImageTokens, .outputImage)
    charge(usage.unsplitTokens, .unsplit)
  }

  /// Brings what is charged by the unit.
  @inline(__always)
  func forEachUnit(of usage: UsageCounters, _ body: (PriceKey, Int64, Int128) -> Void) {
    // No fee is no price, not an unknown one.
    if units.request > 0 { body(.request, usage.requests, units.request) }
    body(.search, usage.searches, units.search)
    body(.character, usage.characters, units.character)
    // What is counted in tokens as well is charged in tokens.
    if usage.outputImageTokens == 0 { body(.image, usage.images, units.image) }
    if usage.inputAudioTokens == 0, usage.outputAudioTokens == 0 {
      body(.audioSecond, usage.audioSeconds, units.audioSecond)
    }
  }
}

/// A sum of products, and the first thing that had no price.
private struct CostSum {
  var pico: Int128 = 0
  var missing: PriceKey?
  var hasOverflow = false

  @inline(__always)
  mutating func add(_ count: Int64, _ price: Int64, _ key: PriceKey) {
    if count == 0 { return }
    if price == ResolvedPrices.none {
      if missing == nil { missing = key }
      return
    }
    // 64 × 64 bits fit in 128; thirteen such sums may not.
    add(Int128(count) * Int128(price))
  }

  @inline(__always)
  mutating func add(_ count: Int64, unit price: Int128, _ key: PriceKey) {
    if count == 0 { return }
    if price < 0 {
      if missing == nil { missing = key }
      return
    }
    let (product, overflow) = price.multipliedReportingOverflow(by: Int128(count))
    if overflow { hasOverflow = true }
    add(product)
  }

  @inline(__always)
  private mutating func add(_ product: Int128) {
    let (sum, overflow) = pico.addingReportingOverflow(product)
    pico = sum
    if overflow { hasOverflow = true }
  }
}
