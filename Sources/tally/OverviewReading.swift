import Answers
import Calendar
import Configuration
import Files
import Query
import SegmentLog

/// Reads what an overview is made of.
struct OverviewReading {
  let reading: StandingReading
  /// The last day that is known.
  let today: CivilDate
  private let isOver: Bool

  init(_ reading: StandingReading) throws {
    self.reading = reading
    let request = try reading.calendar.request("overview", reading.settings)
    today = request.days.upperBound
    isOver = request.asOf.map { $0 < request.zone.localDate(of: System.now()) } ?? false
  }

  /// The overview, and what could not be read.
  func overview() throws -> (Overview, [ReportProblem]) {
    let (standing, problems) = try reading.standing(countsSessions: false)
    let forecast = ForecastReport(today.civilMonth, at: today, isOver: isOver)
    var request = try reading.calendar.request("overview", reading.settings)
    request.unit = .day
    request.days = forecast.days
    try reading.money.apply(to: &request, reading.settings, reading.options, reading.prices)
    let (usages, more) = try ReportStore.usage(
      reading.layout, tags: reading.settings.rollupTags, reading.prices, [request])
    let overview = Overview(standing, forecast, usages[0], today: today)
    return (overview, problems + more.filter { !problems.contains($0) })
  }

  /// What a command would mend.
  func chores() throws(FileError) -> [Overview.Chore] {
    let layout = reading.layout
    let days = try Folders.list(layout.segments).compactMap { StoreLayout.day(ofFolder: $0) }
    let first = today.civilMonth.previous.first.days
    var lateCount = 0
    for day in days where (first..<today.days).contains(day) {
      if try Folders.status(layout.rollup("day", day: day)) == nil { lateCount += 1 }
    }
    // Names begin with the day, as batches do.
    let rejects = try Folders.list(layout.rejected)
    let since = "\(today - 6)".filter { $0 != "-" }
    let recent = rejects.filter { $0.hasSuffix(".jsonl") && $0 >= since }
    return (lateCount == 0 ? [] : [.rollUp(days: lateCount)])
      + (recent.isEmpty ? [] : [.rejects(files: recent.count, folder: layout.rejected)])
  }
}
