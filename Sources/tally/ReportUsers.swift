import Answers
import ArgumentParser
import Calendar
import Configuration
import Files
import Query

/// A row a user.
struct UsersCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "users", abstract: "A row a user: usage, models, when last seen, and whether active.",
    discussion: """
      A user is active up to 7 days after the last use, then idle, and after 30 days inactive; active_days and
      idle_days of [users] in the configuration say otherwise. Days are counted to the end of the range, but not
      beyond today or --as-of.
      """)
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var page: PageOptions

  @Option(help: ArgumentHelp("Only users with this in their name, in any case.", valueName: "text"))
  var search: String?

  func run() throws {
    try answer.run("users", dimensions: UsersReport.dimensions, defaultRange: "90d") { request, _ in
      var request = request
      request.needsTimes = true
      request.details = UsersReport.details
      return [request]
    } _: { usages, settings in
      let request = usages[0].request
      // What happened after the range is not read, so nobody can be judged by it.
      let day = min(request.days.upperBound, request.asOf ?? request.zone.localDate(of: System.now()))
      var activity = UsersReport.Activity()
      activity.activeDays = settings.activeDays ?? activity.activeDays
      activity.idleDays = max(settings.idleDays ?? activity.idleDays, activity.activeDays)
      let report = UsersReport(activity: activity, day: day, search: search).report(usages[0])
      return try page.applied(to: report)
    }
  }
}

/// A row a session.
struct SessionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sessions",
    abstract: "A row a session, the latest first: when, how long, models, projects, cost.")
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var page: PageOptions

  func run() throws {
    try answer.run("sessions", dimensions: SessionsReport.dimensions, defaultRange: "7d") { request, _ in
      var request = request
      request.needsTimes = true
      request.details = SessionsReport.details
      return [request]
    } _: { usages, _ in
      try page.applied(to: SessionsReport().report(usages[0]))
    }
  }
}
