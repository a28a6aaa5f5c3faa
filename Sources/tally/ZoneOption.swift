import Calendar

/// Zones as people name them.
enum ZoneOption {
  /// The zone of that name; the system's when nil.
  static func zone(_ name: String?) throws -> TimeZoneRules {
    do throws(CalendarError) {
      guard let name else { return try TimeZoneDatabase.installed.systemZone() }
      return try TimeZoneDatabase.installed.zone(named: name)
    } catch {
      throw Failure("time zone: \(error)", .usage)
    }
  }

  /// The first day of weeks; Monday, as ISO 8601 says, unless set.
  static func weekStart(_ name: String?) throws -> Weekday {
    guard let name else { return .monday }
    guard let day = Weekday(name) else {
      throw Failure(
        "week start \"\(name)\": use monday, tuesday, wednesday, thursday, friday, saturday or sunday", .usage
      )
    }
    return day
  }
}
