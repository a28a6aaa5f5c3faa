import Calendar
import Configuration

/// Stretches of time as people name them.
enum TimeUnit {
  static let names = ["minute", "hour", "day", "week", "month"]

  /// The stretch of that name; nil when there is none.
  static func unit(_ name: String, _ days: RangeOptions, _ settings: Configuration) throws -> BucketUnit? {
    switch name {
    case "minute": .minute
    case "hour": .hour
    case "day": .day
    case "week": .week(startingOn: try days.firstWeekday(settings))
    case "month": .month
    default: nil
    }
  }
}
