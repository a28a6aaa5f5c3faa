//! Sums by kind of what was counted: input, cache reads, output, images … Prices are those that hold when a UTC day
//! begins, outside windows and below thresholds. What events cost beside that is a row of its own, so that the rows add
//! up to the computed cost.
//!
//! A rollup with a cost for each counter would be twice as large, so sums are split afterwards.

package import Pricing
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

  /// Brings each kind that occurs but requests, how many there are of it, and whether it is charged.
  ///
  /// What is counted in tokens as well is charged in tokens.
  static func forEach(
    in values: GroupValues, _ body: (_ counter: Counter, _ count: Int128, _ isCharged: Bool) -> Void
  ) {
    for counter in plain where values[counter.count] != 0 {
      let isCharged = counter.price.tokensInstead.allSatisfy { key in
        plain.allSatisfy { $0.price != key || values[$0.count] == 0 }
      }
      body(counter, values[counter.count], isCharged)
    }
    let reasoning = min(values[.reasoningTokens], values[.outputTokens])
    if values[.outputTokens] != reasoning { body(output, values[.outputTokens] - reasoning, true) }
    if reasoning != 0 { body(Self.reasoning, reasoning, true) }
  }

  private init(_ name: String, _ count: RollupCount, _ price: PriceKey) {
    self.name = name
    self.count = count
    self.price = price
  }

  private init(_ count: RollupCount, _ price: PriceKey) { self.init(count.name, count, price) }
}

extension UsageSums {
  /// What a day's usage costs at the prices with which the day begins, in pico-units.
  ///
  /// A model without a cache takes cached tokens as input.
  ///
  /// - Returns: nil when not all of it has a price, or when the cost is too large.
  package func cost(at prices: KindPrices) -> Int128? {
    var cost: Int128? = 0
    func add(_ count: Int128, _ price: Int128?) {
      guard let sum = cost, let price else { return cost = nil }
      let (product, isTooLarge) = count.multipliedReportingOverflow(by: price)
      let (next, isOver) = sum.addingReportingOverflow(product)
      cost = isTooLarge || isOver ? nil : next
    }
    Counter.forEach(in: values) { counter, count, isCharged in
      let isCached = Counter.cached.contains(counter.count)
      if isCharged { add(count, prices[counter.price] ?? (isCached ? prices[.input] : nil)) }
    }
    add(requests, prices[.request] ?? 0)
    return cost
  }
}

extension GroupValues {
  /// What as many cost at a price; a product that does not fit is noted.
  fileprivate mutating func product(_ count: Int128, _ price: Int128) -> Int128 {
    let (product, isTooLarge) = count.multipliedReportingOverflow(by: price)
    if isTooLarge { overflowPlace = Self.costPlace }
    return product
  }
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
        row.cost = row.product(count, price)
        rest &-= row.cost
        if Counter.cached.contains(counter.count), let input = table?[.input] {
          row.asInputCost = row.product(count, input)
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
    Counter.forEach(in: values) { counter, count, isCharged in
      add(counter, count, table?[counter.price], isCharged: !isInCredits && isCharged)
    }
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

  private mutating func put(_ row: GroupValues, _ name: [UInt8], _ key: GroupKey) {
    var key = key
    key.texts.insert(name, at: 0)
    result.add(row, to: key)
  }
}
