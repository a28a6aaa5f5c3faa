//! Grouped events → the columns of one rollup file.

import Bytes
import Events
import Money
import Parquet

enum TableBuilder {
  static func table(_ kind: RollupKind, _ settled: borrowing SettledDay) throws(FoldError) -> RollupTable {
    let rows = settled.rows(kind)
    var values: [ParquetValues] = []
    switch kind {
    case .minute: values.append(minutes(rows, day: settled.day))
    case .day: values.append(.constant(.integer(Int64(settled.day)), count: rows.count))
    case .session: values += sessions(rows, settled)
    }
    values += keyColumns(rows, settled)
    values.append(.constant(.null, count: rows.count))
    for count in RollupCount.allCases {
      values.append(
        try sums(rows, settled.events.counts, count.rawValue, count.name, zero: .integer(0)) { .integers($0) }
      )
    }
    for amount in RollupAmount.allCases {
      values.append(
        try sums(rows, settled.events.amounts, amount.rawValue, amount.name, zero: .decimal(0)) {
          .decimals($0)
        })
    }
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
    let (first, last) = rows.times(settled.events, midnight: Int64(settled.day) * Timestamp.day)
    let numbers = rows.buckets.values
    let names = strings(rows.count, sessions.texts) { row in
      let session = numbers[row]
      return session < 0 ? -1 : sessions.ranks[Int(session)]
    }
    return [names, .integers(first), .integers(last)]
  }

  /// Kind, period, the dimensions, tags and the reported currency.
  private static func keyColumns(_ rows: borrowing RowGroups, _ settled: borrowing SettledDay)
    -> [ParquetValues]
  {
    let (keys, texts) = (settled.keys.keys, settled.order.texts)
    let rowKeys = rows.keys.values
    let (kinds, periods) = (settled.keys.kinds.values, settled.keys.periods.values)
    let (numbers, width) = (settled.keys.combinationTexts.values, RollupSchema.dimensions.count)
    func column(_ texts: [[UInt8]], _ rank: (KeyTable.Key) -> Int32) -> ParquetValues {
      let ranks = keys.map(rank)
      if let only = ranks.first, ranks.allSatisfy({ $0 == only }) {
        return constant(rowKeys.count, texts, only)
      }
      return ranks.withUnsafeBufferPointer { ranks in
        strings(rowKeys.count, texts) { ranks[Int(rowKeys[$0])] }
      }
    }
    func words(_ words: [String], _ number: (KeyTable.Key) -> Int) -> ParquetValues {
      let sorted = Set(words).subtracting([""]).sorted()
      let ranks = words.map { word in Int32(sorted.firstIndex(of: word) ?? -1) }
      return column(sorted.map { Array($0.utf8) }) { ranks[number($0)] }
    }
    var columns = [
      words(EventKind.allCases.map(\.name)) { Int(kinds[Int($0.combination)].rawValue) },
      words(EventPeriod.allCases.map(\.name)) { Int(periods[Int($0.combination)].rawValue) },
    ]
    for index in RollupSchema.dimensions.indices {
      columns.append(column(texts.texts) { texts.rank(numbers[Int($0.combination) * width + index]) })
    }
    let tuples = settled.keys.tagTuples
    for index in settled.keys.tags.indices {
      columns.append(column(texts.texts) { texts.rank(tuples[Int($0.tags)][index]) })
    }
    columns.append(words(settled.keys.currencies.map { $0?.description ?? "" }) { Int($0.currency) })
    return columns
  }

  private static func sums<Value>(
    _ rows: borrowing RowGroups, _ measures: borrowing MeasureTable<Value>, _ measure: Int, _ name: String,
    zero: ParquetScalar, _ make: ([Value]) -> ParquetValues
  ) throws(FoldError) -> ParquetValues {
    guard let column = measures.column(measure) else { return .constant(zero, count: rows.count) }
    guard let sums = rows.sums(column) else { throw .overflow(column: name) }
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

  /// A text column over sorted texts, narrowed to those it uses; a negative rank is an absent value.
  @inline(__always)
  private static func strings(_ count: Int, _ texts: [[UInt8]], _ rank: (Int) -> Int32) -> ParquetValues {
    var isUsed = [Bool](repeating: false, count: texts.count)
    var hasAbsent = false
    var indices = each(count, rank)
    for rank in indices {
      if rank < 0 { hasAbsent = true } else { isUsed[Int(rank)] = true }
    }
    var dictionary = ParquetDictionary()
    var numbers = [Int32](repeating: -1, count: texts.count)
    for (rank, text) in texts.enumerated() where isUsed[rank] {
      numbers[rank] = Int32(dictionary.count)
      dictionary.append(text.span.bytes)
    }
    if dictionary.count == 0 { return .constant(.null, count: count) }
    if dictionary.count == 1, !hasAbsent { return .constant(.string(Array(dictionary[0])), count: count) }
    if dictionary.count < texts.count {
      for index in indices.indices where indices[index] >= 0 { indices[index] = numbers[Int(indices[index])] }
    }
    return .strings(dictionary, indices: indices)
  }

  private static func constant(_ count: Int, _ texts: [[UInt8]], _ rank: Int32) -> ParquetValues {
    .constant(rank < 0 ? .null : .string(texts[Int(rank)]), count: count)
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
