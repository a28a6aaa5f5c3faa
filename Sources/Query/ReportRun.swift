//! From a request to a report.
//!
//! 1. The range of local days is cut into buckets, each bucket into whole UTC days and minutes of edge days.
//! 2. Each UTC day is read on its own, days in parallel: the day rollup for whole days, the minute rollup for edges,
//!    the session rollup when sessions are asked for. A day whose rollups are missing or old is folded in memory
//!    from its segments, so nobody sees an old number.
//! 3. The days' sums are added up and the builder makes rows of them.

import Bytes
package import Calendar
import Compaction
package import Exchange
package import Files
import Parquet
package import Pricing
import Rollup
package import SegmentLog
import Synchronization

/// Why a report could not be made whole.
package struct ReportProblem: Error, Equatable, CustomStringConvertible {
  /// The UTC day.
  package let day: CivilDate
  package let reason: String

  package var description: String { "\(day): \(reason)" }
}

/// Why there is no report.
package enum ReportError: Error, Equatable {
  case file(FileError)
  /// An amount has no rate; `others` more days have the same trouble.
  case exchange(ExchangeError, others: Int)
  /// The catalogs cannot be read: what they price would look unpriced.
  case prices(PricingError)
  /// The days together have a sum that is larger than sums may be.
  case tooLarge(SumTooLarge)
}

