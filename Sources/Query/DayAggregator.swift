//! One day's part of a report: rows of a rollup → sums by bucket and group.
//!
//! Column by column: the filter leaves out rows, the grouping columns give each row a small group number, and each
//! measure column is then one loop that adds into an array. A column that is zero throughout costs nothing.

import Bytes
import Compaction
import Parquet
import Rollup

/// What a report asks of each row.
struct AggregateSpec: Sendable {
  /// Columns that group, such as `model` or `tag_customer`.
  var groupColumns: [String]
  /// The columns the filter's fields mean, by field index.
  var filterColumns: [String]
  var filter: CompiledFilter?
  /// The kind of event that counts.
  var kind: String
}

struct DayAggregator {
  let spec: AggregateSpec
  private(set) var result = GroupSums()

  init(_ spec: AggregateSpec) { self.spec = spec }

  /// Adds the rows of `table` whose minute lies in `window` (all of them when nil) to `bucket`.
  mutating func add(
    _ table: some TableSource, bucket: Int, window: Range<Int64>?, bucketEnd: Int64
  ) throws(ParquetError) {
    for part in 0..<table.partCount {
      var rows = 0..<table.rowCount(part)
      if let window { rows = try Self.rows(in: window, of: table, part) }
      if rows.isEmpty { continue }
      try add(table, part, rows, bucket, bucketEnd)
    }
  }

  /// The rows of the window: minute rollups are sorted by minute.
  private static func rows(
    in window: Range<Int64>, of table: some TableSource, _ part: Int
  ) throws(ParquetError) -> Range<Int> {
    switch try table.values("minute", part) {
    case .integers(let minutes, _):
      let start = minutes.partitioningIndex { $0 >= window.lowerBound }
      return start..<max(start, minutes.partitioningIndex { $0 >= window.upperBound })
    case .constant(.integer(let minute), let count): return window.contains(minute) ? 0..<count : 0..<0
    default: return 0..<0
    }
  }

  private mutating func add(
    _ table: some TableSource, _ part: Int, _ rows: Range<Int>, _ bucket: Int, _ bucketEnd: Int64
  ) throws(ParquetError) {
    var isIncluded = [Bool](repeating: true, count: rows.count)
    try filter(table, part, rows, &isIncluded)
    // Group numbers of the part, and for each the codes of its columns.
    var numbers = [Int32](repeating: 0, count: rows.count)
    var chain: [(PairTable, CodedColumn)] = []
    for name in spec.groupColumns + ["currency_reported"] {
      let column = CodedColumn(try table.values(name, part), rows)
      var pairs = PairTable()
      for index in numbers.indices { numbers[index] = pairs.number(numbers[index], column.code(index)) }
      chain.append((pairs, column))
    }
    let groupCount = chain.last?.0.pairs.count ?? 1
    for index in numbers.indices where !isIncluded[index] { numbers[index] = -1 }
    var values = [GroupValues](repeating: GroupValues(), count: groupCount)
    var isUsed = [Bool](repeating: false, count: groupCount)
    for number in numbers where number >= 0 { isUsed[Int(number)] = true }
    try sum(table, part, rows, numbers, &values)
    try markApproximate(table, part, rows, numbers, bucketEnd, &values)
    for group in 0..<groupCount where isUsed[group] {
      let key = Self.key(group, chain, bucket)
      result.groups[key, default: GroupValues()].add(values[group])
    }
  }

  private static func key(_ group: Int, _ chain: [(PairTable, CodedColumn)], _ bucket: Int) -> GroupKey {
    var texts: [[UInt8]?] = []
    var number = group
    for (pairs, column) in chain.reversed() {
      let pair = pairs.pairs[number]
      texts.append(column.text(pair.right))
      number = Int(pair.left)
    }
    let currency = texts.removeFirst()
    return GroupKey(bucket: bucket, texts: texts.reversed(), currency: currency)
  }

  private func filter(
    _ table: some TableSource, _ part: Int, _ rows: Range<Int>, _ isIncluded: inout [Bool]
  ) throws(ParquetError) {
    let kinds = CodedColumn(try table.values("kind", part), rows)
    let kind = Array(spec.kind.utf8)
    let isKind = kinds.answers { $0 == kind }
    for index in isIncluded.indices where !isKind[Int(kinds.code(index)) + 1] { isIncluded[index] = false }
    guard let filter = spec.filter else { return }
    var columns: [CodedColumn] = []
    var answers: [[Bool]] = []
    for leaf in filter.leaves {
      let column = CodedColumn(try table.values(spec.filterColumns[leaf.field], part), rows)
      columns.append(column)
      answers.append(
        column.answers { text in
          guard let text else { return leaf.test.matchesMissing }
          return leaf.test.matches(bytes: text.span.bytes)
        })
    }
    for index in isIncluded.indices where isIncluded[index] {
      isIncluded[index] = filter.matches { answers[$0][Int(columns[$0].code(index)) + 1] }
    }
  }

