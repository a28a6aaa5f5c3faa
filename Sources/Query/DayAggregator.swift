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

  /// The columns whose details groups keep, and the numbers of their texts.
  var detailColumns: [String] = []
  var texts = TextNumbers()

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

struct DayAggregator: RollupFold {
  let spec: AggregateSpec
  var result = GroupSums()

  private let measures: [(name: String, place: Int)]

  init(_ spec: AggregateSpec) {
    self.spec = spec
    measures = spec.measures
  }

  /// Adds the rows of `table` to the buckets of `pieces`, to each those whose minute lies in its window.
  mutating func add(_ table: some TableSource, _ pieces: [ReportRun.Piece]) throws {
    for number in 0..<table.partCount {
      var part = TablePart(table, number)
      var work: [PieceRows] = []
      for piece in pieces {
        var rows = 0..<table.rowCount(number)
        // Only minute rollups have minutes; of the others a piece is always the whole.
        if let window = piece.window { rows = try part.rows(in: window, "minute") }
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
    let grouping: RowGrouping
    var groups = GroupRuns(groupCount: 0)
    /// By group, when the last of the providers' buckets ends; empty when there are none.
    var lastEnds: [Int64] = []
    /// By group, the first and last time; empty when nobody asks.
    var times: [(first: Int64, last: Int64)] = []
    var details: DetailRows
    /// Measures that are not zero throughout, with their place in `GroupValues` and their sums by group.
    var sums: [(place: Int, values: [Int128])] = []
  }

  private func grouped(
    _ part: inout TablePart<some TableSource>, _ rows: Range<Int>, _ piece: ReportRun.Piece
  ) throws(ParquetError) -> PieceRows {
    var numbers = RowNumbers(rows.count)
    let grouping = try RowGrouping(&part, rows, spec, &numbers)
    let details = try DetailRows(&part, rows, spec.detailColumns)
    var work = PieceRows(piece: piece, rows: rows, grouping: grouping, details: details)
    work.groups = numbers.runs()
    try noteEnds(&part, &work)
    if spec.needsTimes { try noteTimes(&part, &work) }
    return work
  }

  private mutating func note(_ work: PieceRows) {
    result.groups.reserveCapacity(result.groups.count + work.groups.groupCount)
    let details = spec.detailColumns.isEmpty ? [] : work.details.details(work.groups, spec.texts)
    for (group, isUsed) in work.groups.used().enumerated() where isUsed {
      var values = GroupValues()
      if !details.isEmpty { values.details = details[group] }
      for (place, sums) in work.sums { values.sums[place] += sums[group] }
      if !work.lastEnds.isEmpty { values.lastEndMs = work.lastEnds[group] }
      if !work.times.isEmpty { (values.firstMs, values.lastMs) = work.times[group] }
      add(values, to: work.grouping.key(group, bucket: work.piece.bucket))
    }
  }

  /// Adds what a group used.
  mutating func add(_ values: GroupValues, to group: (key: GroupKey, isReported: Bool)) {
    var values = values
    // Where the cost was reported, it does not matter how well it could be computed.
    if group.isReported { values.sums[AggregateSpec.approximatePlace] = 0 }
    result.add(values, to: group.key)
  }

  /// Sums up each measure in all pieces before the next is read, so that only one is in memory.
  private mutating func sum(
    _ part: inout TablePart<some TableSource>, _ work: inout [PieceRows]
  ) throws {
    for (name, place) in measures {
      guard let column = try part.table.values(name, part.part) else { continue }
      if case .constant(.integer(0), _) = column { continue }
      if case .constant(.decimal(0), _) = column { continue }
      for index in work.indices {
        guard let sums = work[index].groups.sums(column, work[index].rows) else {
          throw SumTooLarge(column: name)
        }
        work[index].sums.append((place, sums))
        work[index].details.add(column, work[index].rows, ofPlace: place)
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
      guard let sums = done.sums.last?.values else { continue }
      result.unpriced.merge(
        done.groups.sums(column, done.rows, sums, by: providers, models), uniquingKeysWith: +)
    }
  }

  private func noteTimes(
    _ part: inout TablePart<some TableSource>, _ work: inout PieceRows
  ) throws(ParquetError) {
    work.times = [(first: Int64, last: Int64)](repeating: (.max, .min), count: work.groups.groupCount)
    guard let firsts = try part.values("first_time"), let lasts = try part.values("last_time") else { return }
    for run in work.groups.runs {
      for index in run.rows {
        let row = work.rows.lowerBound + index
        guard case .integer(let first) = firsts[row], case .integer(let last) = lasts[row] else { continue }
        let known = work.times[run.group]
        work.times[run.group] = (min(known.first, first), max(known.last, last))
      }
    }
  }

  /// Notes until when providers' buckets reach: perhaps over the end of the report's bucket.
  private func noteEnds(
    _ part: inout TablePart<some TableSource>, _ work: inout PieceRows
  ) throws(ParquetError) {
    let periods = CodedColumn(try part.values("period"), work.rows)
    if !periods.hasTexts { return }
    work.lastEnds = [Int64](repeating: .min, count: work.groups.groupCount)
    let lengths = (0..<periods.textCount).map { index in
      EventSpan.milliseconds(periods.text(Int32(index)).map { String(decoding: $0, as: UTF8.self) })
    }
    // A session row has no minute; the last of its buckets is the one that may reach over the end.
    var minutes = try part.values("minute")
    if minutes == nil { minutes = try part.values("last_time") }
    for run in work.groups.runs {
      for index in run.rows where periods.code(index) >= 0 {
        let start: Int64
        switch minutes {
        case .integers(let column, _): start = column[work.rows.lowerBound + index]
        case .constant(.integer(let minute), _): start = minute
        default: continue
        }
        let end = start + lengths[Int(periods.code(index))]
        work.lastEnds[run.group] = max(work.lastEnds[run.group], end)
      }
    }
  }
}
