//! What a month's usage costs with one price book and with another, exactly: each of its days is folded from the events
//! with either, because no sum knows which request was over a threshold. What events say themselves that they cost is
//! left out, no price changes it.

import Bytes
import Compaction
import Events
import Files
import Money
import Parquet
import Pricing
import Rollup
import SegmentLog
import Synchronization

/// The costs of a stretch of time under two books, by model.
struct MonthCost {
  struct Model: Hashable {
    var provider: ByteText?
    var model: ByteText?
  }

  struct Sums {
    /// Requests without a cost of their own.
    var requests: Int128 = 0
    /// Pico-units.
    var before: Int128 = 0
    var after: Int128 = 0
    var unpricedBefore: Int128 = 0
    var unpricedAfter: Int128 = 0

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

  /// By model, and then by currency; nil where there is no price.
  private(set) var rows: [Model: [Currency?: Sums]] = [:]
  /// Requests whose cost is the nearest thing that the second book has.
  private(set) var approximateRequests: Int128 = 0
  /// Requests that carry a cost of their own.
  private(set) var reportedRequests: Int128 = 0
  /// Segments that could only be read up to some place.
  private(set) var damages: [SegmentError] = []

  /// Prices the events of `window` in a store.
  ///
  /// - Parameters:
  ///   - window: instants, in milliseconds.
  ///   - jobs: how many days are read side by side.
  init(
    _ layout: StoreLayout, window: Range<Int64>, before: PriceBook, after: PriceBook,
    jobs: Int = System.coreCount
  ) throws(DayError) {
    let first = Int(window.lowerBound / Timestamp.day)
    let days = Int((window.upperBound - 1) / Timestamp.day) - first + 1
    let books = [before, after].map { Pricer($0, fingerprint: "") }
    let sum = Mutex(Result<MonthCost, DayError>.success(MonthCost()))
    let evidence = DayEvidence(layout)
    Workers.forEach(days, jobs: jobs) { index in
      let cost = Result { () throws(DayError) in
        try MonthCost(layout, day: first + index, window, books, evidence)
      }
      sum.withLock { $0 = $0.adding(cost) }
    }
    self = try sum.withLock { $0 }.get()
    for model in rows.keys { joinUnpriced(&rows[model, default: [:]]) }
  }

  private init() {}

  /// One UTC day.
  private init(
    _ layout: StoreLayout, day: Int, _ window: Range<Int64>, _ books: [Pricer], _ evidence: DayEvidence
  ) throws(DayError) {
    let snapshot: DaySnapshot
    do throws(SegmentError) {
      snapshot = try DaySnapshot(layout, day: day)
    } catch {
      throw .segment(error)
    }
    if let loss = evidence.loss(of: snapshot) { snapshot.note(loss) }
    if snapshot.events == 0, snapshot.damages.isEmpty { return }
    for (index, book) in books.enumerated() {
      let settled = try snapshot.settled(tags: [], prices: book, window: window, isStrict: false)
      do throws(FoldError) {
        add(try settled.table(.day), isAfter: index == 1)
      } catch {
        throw .fold("the day", error)
      }
    }
    damages = snapshot.damages
  }

  /// Adds the rows of a day rollup.
  private mutating func add(_ table: RollupTable, isAfter: Bool) {
    func text(_ name: String, _ row: Int) -> String? {
      guard case .string(let bytes)? = table.values(name)?[row] else { return nil }
      return String(decoding: bytes, as: UTF8.self)
    }
    func number(_ name: String, _ row: Int) -> Int128 {
      switch table.values(name)?[row] {
      case .integer(let number): Int128(number)
      case .decimal(let pico): pico
      default: 0
      }
    }
    func count(_ count: RollupCount, _ row: Int) -> Int128 { number(count.name, row) }
    for row in 0..<table.rowCount where text("kind", row) == "usage" {
      let model = Model(
        provider: text("provider", row).map { ByteText($0) }, model: text("model", row).map { ByteText($0) })
      let currency = text("currency_computed", row).flatMap { Currency($0) }
      let cost = number(RollupAmount.costComputedUnreported.name, row)
      let (requests, unpriced) = (count(.unreportedRequests, row), count(.unpricedRequests, row))
      if isAfter, text("currency_reported", row) != nil { reportedRequests += count(.requests, row) }
      if isAfter { approximateRequests += count(.approximateRequests, row) }
      if requests == 0, cost == 0, unpriced == 0 { continue }
      var sums = Sums()
      if isAfter {
        (sums.requests, sums.after, sums.unpricedAfter) = (requests, cost, unpriced)
      } else {
        (sums.before, sums.unpricedBefore) = (cost, unpriced)
      }
      rows[model, default: [:]][currency, default: Sums()] += sums
    }
  }

  /// What had no price before, or has none after, is beside what it costs otherwise.
  private func joinUnpriced(_ rows: inout [Currency?: Sums]) {
    guard rows.count == 2, let unpriced = rows[nil], let currency = rows.keys.compactMap(\.self).first else {
      return
    }
    rows[currency, default: Sums()] += unpriced
    rows[nil] = nil
  }

  fileprivate func adding(_ more: MonthCost) -> MonthCost {
    var sum = self
    for (model, rows) in more.rows {
      for (currency, sums) in rows { sum.rows[model, default: [:]][currency, default: Sums()] += sums }
    }
    sum.approximateRequests += more.approximateRequests
    sum.reportedRequests += more.reportedRequests
    sum.damages += more.damages
    return sum
  }
}

extension Result where Success == MonthCost, Failure == DayError {
  /// Both, or why one is missing.
  fileprivate func adding(_ more: Self) -> Self {
    flatMap { sum in more.map { sum.adding($0) } }
  }
}
