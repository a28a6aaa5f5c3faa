//! One day's part of a report: rows of a rollup → sums by bucket and group.
//!
//! Column by column: the filter leaves out rows, the grouping columns give each row a small group number, and each
//! measure column is then one loop that adds into an array. A column that is zero throughout costs nothing.

import Bytes
import Compaction
import Events
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
  /// Which cost counts; nil when none is asked for.
  var costMode: CostMode?
  /// Whether groups note their first and last time, which only session rollups have.
  var needsTimes = false
  /// Whether the sums of each minute are asked for, which only minute rollups have.
  var needsMinutes = false

  /// Columns to sum, and the place of each sum in `GroupValues`.
  fileprivate var measures: [(name: String, place: Int)] {
    let derived: [RollupCount] = [
      .unpricedRequests, .unreportedRequests, .uncomputedRequests, .approximateRequests,
    ]
    var measures = RollupCount.allCases.filter { !derived.contains($0) }.map { ($0.name, $0.rawValue) }
    guard let costMode else { return measures }
    measures.append((costMode.unpriced.name, Self.unpricedPlace))
    if costMode.isComputed { measures.append((RollupCount.approximateRequests.name, Self.approximatePlace)) }
    measures.append((RollupAmount.credits.name, GroupValues.creditsPlace))
    return measures + costMode.amounts.map { ($0.name, GroupValues.costPlace) }
  }

  fileprivate static let unpricedPlace = RollupCount.unpricedRequests.rawValue
  fileprivate static let approximatePlace = RollupCount.approximateRequests.rawValue
}

/// A column that groups were split by, and of each group after it the one before and the code.
typealias GroupLink = (pairs: [GroupPair], column: CodedColumn)

struct DayAggregator: RollupFold {
  let spec: AggregateSpec
  var result = GroupSums()

  private let measures: [(name: String, place: Int)]
  private let currencyColumns: [String]

