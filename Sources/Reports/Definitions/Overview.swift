package import Calendar
import Files
package import Query
import SegmentLog

/// Today, this month, and the chores that wait.
package struct OverviewReport: ReportDefinition {
  package static let name = "overview"
  package static let abstract =
    "Today, this month, what it will come to, what needs attention; also what tally shows without a command."
  package static let parameters = ReportParameter.calendar + ReportParameter.money

  private let words: ReportParameters

  package init(_ words: ReportParameters) throws(ParameterError) { self.words = try words.checked() }

  package func run(_ reader: ReportReader) throws(ReportFailure) -> Report {
    let (overview, today) = try overview(reader)
    let chores: [Overview.Chore]
    do throws(FileError) {
      chores = try Self.chores(reader.context, today: today)
    } catch {
      chores = []
      reader.note(error)
    }
    var report = overview.report(chores)
    report.name = Self.name
    return report
  }

  /// The values of the report, and the last day that is known.
  package func overview(_ reader: ReportReader) throws(ReportFailure) -> (
    overview: Overview, today: CivilDate
  ) {
    let context = reader.context
    var request = try words.request(Self.name, context)
    let today = request.days.upperBound
    let isOver = request.asOf.map { $0 < request.zone.localDate(of: context.nowMs) } ?? false
    let standing = try reader.standing(words, countsSessions: false)
    let forecast = ForecastRows(today.civilMonth, at: today, isOver: isOver)
    request.unit = .day
    request.days = forecast.days
    try words.price(&request, context)
    let usage = try reader.usages([request])[0]
    return (Overview(standing, forecast, usage, today: today), today)
  }

  /// What a command would mend.
  private static func chores(
    _ context: ReportContext, today: CivilDate
  ) throws(FileError) -> [Overview.Chore] {
    let layout = context.layout
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
