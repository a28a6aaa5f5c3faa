import Calendar
import Events

/// The days a report covers, from what was typed.
struct DayRange {
  let range: String?
  let since: String?
  let until: String?
  /// What holds when nothing was typed.
  let fallback: String

  /// First and last local day.
  func days(today: CivilDate, weekStart: Weekday) throws -> ClosedRange<CivilDate> {
    if range != nil, since != nil || until != nil {
      throw Failure("give either a range or --since and --until, not both", .usage)
    }
    func parse(_ text: String, _ option: String) throws -> ClosedRange<CivilDate> {
      do throws(CalendarError) {
        return try DateExpression.parse(text, today: today, weekStart: weekStart)
      } catch {
        throw Failure("\(option): \(error)", .usage)
      }
    }
    if since == nil, until == nil { return try parse(range ?? fallback, "range") }
    let last =
      try until.map { try parse($0, "--until").upperBound }
      ?? max(today, parse(since ?? fallback, "--since").upperBound)
    let first =
      try since.map { try parse($0, "--since").lowerBound } ?? CivilDate(utcDayOf: Timestamp.earliest)
    guard first <= last else {
      throw Failure("--since \(first) is after --until \(last): swap them", .usage)
    }
    return first...last
  }
}
