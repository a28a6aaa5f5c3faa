//! What was used in each minute, for reports about rates and windows. A month has 44,640 minutes, so nothing keeps them
//! all: each UTC day's are reduced to something small as soon as they are read.
//!
//! Days come in any order, so a reduction must not depend on it.

package import Bytes
import Calendar
import Exchange
import Money
import Synchronization

/// What groups used in the minutes of one UTC day, in no order.
package struct MinuteUse: Sendable {
  package struct Group: Sendable {
    /// Its place among the request's buckets.
    package let bucket: Int
    /// The values of its dimensions.
    package let texts: [ByteText?]
    /// Of its costs; nil when it has none.
    package let currency: String?
  }

  /// What one group used in one minute.
  package struct Entry: Sendable {
    /// Its place among the groups.
    package let group: Int
    /// The instant at which the minute begins.
    package let minuteMs: Int64
    package let requests: Int128
    /// All tokens.
    package let tokens: Int128
    package let images: Int128
    /// Pico-units, as far as it is known.
    package let cost: Int128
    /// Requests without a cost.
    package let unpriced: Int128
  }

  package let groups: [Group]
  /// Each group and minute once.
  package let entries: [Entry]
}

/// What days of minutes are reduced to.
///
/// Days come in any order, so the order must not matter.
package protocol MinuteReduction: Sendable {
  /// Adds a UTC day.
  mutating func add(_ use: MinuteUse)
  /// Adds what other days were reduced to.
  mutating func merge(_ other: Self)
}

extension ReportRun {
  /// Reduces the minutes of a request.
  ///
  /// - Parameter empty: what no days are reduced to.
  /// - Returns: the sums without minutes too, and the days that could not be read in whole.
  package func minutes<Reduction: MinuteReduction>(
    _ request: ReportRequest, into empty: Reduction
  ) throws(ReportError) -> (usage: Usage, reduction: Reduction, problems: [ReportProblem]) {
    var request = request
    request.needsMinutes = true
    let conversion = request.showsCost ? request.conversion : nil
    let all = Mutex(empty)
    let (usage, problems) = try usage(request) { (sums, day) throws(ExchangeError) in
      var reduction = empty
      reduction.add(try sums.minutes.use(day: day, conversion))
      all.withLock { $0.merge(reduction) }
    }
    return (usage, all.withLock { $0 }, problems)
  }
}

extension MinuteSums {
  /// These as others see them, each minute's amount converted on its own.
  fileprivate func use(day: CivilDate, _ conversion: Conversion?) throws(ExchangeError) -> MinuteUse {
    let haveCosts = conversion == nil ? [] : haveCosts
    let rates = try keys.enumerated().map { (group, key) throws(ExchangeError) -> ExchangeRate? in
      guard let conversion, let code = key.currency else { return nil }
      let from = Currency(stored: code)
      if from == conversion.currency || !haveCosts[group] { return nil }
      return try conversion.rates.rate(from: from, to: conversion.currency, on: day)
    }
    func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
    let groups = keys.map { key in
      MinuteUse.Group(
        bucket: key.bucket, texts: key.texts.map { $0.map { ByteText($0) } },
        currency: key.currency.map { conversion?.currency.description ?? text($0) })
    }
    let entries = try rows.map { (row) throws(ExchangeError) in
      var cost = row.cost
      if let rate = rates[row.group], let conversion {
        guard let converted = rate.converted(cost) else {
          let code = keys[row.group].currency ?? []
          throw .tooLarge(from: Currency(stored: code), to: conversion.currency, day: day)
        }
        cost = converted
      }
      return MinuteUse.Entry(
        group: row.group, minuteMs: day.utcStartMs + Int64(row.minute) * 60_000, requests: row.requests,
        tokens: row.tokens, images: row.images, cost: cost, unpriced: row.unpriced)
    }
    return MinuteUse(groups: groups, entries: entries)
  }
}
