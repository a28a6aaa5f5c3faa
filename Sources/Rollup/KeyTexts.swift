import Events
import Money
import Parquet

/// What the keys of a day say in one text column.
struct KeyTexts: Sendable {
  /// The column in rollups.
  let name: String
  /// Ascending.
  let texts: ParquetDictionary
  /// By key, the rank of its text, negative where absent; none where all are.
  let ranks: [Int32]

  /// Kind, period, the dimensions, tags and the two currencies, in the order of a rollup's columns.
  static func all(_ table: borrowing KeyTable, _ order: KeyOrder) -> [KeyTexts] {
    let (keys, texts) = (table.keys, order.texts)
    let (kinds, periods) = (table.kinds.values, table.periods.values)
    func words(_ name: String, _ words: [String], _ number: (KeyTable.Key) -> Int) -> KeyTexts {
      let sorted = Set(words).subtracting([""]).sorted()
      let ranks = words.map { word in Int32(sorted.firstIndex(of: word) ?? -1) }
      return KeyTexts(
        name: name, texts: ParquetDictionary(sorted), ranks: keys.map { ranks[number($0)] })
    }
    var columns = [
      words("kind", EventKind.allCases.map(\.name)) { Int(kinds[Int($0.combination)].rawValue) },
      words("period", EventPeriod.allCases.map(\.name)) { Int(periods[Int($0.combination)].rawValue) },
    ]
    for (index, field) in RollupSchema.dimensions.enumerated() {
      columns.append(
        KeyTexts(name: field.name, texts: texts.texts, ranks: order.dimensions[index]))
    }
    let tuples = table.tagTuples
    for (index, tag) in table.tags.enumerated() {
      columns.append(
        KeyTexts(
          name: RollupSchema.tagColumn(tag), texts: texts.texts,
          ranks: keys.map { texts.rank(tuples[Int($0.tags)][index]) }))
    }
    let currencies = table.currencies.map { $0?.description ?? "" }
    columns.append(words("currency_reported", currencies) { Int($0.currency) })
    columns.append(words("currency_computed", currencies) { Int($0.computed) })
    return columns
  }
}
