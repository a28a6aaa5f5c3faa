//! Windows as coding plans have them: what was used in each, how fast, and when the tokens will run out.

import Bytes
package import Calendar
package import Query

/// A row a group and window with use, the latest first.
package struct BlockRows: Sendable {
  /// How many tokens a window may use.
  package enum Limit: Equatable, Sendable {
    case tokens(Int128)
    /// As many as the fullest window before used.
    case fullest
  }

  private let window: BlockWindow
  private let days: ClosedRange<CivilDate>
  private let limit: Limit?
  private let nowMs: Int64

  /// - Parameter days: windows that reach into them are shown.
  package init(window: BlockWindow, days: ClosedRange<CivilDate>, limit: Limit?, nowMs: Int64) {
    self.window = window
    self.days = days
    self.limit = limit
    self.nowMs = nowMs
  }

  private typealias Found = (texts: [ByteText?], block: Block, limit: Int128?)

  /// - Parameters:
  ///   - usage: of `BlockWindow.daysRead`.
  ///   - fold: of the same events.
  package func report(_ usage: Usage, _ fold: BlockFold) -> Report {
    let zone = usage.request.zone
    let shown = zone.startOfDay(days.lowerBound)..<zone.startOfDay(days.upperBound + 1)
    let found = fold.minutes.flatMap { texts, minutes -> [Found] in
      let minutes = minutes.sorted { $0.minuteMs < $1.minuteMs }
      let blocks = Block.blocks(minutes) { window.window(from: $0, zone) }
      return zip(blocks, limits(blocks)).filter { $0.0.window.overlaps(shown) }
        .map { (texts, $0.0, $0.1) }
    }
    let rows = found.sorted(by: Self.precedes).map { row($0, usage) }
    let all = found.lazy.flatMap(\.block.minutes)
    let totals = usage.isMixed ? Set(all.map(\.currency)) : []
    var report = usage.report(
      columns: columns(usage), rows: rows, total: total(all, nil, usage),
      totals: totals.sorted { ($0 ?? "") < ($1 ?? "") }
        .map { currency in total(all.filter { $0.currency == currency }, currency, usage) })
    (report.from, report.to) = ("\(days.lowerBound)", "\(days.upperBound)")
    report.notes += [Instants.note(leftOut: fold.leftOut)].compactMap(\.self)
    return report
  }

  /// The latest first, then by name.
  private static func precedes(_ a: Found, _ b: Found) -> Bool {
    let starts = [a, b].map(\.block.window.lowerBound)
    if starts[0] != starts[1] { return starts[0] > starts[1] }
    return a.texts.precedes(b.texts)
  }

  /// How many tokens each of a group's windows may use; nil where nothing says.
  private func limits(_ blocks: [Block]) -> [Int128?] {
    switch limit {
    case nil: return blocks.map { _ in nil }
    case .tokens(let tokens): return blocks.map { _ in tokens }
    case .fullest:
      var fullest: Int128 = 0
      return blocks.map { block in
        defer { fullest = max(fullest, block.tokens) }
        return fullest > 0 ? fullest : nil
      }
    }
  }

  private func columns(_ usage: Usage) -> [ReportColumn] {
    let showsCost = usage.request.showsCost
    return usage.request.dimensions.dropLast().map { ReportColumn($0, .dimension) }
      + ["start", "end", "state"].map { ReportColumn($0, .dimension) } + usage.currencyColumns
      + [ReportColumn("requests", .count, isBrief: false), ReportColumn("tokens", .count)]
      + (showsCost ? [ReportColumn("cost", .amount)] : []) + [ReportColumn("tokens_per_minute", .amount)]
      + (showsCost ? [ReportColumn("hourly_cost", .amount)] : [])
      + [ReportColumn("projected_tokens", .count)]
      + (showsCost ? [ReportColumn("projected_cost", .amount, isBrief: false)] : [])
      + [
        ReportColumn("limit", .count, isBrief: false), ReportColumn("limit_share", .percent),
        ReportColumn("runs_out_at", .dimension, isBrief: limit != nil),
      ]
  }

  private func row(_ found: Found, _ usage: Usage) -> ReportRow {
    let (block, limit) = (found.block, found.limit)
    let tokens = block.tokens
    let cost = Self.cost(block.minutes)
    func money(_ value: (Int128) -> Int128?) -> [ReportCell] {
      if !usage.request.showsCost { return [] }
      return [cost.pico.flatMap(value).map { .amount($0) } ?? .missing]
    }
    let perMinute = block.paced(tokens, perMs: 6_000_000, at: nowMs).map {
      ReportCell.amount($0.clampedTimes(10_000_000_000))
    }
    var cells = found.texts.map { ReportCell.text($0) }
    cells += [
      usage.minuteText(block.window.lowerBound), usage.minuteText(block.window.upperBound),
      .text(block.isActive(at: nowMs) ? "active" : "ended"),
    ]
    cells += usage.currencyCells(cost.currency) + [.integer(block.requests), .integer(tokens)]
    cells += money { $0 } + [perMinute ?? .missing] + money { block.paced($0, perMs: 3_600_000, at: nowMs) }
    cells += [block.projected(tokens, at: nowMs).map { .integer($0) } ?? .missing]
    cells += money { block.projected($0, at: nowMs) }
    cells += [
      limit.map { .integer($0) } ?? .missing,
      limit.flatMap { halfEven(tokens, times: 10_000, $0) }.map { .integer($0) } ?? .missing,
      usage.minuteText(limit.flatMap { block.reaches($0, at: nowMs) }),
    ]
    return ReportRow(cells: cells)
  }

  private func total(_ minutes: some Sequence<BlockMinute>, _ currency: String?, _ usage: Usage) -> ReportRow
  {
    let labels = usage.request.dimensions.count - 1 + 3
    var sums: [Int128] = [0, 0]
    for minute in minutes {
      sums[0] += minute.requests
      sums[1] += minute.tokens
    }
    let cost = Self.cost(minutes).pico.map { ReportCell.amount($0) } ?? .missing
    let rest = columns(usage).count - labels - usage.currencyCells(nil).count - 2
    return ReportRow(
      cells: [ReportCell](repeating: .missing, count: labels) + usage.currencyCells(currency)
        + sums.map { .integer($0) } + (usage.request.showsCost ? [cost] : [])
        + [ReportCell](repeating: .missing, count: rest - (usage.request.showsCost ? 1 : 0)))
  }

  /// What minutes cost, in which currency: nil where it is of several, or not known at all.
  private static func cost(_ minutes: some Sequence<BlockMinute>) -> (pico: Int128?, currency: String?) {
    var (sum, currency, isAllKnown) = (Int128(0), String?.none, true)
    for minute in minutes {
      sum += minute.cost
      if minute.unpriced > 0 { isAllKnown = false }
      guard minute.cost != 0, let own = minute.currency else { continue }
      if let currency, currency != own { return (nil, nil) }
      currency = own
    }
    return (sum == 0 && !isAllKnown ? nil : sum, currency)
  }
}
