//! A fixed order of rows whatever the order of arrival: by bucket, then kind, period and the dimensions as bytes,
//! absent first, then tags and currencies. Texts are ranked once, keys once, and rows compare two numbers.

import Bytes
import Events
import Money
import Parquet

/// Strings in ascending order of their bytes, unescaped.
struct SortedTexts {
  let texts: [[UInt8]]
  /// Place of each string in `texts`, by its number.
  let ranks: [Int32]

  init(_ strings: borrowing ByteInterner) {
    struct Entry {
      /// The first eight bytes, so that most comparisons are of one word.
      var head: UInt64
      var bytes: [UInt8]
      var number: Int
    }
    var entries: [Entry] = []
    entries.reserveCapacity(strings.count)
    for number in 0..<strings.count {
      var bytes = strings.bytes(number)
      if bytes.contains(UInt8(ascii: "\\")) { bytes = Array(JSONText.plain(bytes).utf8) }
      var head: UInt64 = 0
      for index in 0..<8 { head = head << 8 | UInt64(index < bytes.count ? bytes[index] : 0) }
      entries.append(Entry(head: head, bytes: bytes, number: number))
    }
    entries.sort { $0.head != $1.head ? $0.head < $1.head : $0.bytes.lexicographicallyPrecedes($1.bytes) }
    var ranks = [Int32](repeating: 0, count: entries.count)
    for (rank, entry) in entries.enumerated() { ranks[entry.number] = Int32(rank) }
    texts = entries.map(\.bytes)
    self.ranks = ranks
  }

  /// The rank of the string of that number; -1 stays -1.
  func rank(_ number: Int32) -> Int32 { number < 0 ? -1 : ranks[Int(number)] }
}

struct KeyOrder {
  let texts: SortedTexts
  let sessions: SortedTexts
  /// Place of each key among all; keys that mean the same share one.
  let keyRanks: [Int32]
  /// A key of each rank.
  let keys: [Int32]

  init(_ table: borrowing KeyTable) {
    texts = SortedTexts(table.texts)
    sessions = SortedTexts(table.sessions)
    var order = Column<Int32>(capacity: table.keys.count)
    for key in table.keys.indices { order.append(Int32(key)) }
    // The least important first.
    let parts = Self.parts(table, texts)
    for ranks in parts {
      order = CountingSort.sorted(order, counting: order, rankCount: ranks.count) { Int(ranks.rank[$0]) }
    }
    var keyRanks = [Int32](repeating: 0, count: table.keys.count)
    var keys: [Int32] = []
    for key in order.values {
      let isSame = keys.last.map { last in parts.allSatisfy { $0.rank[Int(last)] == $0.rank[Int(key)] } }
      if isSame != true { keys.append(key) }
      keyRanks[Int(key)] = Int32(keys.count - 1)
    }
    self.keyRanks = keyRanks
    self.keys = keys
  }

  /// One part of each key, as a rank from 0.
  private struct Part {
    let rank: [Int32]
    let count: Int

    /// Nil when all keys have the same, so that there is nothing to sort by; -1, absent, comes first.
    init?(_ rank: [Int32]) {
      guard let least = rank.min(), let most = rank.max(), least != most else { return nil }
      self.rank = rank.map { $0 + 1 }
      count = Int(most) + 2
    }
  }

  /// The parts in which keys differ, the least important first.
  private static func parts(_ table: borrowing KeyTable, _ texts: SortedTexts) -> [Part] {
    var parts: [Part?] = []
    let currencies = Set(table.currencies.map { $0?.packed ?? 0 }).sorted()
    let currencyRanks = table.currencies.map { Int32(currencies.firstIndex(of: $0?.packed ?? 0) ?? 0) }
    parts.append(Part(table.keys.map { currencyRanks[Int($0.computed)] }))
    parts.append(Part(table.keys.map { currencyRanks[Int($0.currency)] }))
    for index in table.tags.indices.reversed() {
      let ranks = table.tagTuples.map { texts.rank($0[index]) }
      parts.append(Part(table.keys.map { ranks[Int($0.tags)] }))
    }
    let (numbers, width) = (table.combinationTexts.values, RollupSchema.dimensions.count)
    for index in RollupSchema.dimensions.indices.reversed() {
      parts.append(Part(table.keys.map { texts.rank(numbers[Int($0.combination) * width + index]) }))
    }
    let (kinds, periods) = (table.kinds.values, table.periods.values)
    parts.append(Part(table.keys.map { Int32(periods[Int($0.combination)].rawValue) }))
    parts.append(Part(table.keys.map { Int32(kinds[Int($0.combination)].rawValue) }))
    return parts.compactMap(\.self)
  }
}
