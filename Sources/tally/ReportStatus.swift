import Answers
import ArgumentParser
import Files
import Query

/// Where everything stands.
struct StatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "A card for each service and account: spend, tokens, budgets, quotas, and whether all is well.",
    discussion: """
      Budgets stand in the configuration, any number of them:
        [[budget]]
        name = "Claude"                      # optional, as match is
        match = "service=claude and project=x"
        period = "month"                     # or session, day, week
        amount = "200"                       # or tokens, or requests
        warn = 80                            # percent
      A budget about one card stands on it, others have rows of their own. Quotas are what the last quota event of an
      account says. From warn on the state is Warning, from 100 percent on Critical.
      """)
  @OptionGroup var options: StoreOptions
  @OptionGroup var calendar: CalendarOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var money: MoneyOptions
  @OptionGroup var page: PageOptions

  func validate() throws {
    if money.listPrice {
      throw ValidationError("--list-price: status has none: tally report models --list-price has")
    }
  }

  func run() throws {
    let reading = try StandingReading(options, calendar, money)
    let (standing, problems) = try reading.standing()
    var report = try page.applied(to: StatusReport(standing).report())
    ReportStore.finish(&report, problems, reading.prices)
    try output.write(report, options)
    if !problems.isEmpty { throw ExitCode(Status.dataError.rawValue) }
  }
}
