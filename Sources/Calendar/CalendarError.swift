/// What can be wrong with a day, a time or a zone that somebody typed or installed.
package enum CalendarError: Error, Equatable, Sendable {
  /// No such zone; `nearest` is the known name that looks most like it, `folder` the database, if any.
  case unknownTimeZone(String, nearest: String?, folder: String?)
  /// A file of the time zone database cannot be trusted.
  case corruptTimeZone(path: String, offsetBytes: Int, reason: String)
  /// No day expression that we know.
  case unreadableDate(String)
  /// It looks like a day, week or month but the calendar has none; `hint` says what it has.
  case noSuchDate(String, hint: String)
  /// No time expression that we know.
  case unreadableTime(String)

  /// What is wrong.
  package var reason: String {
    switch self {
    case .unknownTimeZone(let name, _, _): "unknown time zone \"\(name)\""
    case .corruptTimeZone(let path, let offsetBytes, let reason):
      "time zone file \(path) is corrupt at byte \(offsetBytes): \(reason)"
    case .unreadableDate(let text): "cannot read the date \"\(text)\""
    case .noSuchDate(let text, _): "the calendar has no \(text)"
    case .unreadableTime(let text): "cannot read the time \"\(text)\""
    }
  }

  /// How to mend it.
  package var mend: String {
    switch self {
    case .unknownTimeZone(_, let nearest?, _): "did you mean \(nearest)?"
    case .unknownTimeZone(_, nil, let folder?): "use a name such as Europe/Berlin; \(folder) has them all"
    case .unknownTimeZone(_, nil, nil): "no time zone database found: install tzdata or set TZDIR"
    case .corruptTimeZone: "install the tzdata package again"
    case .unreadableDate:
      "use 2026-10-01, 20261001, 2026-10, 2026, 2026-W41, today, yesterday, tomorrow, this-week, last-week, "
        + "this-month, last-month, this-year, last-year, 7d or 4w"
    case .noSuchDate(_, let hint): hint
    case .unreadableTime:
      "use now, today, yesterday, 14:30, \"yesterday 14:30\", \"2026-10-01 14:30\", 2026-10-01 or "
        + "2026-10-01T14:30:00+02:00"
    }
  }
}

extension CalendarError: CustomStringConvertible {
  package var description: String { reason + "; " + mend }
}
