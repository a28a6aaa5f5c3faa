//! A fixed order of rows whatever the order of arrival: by bucket, then kind, period and the dimensions as bytes,
//! absent first, then tags and currency. Texts are ranked once, combinations once, and rows compare three numbers.

import Bytes
import Events
import Money
import Parquet

struct KeyOrder {
  /// Texts in ascending order of their bytes, unescaped.
  let texts: [[UInt8]]
  /// Place of each text in `texts`.
  let textRanks: [Int32]
  let combinationRanks: [Int32]
  let tagRanks: [Int32]
  let currencyRanks: [Int32]
  let sessions: [[UInt8]]
  let sessionRanks: [Int32]

  init(_ keys: borrowing KeyTable) {
    var plain: [[UInt8]] = []
    for number in 0..<keys.texts.count { plain.append(Array(JSONText.plain(keys.texts.bytes(number)).utf8)) }
    (texts, textRanks) = Self.ranked(plain)
    var names: [[UInt8]] = []
    for number in 0..<keys.sessions.count {
      names.append(Array(JSONText.plain(keys.sessions.bytes(number)).utf8))
    }
    (sessions, sessionRanks) = Self.ranked(names)
    let ranks = textRanks
    combinationRanks = Self.ranks(
      keys.combinations.map { combination in
        [Int32(combination.kind.rawValue), Int32(combination.period.rawValue)]
          + combination.texts.map { $0 < 0 ? -1 : ranks[Int($0)] }
      })
    tagRanks = Self.ranks(keys.tagTuples.map { $0.map { $0 < 0 ? -1 : ranks[Int($0)] } })
    currencyRanks = Self.ranks(keys.currencies.map { [Int32($0?.packed ?? 0)] })
  }

  private static func ranked(_ texts: [[UInt8]]) -> (sorted: [[UInt8]], ranks: [Int32]) {
    let order = texts.indices.sorted { texts[$0].lexicographicallyPrecedes(texts[$1]) }
    var ranks = [Int32](repeating: 0, count: texts.count)
    for (rank, index) in order.enumerated() { ranks[index] = Int32(rank) }
    return (order.map { texts[$0] }, ranks)
  }

  private static func ranks(_ tuples: [[Int32]]) -> [Int32] {
    let order = tuples.indices.sorted { tuples[$0].lexicographicallyPrecedes(tuples[$1]) }
    var ranks = [Int32](repeating: 0, count: tuples.count)
    for (rank, index) in order.enumerated() { ranks[index] = Int32(rank) }
    return ranks
  }

  /// The rows of a table in order; session rows by the session's name first.
  func sorted(_ rows: RowTable, bySession: Bool) -> [Int] {
    struct Entry {
      var high: UInt64
      var low: UInt64
      var row: Int
    }
    let entries = rows.keys.enumerated().map { row, key -> Entry in
      // Rows without a session come first.
      let bucket = !bySession ? key.bucket : key.bucket < 0 ? 0 : sessionRanks[Int(key.bucket)] + 1
      return Entry(
        high: UInt64(bucket) << 32 | UInt64(combinationRanks[Int(key.combination)]),
        low: UInt64(tagRanks[Int(key.tags)]) << 32 | UInt64(currencyRanks[Int(key.currency)]), row: row)
    }
    return entries.sorted { $0.high != $1.high ? $0.high < $1.high : $0.low < $1.low }.map(\.row)
  }
}
