import Answers
import ArgumentParser
import Bytes
import Calendar
import Configuration
import Files
import Pricing
import Query
import SegmentLog

/// How a number of a report comes about.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "How a number of a report comes about: prices, sources, rates and events behind it.",
    discussion: """
      tally explain cost 2026-10-20 --where model=gpt-5
      tally explain output_tokens 2026-10 --where user=ann@example.com --by model --events all
      Say with a range and --where which number is meant: what stands in the row of gpt-5 in a report of October is
      explained by 2026-10 and --where model=gpt-5. Each part of the answer adds up to the number.
      """)

  @Argument(help: "The measure (default: cost), such as output_tokens, requests or tokens.")
  var measure: String?

  @OptionGroup var answer: AnswerOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Divide the number by these fields too; may be given several times.", valueName: "fields"))
  var by: [String] = []

  @Option(help: ArgumentHelp("How many events to show, or all.", valueName: "n"))
  var events = "20"

  func validate() throws { _ = try shownMax() }

  private func shownMax() throws -> Int {
    if events == "all" { return .max }
    guard let number = Int(events), number >= 0 else {
      throw ValidationError("--events \(events): use a number, or all")
    }
    return number
  }

  func run() throws {
    let settings = try answer.options.settings()
    let layout = try ReportStore.layout(answer.options, settings)
    var (request, measure) = try asked(settings)
    try answer.events.apply(to: &request, settings)
    let prices = try StorePrices.pricer(layout)
    try answer.money.apply(to: &request, settings, answer.options, prices)
    let what = try explained(measure, request)
    // What is not about money must not need a currency or a rate.
    if ExplainedMeasure.names(showsCost: false).contains(what.column.name) {
      request.showsCost = false
    }
    let (usages, problems) = try ReportStore.usage(layout, tags: settings.rollupTags, prices, [request])
    var divided = request
    divided.dimensions = try SelectionOptions.dimensions([], by: by, settings)
    let (explanation, more) = try ReportStore.explanation(
      layout, tags: settings.rollupTags, prices, divided, what, shownMax: try shownMax())
    var report = ExplainReport(what, by: divided.dimensions).report(usages[0], explanation)
    let all = problems + ReportStore.said(more, besides: problems)
    ReportStore.finish(&report, all, prices)
    try answer.output.write(report, answer.options)
    if !all.isEmpty { throw ExitCode(Status.dataError.rawValue) }
  }

  /// The request, and the measure that was named; a range may stand alone.
  private func asked(_ settings: Configuration) throws -> (ReportRequest, String?) {
    func request(_ days: RangeOptions) throws -> ReportRequest {
      try days.request("explain", settings, defaultRange: "this-month")
    }
    let names = ReportField.measures(showsCost: true).map(\.name)
    if let measure, answer.days.range == nil, !names.contains(measure) {
      var days = answer.days
      days.range = measure
      if let request = try? request(days) { return (request, nil) }
    }
    return (try request(answer.days), measure)
  }

  private func explained(_ name: String?, _ request: ReportRequest) throws -> ExplainedMeasure {
    let name = name ?? (request.showsCost ? "cost" : "tokens")
    if let measure = ExplainedMeasure(name, showsCost: request.showsCost) { return measure }
    let names = ExplainedMeasure.names(showsCost: request.showsCost)
    if ReportField.measures(showsCost: request.showsCost).contains(where: { $0.name == name }) {
      throw Failure(
        "explain \(name): it does not add up over events: explain what it is made of, such as requests or cost",
        .usage)
    }
    if !request.showsCost, ReportField.measures(showsCost: true).contains(where: { $0.name == name }) {
      throw Failure("explain \(name): costs are hidden: leave --no-cost or show_cost = false out", .usage)
    }
    let mend =
      nearest(to: name, in: names).map { "did you mean \($0)?" }
      ?? "use one of \(names.joined(separator: ", "))"
    throw Failure("explain \(name): no such measure: \(mend)", .usage)
  }
}