/// Answers requests from one store.
package struct ReportRun: Sendable {
  let layout: StoreLayout
  let tags: [String]
  let prices: Pricer?
  let jobs: Int
  /// What tells of events that are gone.
  let evidence: DayEvidence

  /// - Parameter prices: what prices the days that have no current rollup, and tells which rollups are current.
  package init(
    _ layout: StoreLayout, tags: [String], prices: Pricer? = nil, jobs: Int = System.coreCount
  ) {
    self.layout = layout
    self.tags = tags
    self.prices = prices
    self.jobs = jobs
    evidence = DayEvidence(layout)
  }

  /// A piece of one UTC day that belongs to one bucket.
  struct Piece: Sendable {
    var bucket: Int
    /// nil for the whole day.
    var window: Range<Int64>?

    /// The piece of a table that holds nothing else.
    var whole: Piece { Piece(bucket: bucket, window: nil) }
  }

  /// The report, and the days that could not be read in whole.
  package func run(
    _ request: ReportRequest
  ) throws(ReportError) -> (report: Report, problems: [ReportProblem]) {
    let (reports, problems) = try run([request])
    return (reports[0], problems)
  }

  /// Reports of the same events, which are read only once.
  ///
  /// - Parameter requests: one or more, with the same days, zone, filter and kind; those with a unit share it.
  package func run(
    _ requests: [ReportRequest]
  ) throws(ReportError) -> (reports: [Report], problems: [ReportProblem]) {
    let joint = ReportRequest(joint: requests)
    let views = requests.map { ReportView($0, of: joint, prices: prices) }
    let found = try read(joint, views)
    var reports = zip(views, found.sums).map { $0.report($1) }
    for index in reports.indices {
      reports[index].known = found.known
      guard requests[index].showsCost, requests[index].costMode.isComputed else { continue }
      reports[index].catalog = prices?.knownVersion
    }
    return (reports, found.problems)
  }

  /// The sums that a request asks for, for reports that make more of them than rows.
  package func usage(
    _ request: ReportRequest
  ) throws(ReportError) -> (usage: Usage, problems: [ReportProblem]) {
    try usage(request) { _, _ in }
  }

  /// The same; `each` sees the sums of each UTC day first.
  func usage(
    _ request: ReportRequest, each: @Sendable (GroupSums, CivilDate) throws(ExchangeError) -> Void
  ) throws(ReportError) -> (usage: Usage, problems: [ReportProblem]) {
    let texts = TextNumbers()
    let read = request.asRead
    let view = ReportView(request, of: read, prices: prices, texts: texts)
    let found = try self.read(read, [view], texts: texts, each: each)
    let isComputed = request.showsCost && request.costMode.isComputed
    let catalog = isComputed ? prices?.knownVersion : nil
    let usage = Usage(request, found.sums[0], catalog: catalog, known: found.known, texts: texts.texts)
    return (usage, found.problems)
  }

  /// Reads days, in parallel.
  ///
  /// - Parameters:
  ///   - texts: numbers the texts of details.
  ///   - each: sees the sums of each UTC day.
  private func read(
    _ joint: ReportRequest, _ views: [ReportView], texts: TextNumbers = TextNumbers(),
    each: @Sendable (GroupSums, CivilDate) throws(ExchangeError) -> Void = { _, _ in }
  ) throws(ReportError) -> (sums: [ReportView.DaySums], known: KnownData, problems: [ReportProblem]) {
    let candidates = joint.showsCost ? joint.comparison?.candidates.map(\.prices) ?? [] : []
    let stored = try storedDays()
    let pieces = Self.pieces(joint.buckets)
    let days = stored.compactMap { day in pieces[day].map { (day, $0) } }
    let spec = spec(joint, texts)
    let sources = KnownDataReader(layout, joint, tags: tags, prices: prices, evidence: evidence)
    let spreads = views.reduce(into: Set()) { $0.formUnion($1.spreads) }
    let findings = Mutex(Findings(views))
    Workers.forEach(days.count, jobs: jobs, memory: { ReadingMemory() }) { index, memory in
      let (day, pieces) = days[index]
      let (sums, known, problems) = aggregate(day, pieces, spec, spreads, candidates, sources, memory)
      let seen = Result { () throws(ExchangeError) in
        try each(sums[0], CivilDate(days: day))
        return try views.map { (view) throws(ExchangeError) in
          try view.seen(sums[0], Array(sums.dropFirst()), day: CivilDate(days: day))
        }
      }
      findings.withLock { $0.add(seen, known, problems, day: CivilDate(days: day)) }
    }
    if let error = prices?.failure { throw .prices(error) }
    let found = try findings.withLock { (found) throws(ReportError) in try found.finished() }
    return (found.sums, sources.known(found.known, stored: stored, zone: joint.zone), found.problems)
  }

  /// The pieces of each UTC day.
  static func pieces(_ buckets: [Bucket]) -> [Int: [Piece]] {
    var pieces: [Int: [Piece]] = [:]
    for (index, bucket) in buckets.enumerated() {
      for part in cover(startMs: bucket.startMs, endMs: bucket.endMs) {
        let window: Range<Int64>?
        switch part {
        case .wholeDay: window = nil
        case .minutes: window = part.startMs..<part.endMs
        }
        pieces[part.utcDay.days, default: []].append(
          Piece(bucket: index, window: window))
      }
    }
    return pieces
  }

  /// The UTC days that the store has, ascending.
  package func storedDays() throws(ReportError) -> [Int] {
    do throws(FileError) {
      return try StoreDays.list(layout)
    } catch {
      throw .file(error)
    }
  }

  func spec(_ request: ReportRequest, _ texts: TextNumbers = TextNumbers()) -> AggregateSpec {
    let fields = ReportField.filterFields(tags: tags)
    return AggregateSpec(
      groupColumns: request.dimensions.map(ReportField.column),
      filterColumns: fields.map { ReportField.column($0.name) },
      filter: request.filter.map { CompiledFilter($0, fields: fields) }, kind: request.kind,
      costMode: request.showsCost ? request.costMode : nil, needsTimes: request.needsTimes,
      needsMinutes: request.needsMinutes, detailColumns: request.details.map(ReportField.column), texts: texts
    )
  }

  /// One day's sums, then those at other prices; who has data on it; and what could not be read of it.
  private func aggregate(
    _ day: Int, _ pieces: [Piece], _ spec: AggregateSpec, _ spreads: Set<Spread.Kind>,
    _ candidates: [any PriceSource], _ sources: KnownDataReader, _ memory: ReadingMemory
  ) -> (sums: [GroupSums], known: KnownData.DayFindings, reasons: [String]) {
    var aggregator = DayAggregator(spec)
    var others: [GroupSums] = []
    var known = KnownData.DayFindings(day: day)
    do {
      let snapshot = try DaySnapshot(layout, day: day)
      func reader(_ other: (any PriceSource)?) -> DayReader {
        DayReader(
          layout: layout, snapshot: snapshot, tags: tags, prices: prices, otherPrices: other,
          needsSessions: spec.needsSessions, isByMinute: spec.needsMinutes, memory: memory, evidence: evidence
        )
      }
      var own = reader(nil)
      try own.add(pieces, to: &aggregator)
      let queries = candidates.isEmpty ? [] : try queries(pieces, spec, &own)
      for candidate in candidates {
        // Where all prices of the day are the same, so are the costs.
        let isSame = queries.allSatisfy { query in
          candidate.model(for: query)?.digest(day: day) == prices?.model(for: query)?.digest(day: day)
        }
        var reader = isSame ? own : reader(candidate)
        var computed = DayAggregator(spec.computed)
        try reader.add(pieces, to: &computed)
        others.append(computed.result)
      }
      // Who words what would give these a cost reads the catalogs, which takes as long as the days.
      if !aggregator.result.unpriced.isEmpty { prices?.prepare() }
      known = try sources.findings(snapshot) { try own.accounts() }
      var sums = aggregator.result
      if !spreads.isEmpty {
        let events = EventSource(try snapshot.located(tags: tags, prices: prices))
        try sums.addSpreads(spreads, of: events, pieces, spec)
      }
      return ([sums] + others, known, own.problems)
    } catch {
      return ([aggregator.result] + candidates.map { _ in GroupSums() }, known, ["\(error)"])
    }
  }

  /// What prices the events of a day ask for.
  private func queries(
    _ pieces: [Piece], _ spec: AggregateSpec, _ reader: inout DayReader
  ) throws -> [PriceQuery] {
    var spec = spec.computed
    spec.groupColumns = ReportField.pricing
    var aggregator = DayAggregator(spec)
    try reader.add(pieces, to: &aggregator)
    return aggregator.result.groups.keys.map { key in
      PriceQuery(key.texts.map { $0.map { ByteText($0) } })
    }
  }
}

