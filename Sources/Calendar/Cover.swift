//! Which rollups a bucket reads. Rollups exist for UTC days and UTC minutes; a bucket of local days is some whole
//! UTC days with a part of a UTC day on either side. Only those parts need the far larger minute rollups.

/// A part of a cover: a UTC day, or some of its minutes.
package enum CoverPiece: Hashable, Sendable {
  /// All of a UTC day.
  case wholeDay(CivilDate)
  /// The minutes `from ..< to` of a UTC day, counted from its midnight, 0 to 1440; never all, never none.
  case minutes(CivilDate, from: Int, to: Int)

  /// The UTC day.
  package var utcDay: CivilDate {
    switch self {
    case .wholeDay(let day), .minutes(let day, _, _): day
    }
  }

  /// The first instant.
  package var startMs: Int64 {
    switch self {
    case .wholeDay(let day): day.utcStartMs
    case .minutes(let day, let from, _): day.utcStartMs + Int64(from) * millisecondsPerMinute
    }
  }

  /// The first instant after.
  package var endMs: Int64 {
    switch self {
    case .wholeDay(let day): (day + 1).utcStartMs
    case .minutes(let day, _, let to): day.utcStartMs + Int64(to) * millisecondsPerMinute
    }
  }
}

/// The fewest pieces that are together exactly the instants `startMs ..< endMs`, in order.
///
/// Bounds inside a minute, which no zone of the database has had since 1972 but a hand-made POSIX one may, are both
/// rounded down to it. So the covers of intervals that tile still tile.
package func cover(startMs: Int64, endMs: Int64) -> [CoverPiece] {
  let end = Int(floorQuotient(endMs, millisecondsPerMinute))
  var minute = Int(floorQuotient(startMs, millisecondsPerMinute))
  var pieces: [CoverPiece] = []
  while minute < end {
    let day = floorQuotient(minute, 1440)
    let midnight = day * 1440
    let next = min(end, midnight + 1440)
    let date = CivilDate(days: day)
    let isWhole = next - minute == 1440
    pieces.append(isWhole ? .wholeDay(date) : .minutes(date, from: minute - midnight, to: next - midnight))
    minute = next
  }
  return pieces
}
