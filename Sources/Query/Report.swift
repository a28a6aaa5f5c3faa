//! What every report is, whatever it asks: a header that says what was asked and how much to trust it, columns,
//! rows, totals. Reports hold numbers; only Render turns them into text.

import Bytes

/// One column of a report, named as the event's field or the measure it sums.
package struct ReportColumn: Equatable, Sendable {
  /// How the cells are to be read.
  package enum Role: Equatable, Sendable {
    /// Time bucket of the row: `minute`, `hour`, `day`, `week` (its first day) or `month` (`2026-10`).
    case bucket
    /// A dimension such as `model`, or `currency`; a missing value is nil, never an empty text.
    case dimension
    /// A sentence for people; absent where there is nothing to say.
    case remark
    /// A whole number.
    case count
    /// Money or another exact decimal, in pico-units.
    case amount
    /// Percent, in hundredths of a percent.
    case percent
  }

  /// The machine name, such as `input_tokens`.
  package let name: String
  /// How the cells are to be read.
  package let role: Role
  /// Whether tables for people show it; machines always get all.
  package let isBrief: Bool
  /// How many decimals of an amount tables show; `exact` shows all that any cell of the column has.
  package let decimals: Int

  package static let exact = PicoText.digits

  package init(_ name: String, _ role: Role, isBrief: Bool = true, decimals: Int = 2) {
    self.name = name
    self.role = role
    self.isBrief = isBrief
    self.decimals = decimals
  }

  /// Whether the cells are money; plan credits are amounts too, but no money.
  package var isCost: Bool {
    role == .amount && (name == "cost" || name.hasPrefix("cost_") || name.hasSuffix("_cost"))
  }
}

/// One value of a report.
package enum ReportCell: Sendable {
  case text(String)
  /// A whole number; percent cells hold hundredths of a percent.
  case integer(Int128)
  /// Pico-units (1e-12).
  case amount(Int128)
  /// Absent: an absent dimension, an unknown cost. Never the same as zero.
  case missing
}

extension ReportCell: Equatable {
  /// Texts are the same when their bytes are.
  package static func == (a: Self, b: Self) -> Bool {
    switch (a, b) {
    case (.text(let x), .text(let y)): x.hasBytes(of: y)
    case (.integer(let x), .integer(let y)), (.amount(let x), .amount(let y)): x == y
    case (.missing, .missing): true
    default: false
    }
  }
}

/// One row: a cell for each column.
package struct ReportRow: Equatable, Sendable {
  package var cells: [ReportCell]
  /// The row that holds what `--top` and `--min-share` left out.
  package var isOthers: Bool
  /// A provider's bucket was cut by this row's edge, so the split is not exact.
  package var isApproximate: Bool
  /// Other rows are parts of this one: a dimension that it lacks means all.
  package var isSubtotal: Bool

  package init(
    cells: [ReportCell], isOthers: Bool = false, isApproximate: Bool = false, isSubtotal: Bool = false
  ) {
    self.cells = cells
    self.isOthers = isOthers
    self.isApproximate = isApproximate
    self.isSubtotal = isSubtotal
  }
}

/// Requests of one model that have no cost.
package struct UnpricedModel: Equatable, Sendable {
  /// Who bills; nil when the events do not say.
  package var provider: String?
  /// The model's name; nil when the events do not say.
  package var model: String?
  package var requests: Int128
  /// What gives them a cost; nil when nothing is known to.
  package var remedy: Remedy?

  /// What gives a cost to requests that have none.
  package enum Remedy: Equatable, Sendable {
    /// Nobody prices the model: `tally prices set` does.
    case setPrice
    /// The model has prices, but of other things than these requests used.
    case addPrice
    /// The events must say who bills: `providers` can.
    case nameProvider
    /// The events must say which model they used.
    case nameModel
  }

  package init(provider: String?, model: String?, requests: Int128, remedy: Remedy? = nil) {
    self.provider = provider
    self.model = model
    self.requests = requests
    self.remedy = remedy
  }
}

/// A finished report.
package struct Report: Equatable, Sendable {
  /// Which report it is, such as `daily`.
  package var name: String
  /// First and last local day, `2026-10-01`, inclusive.
  package var from: String
  package var to: String
  /// The IANA name of the zone that cut the days.
  package var timezone: String
  /// The currency of every amount; nil when there is none or more than one (then rows carry it).
  package var currency: String?
  /// Only events up to the end of this day count; nil when all do.
  package var asOf: String?
  /// The latest day whose exchange rate is in the amounts; nil when none was converted.
  package var ratesTo: String?
  /// Whether the report may tell about money at all.
  package var showsCost: Bool
  /// The version of the price catalog; nil when nothing was computed from one.
  package var catalog: String?
  /// Which cost counts.
  package var costMode: CostMode
  /// Whether every request has a cost.
  package var isCostComplete: Bool
  /// Requests that have no cost, most first.
  package var unpriced: [UnpricedModel]
  /// What `share` is a share of: `cost` or `tokens`.
  package var shareOf: String
  package var columns: [ReportColumn]
  package var rows: [ReportRow]
  /// The sum of everything, with the cells of bucket and dimensions missing.
  package var total: ReportRow
  /// One total for each currency, when there is more than one; else empty.
  package var totals: [ReportRow]
  /// What a reader must know, one sentence each: approximations, what could not be read.
  package var notes: [String]
  /// How much of the period is known; nil when nobody has found out.
  package var known: KnownData?

  package init(
    name: String, from: String, to: String, timezone: String, currency: String? = nil, catalog: String? = nil,
    costMode: CostMode = .display, isCostComplete: Bool, unpriced: [UnpricedModel] = [], shareOf: String,
    columns: [ReportColumn], rows: [ReportRow], total: ReportRow, totals: [ReportRow] = [],
    notes: [String] = [], ratesTo: String? = nil, showsCost: Bool = true
  ) {
    self.name = name
    self.from = from
    self.to = to
    self.timezone = timezone
    self.currency = currency
    self.catalog = catalog
    self.costMode = costMode
    self.isCostComplete = isCostComplete
    self.unpriced = unpriced
    self.shareOf = shareOf
    self.columns = columns
    self.rows = rows
    self.total = total
    self.totals = totals
    self.notes = notes
    self.ratesTo = ratesTo
    self.showsCost = showsCost
  }

  /// The names of models with requests that have no cost, each once, in the order of their bytes.
  package var unpricedModels: [String] {
    unpriced.compactMap(\.model).uniqued.sortedByBytes
  }
}
