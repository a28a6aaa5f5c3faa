//! From a request to its events: the same days, filter, kind and cost as its report has, read from the segments.

package import Calendar
import Compaction
import Pricing
package import Rollup
import SegmentLog
import Synchronization

/// One UTC day's events, as far as a request asks for them.
package struct EventDay {
  package let day: CivilDate
  private let source: EventSource
  private let rollup: () throws -> RollupFile?
  private let pieces: [ReportRun.Piece]
  private let spec: AggregateSpec

  fileprivate init(
    _ day: Int, _ source: EventSource, _ pieces: [ReportRun.Piece], _ spec: AggregateSpec,
    rollup: @escaping () throws -> RollupFile?
  ) {
    self.day = CivilDate(days: day)
    self.rollup = rollup
    self.source = source
    self.pieces = pieces
    self.spec = spec
  }

  /// Brings the events in order of time, bucket by bucket.
  package func forEach(_ body: (EventBatch) throws -> Void) throws {
    try source.forEachPiece(pieces, spec) { part, piece in
      let batch = try EventBatch(&part, piece, spec)
      if batch.count > 0 { try body(batch) }
    }
  }

  /// The same, with a number for each event: the same for those of the day with the same values of some dimensions, nil
  /// for those without one of the last.
  ///
  /// - Parameter wanted: the counts that will be asked for.
  func forEach(
    only wanted: Set<RollupCount>, numberedBy dimensions: [String],
    _ body: (EventBatch, [Int?]) throws -> Void
  ) throws {
    var conversations = ConversationNumbers(dimensions.map(ReportField.column))
    try source.forEachPiece(pieces, spec) { part, piece in
      let batch = try EventBatch(&part, piece, spec, only: wanted)
      if batch.count == 0 { return }
      let numbers = try conversations.numbers(&part, piece.rows)
      try body(batch, batch.rows.map { numbers[$0] })
    }
  }

  /// The ids of lines; their frames are read again.
  package func ids(ofLines lines: [Int]) throws -> [Int: String] { try source.ids(ofLines: lines) }

  /// The machine that wrote a line.
  package func writer(ofLine line: Int) -> String { source.writer(ofLine: line) }

  /// Whether the day's rollups are as its events and prices are now.
  package func isRolledUp() throws -> Bool { try rollup() != nil }

  /// What was found in the whole UTC day, whatever was asked for.
  package var statistics: DayStatistics { source.statistics }
}

extension ReportRun {
  /// Makes something of the events of each UTC day, several days at once.
  ///
  /// - Parameter buckets: the stretches of time to read; nil reads all of the request's.
  /// - Returns: what came of the days that have events, in order, and what could not be read.
  package func events<Result: Sendable>(
    _ request: ReportRequest, in buckets: [Bucket]? = nil, _ body: @Sendable (EventDay) throws -> Result
  ) throws(ReportError) -> (days: [Result], problems: [ReportProblem]) {
    let pieces = Self.pieces(buckets ?? request.buckets)
    let days = try storedDays().compactMap { day in pieces[day].map { (day, $0) } }
    let spec = spec(request)
    let found = Mutex<[(day: Int, result: Result?, problems: [String])]>([])
    Workers.forEach(days.count, jobs: jobs) { index in
      let (day, pieces) = days[index]
      var (result, problems): (Result?, [String]) = (nil, [])
      do {
        let snapshot = try DaySnapshot(layout, day: day)
        if let loss = evidence.loss(of: snapshot) { snapshot.note(loss) }
        let source = EventSource(try snapshot.located(tags: tags, prices: prices))
        problems = snapshot.damages.map(\.description)
        let stamp = RollupStamp(segments: snapshot.digest, tags: tags)
        result = try body(
          EventDay(day, source, pieces, spec) {
            try RollupFile.open(layout, .day, day: day, stamp: stamp, prices: prices)
          })
      } catch {
        problems.append("\(error)")
      }
      found.withLock { $0.append((day, result, problems)) }
    }
    if let error = prices?.failure { throw .prices(error) }
    let sorted = found.withLock { $0 }.sorted { $0.day < $1.day }
    let problems = sorted.flatMap { found in
      found.problems.map { ReportProblem(day: CivilDate(days: found.day), reason: $0) }
    }
    return (sorted.compactMap(\.result), problems)
  }
}
