//! Sums by kind of what was counted: input, cache reads, output, images … Prices are those that hold when a UTC day
//! begins, outside windows and below thresholds. What events cost beside that is a row of its own, so that the rows add
//! up to the computed cost.

import Pricing
import Rollup

/// A kind of what was counted, as a row of the report by kind.
struct Counter {
  /// The row's name.
  let name: String
  /// Where the count stands in `GroupValues`.
  let count: RollupCount
  let price: PriceKey

  /// All that has a price, but the output, of which reasoning is a part.
  fileprivate static let plain: [Counter] = [
    Counter(.inputTokens, .input), Counter(.cacheReadTokens, .cacheRead),
    Counter(.cacheWriteTokens, .cacheWrite), Counter(.cacheWrite1hTokens, .cacheWrite1h),
    Counter(.cacheWrite12hTokens, .cacheWrite12h), Counter(.inputAudioTokens, .inputAudio),
    Counter(.outputAudioTokens, .outputAudio), Counter(.inputImageTokens, .inputImage),
    Counter(.outputImageTokens, .outputImage), Counter(.unsplitTokens, .unsplit), Counter(.images, .image),
    Counter(.audioSeconds, .audioSecond), Counter(.searches, .search), Counter(.characters, .character),
  ]
  fileprivate static let output = Counter(.outputTokens, .output)
  fileprivate static let reasoning = Counter("reasoning_tokens", .outputTokens, .reasoning)
  fileprivate static let requests = Counter(.requests, .request)
  fileprivate static let credits = Array("credits".utf8)
  /// What cannot be told to belong to one kind.
  static let rest = Array("not_split".utf8)

  /// What a cache holds: it would have been input.
  static let cached: [RollupCount] = [
    .cacheReadTokens, .cacheWriteTokens, .cacheWrite1hTokens, .cacheWrite12hTokens,
  ]

  /// What a price is of, by the name of what is counted; nil stands for credits.
  static func name(of key: PriceKey?) -> String {
    guard let key else { return "credits" }
    return (plain + [output, reasoning, requests]).first { $0.price == key }?.name ?? key.name
  }

  private init(_ name: String, _ count: RollupCount, _ price: PriceKey) {
    self.name = name
    self.count = count
    self.price = price
  }

  private init(_ count: RollupCount, _ price: PriceKey) { self.init(count.name, count, price) }
}

/// Splits groups of one UTC day by kind.
struct CounterSplit {
  let prices: (any PriceSource)?
  let day: Int
  private(set) var result: GroupSums

  init(_ prices: (any PriceSource)?, day: Int, unpriced: [UnpricedKey: Int128]) {
    self.prices = prices
    self.day = day
    result = GroupSums(unpriced: unpriced)
  }

  /// Adds a group: its sums at computed cost, what its events ask prices with, and where its rows stand.
  mutating func add(_ values: GroupValues, _ query: PriceQuery, to key: GroupKey) {
    let known = prices?.model(for: query)?.kindPrices(day: day)
    // A group has one currency, so all of its events have a price or none has.
    let table = values[.unpricedRequests] == 0 ? known : nil
    var rest = values.cost
    func add(_ counter: Counter, _ count: Int128, _ price: Int128?, isCharged: Bool) {
      if count == 0 { return }
      var row = GroupValues()
      row.sums[counter.count.rawValue] = count
      if let price, isCharged {
        row.cost = count * price
        rest -= row.cost
        if Counter.cached.contains(counter.count), let input = table?[.input] {
          row.asInputCost = count * input
          row.cachedCost = row.cost
        }
      } else if isCharged {
        row.sums[RollupCount.unpricedRequests.rawValue] = count
      }
      put(row, Array(counter.name.utf8), key)
    }
    // Requests in credits, and events that say their credits, are charged nothing else.
    let isInCredits =
      table.map { $0.isByRequestsInCredits || ($0.credit != nil && values.credits != 0) } ?? false
    for counter in Counter.plain {
      add(
        counter, values[counter.count], table?[counter.price],
        isCharged: !isInCredits && isCharged(counter, values))
    }
    let reasoning = min(values[.reasoningTokens], values[.outputTokens])
    add(.output, values[.outputTokens] - reasoning, table?[.output], isCharged: !isInCredits)
    add(.reasoning, reasoning, table?[.reasoning], isCharged: !isInCredits)
    if let fee = table?[.request], fee > 0, !isInCredits {
      add(.requests, values[.requests], fee, isCharged: true)
    }
    if isInCredits {
      var row = GroupValues()
      row.cost = rest
      row.sums[GroupValues.creditsPlace] = values.credits
      put(row, Counter.credits, key)
    } else if rest != 0 {
      var row = GroupValues()
      row.cost = rest
      put(row, Counter.rest, key)
    }
  }

  /// What is counted in tokens as well is charged in tokens.
  private func isCharged(_ counter: Counter, _ values: GroupValues) -> Bool {
    switch counter.count {
    case .images: values[.outputImageTokens] == 0
    case .audioSeconds: values[.inputAudioTokens] == 0 && values[.outputAudioTokens] == 0
    default: true
    }
  }

  private mutating func put(_ row: GroupValues, _ name: [UInt8], _ key: GroupKey) {
    var key = key
    key.texts.insert(name, at: 0)
    result.add(row, to: key)
  }
}
