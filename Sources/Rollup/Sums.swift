import Events

/// The sums of many rows, a column each.
///
/// A column that is zero throughout has no memory: most of the three dozen
/// measures are absent from any one day.
struct Sums {
  private(set) var rowCount = 0
  private(set) var counts = [[Int64]](repeating: [], count: RollupCount.allCases.count)
  private(set) var amounts = [[Int128]](repeating: [], count: RollupAmount.allCases.count)
  /// A sum that no longer fits 63 bits.
  private(set) var overflow: RollupCount?

  /// Adds a row of zeros; returns its number.
  mutating func addRow() -> Int {
    for index in counts.indices where !counts[index].isEmpty { counts[index].append(0) }
    for index in amounts.indices where !amounts[index].isEmpty { amounts[index].append(0) }
    rowCount += 1
    return rowCount - 1
  }

  @inline(__always)
  mutating func add(_ value: Int64, _ count: RollupCount, _ row: Int) {
    if value == 0 { return }
    let column = count.rawValue
    if counts[column].isEmpty { counts[column] = [Int64](repeating: 0, count: rowCount) }
    let (sum, isOver) = counts[column][row].addingReportingOverflow(value)
    if isOver { overflow = count }
    counts[column][row] = sum
  }

  mutating func add(_ value: Int128, _ amount: RollupAmount, _ row: Int) {
    if value == 0 { return }
    let column = amount.rawValue
    if amounts[column].isEmpty { amounts[column] = [Int128](repeating: 0, count: rowCount) }
    // 10^15 units an event leave room for 10^11 events.
    amounts[column][row] += value
  }

  /// Adds row `other` of `sums` to `row`.
  mutating func add(_ sums: Sums, _ other: Int, to row: Int) {
    for count in RollupCount.allCases where !sums.counts[count.rawValue].isEmpty {
      add(sums.counts[count.rawValue][other], count, row)
    }
    for amount in RollupAmount.allCases where !sums.amounts[amount.rawValue].isEmpty {
      add(sums.amounts[amount.rawValue][other], amount, row)
    }
  }

  /// Adds what one event measures.
  mutating func add(_ event: Event, isConflict: Bool, to row: Int) {
    let requests = event.requests
    add(requests, .requests, row)
    if event.status == .error { add(max(requests, 1), .errors, row) }
    if isConflict { add(1, .conflicts, row) }
    addCounters(event, row)
    if event.has(.credits) { add(event.credits, .credits, row) }
    if event.has(.cost) {
      add(event.cost, .costReported, row)
    } else if !Self.isFree(event) {
      add(max(requests, 1), .unpricedRequests, row)
    }
  }

  @inline(__always)
  private mutating func addCounters(_ event: Event, _ row: Int) {
    let first = EventField.inputTokens.rawValue
    var rest = event.present >> UInt64(first)
    rest &= (1 << UInt64(EventField.credits.rawValue - first)) - 1
    while rest != 0 {
      let index = rest.trailingZeroBitCount
      rest &= rest &- 1
      let value = event.numbers[index &+ 1]
      if let count = RollupCount(rawValue: RollupCount.inputTokens.rawValue &+ index) {
        add(value, count, row)
      }
    }
    if event.has(.durationMs) { add(event.number(.durationMs), .durationMs, row) }
  }

  /// A failed request that used nothing costs nothing; anything else without a cost is unpriced.
  private static func isFree(_ event: Event) -> Bool {
    event.status == .error && event.weight == Int128(event.requests)
  }
}
