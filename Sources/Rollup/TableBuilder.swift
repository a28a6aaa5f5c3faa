//! Grouped events → the columns of one rollup file.

import Bytes
import Events
import Money
import Parquet

enum TableBuilder {
  static func table(_ kind: RollupKind, _ settled: borrowing SettledDay) throws(FoldError) -> RollupTable {
    switch kind {
    case .minute: try table(kind, settled.minuteRows(), settled)
    case .day: try table(kind, settled.dayRows, settled)
    case .session: try table(kind, settled.sessionRows(), settled)
    }
  }

  private static func table(
    _ kind: RollupKind, _ rows: borrowing RowGroups, _ settled: borrowing SettledDay
  ) throws(FoldError) -> RollupTable {
    var values: [ParquetValues] = []
    switch kind {
    case .minute: values.append(minutes(rows, day: settled.day))
    case .day: values.append(.constant(.integer(Int64(settled.day)), count: rows.count))
    case .session: values += sessions(rows, settled)
    }
    values += keyColumns(rows, settled)
    values += try counts(rows, settled)
    values += try amounts(rows, settled)
    if kind != .session { values += quotas(rows, settled.events.quotas) }
    return RollupTable(columns: RollupSchema.columns(kind, tags: settled.keys.tags), values: values)
  }

  private static func minutes(_ rows: borrowing RowGroups, day: Int) -> ParquetValues {
    let start = Int64(day) * Timestamp.day
    let minutes = rows.buckets.values
    return .integers(each(rows.count) { start &+ Int64(minutes[$0]) &* 60_000 })
  }

  private static func sessions(_ rows: borrowing RowGroups, _ settled: borrowing SettledDay)
    -> [ParquetValues]
  {
    let sessions = settled.order.sessions
    let (first, last, start) = (
      rows.firstTimes.values, rows.lastTimes.values, Int64(settled.day) * Timestamp.day
    )
    let places = Array(0..<Int32(truncatingIfNeeded: sessions.texts.count))
    let names = strings(Items(rows.buckets.values, places.count), sessions.texts, places)
    return [
      names, .integers(each(rows.count) { start &+ Int64(first[$0]) }),
      .integers(each(rows.count) { start &+ Int64(last[$0]) }),
    ]
  }

  /// Kind, period, the dimensions, tags and the two currencies.
  private static func keyColumns(_ rows: borrowing RowGroups, _ settled: borrowing SettledDay)
    -> [ParquetValues]
  {
    let items = Items(rows.keys.values, settled.keys.keys.count)
    return settled.keyTexts.map { strings(items, $0.texts, $0.ranks) }
  }

  private static func counts(
    _ rows: borrowing RowGroups, _ settled: borrowing SettledDay
  ) throws(FoldError) -> [ParquetValues] {
    var values: [ParquetValues] = []
    for count in RollupCount.allCases {
      if let twin = settled.twins[count.rawValue] {
        values.append(values[twin])
        continue
      }
      values.append(
        try sums(
          rows, settled.events.counts, settled.canOverflow, count.rawValue, count.name, zero: .integer(0)
        ) { .integers($0) })
    }
    return values
  }

  private static func amounts(
    _ rows: borrowing RowGroups, _ settled: borrowing SettledDay
  ) throws(FoldError) -> [ParquetValues] {
    var values: [ParquetValues] = []
    for amount in RollupAmount.allCases where amount != .costComputedUnreported {
      values.append(
        try sums(
          rows, settled.events.amounts, settled.canOverflow, amount.rawValue, amount.name, zero: .decimal(0)
        ) { .decimals($0) })
    }
    return values + [unreported(values[RollupAmount.costComputed.rawValue], rows, settled.keys.keys)]
  }

  /// The computed cost of the rows whose events report none: all events of a row do, or none does.
  private static func unreported(
    _ computed: ParquetValues, _ rows: borrowing RowGroups, _ keys: [KeyTable.Key]
  ) -> ParquetValues {
    let rowKeys = rows.keys.values
    guard case .decimals(let costs, _) = computed, keys.contains(where: { $0.currency != 0 }) else {
      return computed
    }
    return .decimals(each(rowKeys.count) { keys[Int(rowKeys[$0])].currency == 0 ? costs[$0] : 0 })
  }

