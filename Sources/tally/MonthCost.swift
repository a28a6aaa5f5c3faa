//! What a month's usage costs with one price book and with another, exactly: from the events, because no sum knows
//! which request was over a threshold. Events that say themselves what they cost are counted and left out, no price
//! changes them; so are failed requests that used nothing.
//!
//! 1. Of a UTC day's lines, each identity's winner counts: higher revision, then larger weight, then greater line.
//! 2. Each winner that lies in the month is priced twice. Events with the same dimensions share their prices.

import Bytes
import Dispatch
import Events
import Files
import Money
import Pricing
import SegmentLog
import Synchronization

/// The costs of a stretch of time under two books, by model.
struct MonthCost {
  /// What has a row: the words of the events, and a currency unless there is no price.
  struct Key: Hashable {
    var provider = ""
    var model = ""
    var currency: Currency?
  }

  struct Sums {
    var requests: Int64 = 0
    /// Pico-units.
    var before: Int128 = 0
    var after: Int128 = 0
    var unpricedBefore: Int64 = 0
    var unpricedAfter: Int64 = 0

    /// Whether the second book says something else.
    var isChanged: Bool { before != after || unpricedBefore != unpricedAfter }

    static func += (sums: inout Sums, more: Sums) {
      sums.requests += more.requests
      sums.before += more.before
      sums.after += more.after
      sums.unpricedBefore += more.unpricedBefore
      sums.unpricedAfter += more.unpricedAfter
    }
  }

  private(set) var rows: [Key: Sums] = [:]
  /// Requests whose cost is the nearest thing that the second book has.
  private(set) var approximateRequests: Int64 = 0
  /// Requests that carry a cost of their own.
  private(set) var reportedRequests: Int64 = 0
  /// Segments that could only be read up to some place.
  private(set) var damages: [SegmentError] = []

  /// Prices the events of `window` in a store.
  ///
  /// - Parameters:
  ///   - window: instants, in milliseconds.
  ///   - jobs: how many days are read side by side, each in memory.
  init(
    _ layout: StoreLayout, window: Range<Int64>, before: PriceBook, after: PriceBook,
    jobs: Int = System.coreCount
  ) throws(SegmentError) {
    let days = Array(
      Int(window.lowerBound / Timestamp.day)...Int((window.upperBound - 1) / Timestamp.day))
    let found = Mutex<[Int: Result<MonthCost, SegmentError>]>([:])
    let next = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: max(1, min(jobs, days.count))) { _ in
      var pricing = PricingOfDay(window: window, before: before, after: after)
      while let index = next.withLock({ next -> Int? in
        defer { next += 1 }
        return next < days.count ? next : nil
      }) {
        let result = Result { () throws(SegmentError) in try pricing.cost(layout, day: days[index]) }
        found.withLock { $0[index] = result }
      }
    }
    let results = found.withLock { $0 }
    for index in days.indices {
      guard let cost = try results[index]?.get() else { continue }
      for (key, sums) in cost.rows { rows[key, default: Sums()] += sums }
      approximateRequests += cost.approximateRequests
      reportedRequests += cost.reportedRequests
      damages += cost.damages
    }
  }

  fileprivate init() {}

  fileprivate mutating func note(damage: SegmentError) { damages.append(damage) }

  fileprivate mutating func addReported(_ requests: Int64) { reportedRequests += requests }

  fileprivate mutating func add(_ key: Key, _ requests: Int64, _ before: Cost, _ after: Cost) {
    var key = key
    var sums = Sums()
    func pico(_ cost: Cost) -> (Int128, Currency)? {
      switch cost {
      case .exact(let pico, let currency), .approximate(let pico, let currency): (pico, currency)
      case .unpriced: nil
      }
    }
    sums.requests = requests
    if case .approximate = after { approximateRequests += max(requests, 1) }
    let (old, new) = (pico(before), pico(after))
    if let (pico, currency) = old, currency != new?.1 ?? currency {
      // In another currency than it will be: a row of its own, whose requests are counted in the other.
      var row = Sums()
      row.before = pico
      key.currency = currency
      rows[key, default: Sums()] += row
    } else {
      sums.before = old?.0 ?? 0
    }
    sums.after = new?.0 ?? 0
    if old == nil { sums.unpricedBefore = max(requests, 1) }
    if new == nil { sums.unpricedAfter = max(requests, 1) }
    key.currency = new?.1 ?? old?.1
    rows[key, default: Sums()] += sums
  }
}