  init(_ spec: AggregateSpec) {
    self.spec = spec
    measures = spec.measures
    currencyColumns = spec.costMode?.currencyColumns ?? []
  }

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
      try sum(&part, &work)
      for done in work { spec.needsMinutes ? noteMinutes(done) : note(done) }
    }
  }

  /// The rows of a part that belong to one piece, in groups; with minutes, each group is of one minute.
  struct PieceRows {
    let piece: ReportRun.Piece
    let rows: Range<Int>
    /// For each grouping column the pairs of the group before and the code.
    var chain: [GroupLink] = []
    var groups = GroupRuns(groupCount: 0)
    /// By group, when the last of the providers' buckets ends; empty when there are none.
    var lastEnds: [Int64] = []
    /// By group, the first and last time; empty when nobody asks.
    var times: [(first: Int64, last: Int64)] = []
    /// Measures that are not zero throughout, with their place in `GroupValues` and their sums by group.
    var sums: [(place: Int, values: [Int128])] = []
  }

  /// The rows of the window: minute rollups are sorted by minute.
  static func rows(
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
    for name in spec.groupColumns + currencyColumns {
      let column = CodedColumn(try part.values(name), rows)
      work.chain.append((numbers.split(by: column), column))
    }
    if spec.needsMinutes {
      let column = CodedColumn(minutes: try part.values("minute"), rows)
      work.chain.append((numbers.split(by: column), column))
    }
    try filter(&part, rows, &numbers)
    work.groups = numbers.runs()
    try noteEnds(&part, numbers, &work)
    if spec.needsTimes { try noteTimes(&part, numbers, &work) }
    return work
  }

  private mutating func note(_ work: PieceRows) {
    result.groups.reserveCapacity(result.groups.count + work.groups.groupCount)
    for (group, isUsed) in work.groups.used().enumerated() where isUsed {
      var values = GroupValues()
      for (place, sums) in work.sums { values.sums[place] += sums[group] }
      if !work.lastEnds.isEmpty { values.lastEndMs = work.lastEnds[group] }
      if !work.times.isEmpty { (values.firstMs, values.lastMs) = work.times[group] }
      add(values, to: key(group, work.chain, work.piece))
    }
  }

  /// Adds what a group used.
  mutating func add(_ values: GroupValues, to group: (key: GroupKey, isReported: Bool)) {
    var values = values
    // Where the cost was reported, it does not matter how well it could be computed.
    if group.isReported { values.sums[AggregateSpec.approximatePlace] = 0 }
    result.add(values, to: group.key)
  }

  /// What a group stands for, and whether its cost is reported where it could be computed too.
  func key(
    _ group: Int, _ chain: some BidirectionalCollection<GroupLink>, _ piece: ReportRun.Piece
  ) -> (key: GroupKey, isReported: Bool) {
    var texts = Self.texts(group, chain)
    let currencies = texts.suffix(currencyColumns.count)
    texts.removeLast(currencyColumns.count)
    let key = GroupKey(bucket: piece.bucket, texts: texts, currency: currencies.compactMap(\.self).first)
    return (key, currencies.count > 1 && currencies.first != .some(nil))
  }

  /// The texts of a group, one for each grouping column.
  private static func texts(
    _ group: Int, _ chain: some BidirectionalCollection<GroupLink>
  ) -> [[UInt8]?] {
    var texts: [[UInt8]?] = []
    var number = group
    for (pairs, column) in chain.reversed() {
      let pair = pairs[number]
      texts.append(column.text(pair.right))
      number = Int(pair.left)
    }
    return texts.reversed()
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
  private mutating func sum(
    _ part: inout TablePart<some TableSource>, _ work: inout [PieceRows]
  ) throws(ParquetError) {
    for (name, place) in measures {
      guard let column = try part.table.values(name, part.part) else { continue }
      if case .constant(.integer(0), _) = column { continue }
      if case .constant(.decimal(0), _) = column { continue }
      for index in work.indices {
        work[index].sums.append((place, work[index].groups.sums(column, work[index].rows)))
      }
      if place == AggregateSpec.unpricedPlace { try noteUnpriced(&part, column, work) }
      part.table.reuse(column)
    }
  }

  private mutating func noteUnpriced(
    _ part: inout TablePart<some TableSource>, _ column: ParquetValues, _ work: [PieceRows]
  ) throws(ParquetError) {
    for done in work {
      let providers = CodedColumn(try part.values("provider"), done.rows)
      let models = CodedColumn(try part.values("model"), done.rows)
      result.unpriced.merge(
        done.groups.sums(column, done.rows, by: providers, models), uniquingKeysWith: +)
    }
  }

  /// The length of a provider's bucket, by the word of its period.
  private static func milliseconds(_ word: [UInt8]?) -> Int64 {
    EventPeriod.allCases.first { word == Array($0.name.utf8) }?.milliseconds ?? 0
  }

  private func noteTimes(
    _ part: inout TablePart<some TableSource>, _ numbers: RowNumbers, _ work: inout PieceRows
  ) throws(ParquetError) {
    work.times = [(first: Int64, last: Int64)](repeating: (.max, .min), count: work.groups.groupCount)
    guard let firsts = try part.values("first_time"), let lasts = try part.values("last_time") else { return }
    for index in 0..<work.rows.count {
      let row = work.rows.lowerBound + index
      guard let group = numbers[index], case .integer(let first) = firsts[row],
        case .integer(let last) = lasts[row]
      else { continue }
      let known = work.times[group]
      work.times[group] = (min(known.first, first), max(known.last, last))
    }
  }

  /// Notes until when providers' buckets reach: perhaps over the end of the report's bucket.
  private func noteEnds(
    _ part: inout TablePart<some TableSource>, _ numbers: RowNumbers, _ work: inout PieceRows
  ) throws(ParquetError) {
    let periods = CodedColumn(try part.values("period"), work.rows)
    if !periods.hasTexts { return }
    work.lastEnds = [Int64](repeating: .min, count: work.groups.groupCount)
    let lengths = (0..<periods.textCount).map { Self.milliseconds(periods.text(Int32($0))) }
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
