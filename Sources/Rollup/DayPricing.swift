//! What the events of a day cost at catalog prices. Prices are looked up once for each combination of provider, model,
//! service tier and request type; then one loop over the events multiplies. An event that is not ordinary (its prompt
//! is long, it used something else than tokens, its prices change within the day) takes the way of `PricedModel.cost`,
//! which knows every rule; a test holds the two together.
//!
//! Every event is priced alone, before anything is added up, because tiers depend on the prompt of one request.

import Bytes
import Events
import Money
import Pricing

/// Prices the events of one day that count.
struct DayPricing: ~Copyable {
  /// What is asked for a key's prices, and what came of it.
  private struct Priced {
    let query: PriceQuery
    let model: PricedModel?
    var isUsed = false
  }

  private let day: Int
  private var priced: [Priced] = []
  /// The place in `priced` of each key; -1 for kinds that are not priced.
  private var pricedOfKey: [Int32] = []
  /// The number of the currency in which a key's events are computed, unless they are not.
  private var currencyOfKey: [Int32] = []
  private var flat = FlatTable()
  private let spanOfKey: [Int64]

  init(_ scan: inout DayScan, _ prices: (any PriceSource)?) {
    day = scan.day
    let keys = scan.keys.keys
    let periods = scan.keys.periods.values
    spanOfKey = keys.map { periods[Int($0.combination)].milliseconds }
    findPrices(&scan.keys, prices)
  }

  private mutating func findPrices(_ table: inout KeyTable, _ prices: (any PriceSource)?) {
    // By its bytes: hashing as dictionaries do took longer than all the rest.
    var known = ByteInterner()
    var currencies: [Int32] = []
    let fields = [EventField.provider, .model, .serviceTier, .requestType].map { field in
      RollupSchema.dimensions.firstIndex(of: field) ?? 0
    }
    let width = RollupSchema.dimensions.count
    for key in table.keys.indices {
      let combination = Int(table.keys[key].combination)
      guard table.kinds[combination] == .usage else {
        pricedOfKey.append(-1)
        currencyOfKey.append(0)
        continue
      }
      var texts = SIMD4<Int32>()
      for (index, field) in fields.enumerated() {
        texts[index] = table.combinationTexts[combination * width + field]
      }
      let (place, isNew) = withUnsafeBytes(of: texts) { known.intern(RawSpan(_unsafeBytes: $0)) }
      if isNew {
        let query = Self.query(texts, table)
        let model = prices?.model(for: query)
        priced.append(Priced(query: query, model: model))
        flat.append(model?.flatPrices(day: day))
        currencies.append(table.number(model?.currency(day: day)))
      }
      pricedOfKey.append(Int32(place))
      currencyOfKey.append(currencies[place])
    }
    for key in table.keys.indices { table.setComputed(currencyOfKey[key], ofKey: key) }
  }

  private static func query(_ texts: SIMD4<Int32>, _ table: borrowing KeyTable) -> PriceQuery {
    func word(_ number: Int32) -> String? {
      number < 0 ? nil : JSONText.plain(table.texts.bytes(Int(number)))
    }
    return PriceQuery(
      provider: word(texts[0]), model: word(texts[1]), serviceTier: word(texts[2]),
      requestType: word(texts[3]))
  }

  /// Prices the events; returns what was asked for, in order.
  consuming func apply(_ scan: inout DayScan) -> [PriceQuery] {
    let columns = UsageColumns(scan.events)
    var others = OtherKeys()
    // Nothing moves these: the loop adds measures, not events.
    let (marks, keys) = (scan.events.marks.values, scan.events.keys.values)
    for event in marks.indices where marks[event].isDisjoint(with: [.void, .quota, .excluded]) {
      let key = Int(keys[event])
      let place = Int(pricedOfKey[key])
      if place < 0 {
        setUnpriced(&scan.events, event, columns)
        continue
      }
      priced[place].isUsed = true
      // A provider's bucket may reach into the next day and its prices.
      if spanOfKey[key] == 0, let pico = flat.cost(place, columns, event) {
        scan.events.set(.costComputed, of: event, to: pico)
        continue
      }
      let time = Int64(day) * Timestamp.day + Int64(scan.events.times[event])
      let cost = priced[place].model?.cost(of: columns.usage(event), at: time, spanMs: spanOfKey[key])
      var currency: Int32 = 0
      switch cost {
      case .exact(let pico, let code), .approximate(let pico, let code):
        currency = scan.keys.number(code)
        scan.events.set(.costComputed, of: event, to: pico)
        if case .approximate = cost {
          scan.events.set(.approximateRequests, of: event, to: columns.weight(event))
        }
      case .unpriced, nil:
        if !columns.isFree(event) {
          scan.events.set(.uncomputedRequests, of: event, to: columns.weight(event))
          setUnpriced(&scan.events, event, columns)
        }
      }
      if currency != currencyOfKey[key] {
        keys[event] = others.key(key, computed: currency, &scan.keys)
      }
    }
    return priced.filter(\.isUsed).map(\.query).sorted()
  }

  /// Neither reported, which the scan has found out, nor computed.
  private func setUnpriced(_ events: inout EventTable, _ event: Int, _ columns: borrowing UsageColumns) {
    events.set(.unpricedRequests, of: event, to: columns.value(.unreportedRequests, event))
  }
}

/// Keys that differ from those of the scan in the currency of the computed cost: few events have one.
private struct OtherKeys {
  private struct Name: Hashable {
    let key: Int
    let currency: Int32
  }

  private var known: [Name: Int32] = [:]

  mutating func key(_ key: Int, computed currency: Int32, _ table: inout KeyTable) -> Int32 {
    let name = Name(key: key, currency: currency)
    if let number = known[name] { return number }
    let number = table.addKey(like: key, computed: currency)
    known[name] = number
    return number
  }
}

/// `FlatPrices` of everything that was asked for, side by side.
private struct FlatTable: ~Copyable {
  /// By place and then by `PriceKey`.
  private var tokens = Column<Int64>()
  /// By place; negative where prices are not flat.
  private var promptTokensMax = Column<Int64>()
  // Constants of other modules are calls.
  private let width = PriceKey.tokenCount
  private let none = FlatPrices.none
  private let magnitudeMax = Decimal.magnitudeMax

  mutating func append(_ prices: FlatPrices?) {
    for index in 0..<PriceKey.tokenCount { tokens.append(prices?.tokens[index] ?? 0) }
    promptTokensMax.append(prices?.promptTokensMax ?? -1)
  }

  /// What an ordinary event costs in pico-units; nil when it is none.
  @inline(__always)
  func cost(_ place: Int, _ columns: borrowing UsageColumns, _ event: Int) -> Int128? {
    let promptMax = promptTokensMax[place]
    if promptMax < 0 || columns.isSpecial(event) { return nil }
    let prices = tokens.values
    var (sum, prompt): (Int128, Int64) = (0, 0)
    for column in columns.tokens.values {
      let count = column.values[event]
      if count == 0 { continue }
      let price = prices[place &* width &+ column.price]
      if price == none { return nil }
      // 64 × 64 bits fit in 128, and a count has 40.
      sum &+= Int128(count) &* Int128(price)
      if column.isPrompt { prompt &+= count }
    }
    return prompt > promptMax || sum > magnitudeMax ? nil : sum
  }
}
