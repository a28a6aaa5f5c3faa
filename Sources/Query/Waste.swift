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
    package let provider: String?
    package let model: String?
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
    request.dimensions = WasteFinder.dimensions
    let prices = prices
    let (days, problems) = try events(request) { day in
      var finder = WasteFinder(prices, day: day.day.days)
      try day.forEach { finder.add($0) }
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
  /// What prices are asked with, and then what else makes a conversation.
  static let dimensions = ReportField.pricing + ["service", "account", "user", "project", "session"]
  private static let retryMsMax: Int64 = 120_000

  /// A request, until the next one of its conversation is known.
  private struct Request {
    let time: Int64
    let prompt: Int64
    let name: Waste.Name
    let sums: Waste.Sums
  }

  /// What the events of a group have in common.
  private struct Group {
    let provider: String?
    let model: String?
    let currency: String?
    /// nil without a session.
    let conversation: Int?
    let prices: KindPrices?
  }

  private let prices: (any PriceSource)?
  private let day: Int
  private(set) var waste = Waste()
  private var conversations: [[String?]: Int] = [:]
  private var last: [Int: Request] = [:]

  init(_ prices: (any PriceSource)?, day: Int) {
    self.prices = prices
    self.day = day
  }

  mutating func add(_ batch: EventBatch) {
    var groups: [Group] = []
    for group in batch.groups { groups.append(self.group(group)) }
    for event in 0..<batch.count { add(event, of: batch, groups[batch.numbers[event]]) }
  }

  private mutating func group(_ group: EventBatch.Group) -> Group {
    let texts = group.texts
    let query = PriceQuery(provider: texts[0], model: texts[1], serviceTier: texts[2], requestType: texts[3])
    var conversation: Int?
    if texts.last != .some(nil) {
      let name = Array(texts[..<2] + texts[4...])
      let number = conversations[name] ?? conversations.count
      conversations[name] = number
      conversation = number
    }
    return Group(
      provider: texts[0], model: texts[1], currency: group.currency, conversation: conversation,
      prices: prices?.model(for: query)?.kindPrices(day: day))
  }

  private mutating func add(_ event: Int, of batch: EventBatch, _ group: Group) {
    func name(_ kind: Waste.Kind) -> Waste.Name {
      Waste.Name(kind: kind, provider: group.provider, model: group.model, currency: group.currency)
    }
    let cost = batch.cost(event) ?? 0
    let tokens = RollupCount.allTokens.reduce(Int128(0)) { $0 + Int128(batch.count($1, event)) }
    let failed = batch.count(.errors, event)
    if failed > 0 {
      return waste.add(
        Waste.Sums(requests: Int128(failed), tokens: tokens, cost: cost, avoidable: cost), to: name(.errors))
    }
    guard let conversation = group.conversation, batch.count(.requests, event) == 1 else { return }
    let prompt = Prompt(batch, event)
    if prompt.size == 0 { return }
    let request = Request(
      time: batch.times[event], prompt: prompt.size, name: name(.retries),
      sums: Waste.Sums(requests: 1, tokens: tokens, cost: cost, avoidable: cost))
    if let before = last[conversation] {
      if before.prompt == prompt.size, request.time - before.time <= Self.retryMsMax {
        waste.add(before.sums, to: before.name)
      } else if before.prompt <= prompt.size, let missed = prompt.missed(before.prompt, group.prices) {
        let currency = group.prices.map { "\($0.currency)" }
        waste.add(
          missed,
          to: Waste.Name(
            kind: .cacheMisses, provider: group.provider, model: group.model, currency: currency))
      }
    }
    last[conversation] = request
  }
}

/// What a request sent.
private struct Prompt {
  let input: Int64
  let cacheRead: Int64
  let written: [(count: Int64, price: PriceKey)]
  let size: Int64

  init(_ batch: EventBatch, _ event: Int) {
    input = batch.count(.inputTokens, event)
    cacheRead = batch.count(.cacheReadTokens, event)
    written = [
      (batch.count(.cacheWriteTokens, event), .cacheWrite),
      (batch.count(.cacheWrite1hTokens, event), .cacheWrite1h),
      (batch.count(.cacheWrite12hTokens, event), .cacheWrite12h),
    ]
    size = written.reduce(input + cacheRead) { $0 + $1.count }
  }

  /// What of an earlier prompt was not read from the cache: written again first, then input.
  ///
  /// - Returns: nil when all was read, or when prices do not tell what it cost.
  func missed(_ earlier: Int64, _ prices: KindPrices?) -> Waste.Sums? {
    guard earlier > cacheRead, let prices, let read = prices[.cacheRead] else { return nil }
    let missed = earlier - cacheRead
    var (rest, paid) = (missed, Int128(0))
    for part in written + [(input, .input)] where part.count > 0 && rest > 0 {
      guard let price = prices[part.price] else { return nil }
      let count = min(part.count, rest)
      paid += Int128(count) * price
      rest -= count
    }
    return Waste.Sums(
      requests: 1, tokens: Int128(missed), cost: paid, avoidable: paid - Int128(missed) * read)
  }
}