  private func sum(
    _ table: some TableSource, _ part: Int, _ rows: Range<Int>, _ numbers: [Int32],
    _ values: inout [GroupValues]
  ) throws(ParquetError) {
    let names = RollupCount.allCases.map(\.name) + RollupAmount.allCases.map(\.name)
    for (measure, name) in names.enumerated() {
      guard let column = try table.values(name, part) else { continue }
      var sums = [Int128](repeating: 0, count: values.count)
      switch column {
      case .constant(.integer(let value), _):
        if value == 0 { continue }
        for number in numbers where number >= 0 { sums[Int(number)] += Int128(value) }
      case .constant(.decimal(let value), _):
        if value == 0 { continue }
        for number in numbers where number >= 0 { sums[Int(number)] += value }
      case .integers(let column, _):
        for (index, number) in numbers.enumerated() where number >= 0 {
          sums[Int(number)] += Int128(column[rows.lowerBound + index])
        }
      case .decimals(let column, _):
        for (index, number) in numbers.enumerated() where number >= 0 {
          sums[Int(number)] += column[rows.lowerBound + index]
        }
      default: continue
      }
      for group in values.indices { values[group].sums[measure] += sums[group] }
    }
  }

  /// Marks groups with a provider's bucket that reaches over the end of the report's bucket.
  private func markApproximate(
    _ table: some TableSource, _ part: Int, _ rows: Range<Int>, _ numbers: [Int32], _ bucketEnd: Int64,
    _ values: inout [GroupValues]
  ) throws(ParquetError) {
    let periods = CodedColumn(try table.values("period", part), rows)
    if !periods.hasTexts { return }
    let lengths = (0..<periods.textCount).map { PeriodLength.milliseconds(periods.text(Int32($0))) }
    // A session row has no minute; the last of its buckets is the one that may reach over the end.
    var minutes = try table.values("minute", part)
    if minutes == nil { minutes = try table.values("last_time", part) }
    for (index, number) in numbers.enumerated() where number >= 0 && periods.code(index) >= 0 {
      let start: Int64
      switch minutes {
      case .integers(let column, _): start = column[rows.lowerBound + index]
      case .constant(.integer(let minute), _): start = minute
      default: continue
      }
      if start + lengths[Int(periods.code(index))] > bucketEnd { values[Int(number)].isApproximate = true }
    }
  }
}

/// Lengths of providers' buckets.
private enum PeriodLength {
  static func milliseconds(_ text: [UInt8]?) -> Int64 {
    switch text.map({ String(decoding: $0, as: UTF8.self) }) {
    case "1m": 60_000
    case "1h": 3_600_000
    case "1d": 86_400_000
    default: 0
    }
  }
}

/// A text column as codes into its distinct texts, -1 for absent.
struct CodedColumn {
  private let dictionary: ParquetDictionary
  private let codes: [Int32]
  private let first: Int
  /// The code of all rows, when there are no codes.
  private let only: Int32

  init(_ values: ParquetValues?, _ rows: Range<Int>) {
    first = rows.lowerBound
    switch values {
    case .strings(let dictionary, let indices):
      self.dictionary = dictionary
      codes = indices
      only = -1
    case .constant(.string(let text), _):
      var dictionary = ParquetDictionary()
      dictionary.append(text.span.bytes)
      self.dictionary = dictionary
      codes = []
      only = 0
    default:
      dictionary = ParquetDictionary()
      codes = []
      only = -1
    }
  }

  var textCount: Int { dictionary.count }
  var hasTexts: Bool { dictionary.count > 0 }

  /// The code of the row `index` places behind the first.
  @inline(__always)
  func code(_ index: Int) -> Int32 { codes.isEmpty ? only : codes[first &+ index] }

  func text(_ code: Int32) -> [UInt8]? { code < 0 ? nil : Array(dictionary[Int(code)]) }

  /// The answer of a question for the absent text and then for each text: look up at code + 1.
  func answers(_ question: ([UInt8]?) -> Bool) -> [Bool] {
    [question(nil)] + (0..<dictionary.count).map { question(text(Int32($0))) }
  }
}

extension Array {
  /// The first place whose element satisfies `predicate`, in an array where those come last.
  fileprivate func partitioningIndex(_ predicate: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if predicate(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