/// Reads and prices days, one after another; keeps its memory between them.
private struct PricingOfDay: ~Copyable {
  let window: Range<Int64>
  let before: PriceBook
  let after: PriceBook
  private var parser = EventParser(.stored)
  private var lines = ByteWriter(capacity: 1 << 20)
  private var compressed = ByteWriter(capacity: 1 << 16)
  private var decompressor = FrameDecompressor()
  /// By the bytes of an event's dimensions.
  private var prices: [[UInt8]: Prices] = [:]

  private struct Prices {
    var key: MonthCost.Key
    var before: PricedModel?
    var after: PricedModel?
  }

  /// The line of an identity that counts, as far as is known.
  private struct Candidate {
    var revision: Int64
    var weight: Int128
    var line: [UInt8]

    func isBetter(than other: Self) -> Bool {
      if revision != other.revision { return revision > other.revision }
      if weight != other.weight { return weight > other.weight }
      return other.line.lexicographicallyPrecedes(line)
    }
  }

  init(window: Range<Int64>, before: PriceBook, after: PriceBook) {
    self.window = window
    self.before = before
    self.after = after
  }

  /// What the events of a UTC day that lie in the window cost.
  mutating func cost(_ layout: StoreLayout, day: Int) throws(SegmentError) -> MonthCost {
    var cost = MonthCost()
    let segments: [StoreListing.Segment]
    do throws(FileError) {
      segments = try StoreListing.segments(layout, day: day)
    } catch {
      throw .file(error)
    }
    // By id: only usage is looked at, and an identity is a kind and an id.
    var winners: [[UInt8]: Candidate] = [:]
    for segment in segments {
      let file = try SegmentFile.open(segment.path)
      if let damage = file.damage { cost.note(damage: damage) }
      for frame in file.frames {
        lines.removeAll()
        do throws(SegmentError) {
          try file.read(frame, compressed: &compressed, decompressor: &decompressor, into: &lines)
        } catch {
          guard case .damaged = error else { throw error }
          // What follows cannot be trusted; what came before can.
          cost.note(damage: error)
          break
        }
        try settle(&winners, path: segment.path, offset: frame.offset)
      }
    }
    for candidate in winners.values { price(candidate.line, &cost) }
    return cost
  }

  /// Takes in the lines of a frame.
  private mutating func settle(
    _ winners: inout [[UInt8]: Candidate], path: String, offset: Int
  ) throws(SegmentError) {
    var start = 0
    while start < lines.count {
      let line = lines.withBytes { bytes in
        let end = bytes.withUnsafeBytes { LineSplitter.lineFeed($0, from: start) } ?? bytes.byteCount
        return bytes.array(start..<end)
      }
      start += line.count + 1
      do throws(EventFault) {
        try parser.parse(line.span.bytes)
      } catch {
        throw .damaged(path: path, offset: offset, reason: error.message)
      }
      let event = parser.event
      if event.kind != .usage { continue }
      let id = parser.bytes(.id, line.span.bytes)
      let candidate = Candidate(revision: event.revision, weight: event.weight, line: line)
      if let known = winners[id], !candidate.isBetter(than: known) { continue }
      winners[id] = candidate
    }
  }

  private mutating func price(_ line: [UInt8], _ cost: inout MonthCost) {
    guard (try? parser.parse(line.span.bytes)) != nil else { return }
    let event = parser.event
    guard window.contains(event.time), event.status != .void else { return }
    let requests = event.requests
    if event.status == .error, event.weight == Int128(requests) { return }
    if event.has(.cost) {
      cost.addReported(max(requests, 1))
      return
    }
    let prices = prices(line)
    let usage = UsageCounters(event)
    func amount(_ model: PricedModel?) -> Cost {
      model?.cost(of: usage, at: event.time, spanMs: event.period.milliseconds) ?? .unpriced(.unknownModel)
    }
    cost.add(prices.key, requests, amount(prices.before), amount(prices.after))
  }

  /// The prices of the event that was parsed last.
  private mutating func prices(_ line: [UInt8]) -> Prices {
    let key = Array(line[parser.keyRange])
    if let known = prices[key] { return known }
    func text(_ field: EventField) -> String {
      String(decoding: parser.bytes(field, line.span.bytes), as: UTF8.self)
    }
    let (provider, model) = (text(.provider), text(.model))
    let (serviceTier, requestType) = (text(.serviceTier), text(.requestType))
    func price(_ book: PriceBook) -> PricedModel? {
      book.price(
        provider: provider.isEmpty ? nil : provider, model: model, serviceTier: serviceTier,
        requestType: requestType)
    }
    let found = Prices(
      key: MonthCost.Key(provider: provider, model: model), before: price(before), after: price(after))
    prices[key] = found
    return found
  }
}