/// What was found in the days read so far.
private struct Findings: Sendable {
  private var sums: [ReportView.DaySums]
  private var known = KnownData.Findings()
  private var missing: [ExchangeError] = []
  private var problems: [ReportProblem] = []

  init(_ views: [ReportView]) {
    sums = views.map { _ in ReportView.DaySums() }
  }

  mutating func add(
    _ seen: Result<[ReportView.DaySums], ExchangeError>, _ known: KnownData.DayFindings, _ reasons: [String],
    day: CivilDate
  ) {
    self.known.add(known)
    problems += reasons.map { ReportProblem(day: day, reason: $0) }
    switch seen {
    case .success(let seen): for index in seen.indices { sums[index].add(seen[index]) }
    case .failure(let error): missing.append(error)
    }
  }

  func finished() throws(ReportError) -> (
    sums: [ReportView.DaySums], known: KnownData.Findings, problems: [ReportProblem]
  ) {
    let errors = missing.sorted { ($0.day, "\($0)") < ($1.day, "\($1)") }
    if let first = errors.first { throw .exchange(first, others: errors.count - 1) }
    for sums in sums.flatMap({ [$0.groups] + $0.others }) {
      if let error = sums.tooLarge { throw .tooLarge(error) }
    }
    return (sums, known, problems.sorted { $0.day < $1.day })
  }
}

extension AggregateSpec {
  /// Whether sessions are grouped or filtered by.
  var needsSessions: Bool {
    needsTimes || groupColumns.contains("session") || detailColumns.contains("session")
      || (filter?.leaves.contains { filterColumns[$0.field] == "session" } ?? false)
  }

  /// The same question at computed cost.
  fileprivate var computed: AggregateSpec {
    var spec = self
    spec.costMode = .calculate
    return spec
  }
}
