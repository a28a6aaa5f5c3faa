import Answers
import ArgumentParser
import Calendar
import Configuration
import Query

/// What was saved and what could be.
struct SavingsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "savings",
    abstract: "What caches saved, and what cache misses, retries, errors and dearer models cost.",
    discussion: """
      What caches saved and cheaper models would save is computed at base prices from rollups; failed and repeated requests
      and cache misses are found in the events, conversation by conversation.
      """)
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var page: PageOptions

  func validate() throws {
    if answer.money.noCost { throw ValidationError("--no-cost: savings tell of nothing but cost") }
    if answer.events.kind != "usage" {
      throw ValidationError("--kind \(answer.events.kind): bills do not tell what could be saved")
    }
  }

  func run() throws {
    let settings = try answer.options.settings()
    let layout = try ReportStore.layout(answer.options, settings)
    var request = try answer.days.request("savings", settings, defaultRange: "this-month")
    try answer.events.apply(to: &request, settings)
    let prices = try StorePrices.pricer(layout)
    try answer.money.apply(to: &request, settings, answer.options, prices)
    guard request.showsCost else {
      throw Failure(
        "savings: show_cost = false in the configuration hides all costs: change it there", .usage)
    }
    request.unit = .day
    request.dimensions = SavingsReport.dimensions
    let (usages, problems) = try ReportStore.usage(layout, tags: settings.rollupTags, prices, [request])
    let (waste, more) = try ReportStore.waste(layout, tags: settings.rollupTags, prices, request)
    let all = problems + ReportStore.said(more, besides: problems)
    var report = try page.applied(to: SavingsReport(prices: prices).report(usages[0], waste))
    ReportStore.finish(&report, all, prices)
    try answer.output.write(report, answer.options)
    if !all.isEmpty { throw ExitCode(Status.dataError.rawValue) }
  }
}
