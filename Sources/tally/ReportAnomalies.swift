import Answers
import ArgumentParser
import Calendar
import Query

/// Days of unusual use.
struct AnomaliesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "anomalies",
    abstract: "Days on which a service and account used far more than usual, and why.",
    discussion: """
      Usual is the median of working days, or of weekends, in the 28 days before; at least four such days must be known.
      Where nothing has a cost, tokens are judged.
      """)
  @OptionGroup var answer: AnswerOptions
  @OptionGroup var page: PageOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("What has a pattern of its own (default: service,account).", valueName: "fields"))
  var by: [String] = []

  @Option(help: ArgumentHelp("How many times the usual is a spike.", valueName: "n"))
  var factor = "2"

  func validate() throws { _ = try hundredths() }

  private func hundredths() throws -> Int128 {
    guard let pico = PicoText.parse(factor), pico > 1_000_000_000_000 else {
      throw ValidationError("--factor \(factor): use a number above 1, such as 2.5")
    }
    return pico / 10_000_000_000
  }

  func run() throws {
    let settings = try answer.options.settings()
    let by = by.isEmpty ? ["service", "account"] : by
    let dimensions =
      try SelectionOptions.dimensions([], by: by, settings).filter { $0 != "model" } + ["model"]
    var days: ClosedRange<CivilDate>?
    try answer.run("anomalies", dimensions: dimensions, defaultRange: "30d") { request, _ in
      days = request.days
      var request = request
      request.unit = .day
      request.days = try ReportStore.narrowed(
        request.days.lowerBound - AnomaliesReport.patternDays...request.days.upperBound,
        answer.options.layout(settings))
      return [request]
    } _: { usages, _ in
      let report = AnomaliesReport(
        days: days ?? usages[0].request.days, factorHundredths: try hundredths()
      ).report(usages[0])
      return try page.applied(to: report)
    }
  }
}
