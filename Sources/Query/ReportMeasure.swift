import Rollup

/// A column that measures, and its cell.
struct ReportMeasure: Sendable {
  let column: ReportColumn
  /// The cell of a row; the flag says that the row stands for several currencies or for none, among rows of several.
  let cell: @Sendable (GroupValues, Bool) -> ReportCell
  /// The values of single events that it needs beside sums.
  var spread: Spread.Kind?

  /// The measures of a report, in order.
  static func all(_ request: ReportRequest) -> [ReportMeasure] {
    if let names = request.measures {
      let known = catalogue(showsCost: request.showsCost)
      return names.compactMap { name in known.first { $0.column.name == name } }
    }
    if request.isByCounter { return counters(showsCost: request.showsCost) }
    var measures = usage(isBrief: request.comparison?.isAlone != true)
    let known = catalogue(showsCost: request.showsCost)
    let more = request.moreMeasures.compactMap { name in known.first { $0.column.name == name } }
    guard request.showsCost else { return measures + more }
    measures += money
    if let name = request.comparison?.name { measures += other(name) }
    return measures + more
  }

  /// What costs, and how much of it is known.
  private static var money: [ReportMeasure] {
    [
      ReportMeasure(column: ReportColumn("credits", .amount)) { values, _ in .amount(values.credits) },
      amount("cost", unpriced: \.unpriced) { $0.cost },
      count("unpriced_requests") { $0.unpriced }, count("approximate_requests") { $0[.approximateRequests] },
    ]
  }

  /// All measures that can be asked for by name.
  static func catalogue(showsCost: Bool) -> [ReportMeasure] {
    let money = showsCost ? money + [costPerRequest] + costPercentiles : []
    return (usage(isBrief: true) + ratios + durationPercentiles + money).map { measure in
      let (column, cell) = (measure.column, measure.cell)
      return ReportMeasure(
        column: ReportColumn(column.name, column.role, decimals: column.decimals), cell: cell,
        spread: measure.spread)
    }
  }

  /// The measures that add up over events.
  static func additive(showsCost: Bool) -> [ReportMeasure] {
    let names = (usage(isBrief: true) + (showsCost ? money : [])).map(\.column.name)
    return catalogue(showsCost: showsCost).filter { names.contains($0.column.name) }
  }

  private static func usage(isBrief: Bool) -> [ReportMeasure] {
    RollupCount.allCases.filter { $0.rawValue < RollupCount.unpricedRequests.rawValue }
      .map { number in
        count(number.name, isBrief: number == .requests || (isBrief && !hidden.contains(number))) {
          $0[number]
        }
      } + [count("tokens", isBrief: !isBrief) { Share.tokens($0) }]
  }

  private static let hidden: Set<RollupCount> = [
    .errors, .conflicts, .reasoningTokens, .durationMs, .characters,
  ]

  private static func other(_ name: String) -> [ReportMeasure] {
    [
      amount("cost_\(name)", unpriced: \.otherUnpriced) { $0.otherCost },
      ReportMeasure(column: ReportColumn("cost_\(name)_difference", .amount)) { values, isWithoutAmount in
        let isUnknown =
          (values.cost == 0 && values.unpriced > 0) || (values.otherCost == 0 && values.otherUnpriced > 0)
        return isUnknown || isWithoutAmount ? .missing : .amount(values.otherCost - values.cost)
      },
      count("\(name)_unpriced_requests") { $0.otherUnpriced },
      count("\(name)_approximate_requests") { $0.otherApproximate },
    ]
  }

  /// Of kinds of what was counted; different units have no sum, so neither has the count of all.
  private static func counters(showsCost: Bool) -> [ReportMeasure] {
    let units: [RollupCount] =
      RollupCount.allTokens + [.images, .audioSeconds, .searches, .characters, .requests]
    var measures = [
      ReportMeasure(column: ReportColumn("count", .count)) { values, _ in
        let counts = units.map { values[$0] }.filter { $0 != 0 }
        return counts.count == 1 ? .integer(counts[0]) : .missing
      }
    ]
    if !showsCost { return measures }
    measures += [
      ReportMeasure(column: ReportColumn("credits", .amount)) { values, _ in .amount(values.credits) },
      amount("cost", unpriced: \.unpriced) { $0.cost },
      cached("cost_as_input") { $0.asInputCost }, cached("cost_saved") { $0.asInputCost - $0.cachedCost },
      count("unpriced_count") { $0.unpriced },
    ]
    return measures
  }

  private static func count(
    _ name: String, isBrief: Bool = false, _ value: @Sendable @escaping (GroupValues) -> Int128
  ) -> ReportMeasure {
    ReportMeasure(column: ReportColumn(name, .count, isBrief: isBrief)) { values, _ in .integer(value(values))
    }
  }

  /// Money, as far as it is known: missing where nothing is.
  private static func amount(
    _ name: String, unpriced: @Sendable @escaping (GroupValues) -> Int128,
    _ value: @Sendable @escaping (GroupValues) -> Int128
  ) -> ReportMeasure {
    ReportMeasure(column: ReportColumn(name, .amount)) { values, isWithoutAmount in
      let (value, unpriced) = (value(values), unpriced(values))
      // A total over currencies is no amount; neither is what nobody priced. What cost nothing is 0 in any of them.
      if isWithoutAmount { return value == 0 && unpriced == 0 ? .amount(0) : .missing }
      return value == 0 && unpriced > 0 ? .missing : .amount(value)
    }
  }

  /// Money of what a cache held; missing where nothing was.
  private static func cached(_ name: String, _ value: @Sendable @escaping (GroupValues) -> Int128)
    -> ReportMeasure
  {
    ReportMeasure(column: ReportColumn(name, .amount)) { values, isWithoutAmount in
      let isKnown = values.asInputCost != 0 || values.cachedCost != 0
      return isKnown && !isWithoutAmount ? .amount(value(values)) : .missing
    }
  }
}

extension GroupValues {
  fileprivate var unpriced: Int128 { self[.unpricedRequests] }
}
