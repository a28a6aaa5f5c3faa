import Answers
import ArgumentParser
import Bytes
import Calendar
import Configuration
import Pricing
import Query
import SegmentLog

/// One session, event by event.
struct SessionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "session",
    abstract: "One session: its events in order, each with its tokens, cost and the cost so far.",
    discussion: """
      tally report session 0198f2c1-77aa
      The id may be cut short where the rest is not needed to tell it from others. Rollups of sessions tell on which days
      to look; of those the events are read.
      """)

  @Argument(help: "The session's id, or how it begins.")
  var id: String

  @OptionGroup var answer: AnswerOptions

  func run() throws {
    let settings = try answer.options.settings()
    let layout = try ReportStore.layout(answer.options, settings)
    var request = try answer.days.request("session", settings, defaultRange: "90d")
    try answer.events.apply(to: &request, settings)
    let prices = try StorePrices.pricer(layout)
    try answer.money.apply(to: &request, settings, answer.options, prices)
    let search = SessionSearch(layout: layout, tags: settings.rollupTags, prices: prices, request: request)
    let (usage, problems) = try search.find(id)
    let session = usage.rows.first?.texts.first.flatMap(\.self)?.text ?? id
    var events = usage.request
    events.unit = nil
    events.dimensions = SessionReport.dimensions
    let days = Set(usage.rows.map(\.bucket)).sorted().map { usage.buckets[$0] }
    let (records, more) = try ReportStore.records(layout, tags: settings.rollupTags, prices, events, in: days)
    var report = SessionReport(session: session).report(usage, records)
    let all = problems + ReportStore.said(more, besides: problems)
    ReportStore.finish(&report, all, prices)
    try answer.output.write(report, answer.options)
    if !all.isEmpty { throw ExitCode(Status.dataError.rawValue) }
  }
}

/// Finds the session that somebody means.
private struct SessionSearch {
  /// How many sessions an error names.
  private static let namesMax = 5

  let layout: StoreLayout
  let tags: [String]
  let prices: Pricer
  let request: ReportRequest

  /// What the session used on each day.
  func find(_ id: String) throws -> (Usage, [ReportProblem]) {
    let exact = try usage(FilterTest("session", .equals(id)))
    if !exact.0.rows.isEmpty { return exact }
    let begun = try usage(FilterTest("session", .resembles(id + "*")))
    let names = Set(begun.0.rows.compactMap { $0.texts[0] }).sorted().map(\.text)
    if names.count == 1 { return begun }
    if names.isEmpty { throw notFound(id, try usage(nil).0) }
    let rest = names.count - Self.namesMax
    throw Failure(
      "session \"\(id)\": \(names.count) sessions begin so: write more of it: "
        + names.prefix(Self.namesMax).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : ""), .usage)
  }

  private func usage(_ test: FilterTest?) throws -> (Usage, [ReportProblem]) {
    var request = request
    request.unit = .day
    request.dimensions = ["session"]
    if let test { request.filter = request.filter.map { .all([$0, .test(test)]) } ?? .test(test) }
    let (usages, problems) = try ReportStore.usage(layout, tags: tags, prices, [request])
    return (usages[0], problems)
  }

  private func notFound(_ id: String, _ all: Usage) -> Failure {
    let names = Set(all.rows.compactMap { $0.texts[0] }).sorted().map(\.text)
    let days = "from \(request.days.lowerBound) to \(request.days.upperBound)"
    let mend =
      nearest(to: id, in: names).map { "did you mean \($0)?" }
      ?? "tally report sessions lists them, and a range such as \(request.days.lowerBound.year) looks further back"
    return Failure("session \"\(id)\": no event \(days) is of it: \(mend)", .noInput)
  }
}
