//! What requests cost that need not have been: failed ones, repeated ones, and prompts that a cache should have held.
//! Only events tell, because sums do not say which request came after which.
//!
//! Requests of one session, service, account, user, project, provider and model on a UTC day are a conversation. Going through
//! it in order of time, failed requests apart:
//!
//! - A request is *retried* when the next one has a prompt of the same size within two minutes: its cost is wasted.
//! - Otherwise, when the next prompt is no shorter, what the request before it had sent should come from the cache. What
//!   does not is a *cache miss*: it was written again, or paid as input, instead of being read. A shorter prompt begins a new
//!   conversation.
//!
//! A prompt is input, cache reads and cache writes. Events of several requests tell nothing about either.
//!
//! A conversation ends with its UTC day, so days are read side by side. There are almost as many conversations as
//! events, so they are numbers (`ConversationNumbers`), and groups exist only for what asks for prices.

package import Bytes
import Calendar
import Exchange
import Money
import Pricing
import Rollup

/// What was wasted, by kind and model.
package struct Waste: Equatable, Sendable {
  package enum Kind: Hashable, Sendable {
    case errors, retries, cacheMisses
  }

  package struct Name: Hashable, Sendable {
    package let kind: Kind
    package let provider: ByteText?
    package let model: ByteText?
    /// Of the amounts; nil when there are none.
    package var currency: String?
  }

  package struct Sums: Equatable, Sendable {
    package var requests: Int128 = 0
    package var tokens: Int128 = 0
    /// What they cost, as far as it is known, in pico-units.
    package var cost: Int128 = 0
    /// What they need not have cost.
    package var avoidable: Int128 = 0

    static func += (sums: inout Sums, more: Sums) {
      sums.requests += more.requests
      sums.tokens += more.tokens
      sums.cost += more.cost
      sums.avoidable += more.avoidable
    }
  }

  package private(set) var sums: [Name: Sums] = [:]

  package init() {}

  mutating func add(_ sums: Sums, to name: Name) { self.sums[name, default: Sums()] += sums }

  /// Adds a day's, with its amounts in another currency if that is asked for.
  fileprivate mutating func add(_ other: Waste, _ conversion: Conversion?, day: CivilDate)
    throws(ExchangeError)
  {
    for (name, sums) in other.sums {
      var (name, sums) = (name, sums)
      if let conversion, let code = name.currency, code != "\(conversion.currency)", sums.cost != 0 {
        let from = Currency(stored: code.utf8)
        let rate = try conversion.rates.rate(from: from, to: conversion.currency, on: day)
        guard let cost = rate.converted(sums.cost), let avoidable = rate.converted(sums.avoidable) else {
          throw .tooLarge(from: from, to: conversion.currency, day: day)
        }
        (sums.cost, sums.avoidable) = (cost, avoidable)
        name.currency = "\(conversion.currency)"
      }
      add(sums, to: name)
    }
  }
}

extension ReportRun {
  /// What the events of a request wasted, and what could not be read.
  package func waste(
    _ request: ReportRequest
  ) throws(ReportError) -> (waste: Waste, problems: [ReportProblem]) {
    var request = request
    request.unit = nil
    request.dimensions = ReportField.pricing
    let prices = prices
    let (days, problems) = try events(request) { day in
      var finder = WasteFinder(prices, day: day.day.days)
      try day.forEach(only: WasteFinder.counts, numberedBy: WasteFinder.conversation) { finder.add($0, $1) }
      return (day: day.day, waste: finder.waste)
    }
    var waste = Waste()
    do throws(ExchangeError) {
      for (day, found) in days { try waste.add(found, request.conversion, day: day) }
    } catch {
      throw .exchange(error, others: 0)
    }
    return (waste, problems)
  }
}

/// Goes through the events of one UTC day in order of time.
struct WasteFinder {
  /// What makes a conversation.
  static let conversation = ["provider", "model", "service", "account", "user", "project", "session"]
  /// What is asked of events.
  static let counts = Set(RollupCount.allTokens + [.requests, .errors])
  private static let retryMsMax: Int64 = 120_000

  /// A request, until the next one of its conversation is known.
  private struct Request {
    let time: Int64
    let prompt: Int64
    /// Where it stands when it is retried.
    let slot: Int
    let sums: Waste.Sums
  }

  /// What the events of a group have in common.
  private struct Group {
    let prices: KindPrices?
    /// Where they stand.
    let errors: Int
    let retries: Int
    let cacheMisses: Int
  }

