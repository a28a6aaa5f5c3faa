import Rollup

/// Which cost of an event counts.
package enum CostMode: String, CaseIterable, Sendable {
  /// What was reported, and where nothing was, what the catalog says.
  case auto
  /// What the catalog says, whatever was reported.
  case calculate
  /// What was reported.
  case display

  /// The amounts that add up to the cost.
  var amounts: [RollupAmount] {
    switch self {
    case .auto: [.costReported, .costComputedUnreported]
    case .calculate: [.costComputed]
    case .display: [.costReported]
    }
  }

  /// The requests that have no such cost.
  var unpriced: RollupCount {
    switch self {
    case .auto: .unpricedRequests
    case .calculate: .uncomputedRequests
    case .display: .unreportedRequests
    }
  }

  /// The columns of currencies; that of a row's cost is the first that it has.
  var currencyColumns: [String] {
    switch self {
    case .auto: ["currency_reported", "currency_computed"]
    case .calculate: ["currency_computed"]
    case .display: ["currency_reported"]
    }
  }

  /// Whether prices of a catalog are in the cost.
  package var isComputed: Bool { self != .display }
}
