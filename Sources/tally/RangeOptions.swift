import ArgumentParser
import Calendar
import Configuration
import Files
import Query

/// Which days a report is about, and who cuts them.
struct RangeOptions: ParsableArguments {
  @Argument(help: "The range: 2026-10, 2026, 2026-W41, last-month, this-week, 7d, yesterday, 2026-10-01 …")
  var range: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("First day, inclusive.", valueName: "date"))
  var since: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("Last day, inclusive.", valueName: "date"))
  var until: String?

  @OptionGroup var calendar: CalendarOptions

  /// The first day of weeks.
  func firstWeekday(_ settings: Configuration) throws -> Weekday { try calendar.firstWeekday(settings) }

  /// A request about these days, as they are seen at the end of the day that `--as-of` names.
  func request(_ name: String, _ settings: Configuration, defaultRange: String) throws -> ReportRequest {
    var request = try calendar.request(name, settings)
    request.days = try DayRange(range: range, since: since, until: until, fallback: defaultRange)
      .days(today: request.days.upperBound, weekStart: try firstWeekday(settings))
    return request
  }
}

/// Who cuts days and weeks, and until when events are known.
struct CalendarOptions: ParsableArguments {
  @Option(
    name: [.customShort("z"), .long],
    help: ArgumentHelp(
      "IANA name of the zone that cuts days (default: the configured or the system's).", valueName: "zone"))
  var timezone: String?

  @Option(
    name: [.customShort("w"), .long],
    help: ArgumentHelp("First day of weeks (default: week_start, else monday).", valueName: "day"))
  var weekStart: String?

  @OptionGroup var knowledge: AsOfOption

  /// The first day of weeks.
  func firstWeekday(_ settings: Configuration) throws -> Weekday {
    try ZoneOption.weekStart(weekStart ?? settings.weekStart)
  }

  /// A request about today, which `--as-of` may have put elsewhere.
  func request(_ name: String, _ settings: Configuration) throws -> ReportRequest {
    let zone = try ZoneOption.zone(timezone ?? settings.timezone)
    let now = zone.localDate(of: System.now())
    let asOf = try knowledge.day(today: now)
    let today = asOf ?? now
    var request = ReportRequest(name: name, unit: nil, dimensions: [], days: today...today, zone: zone)
    request.asOf = asOf
    request.today = now
    return request
  }
}

/// Until when events are known.
struct AsOfOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What the report said at the end of this day: later events do not count.", valueName: "date"))
  var asOf: String?

  /// The last day whose events count; nil counts all.
  func day(today: CivilDate) throws -> CivilDate? {
    guard let asOf else { return nil }
    do throws(CalendarError) {
      return try DateExpression.parse(asOf, today: today).upperBound
    } catch {
      throw Failure("--as-of: \(error)", .usage)
    }
  }
}
