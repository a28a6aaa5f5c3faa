//! A fixed order of rows whatever the order of arrival: by bucket, then kind, period and the dimensions as bytes,
//! absent first, then tags and currencies. Texts are ranked once, keys once, and rows compare two numbers.

import Bytes
import Events
import Money
import Parquet

/// Strings in ascending order of their bytes, unescaped.
struct SortedTexts {
  let texts: ParquetDictionary
  /// Place of each string in `texts`, by its number.
  let ranks: [Int32]

  init(_ strings: borrowing ByteInterner) {
    let unsorted = Self.unescaped(strings)
    let bytes = unsorted.bytes.span.bytes
    let offsets = unsorted.offsets
    func range(_ number: Int32) -> Range<Int> { Int(offsets[Int(number)])..<Int(offsets[Int(number) + 1]) }
    struct Entry: BitwiseCopyable {
      /// The first eight bytes, so that most comparisons are of one word.
      var head: UInt64
      var number: Int32
    }
    var entries = (0..<Int32(unsorted.count)).map {
      Entry(head: Self.head(bytes.extracting(range($0))), number: $0)
    }
    entries.sort {
      if $0.head != $1.head { return $0.head < $1.head }
      return ByteOrder.precedes(bytes.extracting(range($0.number)), bytes.extracting(range($1.number)))
    }
    var texts = ParquetDictionary()
    texts.reserve(count: entries.count, byteCount: bytes.byteCount)
    var ranks = [Int32](repeating: 0, count: entries.count)
    for (rank, entry) in entries.enumerated() {
      ranks[Int(entry.number)] = Int32(rank)
      texts.append(bytes.extracting(range(entry.number)))
    }
    self.texts = texts
    self.ranks = ranks
  }

  private static func unescaped(_ strings: borrowing ByteInterner) -> ParquetDictionary {
    var texts = ParquetDictionary()
    for number in 0..<strings.count {
      strings.withBytes(number) { bytes in
        let isEscaped = bytes.withUnsafeBytes { $0.contains(UInt8(ascii: "\\")) }
        if isEscaped {
          texts.append(Array(JSONText.plain(strings.bytes(number)).utf8).span.bytes)
        } else {
          texts.append(bytes)
        }
      }
    }
    return texts
  }

  /// The first eight bytes, the first of them foremost, as if zeros followed the text.
  private static func head(_ text: RawSpan) -> UInt64 {
    if text.byteCount >= 8 {
      return UInt64(bigEndian: text.unsafeLoadUnaligned(fromByteOffset: 0, as: UInt64.self))
    }
    return (0..<8).reduce(0) { head, index in
      head << 8
        | (index < text.byteCount ? UInt64(text.unsafeLoad(fromByteOffset: index, as: UInt8.self)) : 0)
    }
  }

  /// The rank of the string of that number; -1 stays -1.
  func rank(_ number: Int32) -> Int32 { number < 0 ? -1 : ranks[Int(number)] }
}

struct KeyOrder {
  let texts: SortedTexts
  let sessions: SortedTexts
  /// The ranks of the keys' texts by dimension, -1 where absent; none where all are.
  let dimensions: [[Int32]]
  /// Place of each key among all; keys that mean the same share one.
  let keyRanks: [Int32]
  /// A key of each rank.
  let keys: [Int32]

  init(_ table: borrowing KeyTable) {
    texts = SortedTexts(table.texts)
    sessions = SortedTexts(table.sessions)
    dimensions = Self.dimensions(table, texts)
    var order = Column<Int32>(capacity: table.keys.count)
    for key in table.keys.indices { order.append(Int32(key)) }
    // The least important first.
    let parts = Self.parts(table, texts, dimensions)
    for ranks in parts {
      order = CountingSort.sorted(order, rankCount: ranks.count) { Int(ranks.rank[Int($0)]) }
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

  private static func dimensions(_ table: borrowing KeyTable, _ texts: SortedTexts) -> [[Int32]] {
    let (numbers, width) = (table.combinationTexts.values, RollupSchema.dimensions.count)
    return (0..<width).map { index in
      let isAbsent = stride(from: index, to: numbers.count, by: width).allSatisfy { numbers[$0] < 0 }
      return isAbsent ? [] : table.keys.map { texts.rank(numbers[Int($0.combination) &* width &+ index]) }
    }
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
  private static func parts(
    _ table: borrowing KeyTable, _ texts: SortedTexts, _ dimensions: [[Int32]]
  ) -> [Part] {
    var parts: [Part?] = []
    let currencies = Set(table.currencies.map { $0?.packed ?? 0 }).sorted()
    let currencyRanks = table.currencies.map { Int32(currencies.firstIndex(of: $0?.packed ?? 0) ?? 0) }
    parts.append(Part(table.keys.map { currencyRanks[Int($0.computed)] }))
    parts.append(Part(table.keys.map { currencyRanks[Int($0.currency)] }))
    for index in table.tags.indices.reversed() {
      let ranks = table.tagTuples.map { texts.rank($0[index]) }
      parts.append(Part(table.keys.map { ranks[Int($0.tags)] }))
    }
    for ranks in dimensions.reversed() { parts.append(Part(ranks)) }
    let (kinds, periods) = (table.kinds.values, table.periods.values)
    parts.append(Part(table.keys.map { Int32(periods[Int($0.combination)].rawValue) }))
    parts.append(Part(table.keys.map { Int32(kinds[Int($0.combination)].rawValue) }))
    return parts.compactMap(\.self)
  }
}