  private let prices: (any PriceSource)?
  private let day: Int
  private var names = Numbering<Waste.Name>()
  /// By number of the name.
  private var sums: [Waste.Sums] = []
  /// By conversation.
  private var last: [Request?] = []

  init(_ prices: (any PriceSource)?, day: Int) {
    self.prices = prices
    self.day = day
  }

  /// What was found.
  var waste: Waste {
    var waste = Waste()
    for (name, sums) in zip(names.things, sums) where sums.requests > 0 { waste.add(sums, to: name) }
    return waste
  }

  /// - Parameter conversations: of each event; nil without a session.
  mutating func add(_ batch: EventBatch, _ conversations: [Int?]) {
    var groups: [Group] = []
    for group in batch.groups { groups.append(self.group(group)) }
    let tokens = batch.sums(of: RollupCount.allTokens)
    for event in 0..<batch.count {
      add(event, of: batch, tokens[event], groups[batch.numbers[event]], conversations[event])
    }
  }

  private mutating func group(_ group: EventBatch.Group) -> Group {
    let texts = group.texts
    let prices = prices?.model(for: PriceQuery(texts))?.kindPrices(day: day)
    func name(_ kind: Waste.Kind, _ currency: String?) -> Waste.Name {
      Waste.Name(kind: kind, provider: texts[0], model: texts[1], currency: currency)
    }
    return Group(
      prices: prices, errors: slot(name(.errors, group.currency)),
      retries: slot(name(.retries, group.currency)),
      cacheMisses: slot(name(.cacheMisses, prices.map { "\($0.currency)" })))
  }

  private mutating func slot(_ name: Waste.Name) -> Int {
    let (slot, isNew) = names.number(name)
    if isNew { sums.append(Waste.Sums()) }
    return slot
  }

  private mutating func add(
    _ event: Int, of batch: EventBatch, _ tokens: Int128, _ group: Group, _ conversation: Int?
  ) {
    let cost = batch.cost(event) ?? 0
    let failed = batch.count(.errors, event)
    if failed > 0 {
      sums[group.errors] += Waste.Sums(
        requests: Int128(failed), tokens: tokens, cost: cost, avoidable: cost)
      return
    }
    guard let conversation, batch.count(.requests, event) == 1 else { return }
    let prompt = Prompt(batch, event)
    if prompt.size == 0 { return }
    let request = Request(
      time: batch.times[event], prompt: prompt.size, slot: group.retries,
      sums: Waste.Sums(requests: 1, tokens: tokens, cost: cost, avoidable: cost))
    while last.count <= conversation { last.append(nil) }
    if let before = last[conversation] {
      if before.prompt == prompt.size, request.time - before.time <= Self.retryMsMax {
        sums[before.slot] += before.sums
      } else if before.prompt <= prompt.size, let missed = prompt.missed(before.prompt, group.prices) {
        sums[group.cacheMisses] += missed
      }
    }
    last[conversation] = request
  }
}

/// What a request sent.
private struct Prompt {
  let input: Int64
  let cacheRead: Int64
  /// Written to the cache for minutes, one hour and twelve.
  let written: (Int64, Int64, Int64)
  var size: Int64 { input + cacheRead + written.0 + written.1 + written.2 }

  init(_ batch: EventBatch, _ event: Int) {
    input = batch.count(.inputTokens, event)
    cacheRead = batch.count(.cacheReadTokens, event)
    written = (
      batch.count(.cacheWriteTokens, event), batch.count(.cacheWrite1hTokens, event),
      batch.count(.cacheWrite12hTokens, event)
    )
  }

  /// What of an earlier prompt was not read from the cache: written again first, then input.
  ///
  /// - Returns: nil when all was read, or when prices do not tell what it cost.
  func missed(_ earlier: Int64, _ prices: KindPrices?) -> Waste.Sums? {
    guard earlier > cacheRead, let prices, let read = prices[.cacheRead] else { return nil }
    let missed = earlier - cacheRead
    var (rest, paid) = (missed, Int128(0))
    let parts: [(count: Int64, price: PriceKey)] = [
      (written.0, .cacheWrite), (written.1, .cacheWrite1h), (written.2, .cacheWrite12h), (input, .input),
    ]
    for part in parts where part.count > 0 && rest > 0 {
      guard let price = prices[part.price] else { return nil }
      let count = min(part.count, rest)
      paid += Int128(count) * price
      rest -= count
    }
    return Waste.Sums(
      requests: 1, tokens: Int128(missed), cost: paid, avoidable: paid - Int128(missed) * read)
  }
}
