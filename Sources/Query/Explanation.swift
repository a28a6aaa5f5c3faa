//! What a number is made of, in several ways at once: each part divides the same events otherwise, and the rows of each
//! add up to the number.

package import Bytes
package import Calendar
package import Pricing
import Rollup

/// How a number of a report comes about.
package struct Explanation: Sendable {
  /// One way to divide the number.
  package enum Part: String, CaseIterable, Sendable {
    /// By price: count × price; with `reported`, `free` and `unpriced` it is the whole cost.
    case price
    /// By who reported the cost.
    case reported
    /// What used nothing that is charged.
    case free
    /// By what has no cost, and why.
    case unpriced
    /// By model and counter, where the number is no cost.
    case counter
    /// By the fields that were asked for.
    case by
    /// By the rate with which amounts were converted.
    case rate
    /// By UTC day.
    case day
    case source
    /// By the machine that wrote the events.
    case writer
    case event
  }

  /// What a row stands for.
  package struct Name: Hashable, Sendable {
    package let part: Part
    /// Of `price`, `counter` and `unpriced` provider and model, then the counter or the reason; else its own words.
    package let texts: [ByteText?]
    /// Of amounts, before they are converted.
    package let currency: String?
    package var charge: Charge?

    /// What was charged, and what decided its price.
    package struct Charge: Hashable, Sendable {
      package let basis: PriceBasis
      package let price: Int128
      package let isCredit: Bool
      package let serviceTier: ByteText?
    }
  }

  /// What a row holds.
  package struct Sums: Sendable {
    package internal(set) var events = 0
    package internal(set) var requests: Int128 = 0
    /// How many were charged; pico-credits where credits were.
    package internal(set) var count: Int128 = 0
    /// The part of the number, before it is converted.
    package internal(set) var original: Int128 = 0
    /// The part of the number.
    package var value: Int128 = 0
    /// Requests without a cost.
    package internal(set) var unpriced: Int128 = 0

    package init() {}

    /// What a single event holds.
    package init(events: Int, requests: Int128, isUnpriced: Bool) {
      self.events = events
      self.requests = requests
      unpriced = isUnpriced ? max(requests, 1) : 0
    }

    package static func += (sums: inout Sums, more: Sums) {
      sums.events += more.events
      sums.requests += more.requests
      sums.count += more.count
      sums.original += more.original
      sums.value += more.value
      sums.unpriced += more.unpriced
    }
  }

  package struct Row: Sendable {
    package let name: Name
    package let sums: Sums
    /// Of a price: where it is from, and what the list says.
    package var origin: PriceOrigin?
    package var listPrice: Int128?
  }

  /// A UTC day that was read.
  package struct Day: Sendable {
    package let day: CivilDate
    /// Whether its rollups are as its events and prices are now; reports fold a day that has no such rollups.
    package let isRolledUp: Bool
    /// All its lines, whatever was asked for.
    package let lines: UInt64
    /// Lines that lost to another of their event.
    package let repeats: UInt64
    /// Events that were taken back.
    package let voids: UInt64
    /// Events that were told in different ways at their last revision.
    package let conflicts: UInt64

    init(_ day: CivilDate, isRolledUp: Bool, _ statistics: DayStatistics) {
      self.day = day
      self.isRolledUp = isRolledUp
      lines = statistics.lines
      repeats = statistics.repeats
      voids = statistics.voids
      conflicts = statistics.conflicts
    }
  }

  /// In the order of parts, the largest of each first.
  package internal(set) var rows: [Row] = []
  package internal(set) var days: [Day] = []
  /// The first events, in order of time.
  package internal(set) var events: [Event] = []
  /// What the events that are not shown add, by currency.
  package internal(set) var rest: [String?: Sums] = [:]

  /// One event, and how its part came about.
  package struct Event: Sendable {
    package internal(set) var record: EventRecord
    /// Its part of the number; nil when it is not known.
    package internal(set) var value: Int128?
    /// What it was charged; empty where its cost was not computed.
    package let charges: [CostExplanation.Charge]
    package let basis: PriceBasis?
    /// Why it has no cost; nil when it has.
    package let reason: String?
  }
}

/// A measure that adds up over events.
package struct ExplainedMeasure: Sendable {
  package let column: ReportColumn
  private let cell: @Sendable (GroupValues, Bool) -> ReportCell
  /// The counters that it adds up; none for what is no sum of counters.
  let counts: [RollupCount]

  package var isCost: Bool { column.name == "cost" }

  /// The measure of that name; nil when there is none or it does not add up.
  package init?(_ name: String, showsCost: Bool) {
    let known = ReportMeasure.additive(showsCost: showsCost)
    guard let measure = known.first(where: { $0.column.name == name }) else { return nil }
    column = measure.column
    cell = measure.cell
    counts =
      name == "tokens"
      ? RollupCount.allTokens : RollupCount.allCases.filter { $0.field != nil && $0.name == name }
  }

  package static func names(showsCost: Bool) -> [String] {
    ReportMeasure.additive(showsCost: showsCost).map(\.column.name)
  }

  /// An event's part of the number; nil when it is not known.
  func value(_ batch: EventBatch, _ event: Int) -> Int128? {
    if isCost { return batch.cost(event) }
    if !counts.isEmpty { return counts.reduce(0) { $0 + Int128(batch.count($1, event)) } }
    switch cell(batch.values(event), false) {
    case .integer(let number), .amount(let number): return number
    case .text, .missing: return nil
    }
  }
}
