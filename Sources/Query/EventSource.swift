//! Events one by one are a table like a rollup (`DayEvents`): one filter, one grouping and one cost mode read both,
//! so events add up to the number of the report. Scanning notes nothing about them; ids are read again, from the
//! frames that hold the events shown (`LocatedDay`).

import Compaction
import Parquet
import Rollup

/// The events of one UTC day as a table, a stretch of them in each part.
final class EventSource: TableSource {
  private static let partSize = 1 << 16

  private let day: LocatedDay

  init(_ day: consuming LocatedDay) { self.day = day }

  private func rows(_ part: Int) -> Range<Int> {
    let start = part * Self.partSize
    return start..<min(start + Self.partSize, day.events.count)
  }

  var partCount: Int { (day.events.count + Self.partSize - 1) / Self.partSize }
  func rowCount(_ part: Int) -> Int { rows(part).count }
  func values(_ column: String, _ part: Int) throws(ParquetError) -> ParquetValues? {
    day.events.values(column, rows(part))
  }
  func reuse(_ values: consuming ParquetValues) {}

  var statistics: DayStatistics { day.events.statistics }
  func writer(ofLine line: Int) -> String { day.writer(ofLine: line) }
  func ids(ofLines lines: [Int]) throws(DayError) -> [Int: String] { try day.ids(ofLines: lines) }

  /// Brings the rows of a part that belong to a piece, in groups; those of no group are left out.
  func forEachPiece(
    _ pieces: [ReportRun.Piece], _ spec: AggregateSpec,
    _ body: (inout TablePart<EventSource>, PieceEvents) throws -> Void
  ) throws {
    for number in 0..<partCount {
      var part = TablePart(self, number)
      for piece in pieces {
        var rows = 0..<rowCount(number)
        if let window = piece.window { rows = try part.rows(in: window, DayEvents.time) }
        if rows.isEmpty { continue }
        var numbers = RowNumbers(rows.count)
        let grouping = try RowGrouping(&part, rows, spec, &numbers)
        let groups = numbers.runs()
        try body(&part, PieceEvents(bucket: piece.bucket, rows: rows, grouping: grouping, groups: groups))
      }
    }
  }
}

/// Rows of a part that belong to one bucket.
struct PieceEvents {
  let bucket: Int
  let rows: Range<Int>
  let grouping: RowGrouping
  let groups: GroupRuns
}