  private static func sums<Value>(
    _ rows: borrowing RowGroups, _ measures: borrowing MeasureTable<Value>, _ canOverflow: Bool,
    _ measure: Int, _ name: String, zero: ParquetScalar, _ make: ([Value]) -> ParquetValues
  ) throws(FoldError) -> ParquetValues {
    guard let column = measures.column(measure) else { return .constant(zero, count: rows.count) }
    guard let sums = rows.sums(column, canOverflow: canOverflow) else { throw .overflow(column: name) }
    return make(sums)
  }

  /// What the last `quota` event of each row said.
  private static func quotas(_ rows: borrowing RowGroups, _ quotas: [Int: QuotaValues]) -> [ParquetValues] {
    var last: [Int: QuotaValues] = [:]
    for (event, values) in quotas {
      let row = Int(rows.rowOfEvent[event])
      if row == rows.count { continue }
      if let known = last[row], !values.isAfter(known) { continue }
      last[row] = values
    }
    return RollupSchema.quotas.indices.map { index in
      guard last.values.contains(where: { $0.values[index] != nil }) else {
        return .constant(.null, count: rows.count)
      }
      let values = each(rows.count) { last[$0]?.values[index] }
      let hasNull = values.contains { $0 == nil }
      return .integers(values.map { $0 ?? 0 }, nulls: hasNull ? values.map { $0 == nil } : [])
    }
  }

  /// What the rows of text columns have in common: the number of a key or session in each row.
  struct Items: ~Copyable {
    /// Negative where absent.
    let ofRows: UnsafeMutableBufferPointer<Int32>
    /// Those that any row has.
    private(set) var used = Column<Int32>()
    let hasAbsent: Bool

    init(_ items: UnsafeMutableBufferPointer<Int32>, _ count: Int) {
      ofRows = items
      // One more, and before the others, for those that are absent.
      let flags = Column<Bool>(repeating: false, count: count + 1)
      let isUsed = flags.values
      for item in items { isUsed[Int(item) &+ 1] = true }
      hasAbsent = isUsed[0]
      for item in 0..<count where isUsed[item &+ 1] { used.append(Int32(truncatingIfNeeded: item)) }
    }
  }

  /// A text column, given the rank of each item's text in sorted texts, negative where absent; narrowed to the texts in use.
  ///
  /// Rows are many more than items, so all but one gathering is done on items. No ranks: all are absent.
  static func strings(_ items: borrowing Items, _ texts: ParquetDictionary, _ ranks: [Int32]) -> ParquetValues
  {
    let count = items.ofRows.count
    if ranks.isEmpty { return .constant(.null, count: count) }
    var numbers = [Int32](repeating: -1, count: texts.count)
    var hasAbsent = items.hasAbsent
    // An absent item has the place before the first, so that rows need not ask.
    let places = Column<Int32>(repeating: -1, count: ranks.count + 1)
    let (ofRows, used, indices) = (items.ofRows, items.used.values, places.values)
    ranks.withUnsafeBufferPointer { ranks in
      for item in used {
        let rank = ranks[Int(item)]
        if rank < 0 { hasAbsent = true } else { numbers[Int(rank)] = 0 }
      }
    }
    let dictionary = dictionary(of: texts, &numbers)
    if dictionary.count == 0 { return .constant(.null, count: count) }
    if dictionary.count == 1, !hasAbsent { return .constant(.string(Array(dictionary[0])), count: count) }
    ranks.withUnsafeBufferPointer { ranks in
      for item in used where ranks[Int(item)] >= 0 {
        indices[Int(item) &+ 1] = numbers[Int(ranks[Int(item)])]
      }
    }
    return .strings(dictionary, indices: each(count) { indices[Int(ofRows[$0]) &+ 1] })
  }

  /// The texts whose number is 0; from then on it is their place among them.
  private static func dictionary(of texts: ParquetDictionary, _ numbers: inout [Int32]) -> ParquetDictionary {
    if !numbers.contains(-1) {
      for rank in numbers.indices { numbers[rank] = Int32(rank) }
      return texts
    }
    var dictionary = ParquetDictionary()
    let bytes = texts.bytes.span.bytes
    for rank in numbers.indices where numbers[rank] == 0 {
      numbers[rank] = Int32(dictionary.count)
      dictionary.append(bytes.extracting(texts.range(rank)))
    }
    return dictionary
  }

  /// The value of each row.
  @inline(__always)
  private static func each<Value>(_ count: Int, _ value: (Int) -> Value) -> [Value] {
    Array(unsafeUninitializedCapacity: count) { buffer, initialized in
      for row in 0..<count { buffer.initializeElement(at: row, to: value(row)) }
      initialized = count
    }
  }
}
