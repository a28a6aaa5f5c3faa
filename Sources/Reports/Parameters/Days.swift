//! Which days a question is about, which zone cuts them, and until when events are known.

import Calendar
import Configuration
import Events
import Query

extension ReportParameter {
  static let days: [ReportParameter] = [.range, .since, .until] + calendar
  static let calendar: [ReportParameter] = [.timezone, .weekStart, .asOf]
}

extension ReportParameters {
  /// A request about the days of the question, seen at the end of the day that `as_of` names.
  ///
  /// - Parameter defaultRange: the days when the question names none.
  func request(
    _ name: String, _ context: ReportContext, defaultRange: String
  ) throws(ReportFailure) -> ReportRequest {
    var request = try request(name, context)
    request.days = try days(
      today: request.days.upperBound, weekStart: try firstWeekday(context), defaultRange: defaultRange)
    return request
  }

  /// A request about today, which `as_of` may have put elsewhere.
  func request(_ name: String, _ context: ReportContext) throws(ReportFailure) -> ReportRequest {
    let zone = try Self.zone(self[.timezone] ?? context.configuration.timezone)
    let now = zone.localDate(of: context.nowMs)
    let asOf = try lastKnownDay(today: now)
    let today = asOf ?? now
    var request = ReportRequest(name: name, unit: nil, dimensions: [], days: today...today, zone: zone)
    request.asOf = asOf
    request.today = now
    return request
  }

  /// The last day whose events count; nil when all do.
  func lastKnownDay(today: CivilDate) throws(ReportFailure) -> CivilDate? {
    guard let text = self[.asOf] else { return nil }
    return try Self.days(text, .asOf, today: today).upperBound
  }

  /// The first day of weeks; Monday, as ISO 8601 says, unless set.
  func firstWeekday(_ context: ReportContext) throws(ReportFailure) -> Weekday {
    guard let name = self[.weekStart] ?? context.configuration.weekStart else { return .monday }
    guard let day = Weekday(name) else {
      throw .parameter(
        .weekStart, "week start \"\(name)\"",
        mend: "use monday, tuesday, wednesday, thursday, friday, saturday or sunday")
    }
    return day
  }

  /// The zone of that name; the system's when nil.
  static func zone(_ name: String?) throws(ReportFailure) -> TimeZoneRules {
    do throws(CalendarError) {
      guard let name else { return try TimeZoneDatabase.installed.systemZone() }
      return try TimeZoneDatabase.installed.zone(named: name)
    } catch {
      throw .parameter(.timezone, "time zone: \(error)")
    }
  }

  /// The days that an expression such as `last-month` names.
  static func days(
    _ text: String, _ parameter: ReportParameter, today: CivilDate, weekStart: Weekday = .monday
  ) throws(ReportFailure) -> ClosedRange<CivilDate> {
    do throws(CalendarError) {
      return try DateExpression.parse(text, today: today, weekStart: weekStart)
    } catch {
      throw .parameter(parameter, "\(parameter): \(error)")
    }
  }

  private func days(
    today: CivilDate, weekStart: Weekday, defaultRange: String
  ) throws(ReportFailure) -> ClosedRange<CivilDate> {
    let (range, since, until) = (self[.range], self[.since], self[.until])
    if range != nil, since != nil || until != nil {
      throw .parameter(.range, "give either a range or \(.since) and \(.until), not both")
    }
    func parse(_ text: String, _ parameter: ReportParameter) throws(ReportFailure) -> ClosedRange<CivilDate> {
      try Self.days(text, parameter, today: today, weekStart: weekStart)
    }
    if since == nil, until == nil { return try parse(range ?? defaultRange, .range) }
    var last = today
    if let until {
      last = try parse(until, .until).upperBound
    } else {
      last = max(today, try parse(since ?? defaultRange, .since).upperBound)
    }
    var first = CivilDate(utcDayOf: Timestamp.earliest)
    if let since { first = try parse(since, .since).lowerBound }
    guard first <= last else {
      throw .parameter(.since, "\(.since) \(first) is after \(.until) \(last)", mend: "swap them")
    }
    return first...last
  }
}
