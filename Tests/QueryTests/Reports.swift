import Calendar
import Compaction
import Foundation
import Pricing
import Rollup
import SegmentLog
import StoreFixtures
import Testing
import TestSupport

@testable import Query

let someDay = 20_000
let later = Int64(someDay + 4000) * 86_400_000

/// A request, in one line.
func request(
  _ unit: BucketUnit?, _ dimensions: [String] = [], _ days: ClosedRange<Int> = someDay...(someDay + 2),
  zone: TimeZoneRules = .utc, filter: String? = nil, kind: String = "usage", top: Int? = nil,
  shareMin: Int? = nil, tags: [String] = []
) throws -> ReportRequest {
  var request = ReportRequest(
    name: "test", unit: unit, dimensions: dimensions,
    days: CivilDate(days: days.lowerBound)...CivilDate(days: days.upperBound), zone: zone)
  if let filter { request.filter = try Filter.parse(filter, fields: ReportField.filterFields(tags: tags)) }
  request.kind = kind
  request.top = top
  request.shareMin = shareMin
  return request
}

extension TemporaryStore {
  func report(_ request: ReportRequest, tags: [String] = [], jobs: Int = 2) throws -> Report {
    let (report, problems) = try ReportRun(layout, tags: tags, jobs: jobs).run(request)
    if let problem = problems.first { throw problem }
    return report
  }

  @discardableResult
  func rollUp(tags: [String] = [], prices: Pricer? = nil) throws -> RollupOutcome {
    var options = RollupOptions()
    options.tags = tags
    options.prices = prices
    return try RollupRun(layout, options: options, now: later).run { _, _ in }
  }
}

extension Report {
  func column(_ name: String) -> Int { columns.firstIndex { $0.name == name } ?? -1 }

  /// The cells of a column.
  func cells(_ name: String) -> [ReportCell] { rows.map { $0.cells[column(name)] } }

  /// The whole numbers or amounts of a column, an absent one as 0.
  func numbers(_ name: String) -> [Int128] { cells(name).map(\.value) }

  func total(_ name: String) -> Int128 { total.cells[column(name)].value }
}

extension ReportCell {
  var value: Int128 {
    switch self {
    case .integer(let number), .amount(let number): number
    case .text, .missing: 0
    }
  }

  var text: String? {
    if case .text(let text) = self { return text }
    return nil
  }
}

/// Lines of several days.
func generated(_ seed: UInt64, days: Int = 3, count: Int = 40, prefix: String = "stdin:") -> [String] {
  var random = SeededGenerator(seed)
  return (0..<days).flatMap { day in
    var generator = EventGenerator(seed: seed &+ UInt64(day), day: someDay + day)
    generator.idPrefix = prefix
    return generator.lines(count)
  }.shuffled(using: &random)
}

/// What must count, settled day by day.
func winners(_ lines: [String]) throws -> [ReferenceEvent] {
  try Dictionary(grouping: lines) { try Reference.time(of: $0) / 86_400_000 }.values
    .flatMap { try Reference($0).winners }
}

/// Reports over folds in memory: the same pieces, tables and builder as from a store, without files.
struct MemoryReports {
  var days: [Int: DayRollups] = [:]

  func report(_ request: ReportRequest) throws -> Report {
    let buckets: [Bucket]
    if let unit = request.unit {
      buckets = request.zone.buckets(of: request.days, by: unit)
    } else {
      buckets = [
        Bucket(
          unit: .day, firstDay: request.days.lowerBound,
          startMs: request.zone.startOfDay(request.days.lowerBound),
          endMs: request.zone.startOfDay(request.days.upperBound + 1))
      ]
    }
    var aggregator = DayAggregator(
      AggregateSpec(
        groupColumns: request.dimensions, filterColumns: [], filter: nil, kind: request.kind,
        costMode: request.costMode))
    for (day, pieces) in ReportRun.pieces(buckets) {
      guard let rollups = days[day] else { continue }
      for piece in pieces {
        let table = MemoryTable(table: piece.window == nil ? rollups.day : rollups.minute)
        try aggregator.add(table, [piece])
      }
    }
    return ReportBuilder(request, buckets).report(aggregator.result)
  }
}

/// Folds the lines of one day.
func fold(_ lines: [String], day: Int) throws -> DayRollups {
  let text = Array(lines.map { $0 + "\n" }.joined().utf8)
  var scan = DayScan(day: day, tags: [], expected: lines.count)
  try scan.add(text.span.bytes)
  var fold = DayFold(scan)
  while fold.hasContest {
    fold.addAgain(text.span.bytes, lines.indices)
    try fold.endContest()
  }
  return try fold.finish().rollups()
}

/// Where two reports differ first, in words; nil when they are the same.
func difference(_ a: Report, _ b: Report) -> String? {
  if a == b { return nil }
  for (index, (left, right)) in zip(a.rows, b.rows).enumerated() where left != right {
    let cells = zip(a.columns, zip(left.cells, right.cells)).filter { $0.1.0 != $0.1.1 }
    return "\(a.name) by \(a.columns.prefix(4).map(\.name)), row \(index): "
      + cells.map { "\($0.0.name) \($0.1.0) or \($0.1.1)" }.joined(separator: ", ")
      + " \(left.isOthers) \(right.isOthers) \(left.isApproximate) \(right.isApproximate)"
  }
  return "\(a.rows.count) or \(b.rows.count) rows, or what stands around them"
}

/// Records where two reports differ.
func expectSame(
  _ a: Report, _ b: Report, _ place: String, at location: SourceLocation = #_sourceLocation
) {
  guard let difference = difference(a, b) else { return }
  Issue.record("\(place): \(difference)", sourceLocation: location)
}

/// The same but for which writers are behind, which is about the stores.
func expectSameNumbers(
  _ a: Report, _ b: Report, _ place: String, at location: SourceLocation = #_sourceLocation
) {
  let reports = [a, b].map { report in
    var report = report
    report.known = nil
    return report
  }
  expectSame(reports[0], reports[1], place, at: location)
}
