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

  /// Adds the rows of `table` to the buckets of `pieces`, to each those whose minute lies in its window.
  mutating func add(_ table: some TableSource, _ pieces: [ReportRun.Piece]) throws(ParquetError) {
    for number in 0..<table.partCount {
      var part = TablePart(table, number)
      var work: [PieceRows] = []
      for piece in pieces {
        var rows = 0..<table.rowCount(number)
        // Only minute rollups have minutes; of the others a piece is always the whole.
        if let window = piece.window { rows = try Self.rows(in: window, of: &part) }
        if !rows.isEmpty { work.append(try grouped(&part, rows, piece)) }
      }
      try sum(part, &work)
      for done in work { note(done) }
    }
  }

  /// The rows of a part that belong to one piece, in groups.
  private struct PieceRows {
    let piece: ReportRun.Piece
    let rows: Range<Int>
    /// For each grouping column the pairs of the group before and the code.
    var chain: [(pairs: [GroupPair], column: CodedColumn)] = []
    var groups = GroupRuns(groupCount: 0)
    /// By group, when the last of the providers' buckets ends; empty when there are none.
    var lastEnds: [Int64] = []
    /// Measures that are not zero throughout, with their sums by group.
    var sums: [(measure: Int, values: [Int128])] = []
  }

  /// The rows of the window: minute rollups are sorted by minute.
  private static func rows(
    in window: Range<Int64>, of part: inout TablePart<some TableSource>
  ) throws(ParquetError) -> Range<Int> {
    switch try part.values("minute") {
    case .integers(let minutes, _):
      let start = minutes.partitioningIndex { $0 >= window.lowerBound }
      return start..<max(start, minutes.partitioningIndex { $0 >= window.upperBound })
    case .constant(.integer(let minute), let count): return window.contains(minute) ? 0..<count : 0..<0
    default: return 0..<0
    }
  }

  private func grouped(
    _ part: inout TablePart<some TableSource>, _ rows: Range<Int>, _ piece: ReportRun.Piece
  ) throws(ParquetError) -> PieceRows {
    var work = PieceRows(piece: piece, rows: rows)
    var numbers = RowNumbers(rows.count)
    for name in spec.groupColumns + ["currency_reported"] {
      let column = CodedColumn(try part.values(name), rows)
      work.chain.append((numbers.split(by: column), column))
    }
    try filter(&part, rows, &numbers)
    work.groups = numbers.runs()
    try noteEnds(&part, numbers, &work)
    return work
  }

  private mutating func note(_ work: PieceRows) {
    result.groups.reserveCapacity(result.groups.count + work.groups.groupCount)
    for (group, isUsed) in work.groups.used().enumerated() where isUsed {
      var values = GroupValues()
      for (measure, sums) in work.sums { values.sums[measure] = sums[group] }
      if !work.lastEnds.isEmpty { values.lastEndMs = work.lastEnds[group] }
      result.add(values, to: Self.key(group, work.chain, work.piece.bucket))
    }
  }

  private static func key(_ group: Int, _ chain: [(pairs: [GroupPair], column: CodedColumn)], _ bucket: Int)
    -> GroupKey
  {
    var texts: [[UInt8]?] = []
    var number = group
    for (pairs, column) in chain.reversed() {
      let pair = pairs[number]
      texts.append(column.text(pair.right))
      number = Int(pair.left)
    }
    let currency = texts.removeFirst()
    return GroupKey(bucket: bucket, texts: texts.reversed(), currency: currency)
  }

  private func filter(
    _ part: inout TablePart<some TableSource>, _ rows: Range<Int>, _ groups: inout RowNumbers
  ) throws(ParquetError) {
    let kinds = CodedColumn(try part.values("kind"), rows)
    let kind = Array(spec.kind.utf8)
    let isKind = kinds.answers { $0 == kind }
    if let only = kinds.only {
      if !isKind[Int(only) + 1] { groups.leaveOut { _ in true } }
    } else {
      groups.leaveOut { !isKind[Int(kinds.code($0)) + 1] }
    }
    guard let filter = spec.filter else { return }
    var columns: [CodedColumn] = []
    var answers: [[Bool]] = []
    for leaf in filter.leaves {
      let column = CodedColumn(try part.values(spec.filterColumns[leaf.field]), rows)
      columns.append(column)
      answers.append(
        column.answers { text in
          guard let text else { return leaf.test.matchesMissing }
          return leaf.test.matches(bytes: text.span.bytes)
        })
    }
    groups.leaveOut { index in !filter.matches { answers[$0][Int(columns[$0].code(index)) + 1] } }
  }

  /// Sums up each measure in all pieces before the next is read, so that only one is in memory.
  private func sum(_ part: TablePart<some TableSource>, _ work: inout [PieceRows]) throws(ParquetError) {
    for (measure, name) in Self.measures.enumerated() {
      guard let column = try part.table.values(name, part.part) else { continue }
      if case .constant(.integer(0), _) = column { continue }
      if case .constant(.decimal(0), _) = column { continue }
      for index in work.indices {
        work[index].sums.append((measure, work[index].groups.sums(column, work[index].rows)))
      }
      part.table.reuse(column)
    }
  }

  private static let measures = RollupCount.allCases.map(\.name) + RollupAmount.allCases.map(\.name)

  /// Notes until when providers' buckets reach: perhaps over the end of the report's bucket.
  private func noteEnds(
    _ part: inout TablePart<some TableSource>, _ numbers: RowNumbers, _ work: inout PieceRows
  ) throws(ParquetError) {
    let periods = CodedColumn(try part.values("period"), work.rows)
    if !periods.hasTexts { return }
    work.lastEnds = [Int64](repeating: .min, count: work.groups.groupCount)
    let lengths = (0..<periods.textCount).map { PeriodLength.milliseconds(periods.text(Int32($0))) }
    // A session row has no minute; the last of its buckets is the one that may reach over the end.
    var minutes = try part.values("minute")
    if minutes == nil { minutes = try part.values("last_time") }
    for index in 0..<work.rows.count {
      guard let group = numbers[index], periods.code(index) >= 0 else { continue }
      let start: Int64
      switch minutes {
      case .integers(let column, _): start = column[work.rows.lowerBound + index]
      case .constant(.integer(let minute), _): start = minute
      default: continue
      }
      let end = start + lengths[Int(periods.code(index))]
      work.lastEnds[group] = max(work.lastEnds[group], end)
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
