import Events
import Money
import Parquet

/// Turns rows into the columns of a rollup file.
enum TableBuilder {
  static func table(
    _ kind: RollupKind, _ rows: RowTable, _ order: KeyOrder, _ keys: borrowing KeyTable, day: Int
  ) -> RollupTable {
    let sorted = order.sorted(rows, bySession: kind == .session)
    var values: [ParquetValues] = []
    switch kind {
    case .minute:
      let start = Int64(day) * Timestamp.day
      values.append(integers(sorted) { start + Int64(rows.keys[$0].bucket) * 60_000 })
    case .day:
      values.append(constantOrEmpty(.integer(Int64(day)), sorted.count))
    case .session:
      values.append(
        strings(sorted, order.sessions) {
          let session = rows.keys[$0].bucket
          return session < 0 ? -1 : order.sessionRanks[Int(session)]
        })
      values.append(integers(sorted) { rows.firstTimes[$0] })
      values.append(integers(sorted) { rows.lastTimes[$0] })
    }
    // Taken apart once: the closures below run for every row and column.
    let combinations = keys.combinations
    let rowCombinations = sorted.map { Int(rows.keys[$0].combination) }
    let positions = Array(sorted.indices)
    let kinds = combinations.map(\.kind.rawValue)
    let periods = combinations.map(\.period.rawValue)
    values.append(words(positions, EventKind.allCases.map(\.name)) { kinds[rowCombinations[$0]] })
    values.append(words(positions, EventPeriod.allCases.map(\.name)) { periods[rowCombinations[$0]] })
    for index in RollupSchema.dimensions.indices {
      let ranks = combinations.map { $0.texts[index] < 0 ? -1 : order.textRanks[Int($0.texts[index])] }
      values.append(strings(positions, order.texts) { ranks[rowCombinations[$0]] })
    }
    let rowTags = sorted.map { Int(rows.keys[$0].tags) }
    for index in keys.tags.indices {
      let ranks = keys.tagTuples.map { $0[index] < 0 ? -1 : order.textRanks[Int($0[index])] }
      values.append(strings(positions, order.texts) { ranks[rowTags[$0]] })
    }
    let currencies = keys.currencies.map { $0.map(\.description) ?? "" }
    let rowCurrencies = sorted.map { UInt8(truncatingIfNeeded: rows.keys[$0].currency) }
    values.append(words(positions, currencies) { rowCurrencies[$0] })
    values.append(constantOrEmpty(.null, sorted.count))
    for count in RollupCount.allCases { values.append(counts(sorted, rows.sums.counts[count.rawValue])) }
    for amount in RollupAmount.allCases { values.append(amounts(sorted, rows.sums.amounts[amount.rawValue])) }
    if kind != .session {
      for index in RollupSchema.quotas.indices { values.append(quotas(sorted, rows, index)) }
    }
    return RollupTable(columns: RollupSchema.columns(kind, tags: keys.tags), values: values)
  }

  private static func constantOrEmpty(_ value: ParquetScalar, _ count: Int) -> ParquetValues {
    .constant(value, count: count)
  }

  private static func integers(_ rows: [Int], _ value: (Int) -> Int64) -> ParquetValues {
    .integers(rows.map(value))
  }

  private static func counts(_ rows: [Int], _ column: [Int64]) -> ParquetValues {
    column.isEmpty ? .constant(.integer(0), count: rows.count) : .integers(rows.map { column[$0] })
  }

  private static func amounts(_ rows: [Int], _ column: [Int128]) -> ParquetValues {
    column.isEmpty ? .constant(.decimal(0), count: rows.count) : .decimals(rows.map { column[$0] })
  }

  private static func quotas(_ rows: [Int], _ table: RowTable, _ index: Int) -> ParquetValues {
    if table.quotas.isEmpty { return .constant(.null, count: rows.count) }
    let values = rows.map { table.quotas[$0]?.values[index] }
    if values.allSatisfy({ $0 == nil }) { return .constant(.null, count: rows.count) }
    let hasNull = values.contains { $0 == nil }
    return .integers(values.map { $0 ?? 0 }, nulls: hasNull ? values.map { $0 == nil } : [])
  }

  /// A text column over the whole table of texts, narrowed to the texts it uses.
  private static func strings(_ rows: [Int], _ texts: [[UInt8]], _ rank: (Int) -> Int32) -> ParquetValues {
    var indices = rows.map(rank)
    var isUsed = [Bool](repeating: false, count: texts.count)
    for index in indices where index >= 0 { isUsed[Int(index)] = true }
    var dictionary = ParquetDictionary()
    var numbers = [Int32](repeating: -1, count: texts.count)
    for (rank, text) in texts.enumerated() where isUsed[rank] {
      numbers[rank] = Int32(dictionary.count)
      dictionary.append(text.span.bytes)
    }
    if dictionary.count == 0 { return .constant(.null, count: rows.count) }
    for index in indices.indices where indices[index] >= 0 { indices[index] = numbers[Int(indices[index])] }
    return .strings(dictionary, indices: indices)
  }

  /// A column of few words; an empty word is an absent value.
  private static func words(_ rows: [Int], _ words: [String], _ number: (Int) -> UInt8) -> ParquetValues {
    let texts = words.map { Array($0.utf8) }
    let order = texts.indices.sorted { texts[$0].lexicographicallyPrecedes(texts[$1]) }
    var ranks = [Int32](repeating: -1, count: words.count)
    for (rank, index) in order.enumerated() where !texts[index].isEmpty { ranks[index] = Int32(rank) }
    return strings(rows, order.map { texts[$0] }) { ranks[Int(number($0))] }
  }
}
